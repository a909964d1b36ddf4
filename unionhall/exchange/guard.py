"""What a file must be before any reader sees it: bounded checks on the bytes, no XML parser, no decompression to disk.

Each limit refuses a known attack: archives that unpack to gigabytes, tens of thousands of entries, parts that lie over
one another, one cell at the far corner of the sheet, document type declarations, macros, archives within archives,
pictures of a billion points, files that are two formats at once.
"""

import re
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from unionhall.exchange import pictures
from unionhall.kernel.errors import Refused

LARGEST_FILE = 200 * 2**20
LARGEST_TEXT = 100 * 2**20
"""Of a text table: it is read whole, and 200,000 rows of fifteen columns are a third of this."""
LONGEST_LINE = 2**20
LARGEST_PART = 2**30
LARGEST_WHOLE = 1536 * 2**20
MOST_ENTRIES = 2_000
MOST_ROWS, MOST_COLUMNS = 1_048_576, 256
LARGEST_RATIO = 200
"""Real sheets pack at most about thirty to one; a bomb packs a thousand to one."""
_FREE_RATIO = 8 * 2**20
_PEEK = 64 * 1024
_BLOCK = 256 * 1024
_OVERLAP = 16

_DIMENSION = re.compile(rb"<(?:\w+:)?dimension[^>]*\bref=[\"']([A-Z]{1,3}\d+)(?::([A-Z]{1,3}\d+))?[\"']")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL_REF = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})(\d+)[\"']")
_WORD = re.compile(rb"\w")
_FAR = re.compile(rb"r=[\"'](?:[A-Z]{3}|[J-Z][A-Z])\d+[\"']")  # begins with a letter, so that the search leaps to it
"""A cell beyond the columns anybody uses, looked for in the whole of a sheet: its reader would make room for all between."""
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=[\"'](\d{1,9})[\"']")
MOST_MISSING = 100_000
"""Rows a sheet may leave out at once: the reader makes room for them all, fifteen million cells for one in the last row."""
_HOSTILE = re.compile(r"(^|/)(vbaProject|macrosheets|activeX|embeddings|externalLinks|ctrlProps)", re.IGNORECASE)
_NESTED = re.compile(r"\.(zip|xlsx|xlsm|docx|jar|7z|rar|gz|exe|dll|js|vbs|html?)$", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"'](?!utf-?8|us-ascii|iso-8859-1)", re.IGNORECASE)
_WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_LINK = 0o120000
"""The file type of a symbolic link in the upper half of an entry's attributes."""
_NO_TABLES = {
    b"%PDF": " PDF 文件", b"MZ": "程序", b"\x7fELF": "程序", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"GIF8": "图片",
    b"Rar!": "压缩包", b"7z\xbc\xaf": "压缩包", b"\x1f\x8b": "压缩包", b"{\\rtf": " Word 文档",
}  # fmt: skip
_PAGES = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<script", b"<svg")
FORMS = {".xlsx": "xlsx", ".csv": "csv", ".txt": "csv", ".tsv": "csv"}
"""What a file may be called, and what is then expected in it."""


class Entry(NamedTuple):
    """One member of the archive, as its central directory says."""

    name: str
    method: int
    packed: int
    size: int
    at: int
    attributes: int = 0
    checksum: int = 0


def check_name(name: str) -> str:
    """ "xlsx" or "csv", by what the file is called; raises `Refused` for any other name."""
    suffix = Path(name).suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlam", ".xlsb"):
        raise Refused("这种工作簿可以带宏；请另存为不带宏的 .xlsx 再导入")
    if suffix in (".xls", ".et"):
        raise Refused("这是旧版工作簿，请用 Excel 或 WPS 另存为 .xlsx 再导入")
    if suffix not in FORMS:
        raise Refused("只能导入 .xlsx 工作簿或 .csv 文本，请另存为其中一种再上传")
    return FORMS[suffix]


def check_upload(path: Path, name: str) -> str:
    """`check`, and the file is what its name says."""
    expected = check_name(name)
    form = check(path)
    if form != expected:
        inside, outside = ("工作簿", "文本") if form == "xlsx" else ("文本", "工作簿")
        raise Refused(
            "文件名说是{outside}，内容却是{inside}；请用 Excel 重新另存，不要只改扩展名", outside=outside, inside=inside
        )
    return form


