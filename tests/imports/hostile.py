"""Files no officer makes, each a known way to hurt whoever opens it. `KINDS`: name of the kind -> (maker, file name, reason)."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.exchange.sheets import roster_rows, write_roster

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
_CELL = '<row r="{row}"><c r="{ref}" t="inlineStr"><is><t>x</t></is></c></row>'

Maker = Callable[[Path], None]


def parts(path: Path) -> dict[str, bytes]:
    write_roster(path, roster_rows(2))
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def pack(path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in content.items():
            book.writestr(name, data)


def changed(name: str, change: Callable[[bytes], bytes]) -> Maker:
    def make(path: Path) -> None:
        content = parts(path)
        content[name] = change(content[name])
        pack(path, content)

    return make


def added(**more: bytes) -> Maker:
    def make(path: Path) -> None:
        pack(path, parts(path) | {name.replace("__", "/").replace("_DOT_", "."): data for name, data in more.items()})

    return make


def holding(name: str, data: bytes) -> Maker:
    def make(path: Path) -> None:
        pack(path, parts(path) | {name: data})

    return make


def content(data: bytes) -> Maker:
    return lambda path: path.write_bytes(data) and None


def patched(name: str, offset: int, data: bytes, *, local: bool = False) -> Maker:
    """A sound book with bytes of one entry's header changed: in the directory, or in front of the part."""

    def make(path: Path) -> None:
        parts(path)
        book = bytearray(path.read_bytes())
        mark, head, length = (b"PK\x03\x04", 30, 26) if local else (b"PK\x01\x02", 46, 28)
        at = -1
        while (at := book.find(mark, at + 1)) >= 0:
            (size,) = struct.unpack("<H", book[at + length : at + length + 2])
            if book[at + head : at + head + size] == name.encode():
                book[at + offset : at + offset + len(data)] = data
        path.write_bytes(book)

    return make


def _late(rows: str) -> Maker:
    return changed(SHEET, lambda sheet: sheet.replace(b"</sheetData>", rows.encode() + b"</sheetData>"))


def _bomb(path: Path) -> None:
    changed(SHEET, lambda sheet: sheet.replace(b"</sheetData>", b" " * (300 * 2**20) + b"</sheetData>"))(path)


def _lying_bomb(path: Path) -> None:
    """The directory and the part's own header say 1,000 bytes; it unpacks to 300 MB."""
    _bomb(path)
    book = bytearray(path.read_bytes())
    for mark, head, length, size_at in ((b"PK\x01\x02", 46, 28, 24), (b"PK\x03\x04", 30, 26, 22)):
        at = -1
        while (at := book.find(mark, at + 1)) >= 0:
            (size,) = struct.unpack("<H", book[at + length : at + length + 2])
            if book[at + head : at + head + size] == SHEET.encode():
                book[at + size_at : at + size_at + 4] = struct.pack("<I", 1_000)
    path.write_bytes(book)


def _laughs(sheet: bytes) -> bytes:
    head, _, rest = sheet.partition(b"?>")
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return head + b'?><!DOCTYPE l [<!ENTITY l0 "ha">' + entities + b"]>" + rest


def _xxe(sheet: bytes) -> bytes:
    head, _, rest = sheet.partition(b"?>")
    return head + b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + rest


def _utf16(sheet: bytes) -> bytes:
    return _xxe(sheet).decode().replace("UTF-8", "UTF-16").encode("utf-16")


