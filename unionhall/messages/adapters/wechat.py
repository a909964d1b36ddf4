"""Template messages of a WeChat official account, to its followers.

Source: developers.weixin.qq.com, 公众号 · 模板消息 (cgi-bin/message/template/send, with client_msg_id against doubles) and
稳定版接口调用凭据 (cgi-bin/stable_token). Error codes: 全局返回码.
"""

import json
from typing import Any

from django.utils import timezone

from unionhall.messages.adapters.posting import post_json
from unionhall.messages.adapters.undelivered import Undelivered

_TOKEN_OVER = frozenset((40001, 40014, 42001))
_AGAIN = frozenset((-1, 45009, 45011, 50002))
"""The system is busy, or too many calls today or this minute. 40125 and 40164, a wrong secret or address, are ours to mend."""
_OURS = frozenset((40013, 40125, 40164, 48001, 50001))
_LONGEST = 20
"""Characters of a template's field of the kind "thing"."""


class WeChat:
    """`fields`: names of the template's field for the text, and of that for the time ("thing1", "time2")."""

    def __init__(self, address: str, app: str, secret: str, template: str, fields: list[str]) -> None:
        self.address = address.rstrip("/")
        self.app = app
        self.secret = secret
        self.template = template
        self.text_field, self.time_field = fields
        self._token = ""

    def send(self, destination: str, text: str, *, key: str) -> None:
        """See `Adapter.send`. A token that ran out meanwhile is renewed once."""
        said = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
        body = {
            "touser": destination, "template_id": self.template, "client_msg_id": key,
            "data": {
                self.text_field: {"value": said},
                self.time_field: {"value": f"{timezone.localtime():%Y-%m-%d %H:%M}"},
            },
        }  # fmt: skip
        code = self._send(body)
        if code in _TOKEN_OVER:
            self._token = ""
            code = self._send(body)
        if code:
            raise Undelivered(f"wechat {code}", again=code in _AGAIN | _OURS | _TOKEN_OVER)

    def _send(self, body: dict[str, Any]) -> int:
        token = self._token or self._renewed()
        return _code(_read(post_json(f"{self.address}/cgi-bin/message/template/send?access_token={token}", body)))

    def _renewed(self) -> str:
        asked = {"grant_type": "client_credential", "appid": self.app, "secret": self.secret}
        told = _read(post_json(f"{self.address}/cgi-bin/stable_token", asked))
        token = told.get("access_token")
        if not isinstance(token, str) or not token:
            raise Undelivered(f"wechat token {_code(told)}", again=True)
        self._token = token
        return token


def _read(answer: bytes) -> dict[str, Any]:
    try:
        told = json.loads(answer)
    except ValueError:
        raise Undelivered("wechat: no JSON", again=True) from None
    if not isinstance(told, dict):
        raise Undelivered("wechat: no JSON", again=True)
    return told


def _code(told: dict[str, Any]) -> int:
    code = told.get("errcode", 0)
    return code if isinstance(code, int) else -1
