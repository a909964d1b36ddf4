"""The reading process: parses one sheet under limits, reads its cells, and sends the rows. No keys, no database.

Started as `python -m unionhall.exchange.child READ_FD WRITE_FD`. It is told what to read by the parent (columns, check,
path), sends the headers, then the rows in chunks, then the end. It runs ahead of the parent by a few chunks at most and
keeps their cells as they stood, because the parent may ask for those of a row it finds doubtful.
"""

import csv
import gc
import io
import os
import pickle
import resource
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from hashlib import sha256
from itertools import chain, compress, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from python_calamine import CalamineError, CalamineSheet, load_workbook

from unionhall.exchange import guard, headers
from unionhall.exchange.ahead import ahead
from unionhall.exchange.pieces import pieces
from unionhall.exchange.template import Check, CheckAll, Column, Reason, Row, row_class
from unionhall.kernel.errors import Refused

AHEAD = 3
"""How many chunks may be under way; each answer of the parent is far smaller than a pipe holds, so neither can block."""
MOST_MEMORY = 2 * 2**30
MOST_SECONDS = 300
_JOIN = "\x1f"


class Task(NamedTuple):
    """What to read."""

    path: str
    form: str
    title: str
    columns: tuple[Column, ...]
    check: Check | None
    check_all: CheckAll | None
    chunk: int


Bad = tuple[int, tuple[Reason, ...], tuple[Any, ...]]
"""A row the reading process refuses: its sheet row, why, and its cells in template order as they stood."""


class Fault:
    """Stands in a column for a cell that could not be read."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


class _Cache(dict[Any, Any]):
    """Cell as it stands -> value or Fault, for columns whose values repeat; bounded, so a hostile column cannot fill it."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column
        self.faults = False

    def __missing__(self, raw: Any) -> Any:
        value = _read(self.column, raw)
        self.faults = self.faults or type(value) is Fault
        if len(self) < 50_000:
            self[raw] = value
        return value


class _Words(dict[Any, str]):
    """A value in words, each made once."""

    def __missing__(self, value: Any) -> str:
        words = str(value)
        if len(self) < 50_000:
            self[value] = words
        return words


def main() -> None:
    parent = Connection(int(sys.argv[1]), writable=False)
    out = Connection(int(sys.argv[2]), readable=False)
    task: Task = pickle.loads(parent.recv_bytes())  # noqa: S301 - from the parent, which started this
    os.nice(5)  # whoever writes the rows goes first: reading is ahead of it most of the time
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Nothing here makes cycles, and walking two hundred thousand rows to find none costs a fifth of the time.
    gc.disable()
    try:
        _serve(task, parent, out)
    except Refused as refused:
        _send(out, "refused", refused.message)
    except MemoryError:
        _send(out, "refused", "表格太大，读不下；请分成几个文件导入")
    except (EOFError, BrokenPipeError):
        sys.exit(0)  # the parent has gone


def _serve(task: Task, parent: Connection, out: Connection) -> None:
    sheet = _sheet(task)
    first = list(islice(sheet, headers.LOOKED_AT))
    found = headers.find(first, task.columns, task.title)
    _send(out, "head", (found.row + 1, found.unknown))
    reader = _Reader(task, found.places, len(first[found.row]) if task.form == "csv" else None)
    kept: deque[dict[int, Sequence[Any]]] = deque()
    body = chain(first[found.row + 1 :], sheet)
    number = found.row + 2
    while lines := list(islice(body, task.chunk)):
        while len(kept) >= AHEAD:
            _answer(parent, out, kept.popleft(), reader)
        raws, columns, digests, bad = reader.read(lines, number)
        number += len(lines)
        _send(out, "rows", (columns, digests, bad))
        kept.append(raws)
    while kept:
        _answer(parent, out, kept.popleft(), reader)
    _send(out, "end", None)


def _send(out: Connection, what: str, content: Any) -> None:
    out.send_bytes(pickle.dumps((what, content), 5))


def _answer(parent: Connection, out: Connection, raws: dict[int, Sequence[Any]], reader: "_Reader") -> None:
    """The parent has judged a chunk: a bit for each of its rows whose cells it wants."""
    wanted = parent.recv_bytes()
    numbers = [number for place, number in enumerate(raws) if wanted[place >> 3] >> (place & 7) & 1] if wanted else []
    if numbers:
        _send(out, "cells", {number: reader.cells(raws[number]) for number in numbers})