def check(path: Path) -> str:
    """ "xlsx" or "csv"; raises `Refused` when the file is neither, or is one that no officer makes."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if size == 0:
                raise Refused("文件是空的，请重新选择文件")
            if size > LARGEST_FILE:
                raise Refused("文件超过{largest_file}MB，请分成几个文件导入", largest_file=LARGEST_FILE // 2**20)
            head = file.read(8)
            if head.startswith(b"PK"):
                _check_workbook(file, size)
                return "xlsx"
            if head.startswith(b"\xd0\xcf\x11\xe0"):
                raise Refused("这是旧版 .xls 或加了密码的工作簿，请另存为不带密码的 .xlsx 再导入")
            if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
                raise Refused("这不是有效的 Excel 工作簿（可能已损坏，或只是改了扩展名），请重新另存为 .xlsx")
            _check_text(file, size)
            return "csv"
    except OSError as error:
        raise Refused("文件打不开（{strerror}），请核对路径和权限", strerror=error.strerror) from None


def measure(path: Path) -> None:
    """Inflate every part in small blocks and count: the sizes a directory declares may lie. Raises `Refused`.

    For the reading process, before its reader sees the file; it costs what one core needs to inflate it.
    """
    total = 0
    with path.open("rb") as file:
        for entry in _directory(file, path.stat().st_size):
            total += _real_size(file, entry) if entry.method == 8 else entry.size
            if total > LARGEST_WHOLE:
                raise Refused("工作簿展开后过大，请分成几个文件导入")


def _real_size(file: BinaryIO, entry: Entry) -> int:
    file.seek(entry.at + 26)
    name_length, extra = struct.unpack("<HH", file.read(4))
    file.seek(entry.at + 30 + name_length + extra)
    inflate, left, real, last, at_row = zlib.decompressobj(-15), entry.packed, 0, b"", 0
    sheet = entry.name.startswith("xl/worksheets/")
    try:
        while left > 0 and not inflate.eof:
            packed = file.read(min(left, _PEEK))
            left -= len(packed)
            while packed and not inflate.eof:
                block = inflate.decompress(packed, _BLOCK)
                packed = inflate.unconsumed_tail
                real += len(block)
                if real > min(entry.size, LARGEST_PART):
                    raise Refused("工作簿实际大小与所写不符（可能是压缩炸弹），请用 Excel 另存为 .xlsx 再导入")
                if sheet:
                    refuse_far(last + block)
                    at_row = refuse_sparse(last + block, at_row)
                if b"<!DOCTYPE" in last + block[:_OVERLAP] or b"<!DOCTYPE" in block:
                    raise Refused("工作簿里有 XML 声明（DTD），不安全；请用 Excel 另存为 .xlsx 再导入")
                last = block[-_OVERLAP:]
    except zlib.error:
        raise Refused("工作簿内容已损坏，请用 Excel 另存为 .xlsx 再导入") from None
    return real


def refuse_far(block: bytes) -> None:
    """Raise `Refused` when this stretch of a sheet holds a cell far to the right."""
    for found in _FAR.finditer(block):
        if _WORD.match(block, found.start() - 1 if found.start() else len(block)):
            continue  # the end of another attribute's name
        cell = found[0].decode()[3:-1]
        raise Refused(
            "工作表的范围到了 {cell}，超过{most_columns}列；请删掉右侧和下方的空单元格再导入",
            cell=cell,
            most_columns=MOST_COLUMNS,
        )


def refuse_sparse(block: bytes, above: int = 0) -> int:
    """Raise `Refused` when rows of this stretch of a sheet lie far apart; `above` and the answer: the last row so far."""
    first = _ROW.search(block)
    if first is None:
        return above
    last = _ROW.match(block, block.rfind(b"<row ")) or first
    low, high = int(first[1]), int(last[1])
    between = high - low - block.count(b"<row ", first.start(), last.start())
    if max(low - above - 1, between) > MOST_MISSING or high > MOST_ROWS:
        raise Refused("工作表在第 {high} 行还有内容，中间空了很多行；请删掉下方多余的行再导入", high=high)
    return high


def _check_text(file: BinaryIO, size: int) -> None:
    """The whole of a text table: no byte a text does not have, no line longer than any row."""
    if size > LARGEST_TEXT:
        raise Refused(
            "文本文件超过{largest_text}MB，请另存为 .xlsx，或分成几个文件导入", largest_text=LARGEST_TEXT // 2**20
        )
    file.seek(0)
    head = file.read(16)
    for magic, what in _NO_TABLES.items():
        if head.startswith(magic):
            raise Refused("这是{what}，不是表格；请选择 .xlsx 工作簿或 .csv 文本", what=what)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        raise Refused("这是网页格式的文件，不是表格；请用 Excel 打开后另存为 .xlsx 再导入")
    file.seek(0)
    running = 0
    while block := file.read(2**20):
        if b"\x00" in block:
            raise Refused("这既不是 .xlsx 工作簿，也不是 .csv 文本，请用 Excel 另存为 .xlsx 再导入")
        first = block.find(b"\n")
        if running + (len(block) if first < 0 else first) > LONGEST_LINE:
            raise Refused("文件里有一行太长，不像表格；请用 Excel 另存为 .xlsx 再导入")
        running = running + len(block) if first < 0 else len(block) - block.rfind(b"\n") - 1


def _check_workbook(file: BinaryIO, size: int) -> None:
    entries = _directory(file, size)
    names = [entry.name for entry in entries]
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise Refused("这是压缩文件，但不是 Excel 工作簿，请另存为 .xlsx 再导入")
    if len({name.casefold() for name in names}) != len(names):
        raise Refused("工作簿内部有重名的部分，不安全；请用 Excel 另存为 .xlsx 再导入")
    for entry in entries:
        _check_entry(entry)
    _check_layout(entries)
    if sum(entry.size for entry in entries) > LARGEST_WHOLE or any(entry.size > LARGEST_PART for entry in entries):
        raise Refused("工作簿展开后过大，请分成几个文件导入")
    for entry in entries:
        if entry.size > _FREE_RATIO and entry.size > entry.packed * LARGEST_RATIO:
            raise Refused("工作簿压缩比异常（可能是压缩炸弹），请用 Excel 另存为 .xlsx 再导入")
        if entry.method not in (0, 8):
            raise Refused("工作簿用了不认识的压缩方式，请用 Excel 另存为 .xlsx 再导入")
        _check_part(file, entry)


def _check_entry(entry: Entry) -> None:
    """What one entry is called and is."""
    name = entry.name
    if ".." in name or name.startswith("/") or "\\" in name or ":" in name or "\x00" in name:
        raise Refused("工作簿内部的路径不安全；请用 Excel 另存为 .xlsx 再导入")
    if _HOSTILE.search(name):
        raise Refused("工作簿带有宏、嵌入对象或外部链接；请另存为不带宏的 .xlsx 再导入")
    if _NESTED.search(name):
        raise Refused("工作簿里夹带了别的文件；请用 Excel 另存为 .xlsx 再导入")
    if (entry.attributes >> 16) & 0o170000 == _LINK:
        raise Refused("工作簿内部有指向别处的链接，不安全；请用 Excel 另存为 .xlsx 再导入")


def _check_layout(entries: list[Entry]) -> None:
    """Parts lie one after another from the first byte: none over another, nothing in front of them."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.at):
        if (end == 0 and entry.at != 0) or entry.at < end:
            raise Refused("工作簿内部各部分互相重叠（可能是压缩炸弹），请用 Excel 另存为 .xlsx 再导入")
        end = entry.at + 30 + len(entry.name.encode()) + entry.packed


