"""How a message leaves the house. Which way it goes is a setting (UNIONHALL_SMS); without one, nothing leaves."""

import json
import sys
import urllib.error
import urllib.request
from typing import Protocol

from django.conf import settings

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import mask_mobile

TIMEOUT = 10
"""Seconds a gateway has to answer."""


class Undelivered(Exception):
    """The gateway did not take the message. `again`: it may be tried again. `why` is a short word, without the number."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.why = why
        self.again = again


class Adapter(Protocol):
    """One way out."""

    def send(self, destination: str, text: str, *, key: str) -> None:
        """Hand over one message or raise `Undelivered`. The same `key` means the same message, however often it comes."""
        ...


class Console:
    """For developers: the text on standard output, the number masked."""

    def send(self, destination: str, text: str, *, key: str) -> None:
        """See `Adapter.send`."""
        sys.stdout.write(f"SMS {mask_mobile(destination)} {text}\n")
        sys.stdout.flush()


class Gateway:
    """A gateway that takes JSON {"to", "text", "key"} by POST over HTTPS; 2xx: taken; 4xx: never; else: try again.

    A provider with another form stands behind a few lines of one's own that speak this one. `key` is its idempotency key.
    """

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.token = token

    def send(self, destination: str, text: str, *, key: str) -> None:
        """See `Adapter.send`."""
        body = json.dumps({"to": destination, "text": text, "key": key}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.address, body, headers, method="POST")  # noqa: S310 - settings allow http(s) only
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            never = 400 <= error.code < 500 and error.code not in (408, 425, 429)
            raise Undelivered(f"http {error.code}", again=not never) from None
        except (urllib.error.URLError, OSError):
            raise Undelivered("unreachable", again=True) from None


def sms() -> Adapter:
    """The way out for short messages."""
    if settings.SMS == "console":
        return Console()
    if settings.SMS:
        return Gateway(settings.SMS, settings.SMS_TOKEN)
    raise Refused("还没有接入短信平台，请系统管理员设置 UNIONHALL_SMS。")


def can_send() -> bool:
    """Is there a way out at all?"""
    return bool(settings.SMS)
