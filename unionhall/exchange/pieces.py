"""A big sheet in pieces: the same workbook again and again, each time with some of the rows.

The reader parses a sheet whole before it gives the first row. Cut at row ends, the first rows come at once, whoever
writes them works beside whoever parses, and only one piece is in memory. The rows themselves are untouched: every row
must carry its own number, or the sheet is left whole.
"""

import io
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from defusedxml import ElementTree  # type: ignore[import-untyped]

from unionhall.exchange import guard
from unionhall.kernel.errors import Refused

PIECE = 8 * 2**20
"""Bytes of XML a piece, about ten thousand rows of fifteen columns."""
SMALL = 2 * PIECE
LARGEST_SHARED = 2**20
"""Shared strings are parsed again with every piece: a workbook that has many is left whole."""
_READ = 2**20
_OVERLAP = 16
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BEGINS = re.compile(rb"<(?:\w+:)?sheetData[^>/]*>")
_ROW = re.compile(rb"<row\b[^>]*>")
_NUMBERED = re.compile(rb"<row\b[^>]*\br=\"\d+\"")


def pieces(path: Path, name: str) -> Iterator[Path | IO[bytes]]:
    """Workbooks that together hold the rows of the sheet of that name, in order; `path` itself when it is left whole."""
    with zipfile.ZipFile(path) as book:
        part = _part_of(book, name)
        if part is None:
            yield path
            return
        shared = sum(info.file_size for info in book.infolist() if info.filename == "xl/sharedStrings.xml")
        if book.getinfo(part).file_size < SMALL or shared > LARGEST_SHARED:
            yield path
            return
        rest = {name: book.read(name) for name in _needed(book)}
        with book.open(part) as sheet:
            head, body = _opening(sheet)
            if b"<!DOCTYPE" in head:
                raise Refused("工作簿里有 XML 声明（DTD），不安全；请用 Excel 另存为 .xlsx 再导入")
            row = _ROW.search(body)
            if not head or row is None or _NUMBERED.match(row[0]) is None:
                yield path
                return
            while True:
                block = sheet.read(PIECE - len(body)) if len(body) < PIECE else b""
                guard.refuse_far(body[-_OVERLAP:] + block)
                body += block
                cut = body.rfind(b"</row>") + 6
                if not block and len(body) < PIECE:  # the sheet's own end closes the last piece
                    yield from _workbook(rest, part, head + body)
                    return
                if cut < 6:
                    raise zipfile.BadZipFile("a row longer than a piece")
                yield from _workbook(rest, part, head + body[:cut] + b"</sheetData></worksheet>")
                body = body[cut:]


def _part_of(book: zipfile.ZipFile, name: str) -> str | None:
    """The part a sheet lies in, by the workbook's own list; None when it is not the usual one."""
    try:
        sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
        relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    number = next((sheet.get(f"{_RELATION}id") for sheet in sheets if sheet.get("name") == name), None)
    target = next((r.get("Target") for r in relations if number is not None and r.get("Id") == number), None)
    part = target.lstrip("/") if target and target.startswith("/") else f"xl/{target}"
    return part if part in book.namelist() else None


def _opening(sheet: IO[bytes]) -> tuple[bytes, bytes]:
    """The sheet up to its rows without its extent, and what was read beyond; b"" when the rows do not begin as usual."""
    start = sheet.read(_READ)
    begins = _BEGINS.search(start)
    if begins is None or not begins[0].startswith(b"<sheetData"):
        return b"", start
    head = re.sub(rb"<dimension[^>]*/>", b"", start[: begins.end()])
    return head, start[begins.end() :]


def _needed(book: zipfile.ZipFile) -> list[str]:
    names = [info.filename for info in book.infolist() if info.file_size <= LARGEST_SHARED]
    return [name for name in names if name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/")]


def _workbook(rest: dict[str, bytes], part: str, sheet: bytes) -> Iterator[Path | IO[bytes]]:
    """One workbook, in memory for as long as it is read; by name where there are such names, since a file-like object is
    read under the interpreter's lock and holds up whoever works beside.
    """
    with os.fdopen(os.memfd_create("sheet"), "w+b") if hasattr(os, "memfd_create") else io.BytesIO() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
            for name, content in rest.items():
                book.writestr(name, content)
            book.writestr(part, sheet)
        out.seek(0)
        yield out if isinstance(out, io.BytesIO) else Path(f"/proc/self/fd/{out.fileno()}")