def _duplicate(path: Path) -> None:
    whole = parts(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in whole.items():
            book.writestr(name, data)
        book.writestr("xl/Worksheets/Sheet1.xml", whole[SHEET])


def _link(path: Path) -> None:
    whole = parts(path)
    with zipfile.ZipFile(path, "w") as book:
        for name, data in whole.items():
            book.writestr(name, data)
        link = zipfile.ZipInfo("xl/theme/theme9.xml")
        link.external_attr = 0o120777 << 16
        book.writestr(link, "/etc/passwd")


def _overlapping(path: Path) -> None:
    """Two entries of the directory over one part: each of a thousand could be the same megabyte."""
    parts(path)
    book = bytearray(path.read_bytes())
    at = book.find(b"PK\x01\x02")
    second = book.find(b"PK\x01\x02", at + 1)
    book[second + 42 : second + 46] = book[at + 42 : at + 46]
    path.write_bytes(book)


def _many(count: int) -> Maker:
    def make(path: Path) -> None:
        pack(path, parts(path) | {f"xl/media/{n}.txt": b"" for n in range(count)})

    return make


def _in_front(path: Path) -> None:
    """A script in front of the archive; the directory's offsets allow for it."""
    whole = parts(path)
    front = b"PK<script>alert(1)</script>"
    out = io.BytesIO()
    out.write(front)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        for name, data in whole.items():
            book.writestr(name, data)
    path.write_bytes(out.getvalue())


def _flood() -> bytes:
    """A picture of a hundred thousand by a hundred thousand points, in sixty bytes."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("a.txt", "x")
    return out.getvalue()


def _long(size: int, data: bytes) -> Maker:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            for _ in range(size // len(data)):
                file.write(data)

    return make


def _cut(path: Path) -> None:
    parts(path)
    path.write_bytes(path.read_bytes()[:-200])


def _tail(path: Path) -> None:
    parts(path)
    path.write_bytes(path.read_bytes() + b"<script>alert(1)</script>")


def _book(path: Path) -> None:
    parts(path)


_MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_BOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WORD_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)
_CSV = "姓名,证件号码\n张三,1\n".encode()

KINDS: dict[str, tuple[Maker, str, str]] = {
    "bomb": (_bomb, "a.xlsx", "压缩"),
    "bomb that lies": (_lying_bomb, "a.xlsx", "不符|压缩"),
    "bomb of strings": (holding(STRINGS, b"<sst>" + b"a" * (300 * 2**20)), "a.xlsx", "压缩"),
    "far cell": (_late(_CELL.format(row=1048576, ref="XFD1048576")), "a.xlsx", "范围到了"),
    "far cell, late": (
        _late("".join(_CELL.format(row=n, ref=f"A{n}") for n in range(10, 4_000))
              + _CELL.format(row=4_000, ref="XFD4000")), "a.xlsx", "范围到了"),
    "far dimension": (
        changed(SHEET, lambda sheet: sheet.replace(b'ref="A1:', b'ref="XFA1:XFD1048576" x="')), "a.xlsx", "范围到了"),
    "last row of the sheet": (_late(_CELL.format(row=1048576, ref="O1048576")), "a.xlsx", "空了很多行"),
    "last row, late": (
        _late("".join(_CELL.format(row=n, ref=f"A{n}") for n in range(10, 4_000))
              + _CELL.format(row=1_000_000, ref="O1000000")), "a.xlsx", "空了很多行"),
    "external entity": (changed(SHEET, _xxe), "a.xlsx", "DTD"),
    "billion laughs": (changed(SHEET, _laughs), "a.xlsx", "DTD"),
    "entity in UTF-16": (changed(SHEET, _utf16), "a.xlsx", "文字编码"),
    "macro": (holding("xl/vbaProject.bin", b"macro"), "a.xlsx", "宏"),
    "macro by its type": (changed(TYPES, lambda types: types.replace(_BOOK_TYPE, _MACRO_TYPE)), "a.xlsx", "宏"),
    "macro by its name": (_book, "a.xlsm", "宏"),
    "old sheet of macros": (holding("xl/macrosheets/sheet1.xml", b"<x/>"), "a.xlsx", "宏"),
    "link to another book": (holding("xl/externalLinks/externalLink1.xml", b"<x/>"), "a.xlsx", "外部链接"),
    "embedded object": (holding("xl/embeddings/oleObject1.bin", b"MZ"), "a.xlsx", "嵌入"),
    "a document": (changed(TYPES, lambda types: types.replace(_BOOK_TYPE, _WORD_TYPE)), "a.xlsx", "不是 Excel 工作簿"),
    "another archive": (content(_zip()), "a.xlsx", "不是 Excel 工作簿"),
    "archive within": (holding("xl/media/more.zip", _zip()), "a.xlsx", "夹带"),
    "archive within, disguised": (holding("xl/media/image1.png", _zip()), "a.xlsx", "夹带"),
    "something behind it": (_tail, "a.xlsx", "结尾异常"),
    "something in front of it": (_in_front, "a.xlsx", "重叠|异常|不符"),
    "entries, too many": (_many(2_001), "a.xlsx", "超过2000个"),
    "entries, sixty thousand": (_many(60_000), "a.xlsx", "超过2000个"),
    "path that climbs": (holding("xl/../../etc/passwd", b"x"), "a.xlsx", "路径不安全"),
    "path from the root": (holding("/etc/passwd", b"x"), "a.xlsx", "路径不安全"),
    "path of another system": (holding("C:\\windows\\x.xml", b"x"), "a.xlsx", "路径不安全"),
    "symbolic link": (_link, "a.xlsx", "链接"),
    "two of one name": (_duplicate, "a.xlsx", "重名"),
    "parts over one another": (_overlapping, "a.xlsx", "重叠"),
    "password on a part": (patched(SHEET, 8, b"\x01\x00"), "a.xlsx", "密码"),
    "unknown compression": (patched(SHEET, 10, b"\x0e\x00"), "a.xlsx", "压缩方式"),
    "two truths about a part": (patched(SHEET, 22, b"\xff\xff\x00\x00", local=True), "a.xlsx", "不符"),
    "old book, or one with a password": (content(_OLE), "a.xlsx", "旧版"),
    "old book by its name": (content(_OLE), "a.xls", "旧版"),
    "cut short": (_cut, "a.xlsx", "不完整"),
    "nothing": (content(b""), "a.xlsx", "文件是空的"),
    "flood of points": (holding("xl/media/image1.png", _flood()), "a.xlsx", "图片"),
    "a book by no means": (content(b"%PDF-1.7 not a workbook"), "a.xlsx", "PDF"),
    "a page called a table": (content(b"<html><table><tr><td>x</td></tr></table></html>"), "a.csv", "网页"),
    "a program called a table": (content(b"MZ" + bytes(range(1, 200)) * 40), "a.csv", "程序"),
    "a program by its name": (content(_CSV), "a.exe", "只能导入"),
    "text called a book": (content(_CSV), "a.xlsx", "扩展名"),
    "book called a text": (_book, "a.csv", "扩展名"),
    "text with zero bytes, late": (content(_CSV * 50_000 + b"\x00"), "a.csv", "也不是 .csv"),
    "text of 200 MB": (_long(200 * 2**20, _CSV * 20_000), "a.csv", "超过100MB"),
    "text of one line": (_long(50 * 2**20, b"abcdefgh" * 4_096), "a.csv", "一行太长"),
    "text in no encoding": (content(b"\xff\xfe\xfd\x80\x81" * 400), "a.csv", "编码"),
}  # fmt: skip
