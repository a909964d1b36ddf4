"""Text as people and spreadsheets really hand it in, made plain before a rule looks at it."""

import re

# Full-width forms U+FF01-FF5E are ASCII 0x21-0x7E shifted; U+3000 is the ideographic space. Zero-width marks come along
# when a number is copied from a web page or chat; soft hyphen and the byte-order mark likewise.
_ZERO_WIDTH = dict.fromkeys(
    [
        0x00AD,
        0x200B,
        0x200C,
        0x200D,
        0x200E,
        0x200F,
        0x202A,
        0x202C,
        0x202D,
        0x202E,
        0x2060,
        0x2066,
        0x2067,
        0x2068,
        0x2069,
        0xFEFF,
    ]
)
_NARROW: dict[int, int | None] = {**{0xFF01 + n: 0x21 + n for n in range(94)}, 0x3000: 0x20, **_ZERO_WIDTH}
_INNER = re.compile(r"[\s\-\u2010-\u2015\u2212\ufe63_]+")
_NUMBER_CELL = re.compile(r"\d(\.\d+)?E\+?\d+|\d{12,}\.0*", re.ASCII | re.IGNORECASE)


def narrow(text: str) -> str:
    """`text` half-width, without zero-width marks, and without white space of any kind at its ends."""
    if text.isascii():
        return text.strip()
    return text.translate(_NARROW).strip()


def squeeze(text: str) -> str:
    """`narrow(text)` without any inner white space, dash or underscore; for numbers people write in groups."""
    if text.isascii() and text.isalnum():
        return text
    return _INNER.sub("", narrow(text))


def looks_like_number_cell(text: str) -> bool:
    """Whether `text` is what a spreadsheet shows of a long number stored as a number: 4.1E+17, 110102190001010000.0."""
    return _NUMBER_CELL.fullmatch(text) is not None
