"""Finding the header row of a sheet, and which of its columns is which of the template's."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from unionhall.exchange.template import Column
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow

LOOKED_AT = 30
"""Titles, notes and merged cells may stand above the headers, but not more than this many rows."""
_LABEL = 60
_MARKS = re.compile(r"[\s*＊★:：·]+")
_NOTES = re.compile(r"[（(【\[][^（()）【】\[\]]*[）)】\]]")
REASON_HEADER = "本行退回原因"
"""The column a faults workbook adds; it is skipped when the workbook comes in again."""


class Found(NamedTuple):
    """Where the headers stand: sheet row (from 0), for each template column its place or None, headers not understood."""

    row: int
    places: tuple[int | None, ...]
    unknown: tuple[str, ...]


class Guess(NamedTuple):
    """What is made of a header row before an officer looks: its place (from 0), what its cells are called, column key ->
    label, and column key -> labels where several headers go by the same column.
    """

    row: int
    labels: tuple[str, ...]
    places: dict[str, str]
    several: dict[str, tuple[str, ...]]


def settle(header: Any) -> str:
    """A header as it is compared: half-width, no white space, stars or colons, case folded."""
    return _MARKS.sub(
        "", narrow(header if isinstance(header, str) else "" if header is None else str(header))
    ).casefold()


def find(rows: Sequence[Sequence[Any]], columns: Sequence[Column], title: str) -> Found:
    """The header row among the first rows: the one that knows most columns. Raises `Refused` naming what is missing."""
    if any(column.under is not None for column in columns):
        return _told(rows, columns)
    known = _known(columns)
    best, most = None, 0
    for number, row in enumerate(rows[:LOOKED_AT]):
        keys = {known[word] for cell in row for word in _readings(cell) if word in known}
        if len(keys) > most:
            best, most = number, len(keys)
    required = [column for column in columns if column.required]
    if best is None or (most < 2 and len(columns) > 1 and most < len(required)):
        raise Refused(
            "没有找到表头：第一行应有{required}等列（{title}），请核对表格",
            required=[c.header for c in required[:4]],
            title=title,
        )
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
            raise Refused(
                "“{first}”和“{second}”是同一项（第{key}列、第{place}列），请只保留一列",
                first=first,
                second=second,
                key=place_of[key] + 1,
                place=place + 1,
            )
        else:
            place_of[key] = place
    missing = [column.header for column in columns if column.required and column.key not in place_of]
    if missing:
        raise Refused("缺少必填的列：{missing}，请补上后重新导入", missing=list(missing))
    return Found(number, tuple(place_of.get(column.key) for column in columns), tuple(unknown))


def labels(row: Sequence[Any]) -> tuple[str, ...]:
    """What the cells of a header row are called, each its own name: a cell that is empty, or says what another says, is
    told apart by where it stands. "" for the column of reasons, which is no column.
    """
    said = [" ".join(narrow("" if cell is None else str(cell)).split())[:_LABEL] for cell in row]
    times = Counter(map(settle, said))
    named = [
        text if text and times[settle(text)] == 1 else f"{text}（第{place}列）" for place, text in enumerate(said, 1)
    ]
    return tuple("" if settle(text) == REASON_HEADER else name for text, name in zip(said, named, strict=True))


def guess(rows: Sequence[Sequence[Any]], columns: Sequence[Column], row: int | None = None) -> Guess:
    """The header row (or the one told) and which of its headers is which column, as far as names tell. Never refuses.

    Where no header is known, the first of the fullest rows is taken for the header row.
    """
    known, looked = _known(columns), rows[:LOOKED_AT]
    if row is None or not 0 <= row < len(looked):
        row = max(range(len(looked)), key=lambda at: (*_worth(looked[at], known), -at), default=0)
    cells = looked[row] if looked else ()
    named = labels(cells)
    meant: dict[str, list[str]] = {}
    for cell, label in zip(cells, named, strict=True):
        key = next((known[word] for word in _readings(cell) if word in known), None)
        if key is not None and label:
            meant.setdefault(key, []).append(label)
    places = {key: found[0] for key, found in meant.items()}
    return Guess(row, named, places, {key: tuple(found) for key, found in meant.items() if len(found) > 1})


def _worth(row: Sequence[Any], known: dict[str, str]) -> tuple[int, int]:
    """How many columns a row knows, and how many of its cells are words."""
    keys = {known[word] for cell in row for word in _readings(cell) if word in known}
    return len(keys), sum(isinstance(cell, str) and bool(cell.strip()) for cell in row)


def _told(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> Found:
    """The header row an officer has spoken of, and the places of the columns there."""
    wanted = {column.under: column.key for column in columns if column.under}
    for number, row in enumerate(rows[:LOOKED_AT]):
        named = labels(row)
        place_of = {wanted[label]: place for place, label in enumerate(named) if label in wanted}
        if len(place_of) == len(wanted):
            unknown = tuple(
                narrow(str(cell)) for cell, label in zip(row, named, strict=True)
                if label and label not in wanted and settle(cell)
            )  # fmt: skip
            missing = [column.header for column in columns if column.required and column.key not in place_of]
            if missing:
                raise Refused("缺少必填的列：{missing}，请在对列时选好，或补上后重新导入", missing=list(missing))
            return Found(number, tuple(place_of.get(column.key) for column in columns), unknown)
    raise Refused("表头与对列时不同，请重新对列")
