"""One paper made out about a matter, as its register keeps it, put into the parts a page is set from.

A paper is set as GB/T 9704-2012 asks: A4, title 小标宋 二号 centred, text 仿宋 三号 at 22 lines a page, first line two characters
in, page numbers "— 1 —" at the outer edge; the place for the seal is over the name and the date, and never alone on a page.
"""

import re
from datetime import date
from typing import Any, NamedTuple

from unionhall.kernel.errors import Refused

HEAD, TO, TEXT, TABLE = "head", "to", "text", "table"
_NUMBERED = re.compile(r"[一二三四五六七八九十]+、[^。；]{1,30}")


class Part(NamedTuple):
    """A paragraph or a table. `kind`: a heading of the first level, whom it is for, a paragraph, or rows of cells.

    `span`: in how many columns the table is set; a row with fewer cells gives its last one the rest.
    """

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    span: int = 0

    @property
    def spanned(self) -> list[list[tuple[str, int]]]:
        """Its cells with the columns each takes."""
        return [
            [(cell, 1 if at + 1 < len(row) else self.span - len(row) + 1) for at, cell in enumerate(row)]
            for row in self.rows
        ]


class Letter(NamedTuple):
    """`mark`: who took the file out, when and under which number; kept in its properties and not printed, for the paper is
    handed to people.
    """

    title: str
    number: str
    parts: tuple[Part, ...]
    signed: str
    on: str
    mark: str = ""


def letter(content: dict[str, Any], mark: str = "") -> Letter:
    """From what the register keeps: {"title", "number", "body", "signed", "on"}. Refused: something of it is missing."""
    try:
        on = date.fromisoformat(content["on"])
        parts = tuple(parts_of(content["body"]))
        said = f"{on.year}年{on.month}月{on.day}日"
        return Letter(content["title"], content["number"], parts, content["signed"], said, mark)
    except (KeyError, TypeError, ValueError):
        raise Refused("这份文书的内容已损坏，请重新制作。") from None


def parts_of(body: str) -> list[Part]:
    """The parts of a text: lines of cells that follow each other are one table."""
    found: list[Part] = []
    rows: list[tuple[str, ...]] = []
    for line in [*body.splitlines(), ""]:
        text = line.strip()
        if text.startswith("|"):
            rows.append(tuple(cell.strip() for cell in text.strip("|").split("|")))
            continue
        if rows:
            found.append(Part(TABLE, rows=tuple(rows), span=max(map(len, rows))))
            rows = []
        if text:
            found.append(Part(_kind(text, first=not found), text))
    return found


def _kind(text: str, *, first: bool) -> str:
    if first and text.endswith("："):
        return TO
    return HEAD if _NUMBERED.fullmatch(text) else TEXT
