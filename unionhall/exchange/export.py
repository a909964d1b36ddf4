"""Tables that leave the house as workbooks: no cell becomes a formula, sealed values stay masked, each says who took it out."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import xlsxwriter
from django.utils import timezone

from unionhall.exchange.papers.sheet import as_text

MOST_ROWS = 1_048_570
"""An Excel sheet has 1,048,576 rows; a few are for the mark and the headings."""
_LARGEST = 10**15
"""Excel keeps fifteen digits of a number; longer ones (identity numbers, card numbers) are text."""
_LONGEST = 32_767
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
"""What a spreadsheet program, this one or the next, may take for the beginning of a formula or a command."""
_WIDEST = 48


class Mark(NamedTuple):
    """Who took the table out, when, and the number under which the audit knows it."""

    who: str
    at: datetime
    trace: str

    def __str__(self) -> str:
        return f"{self.who} · {timezone.localtime(self.at):%Y-%m-%d %H:%M} · {self.trace}"


def xlsx_bytes(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, mark: Mark) -> bytes:
    """The same as `write_xlsx`, of a table small enough to be sent at once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_xlsx(path, headers, rows, mark=mark)
        return path.read_bytes()


def csv_for_bank(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """GB18030, as banks read it; every cell is text, so that no number loses its last digits and no cell is a formula."""
    out = io.StringIO()
    table = csv.writer(out, quoting=csv.QUOTE_ALL)
    table.writerow(headers)
    table.writerows([as_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("gb18030")


def write_xlsx(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, mark: Mark) -> int:
    """Write a workbook of one sheet; how many rows. Raises `ValueError` beyond what a sheet holds.

    The mark stands in the first line, on every printed page, in the file's properties and on a hidden sheet. Text is
    always text, whatever it begins with; a sealed value is written as its mask.
    """
    book = xlsxwriter.Workbook(str(path), {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
        "in_memory": False,
    })  # fmt: skip
    with book:
        sheet = book.add_worksheet("数据")
        bold = book.add_format({"bold": True})
        faint = book.add_format({"font_color": "#666666", "italic": True})
        quoted = book.add_format({"quote_prefix": True})
        _describe(book, sheet, mark)
        sheet.write_string(0, 0, str(mark), faint)
        for column, header in enumerate(headers):
            sheet.set_column(column, column, min(_WIDEST, max(10, 2 * len(header) + 2)))
        for column, header in enumerate(headers):
            sheet.write_string(1, column, header[:_LONGEST], bold)
        sheet.freeze_panes(2, 0)
        count = 0
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS:
                raise ValueError(f"more than {MOST_ROWS} rows")
            for column, value in enumerate(row):
                _write(sheet, count + 1, column, value, quoted)
        if headers:
            sheet.autofilter(1, 0, count + 1, len(headers) - 1)
    return count


def begins_formula(text: str) -> bool:
    """Might a spreadsheet program take this text for a formula?"""
    return text.lstrip(" \u3000\u00a0\ufeff\u200b").startswith(_BEGINS_FORMULA)


def csv_cell(value: Any) -> str:
    """A value as a CSV file keeps it: there every cell is guessed at, so text that could be a formula gets an apostrophe."""
    text = _text(value)
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return f"'{text}" if not number and begins_formula(text) else text


def _write(sheet: Any, row: int, column: int, value: Any, quoted: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and abs(value) < _LARGEST:
        sheet.write_number(row, column, value)
        return
    text = _text(value)
    sheet.write_string(row, column, text[:_LONGEST], quoted if begins_formula(text) else None)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if timezone.is_aware(value) else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _describe(book: Any, sheet: Any, mark: Mark) -> None:
    said = str(mark).replace("&", "&&")[:200]  # & begins a command in a header
    sheet.set_header(f"&R{said}")
    sheet.set_footer(f"&L{said}&R&P / &N")
    sheet.repeat_rows(1)
    book.set_properties({"author": mark.who, "comments": str(mark), "title": mark.trace})
    hidden = book.add_worksheet("导出信息")
    for line, (name, value) in enumerate((("导出人", mark.who), ("时间", _text(mark.at)), ("追踪编号", mark.trace))):
        hidden.write_string(line, 0, name)
        hidden.write_string(line, 1, value)
    hidden.very_hidden()