def _directory(file: BinaryIO, size: int) -> list[Entry]:
    """The archive's central directory, read by hand: the end record is looked at before any list is built."""
    tail_at = max(0, size - 65_557)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Refused("工作簿不完整（可能没有传完），请重新上传或另存")
    disk, start_disk, here, count, length, offset, comment = struct.unpack("<HHHHIIH", tail[at + 4 : at + 22])
    if disk or start_disk or here != count or tail_at + at + 22 + comment != size:
        raise Refused("工作簿结尾异常（可能附带了别的内容），请用 Excel 另存为 .xlsx 再导入")
    if count > MOST_ENTRIES:
        raise Refused(
            "工作簿内部有{count}个部分，超过{most_entries}个，请另存为新的 .xlsx 再导入",
            count=count,
            most_entries=MOST_ENTRIES,
        )
    if offset + length != tail_at + at:
        raise Refused("工作簿目录异常，请用 Excel 另存为 .xlsx 再导入")
    file.seek(offset)
    return _entries(file.read(length), count)


def _entries(directory: bytes, count: int) -> list[Entry]:
    entries, at = [], 0
    for _ in range(count):
        if directory[at : at + 4] != b"PK\x01\x02" or len(directory) < at + 46:
            raise Refused("工作簿目录异常，请用 Excel 另存为 .xlsx 再导入")
        flags, method = struct.unpack("<HH", directory[at + 8 : at + 12])
        checksum, packed, size, name_length, extra, comment = struct.unpack("<IIIHHH", directory[at + 16 : at + 34])
        attributes, offset = struct.unpack("<II", directory[at + 38 : at + 46])
        if flags & 1:
            raise Refused("工作簿加了密码，请另存为不带密码的 .xlsx 再导入")
        name = directory[at + 46 : at + 46 + name_length].decode("utf-8", "replace")
        entries.append(Entry(name, method, packed, size, offset, attributes, checksum))
        at += 46 + name_length + extra + comment
    return entries


