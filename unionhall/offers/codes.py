"""Codes that prove somebody is there: the one at the door of a session, and the one an e-card shows.

Both are eight digits and change each minute; the one before still counts, for who was typing. Guessing is held off by the
door that asks (access.tries).
"""

import hmac
from datetime import datetime

from unionhall.storage.sealed import keys

MINUTE = 60
DIGITS = 8


def door_code(session: int, now: datetime) -> str:
    """What is shown at the door of a session this minute."""
    return _code(session, int(now.timestamp()) // MINUTE)


def is_door_code(session: int, code: str, now: datetime) -> bool:
    """Is this the session's code of this minute or the one before?"""
    minute = int(now.timestamp()) // MINUTE
    told = code.strip().encode()
    return any(hmac.compare_digest(told, _code(session, at).encode()) for at in (minute, minute - 1))


def _code(session: int, minute: int) -> str:
    digest = keys().mac("offers/door")(f"{session}|{minute}".encode())
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"
