"""Finding the header row of a sheet, and which of its columns is which of the template's."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from unionhall.exchange.template import Column
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow

LOOKED_AT = 30
"""Titles, notes and merged cells may stand above the headers, but not more than this many rows."""
_MARKS = re.compile(r"[\s*＊★:：·]+")
_NOTES = re.compile(r"[（(【\[][^（()）【】\[\]]*[）)】\]]")
REASON_HEADER = "本行退回原因"
"""The column a faults workbook adds; it is skipped when the workbook comes in again."""


class Found(NamedTuple):
    """Where the headers stand: sheet row (from 0), for each template column its place or None, headers not understood."""

    row: int
    places: tuple[int | None, ...]
    unknown: tuple[str, ...]


def settle(header: Any) -> str:
    """A header as it is compared: half-width, no white space, stars or colons, case folded."""
    return _MARKS.sub(
        "", narrow(header if isinstance(header, str) else "" if header is None else str(header))
    ).casefold()


def find(rows: Sequence[Sequence[Any]], columns: Sequence[Column], title: str) -> Found:
    """The header row among the first rows: the one that knows most columns. Raises `Refused` naming what is missing."""
    known = _known(columns)
    best, most = None, 0
    for number, row in enumerate(rows[:LOOKED_AT]):
        keys = {known[word] for cell in row for word in _readings(cell) if word in known}
        if len(keys) > most:
            best, most = number, len(keys)
    required = [column for column in columns if column.required]
    if best is None or (most < 2 and len(columns) > 1 and most < len(required)):
        raise Refused(f"没有找到表头：第一行应有{'、'.join(c.header for c in required[:4])}等列（{title}），请核对表格")
    return _placed(best, rows[best], known, columns)


def _known(columns: Sequence[Column]) -> dict[str, str]:
    known = {}
    for column in columns:
        for word in (*column.aliases, column.header):
            known[settle(word)] = column.key
    return known


def _readings(cell: Any) -> tuple[str, ...]:
    """The header as written, and without remarks in brackets: 姓名（必填） is 姓名."""
    word = settle(cell)
    bare = settle(_NOTES.sub("", narrow(cell))) if isinstance(cell, str) else word
    return (word,) if bare == word else (word, bare)


def _placed(number: int, row: Sequence[Any], known: dict[str, str], columns: Sequence[Column]) -> Found:
    place_of: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(row):
        key = next((known[word] for word in _readings(cell) if word in known), None)
        if key is None:
            if settle(cell) and settle(cell) != REASON_HEADER:
                unknown.append(narrow(str(cell)))
        elif key in place_of:
            first, second = narrow(str(row[place_of[key]])), narrow(str(cell))
            raise Refused(f"“{first}”和“{second}”是同一项（第{place_of[key] + 1}列、第{place + 1}列），请只保留一列")
        else:
            place_of[key] = place
    missing = [column.header for column in columns if column.required and column.key not in place_of]
    if missing:
        raise Refused(f"缺少必填的列：{'、'.join(missing)}，请补上后重新导入")
    return Found(number, tuple(place_of.get(column.key) for column in columns), tuple(unknown))
