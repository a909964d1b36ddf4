"""Files no officer makes are refused, each for its own reason, within a second."""

import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.exchange.sheets import roster_rows, write_roster
from unionhall.exchange.guard import MOST_ENTRIES, check, measure
from unionhall.exchange.run import dry_run
from unionhall.exchange.templates import by_name
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused

SHEET = "xl/worksheets/sheet1.xml"
_CELL = '<row r="{row}"><c r="{ref}" t="inlineStr"><is><t>x</t></is></c></row>'


def parts(path: Path) -> dict[str, bytes]:
    write_roster(path, roster_rows(2))
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def made(path: Path, content: dict[str, bytes], **more: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in (content | more).items():
            book.writestr(name, data)
    return path


def a_bomb(path: Path) -> Path:
    content = parts(path)
    content[SHEET] = content[SHEET].replace(b"</sheetData>", b" " * (300 * 2**20) + b"</sheetData>")
    return made(path, content)


def a_bomb_that_lies(path: Path) -> Path:
    """The directory says 1,000 bytes; the part unpacks to 300 MB."""
    a_bomb(path)
    data = bytearray(path.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        name_length = struct.unpack("<H", data[at + 28 : at + 30])[0]
        if data[at + 46 : at + 46 + name_length] == SHEET.encode():
            data[at + 24 : at + 28] = struct.pack("<I", 1_000)
        at += 46
    path.write_bytes(data)
    return path


def a_far_cell(path: Path) -> Path:
    content = parts(path)
    far = _CELL.format(row=1048576, ref="XFD1048576").encode()
    content[SHEET] = content[SHEET].replace(b"</sheetData>", far + b"</sheetData>")
    return made(path, content)


def a_far_dimension(path: Path) -> Path:
    content = parts(path)
    content[SHEET] = content[SHEET].replace(b'<dimension ref="A1:P3"/>', b'<dimension ref="A1:XFD1048576"/>')
    assert b"XFD" in content[SHEET]
    return made(path, content)


def a_far_cell_late(path: Path) -> Path:
    """Beyond what the guard peeks at: seen when the sheet is inflated."""
    content = parts(path)
    rows = "".join(_CELL.format(row=n, ref=f"A{n}") for n in range(10, 4_000))
    far = _CELL.format(row=1048576, ref="XFD1048576")
    content[SHEET] = content[SHEET].replace(b"</sheetData>", (rows + far).encode() + b"</sheetData>")
    return made(path, content)


def a_declaration(path: Path) -> Path:
    content = parts(path)
    head, _, rest = content[SHEET].partition(b"?>")
    content[SHEET] = head + b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + rest
    return made(path, content)


def a_macro_book(path: Path) -> Path:
    return made(path, parts(path) | {"xl/vbaProject.bin": b"macro"})


def no_archive(path: Path) -> Path:
    path.write_bytes(b"%PDF-1.7 not a workbook at all")
    return path


def another_archive(path: Path) -> Path:
    return made(path, {"readme.txt": b"hello"})


def a_polyglot(path: Path) -> Path:
    parts(path)
    path.write_bytes(path.read_bytes() + b"<script>")
    return path


def many_entries(path: Path) -> Path:
    return made(path, parts(path) | {f"xl/media/{n}.txt": b"" for n in range(MOST_ENTRIES)})


def a_slip(path: Path) -> Path:
    return made(path, parts(path) | {"xl/../../etc/passwd": b"x"})


def cut_short(path: Path) -> Path:
    parts(path)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def an_old_book(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000))
    return path


def nothing(path: Path) -> Path:
    path.write_bytes(b"")
    return path


HOSTILE: list[tuple[Callable[[Path], Path], str]] = [
    (a_bomb, "压缩"), (a_bomb_that_lies, "不符|压缩"), (a_far_cell, "范围到了 XFD1048576"), (a_far_dimension, "范围到了 XFD1048576"),
    (a_far_cell_late, "范围到了 XFD1048576"), (a_declaration, "DTD"), (a_macro_book, "宏"), (no_archive, "不是有效的 Excel"),
    (another_archive, "不是 Excel 工作簿"), (a_polyglot, "结尾异常"), (many_entries, "超过2000个"), (a_slip, "路径不安全"),
    (cut_short, "不完整"), (an_old_book, "旧版"), (nothing, "文件是空的"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "reason"), HOSTILE, ids=[make.__name__ for make, _ in HOSTILE])
def test_a_hostile_file_is_refused_within_a_second(tmp_path: Path, make: Callable[[Path], Path], reason: str) -> None:
    path = make(tmp_path / "r.xlsx")
    started = time.perf_counter()
    with pytest.raises(Refused, match=reason):
        dry_run(by_name("members"), path, by=SYSTEM)
    assert time.perf_counter() - started < 1.0


def test_an_honest_workbook_passes(tmp_path: Path) -> None:
    path = write_roster(tmp_path / "r.xlsx", roster_rows(200))
    assert check(path) == "xlsx"
    measure(path)