class _Reader:
    """Turns lines of cells into columns of clean values."""

    def __init__(self, task: Task, places: tuple[int | None, ...], most: int | None) -> None:
        self.columns = task.columns
        self.most = most  # cells a line of text may have, where a stray separator would shift them unseen
        self.places = places
        self.check, self.check_all = task.check, task.check_all
        self.row = row_class(tuple(column.key for column in task.columns))
        self.caches = [_Cache(column) for column in task.columns]
        self.words = [_Words() for _ in task.columns]
        self.width = 1 + max((place for place in places if place is not None), default=0)

    def cells(self, line: Sequence[Any]) -> tuple[Any, ...]:
        """The cells of a line as they stood, in template order; what pickles as itself."""
        return tuple(_plain(line[place]) if place is not None and place < len(line) else None for place in self.places)

    def read(
        self, lines: Sequence[Sequence[Any]], first: int
    ) -> tuple[dict[int, Sequence[Any]], list[tuple[Any, ...]], list[bytes], list[Bad]]:
        numbers = list(range(first, first + len(lines)))
        bad: list[Bad] = []
        if not all(map(_present, lines)):  # rows without anything in them are no rows
            present = [(number, line) for number, line in zip(numbers, lines, strict=True) if _present(line)]
            numbers, lines = [number for number, _ in present], [line for _, line in present]
        if self.most is not None and any(len(line) > self.most for line in lines):
            numbers, lines = self._fitting(numbers, lines, bad)
        raw_columns = self._transposed(lines)
        clean, faulty = [], set[int]()
        for column, cache, raws in zip(self.columns, self.caches, raw_columns, strict=True):
            values, faults = _column(column, cache, raws)
            clean.append(values)
            faulty.update(faults)
        raws_of = dict(zip(numbers, lines, strict=True))
        columns: list[Sequence[Any]] = [numbers, *clean]
        if faulty:
            columns = self._without_faults(columns, faulty, raws_of, bad)
        if self.check is not None:
            columns = self._checked(columns, raws_of, bad)
        settled = columns[0]
        judged = {number: raws_of[number] for number in settled} if len(settled) < len(raws_of) else raws_of
        return judged, columns if settled else [], self._hashes(columns[1:]), bad

    def _fitting(
        self, numbers: Sequence[int], lines: Sequence[Sequence[Any]], bad: list[Bad]
    ) -> tuple[list[int], list[Sequence[Any]]]:
        """Lines no longer than the header line; the others are refused, since nobody knows which cell is which."""
        kept: list[tuple[int, Sequence[Any]]] = []
        for number, line in zip(numbers, lines, strict=True):
            if self.most is not None and _present(line[self.most :]):
                bad.append(
                    (number, ((None, "这一行的格数比表头多，可能是内容里的逗号没有加引号，请核对"),), self.cells(line))
                )
            else:
                kept.append((number, line))
        return [number for number, _ in kept], [line for _, line in kept]

    def _hashes(self, columns: Sequence[Sequence[Any]]) -> list[bytes]:
        """What a row says, as a plain hash: the parent keys it. By columns, because most hold words already."""
        if not columns:
            return []
        said = [
            column if cache.column.read.empty == "" else map(words.__getitem__, column)  # type: ignore[attr-defined]
            for cache, words, column in zip(self.caches, self.words, columns, strict=True)
        ]
        join = _JOIN.join
        return [sha256(join(row).encode("utf-8", "surrogatepass")).digest() for row in zip(*said, strict=True)]

    def _transposed(self, lines: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        if (lines and len(lines[0]) < self.width) or len(set(map(len, lines))) > 1:
            lines = [(*line, *(None,) * (self.width - len(line))) for line in lines]
            lines = [line[: self.width] for line in lines]
        columns = list(zip(*lines, strict=True))
        nothing = (None,) * len(lines)
        return [nothing if place is None or not columns else columns[place] for place in self.places]

    def _without_faults(
        self, columns: list[Sequence[Any]], faulty: set[int], raws: dict[int, Sequence[Any]], bad: list[Bad]
    ) -> list[Sequence[Any]]:
        for place in sorted(faulty):
            number = columns[0][place]
            reasons = tuple(
                (column.key, values[place].reason)
                for column, values in zip(self.columns, columns[1:], strict=True)
                if type(values[place]) is Fault
            )
            bad.append((number, reasons, self.cells(raws[number])))
        return _dropped(columns, faulty)

    def _checked(
        self, columns: list[Sequence[Any]], raws: dict[int, Sequence[Any]], bad: list[Bad]
    ) -> list[Sequence[Any]]:
        """The columns as the form's check settles them: all at once as far as it can, else row by row."""
        check, make = self.check, self.row
        assert check is not None
        settled, unsettled = columns, range(len(columns[0]))
        if self.check_all is not None:
            settled, unsettled = self.check_all(columns)
        if not unsettled:
            return settled
        out, gone = [list(column) for column in settled], set[int]()
        for place in unsettled:
            row = make(*(column[place] for column in columns), b"")
            try:
                found = check(row)
            except Refused as refused:
                bad.append((row[0], ((refused.code or None, refused.message),), self.cells(raws[row[0]])))
                gone.add(place)
                continue
            for column, value in zip(
                out, row if found is None else found, strict=False
            ):  # the row's digest is no column
                column[place] = value
        return _dropped(out, gone)


def refuse(check: Check, row: Row) -> tuple[Row, Reason | None]:
    """Apply a check outside the reading process: the row, settled, and why it is refused, if it is."""
    try:
        settled = check(row)
    except Refused as refused:
        return row, (refused.code or None, refused.message)
    return row if settled is None else settled, None


def _dropped(columns: Sequence[Sequence[Any]], gone: set[int]) -> list[Sequence[Any]]:
    """The columns without the rows at these places."""
    if not gone:
        return list(columns)
    kept = [place not in gone for place in range(len(columns[0]))]
    return [list(compress(column, kept)) for column in columns]


def _column(column: Column, cache: _Cache, raws: Sequence[Any]) -> tuple[Sequence[Any], list[int]]:
    """The clean values of one column, and the places of the faults among them."""
    if getattr(column.read, "repeats", True):
        if bool in set(
            map(type, raws)
        ):  # True is 1 to a dict: a tick must not be remembered as a number, nor a 1 as a tick
            values = [_read(column, raw) if type(raw) is bool else cache[raw] for raw in raws]
        else:
            values = list(map(cache.__getitem__, raws))
            if not cache.faults:
                return values, []
        return values, [place for place, value in enumerate(values) if type(value) is Fault]
    unread: Iterable[int] = range(len(raws))
    sight = getattr(column.read, "at_sight", None)
    if sight is not None and set(map(type, raws)) == {str}:
        match = sight.fullmatch
        unread = [place for place, raw in enumerate(raws) if match(raw) is None]
    values, faults = list(raws), []
    for place in unread:
        value = values[place] = _read(column, raws[place])
        if type(value) is Fault:
            faults.append(place)
    return values, faults


def _read(column: Column, raw: Any) -> Any:
    try:
        value = column.read(raw)
    except Refused as refused:
        return Fault(refused.message)
    if column.required and (value is None or value == "" or value == ()):
        return Fault(f"请填写{column.header}")
    return value


def _present(line: Sequence[Any]) -> bool:
    """Is anything written in this line, under whatever header?"""
    if line and type(line[0]) is str and line[0] and not line[0].isspace():
        return True  # nearly always
    return any(cell is not None and not (isinstance(cell, str) and not cell.strip()) for cell in line)


def _plain(cell: Any) -> Any:
    return cell if isinstance(cell, str | int | float | date | datetime | time) else None if cell is None else str(cell)


def _sheet(task: Task) -> Iterator[Sequence[Any]]:
    """The lines of the data sheet, from its first row."""
    if task.form == "csv":
        yield from _lines(Path(task.path))
        return
    try:
        yield from _numbered(task)
    except (CalamineError, OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error):
        raise Refused("工作簿读不出来（可能已损坏），请用 Excel 打开后另存为 .xlsx 再导入") from None


def _numbered(task: Task) -> Iterator[Sequence[Any]]:
    """The rows of the data sheet, from row 1; rows the sheet leaves out are empty."""
    path = Path(task.path)
    names = load_workbook(path).sheet_names
    if not names:
        raise Refused("工作簿里没有工作表")
    name = task.title if task.title in names else names[0]
    at = 0
    for sheet in ahead(_parsed(path, name)):  # inflating and parsing let others run
        if sheet.start is None:
            continue
        above, left = sheet.start
        yield from ([] for _ in range(above - at))
        lines = sheet.to_python()
        at = above + len(lines)
        yield from lines if not left else ([*[None] * left, *line] for line in lines)
    if not at:
        raise Refused("工作表是空的，请核对第一张工作表")


def _parsed(path: Path, name: str) -> Iterator[CalamineSheet]:
    """The sheet, piece by piece."""
    for piece in pieces(path, name):
        if piece is path:
            guard.measure(path)  # a sheet in pieces is measured as it is inflated
        yield load_workbook(piece).get_sheet_by_name(name)


def _lines(path: Path) -> Iterator[Sequence[Any]]:
    """A text table: UTF-8 with or without a mark, or GB18030; separated by commas, tabs or semicolons."""
    content = path.read_bytes()
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            words = content.decode("gb18030")
        except UnicodeDecodeError:
            raise Refused("文字编码认不出来，请另存为 UTF-8 或 GB18030 的 .csv，或 .xlsx") from None
    head = words[:4096]
    first = next((line for line in head.splitlines() if any(mark in line for mark in ",\t;")), head)
    separator = max(",\t;", key=first.count)
    csv.field_size_limit(100_000)
    try:
        yield from csv.reader(io.StringIO(words, newline=""), delimiter=separator)
    except csv.Error:
        raise Refused("CSV 里有读不出来的行（引号没有成对，或一格太长），请另存为 .xlsx 再导入") from None


if __name__ == "__main__":
    main()
