"""How a message leaves the house. Which way a channel goes is a setting; without one, nothing leaves by it.

A setting names `console`, an address (of the adapter the house has for that channel), or a class of one's own by its dotted
name, which is called without arguments and reads its secrets from the environment.
"""

from collections.abc import Callable
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from unionhall.kernel.errors import Refused
from unionhall.messages.adapters.console import Console
from unionhall.messages.adapters.gateway import Gateway
from unionhall.messages.adapters.mail import Mail
from unionhall.messages.adapters.undelivered import Undelivered
from unionhall.messages.adapters.wechat import WeChat

__all__ = ["Adapter", "Undelivered", "Ways", "can_send", "way"]


class Adapter(Protocol):
    """One way out."""

    def send(self, destination: str, text: str, *, key: str) -> None:
        """Hand over one message or raise `Undelivered`. The same `key` means the same message, however often it comes."""
        ...


_BY_ADDRESS: dict[str, Callable[[str], Adapter]] = {
    "sms": lambda address: Gateway(address, settings.SMS_TOKEN),
    "wechat": lambda address: WeChat(
        address, settings.WECHAT_APP_ID, settings.WECHAT_SECRET, settings.WECHAT_TEMPLATE, settings.WECHAT_FIELDS
    ),
    "email": lambda address: Mail(address, settings.EMAIL_FROM),
}
_TITLES = {"sms": "短信平台", "wechat": "微信公众号", "email": "邮件服务器"}


def way(channel: str) -> Adapter:
    """The way out of a channel ("sms", "wechat", "email"), as its setting names it."""
    named: str = getattr(settings, channel.upper())
    if not named:
        raise Refused(
            "还没有接入{channel}，请系统管理员设置 UNIONHALL_{channel_2}。",
            channel=_TITLES[channel],
            channel_2=channel.upper(),
        )
    if named == "console":
        return Console(channel)
    return _BY_ADDRESS[channel](named) if "://" in named else cast(Adapter, import_string(named)())


def can_send(channel: str = "sms") -> bool:
    """Is there a way out at all?"""
    return bool(getattr(settings, channel.upper()))


class Ways:
    """The ways out while a sender is at work: each made when the first message wants it, and kept."""

    def __init__(self, made: dict[str, Adapter] | None = None) -> None:
        self._made = dict(made or {})

    def way(self, channel: str) -> Adapter:
        """Undelivered: the channel has no way out any more; whoever set it may come back."""
        if channel not in self._made:
            if not can_send(channel):
                raise Undelivered("no way out", again=True)
            self._made[channel] = way(channel)
        return self._made[channel]
