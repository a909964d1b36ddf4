"""How large a picture inside a workbook says it is: a file of a kilobyte may unfold to a billion points."""

import struct

from unionhall.kernel.errors import Refused

MOST_POINTS = 50_000_000
"""A page scanned at 600 dots an inch has 35 million."""
_LARGE = "工作簿里有过大的图片；请删掉图片，只留表格"


def check(head: bytes) -> None:
    """Raise `Refused` for a picture of more points than any scanner makes; `head` is its first 64 KB at most."""
    width, height = _extent(head)
    if width * height > MOST_POINTS:
        raise Refused(_LARGE)


def _extent(head: bytes) -> tuple[int, int]:
    """Points across and down; (0, 0) for what is no picture of a known kind, which nothing here unfolds."""
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        return struct.unpack(">II", head[16:24])
    if head.startswith(b"GIF8") and len(head) >= 10:
        return struct.unpack("<HH", head[6:10])
    if head.startswith(b"BM") and len(head) >= 26:
        width, height = struct.unpack("<ii", head[18:26])
        return abs(width), abs(height)
    return _jpeg(head) if head.startswith(b"\xff\xd8") else (0, 0)


def _jpeg(head: bytes) -> tuple[int, int]:
    """From the frame header, the segment of a marker C0 to CF that is no table (C4, C8, CC)."""
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return 0, 0
