"""What may be written beside a job: ids and short words. Numbers of people have no business in a queue."""

import json
import re
from collections.abc import Mapping
from typing import Any

TEXT, ITEMS, WHOLE = 64, 1_000, 8_000
"""Characters of one text, entries of one list, characters of all arguments as JSON."""
LONGEST_ID = 10**10
"""Mobile numbers begin here; no table of a district counts so far."""

_RUN = re.compile(r"\d{7,}")
_LAWFUL = re.compile(r"(?:\d{3}){1,4}|[0-9a-f]{32}|\d{4}-\d{2}-\d{2}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Digits that name no person: a place's path, a random token of 32 hex digits, a day, a UUID."""


def checked(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, as they will come back out of JSON; `ValueError` for what does not belong in a queue.

    Allowed: None, truth values, whole numbers that may be ids, floats, texts up to 64 characters without seven digits
    in a row, and lists and mappings of these. Names and free text go into `private`, which is sealed.
    """
    for name, value in arguments.items():
        _check(name, value)
    if len(json.dumps(arguments)) > WHOLE:
        raise ValueError(f"the arguments of a job are over {WHOLE} characters: pass the id of a row that holds them")
    loaded: dict[str, Any] = json.loads(json.dumps(dict(arguments)))
    return loaded


def _check(name: str, value: Any) -> None:
    """The value is never quoted: it may be what must not be seen."""
    if value is None or isinstance(value, bool | float):
        return
    if isinstance(value, int):
        if abs(value) >= LONGEST_ID:
            raise ValueError(f"{name}: too large for an id; is it the number of a person?")
    elif isinstance(value, str):
        if len(value) > TEXT:
            raise ValueError(f"{name}: a text of {len(value)} characters, at most {TEXT}")
        if _RUN.search(value) and not _LAWFUL.fullmatch(value):
            raise ValueError(f"{name}: a run of seven digits or more; is it the number of a person?")
    elif isinstance(value, list | tuple):
        if len(value) > ITEMS:
            raise ValueError(f"{name}: {len(value)} entries, at most {ITEMS}")
        for one in value:
            _check(name, one)
    elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
        for key, one in value.items():
            _check(name, key)
            _check(f"{name}.{key}", one)
    else:
        raise ValueError(f"{name}: {type(value).__name__} is neither an id nor a short word")


def hushed(text: str) -> str:
    """A sentence as a row or a log may keep it: without long numbers."""
    return _RUN.sub("＊＊＊", text)
