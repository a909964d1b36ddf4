"""JSON by POST, and what the answer means for a message."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from unionhall.messages.adapters.undelivered import Undelivered

TIMEOUT = 10
"""Seconds a provider has to answer."""
_MOST = 100_000
"""Bytes of an answer that are read."""


def post_json(address: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> bytes:
    """The body of a 2xx answer. 4xx: never; 408, 425, 429, 5xx and nobody there: again."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(address, data, sent, method="POST")  # noqa: S310 - settings allow http(s) only
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return bytes(answer.read(_MOST))
    except urllib.error.HTTPError as error:
        never = 400 <= error.code < 500 and error.code not in (408, 425, 429)
        raise Undelivered(f"http {error.code}", again=not never) from None
    except (OSError, http.client.HTTPException):
        raise Undelivered("unreachable", again=True) from None
