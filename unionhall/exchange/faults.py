"""The rows that were not written, given back as the same workbook: cells as they stood, the faulty ones marked and explained."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from unionhall.exchange.blank import data_sheet
from unionhall.exchange.headers import REASON_HEADER
from unionhall.exchange.run import Faulty, Outcome
from unionhall.exchange.template import VERDICT_TITLES


def write_faults(outcome: Outcome, path: Path) -> int:
    """Write the refused and doubtful rows; how many. Corrected, the workbook can be brought in as it is."""
    template = outcome.template
    # The cells stand in it as they came, identity numbers too: nobody but whoever imports may read it.
    path.touch(mode=0o600)
    path.chmod(0o600)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = data_sheet(book, template)
        formats = _Formats(book)
        last = len(template.columns)
        sheet.set_column(last, last, 60)
        sheet.write_string(0, last, REASON_HEADER, formats.head)
        for line, fault in enumerate(outcome.faults, 1):
            _write_row(sheet, line, fault, [column.key for column in template.columns], formats)
            sheet.write_string(line, last, _reasons(outcome, fault), formats.reason)
    return len(outcome.faults)


class _Formats:
    def __init__(self, book: Any) -> None:
        red = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
        self.head = book.add_format({"bold": True, "border": 1})
        self.reason = book.add_format({"text_wrap": True, "font_color": "#9C0006"})
        self.text, self.bad_text = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", **red})
        self.day, self.bad_day = (book.add_format({"num_format": "yyyy-mm-dd", **more}) for more in ({}, red))
        self.number, self.bad_number = book.add_format({}), book.add_format(red)


def _write_row(sheet: Any, line: int, fault: Faulty, keys: list[str], formats: _Formats) -> None:
    of: dict[str | None, list[str]] = {}
    for key, reason in fault.reasons:
        of.setdefault(key, []).append(reason)
    for place, (key, cell) in enumerate(zip(keys, fault.cells, strict=True)):
        bad = key in of
        _write_cell(sheet, line, place, cell, formats, bad=bad)
        if bad:
            sheet.write_comment(line, place, "；".join(of[key]), {"x_scale": 2})


def _write_cell(sheet: Any, line: int, place: int, cell: Any, formats: _Formats, *, bad: bool) -> None:
    if isinstance(cell, datetime | date) and cell.year >= 1900:
        sheet.write_datetime(line, place, cell, formats.bad_day if bad else formats.day)
    elif isinstance(cell, float | int) and not isinstance(cell, bool):
        sheet.write_number(line, place, cell, formats.bad_number if bad else formats.number)
    elif cell is None or cell == "":
        sheet.write_blank(line, place, None, formats.bad_text if bad else formats.text)
    else:
        words = cell.isoformat() if isinstance(cell, date | datetime | time) else str(cell)
        sheet.write_string(line, place, words, formats.bad_text if bad else formats.text)


def _reasons(outcome: Outcome, fault: Faulty) -> str:
    named = [f"{outcome.template.column(key).header}：{reason}" if key else reason for key, reason in fault.reasons]
    return f"第{fault.number}行 {VERDICT_TITLES[fault.verdict]}。{'；'.join(named)}"
