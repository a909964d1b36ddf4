"""What a file must be before any reader sees it: bounded checks on the bytes, no XML parser, no decompression to disk.

Each limit refuses a known attack: archives that unpack to gigabytes, tens of thousands of entries, one cell at the far
corner of the sheet, document type declarations, macros, files that are two formats at once.
"""

import re
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from unionhall.kernel.errors import Refused

LARGEST_FILE = 200 * 2**20
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
_FAR = re.compile(rb"\br=[\"'](?:[A-Z]{3}|[J-Z][A-Z])\d+[\"']")
"""A cell beyond the columns anybody uses, looked for in the whole of a sheet: its reader would make room for all between."""
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")
_HOSTILE = re.compile(r"(^|/)(vbaProject|macrosheets|activeX|embeddings|externalLinks)", re.IGNORECASE)


class Entry(NamedTuple):
    """One member of the archive, as its central directory says."""

    name: str
    method: int
    packed: int
    size: int
    at: int


def check(path: Path) -> str:
    """ "xlsx" or "csv"; raises `Refused` when the file is neither, or is one that no officer makes."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if size == 0:
                raise Refused("文件是空的，请重新选择文件")
            if size > LARGEST_FILE:
                raise Refused(f"文件超过{LARGEST_FILE // 2**20}MB，请分成几个文件导入")
            head = file.read(8)
            if head.startswith(b"PK"):
                _check_workbook(file, size)
                return "xlsx"
            if head.startswith(b"\xd0\xcf\x11\xe0"):
                raise Refused("这是旧版 .xls 或加了密码的工作簿，请另存为不带密码的 .xlsx 再导入")
            if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
                raise Refused("这不是有效的 Excel 工作簿（可能已损坏，或只是改了扩展名），请重新另存为 .xlsx")
            _check_text(file)
            return "csv"
    except OSError as error:
        raise Refused(f"文件打不开（{error.strerror}），请核对路径和权限") from None


def measure(path: Path) -> None:
    """Inflate every part in small blocks and count: the sizes a directory declares may lie. Raises `Refused`.

    For the reading process, before its reader sees the file; it costs what one core needs to inflate it.
    """
    total = 0
    with path.open("rb") as file:
        for entry in _directory(file, path.stat().st_size):
            if entry.method != 8:
                continue
            total += _real_size(file, entry)
            if total > LARGEST_WHOLE:
                raise Refused("工作簿展开后过大，请分成几个文件导入")


def _real_size(file: BinaryIO, entry: Entry) -> int:
    file.seek(entry.at + 26)
    name_length, extra = struct.unpack("<HH", file.read(4))
    file.seek(entry.at + 30 + name_length + extra)
    inflate, left, real, last = zlib.decompressobj(-15), entry.packed, 0, b""
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
                if b"<!DOCTYPE" in last + block[:_OVERLAP] or b"<!DOCTYPE" in block:
                    raise Refused("工作簿里有 XML 声明（DTD），不安全；请用 Excel 另存为 .xlsx 再导入")
                last = block[-_OVERLAP:]
    except zlib.error:
        raise Refused("工作簿内容已损坏，请用 Excel 另存为 .xlsx 再导入") from None
    return real


def refuse_far(block: bytes) -> None:
    """Raise `Refused` when this stretch of a sheet holds a cell far to the right."""
    found = _FAR.search(block)
    if found is not None:
        cell = found[0].decode()[3:-1]
        raise Refused(f"工作表的范围到了 {cell}，超过{MOST_COLUMNS}列；请删掉右侧和下方的空单元格再导入")


def _check_text(file: BinaryIO) -> None:
    file.seek(0)
    if b"\x00" in file.read(_PEEK):
        raise Refused("这既不是 .xlsx 工作簿，也不是 .csv 文本，请用 Excel 另存为 .xlsx 再导入")


def _check_workbook(file: BinaryIO, size: int) -> None:
    entries = _directory(file, size)
    names = [entry.name for entry in entries]
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise Refused("这是压缩文件，但不是 Excel 工作簿，请另存为 .xlsx 再导入")
    if len(set(names)) != len(names):
        raise Refused("工作簿内部有重名的部分，不安全；请用 Excel 另存为 .xlsx 再导入")
    for name in names:
        if ".." in name or name.startswith("/") or "\\" in name:
            raise Refused("工作簿内部的路径不安全；请用 Excel 另存为 .xlsx 再导入")
        if _HOSTILE.search(name):
            raise Refused("工作簿带有宏、嵌入对象或外部链接；请另存为不带宏的 .xlsx 再导入")
    if sum(entry.size for entry in entries) > LARGEST_WHOLE or any(entry.size > LARGEST_PART for entry in entries):
        raise Refused("工作簿展开后过大，请分成几个文件导入")
    for entry in entries:
        if entry.size > _FREE_RATIO and entry.size > entry.packed * LARGEST_RATIO:
            raise Refused("工作簿压缩比异常（可能是压缩炸弹），请用 Excel 另存为 .xlsx 再导入")
        if entry.method not in (0, 8):
            raise Refused("工作簿用了不认识的压缩方式，请用 Excel 另存为 .xlsx 再导入")
        _check_part(file, entry)


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
        raise Refused(f"工作簿内部有{count}个部分，超过{MOST_ENTRIES}个，请另存为新的 .xlsx 再导入")
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
        packed, size, name_length, extra, comment = struct.unpack("<IIHHH", directory[at + 20 : at + 34])
        (offset,) = struct.unpack("<I", directory[at + 42 : at + 46])
        if flags & 1:
            raise Refused("工作簿加了密码，请另存为不带密码的 .xlsx 再导入")
        name = directory[at + 46 : at + 46 + name_length].decode("utf-8", "replace")
        entries.append(Entry(name, method, packed, size, offset))
        at += 46 + name_length + extra + comment
    return entries


def _check_part(file: BinaryIO, entry: Entry) -> None:
    """Inflate the beginning of one part: no declarations, and a sheet's extent is one people make."""
    file.seek(entry.at)
    header = file.read(30)
    if header[:4] != b"PK\x03\x04":
        raise Refused("工作簿内容与目录不符，请用 Excel 另存为 .xlsx 再导入")
    name_length, extra = struct.unpack("<HH", header[26:30])
    file.seek(entry.at + 30 + name_length + extra)
    if not entry.name.endswith((".xml", ".rels", ".vml")):
        return
    sheet = entry.name.startswith("xl/worksheets/")
    packed = file.read(min(entry.packed, _PEEK))
    try:
        head = packed if entry.method == 0 else zlib.decompressobj(-15).decompress(packed, _PEEK)
    except zlib.error:
        raise Refused("工作簿内容已损坏，请用 Excel 另存为 .xlsx 再导入") from None
    if _DECLARES.search(head):
        raise Refused("工作簿里有 XML 声明（DTD），不安全；请用 Excel 另存为 .xlsx 再导入")
    if sheet:
        _check_extent(head)


def _check_extent(head: bytes) -> None:
    found = _DIMENSION.search(head)
    corners = [corner.decode() for corner in found.groups() if corner] if found else []
    corners += [letters.decode() + digits.decode() for letters, digits in _CELL_REF.findall(head)]
    for corner in corners:
        cell = _CELL.fullmatch(corner)
        if cell is None or int(cell[2]) > MOST_ROWS or column_number(cell[1]) > MOST_COLUMNS:
            raise Refused(f"工作表的范围到了 {corner}，超过{MOST_COLUMNS}列；请删掉右侧和下方的空单元格再导入")


def column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
