"""Workbooks for tests."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.exchange import dirty
from tests.world import a_mobile
from unionhall.exchange.membersheet import COLUMNS


def rewrite(path: Path, headers: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """A workbook of these headers and rows."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate((headers, *rows)):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime | date):
                    sheet.write_datetime(line, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write_number(line, place, cell)


def roster_rows(count: int, **more: Any) -> list[dict[str, Any]]:
    """Good rows of `count` people with numbers and phones of their own."""
    rows = []
    for serial in range(count):
        birth = f"19{60 + serial // 450 % 40:02d}0601"
        number = dirty.number(1 + 2 * (serial % 450), birth, "110105")
        own = {
            "name": f"张{chr(0x4E00 + serial % 5000)}",
            "document_number": number,
            "birth": "",
            "mobile": a_mobile(serial),
        }
        rows.append(dirty.good() | own | more)
    return rows


def write_roster(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """The members' form with these rows."""
    rewrite(path, [column.header for column in COLUMNS], ([row[c.key] for c in COLUMNS] for row in rows))
    return path