def _check_part(file: BinaryIO, entry: Entry) -> None:
    """Inflate the beginning of one part: no declarations, a sheet's extent is one people make, a picture's too."""
    file.seek(entry.at)
    header = file.read(30)
    name_length, extra = struct.unpack("<HH", header[26:30]) if len(header) == 30 else (0, 0)
    name = file.read(name_length).decode("utf-8", "replace")
    flags, method = struct.unpack("<HH", header[6:10]) if len(header) == 30 else (0, -1)
    packed, size = struct.unpack("<II", header[18:26]) if len(header) == 30 else (0, 0)
    # Written in a stream, the sizes stand behind the part and are nought here.
    sizes = (packed, size) in ((entry.packed, entry.size), (0, 0)) if flags & 8 else (packed, size) == entry[2:4]
    if header[:4] != b"PK\x03\x04" or name != entry.name or method != entry.method or not sizes:
        raise Refused("工作簿内容与目录不符，请用 Excel 另存为 .xlsx 再导入")
    file.seek(entry.at + 30 + name_length + extra)
    raw = file.read(min(entry.packed, _PEEK))
    try:
        head = raw if entry.method == 0 else zlib.decompressobj(-15).decompress(raw, _PEEK)
    except zlib.error:
        raise Refused("工作簿内容已损坏，请用 Excel 另存为 .xlsx 再导入") from None
    if head.startswith(b"PK\x03\x04"):
        raise Refused("工作簿里夹带了别的文件；请用 Excel 另存为 .xlsx 再导入")
    if entry.name.startswith("xl/media/"):
        pictures.check(head)
    if entry.name.endswith((".xml", ".rels", ".vml")):
        _check_xml(entry, head)


def _check_xml(entry: Entry, head: bytes) -> None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")) or _OTHER_ENCODING.search(head[:200]):
        raise Refused("工作簿用了少见的文字编码，查不出里面有什么；请用 Excel 另存为 .xlsx 再导入")
    if _DECLARES.search(head):
        raise Refused("工作簿里有 XML 声明（DTD），不安全；请用 Excel 另存为 .xlsx 再导入")
    if entry.name == "[Content_Types].xml":
        if b"macroEnabled" in head or b"vbaProject" in head:
            raise Refused("工作簿带有宏、嵌入对象或外部链接；请另存为不带宏的 .xlsx 再导入")
        if _WORKBOOK_TYPE not in head:
            raise Refused("这是压缩文件，但不是 Excel 工作簿，请另存为 .xlsx 再导入")
    if entry.name.startswith("xl/worksheets/"):
        _check_extent(head)
        refuse_sparse(head)


def _check_extent(head: bytes) -> None:
    found = _DIMENSION.search(head)
    corners = [corner.decode() for corner in found.groups() if corner] if found else []
    corners += [letters.decode() + digits.decode() for letters, digits in _CELL_REF.findall(head)]
    for corner in corners:
        cell = _CELL.fullmatch(corner)
        if cell is None or int(cell[2]) > MOST_ROWS or column_number(cell[1]) > MOST_COLUMNS:
            raise Refused(
                "工作表的范围到了 {corner}，超过{most_columns}列；请删掉右侧和下方的空单元格再导入",
                corner=corner,
                most_columns=MOST_COLUMNS,
            )


def column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
