"""WeChat and e-mail against servers next door; the gateway for short messages is in test_outbox.py."""

import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from pytest_django.fixtures import Settings

from unionhall.kernel.errors import Refused
from unionhall.messages import adapters
from unionhall.messages.adapters import Undelivered, Ways
from unionhall.messages.adapters.mail import Mail
from unionhall.messages.adapters.wechat import WeChat


class Platform(BaseHTTPRequestHandler):
    """The WeChat platform: tokens t1, t2, …; what it answers to a message is set by the test."""

    codes: ClassVar[list[Any]] = []
    got: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    tokens: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/cgi-bin/stable_token":
            right = body == {"grant_type": "client_credential", "appid": "wx1", "secret": "s3cret"}
            self.tokens.append(f"t{len(self.tokens) + 1}")
            told: Any = {"access_token": self.tokens[-1], "expires_in": 7200} if right else {"errcode": 40125}
        else:
            self.got.append((self.path, body))
            code = self.codes.pop(0) if self.codes else 0
            told = code if isinstance(code, str) else {"errcode": code, "errmsg": "x", "msgid": 1}
        self.send_response(200)
        self.end_headers()
        self.wfile.write((told if isinstance(told, str) else json.dumps(told)).encode())

    def log_message(self, *told: object) -> None:
        """Quiet."""


@pytest.fixture
def platform() -> Iterator[str]:
    Platform.codes, Platform.got, Platform.tokens = [], [], []
    server = HTTPServer(("127.0.0.1", 0), Platform)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def wechat(address: str, secret: str = "s3cret") -> WeChat:
    return WeChat(address, "wx1", secret, "TEMPLATE", ["thing1", "time2"])


def test_a_follower_gets_a_template_message_with_the_key_and_one_token_serves_many(platform: str) -> None:
    way = wechat(platform)
    way.send("oABC", "您报名的一场工会活动取消了，请登录查看。", key="offer:1:wechat")
    way.send("oABC", "第二条比二十个字长得多，所以后面的几个字就要省去了", key="offer:2:wechat")
    path, body = Platform.got[0]
    assert path == "/cgi-bin/message/template/send?access_token=t1"
    assert (body["touser"], body["template_id"], body["client_msg_id"]) == ("oABC", "TEMPLATE", "offer:1:wechat")
    assert body["data"]["thing1"] == {"value": "您报名的一场工会活动取消了，请登录查看。"}
    said = Platform.got[1][1]["data"]["thing1"]["value"]
    assert (len(said), said[-1]) == (20, "…")
    assert Platform.tokens == ["t1"]


def test_a_token_that_ran_out_is_renewed_once(platform: str) -> None:
    Platform.codes = [42001]
    way = wechat(platform)
    way.send("oABC", "x", key="k")
    assert [path[-2:] for path, _body in Platform.got] == ["t1", "t2"]
    Platform.codes = [40001, 40001]
    with pytest.raises(Undelivered) as told:
        way.send("oABC", "x", key="k")
    assert (told.value.why, told.value.again) == ("wechat 40001", True)


@pytest.mark.parametrize(("code", "again"), [(43004, False), (40003, False), (45009, True), (-1, True), (40037, False)])
def test_what_the_platform_says_decides_whether_to_try_again(platform: str, code: int, again: bool) -> None:
    Platform.codes = [code]
    with pytest.raises(Undelivered) as told:
        wechat(platform).send("oABC", "x", key="k")
    assert (told.value.why, told.value.again) == (f"wechat {code}", again)


def test_a_wrong_secret_or_an_answer_that_is_none_is_tried_again_when_it_is_mended(platform: str) -> None:
    with pytest.raises(Undelivered, match="wechat token 40125") as told:
        wechat(platform, "wrong").send("oABC", "x", key="k")
    assert told.value.again
    for answer in ("<html>", "[]"):
        Platform.codes = [answer]
        with pytest.raises(Undelivered, match="no JSON"):
            wechat(platform).send("oABC", "x", key="k")


class MailServer(socketserver.StreamRequestHandler):
    """As much SMTP as a client needs; what it says to a recipient is set by the test."""

    answer: ClassVar[str] = "250 ok"
    letters: ClassVar[list[str]] = []

    def handle(self) -> None:
        self._say("220 next door")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "EHLO":
                self._say("250-next door\r\n250 8BITMIME")
            elif word == "RCPT":
                self._say(self.answer)
            elif word == "DATA":
                self._say("354 go on")
                lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                self.letters.append("".join(lines))
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def mail() -> Iterator[str]:
    MailServer.answer, MailServer.letters = "250 ok", []
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"smtp://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_letter_has_one_sentence_and_an_id_made_of_the_key(mail: str) -> None:
    way = Mail(mail, "工会 <union@example.org>")
    for _time in range(2):
        way.send("li@example.com", "Please sign in.", key="offer:1:email")
    first, again = MailServer.letters
    assert "Message-ID: <offer.1.email@example.org>" in first and "Message-ID: <offer.1.email@example.org>" in again
    assert "To: li@example.com" in first and first.rstrip().endswith("Please sign in.")


@pytest.mark.parametrize(("answer", "again"), [("550 nobody here", False), ("451 later", True)])
def test_what_a_mail_server_says_decides_whether_to_try_again(mail: str, answer: str, again: bool) -> None:
    MailServer.answer = answer
    with pytest.raises(Undelivered) as told:
        Mail(mail, "union@example.org").send("li@example.com", "x", key="k")
    assert (told.value.why, told.value.again) == (f"smtp {answer[:3]}", again)
    assert MailServer.letters == []


def test_a_mail_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(Undelivered) as told:
        Mail("smtp://127.0.0.1:1", "union@example.org").send("li@example.com", "x", key="k")
    assert (told.value.why, told.value.again) == ("unreachable", True)


class Ours:
    """An adapter of one's own, named in a setting."""

    sent: ClassVar[list[str]] = []

    def send(self, destination: str, text: str, *, key: str) -> None:
        self.sent.append(key)


def test_a_setting_names_an_adapter_of_ones_own(settings: Settings) -> None:
    settings.SMS = f"{__name__}.Ours"
    Ways().way("sms").send("13900001111", "x", key="mine")
    assert Ours.sent == ["mine"]


def test_each_channel_without_a_setting_says_which_one(settings: Settings) -> None:
    for channel in ("sms", "wechat", "email"):
        setattr(settings, channel.upper(), "")
        with pytest.raises(Refused, match=f"UNIONHALL_{channel.upper()}"):
            adapters.way(channel)
        with pytest.raises(Undelivered) as told:
            Ways().way(channel)
        assert told.value.again, "whoever took the setting away may bring it back"
