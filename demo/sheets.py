"""Writing the workbooks: one data sheet named after the register, and plain CSV as a bank sends it."""

import csv
import gc
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

Row = Sequence[object]
_CREATED = datetime(2016, 1, 4)  # noqa: DTZ001 - a property of the file; fixed, so that equal rows make equal files


def write_xlsx(path: Path, title: str, headers: Sequence[str], rows: Iterable[Row]) -> int:
    """Write one sheet: text as text, dates as dates, whole numbers and floats as numbers, None and "" as nothing.

    Returns the number of data rows. Kept in memory: constant_memory took twice as long for a roster of 15 columns.
    """
    # The many small tuples of a sheet hold no cycles; looking for some took a fifth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _write_book(path, title, headers, rows)
    finally:
        if collecting:
            gc.enable()


def _write_book(path: Path, title: str, headers: Sequence[str], rows: Iterable[Row]) -> int:
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": _CREATED, "author": "演示区"})
    sheet = book.add_worksheet(title)
    dated = book.add_format({"num_format": "yyyy-mm-dd"})
    write_string, write_number, write_datetime = sheet.write_string, sheet.write_number, sheet.write_datetime
    for column, header in enumerate(headers):
        write_string(0, column, header)
    at = 0
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value.__class__ is str:
                if value:
                    write_string(at, column, value)
            elif isinstance(value, date):
                write_datetime(at, column, value, dated)
            elif isinstance(value, int | float):
                write_number(at, column, value)
            elif value is not None:
                raise TypeError(f"{path.name}: a cell cannot hold {value!r}")
    book.close()
    return at


def write_csv(path: Path, headers: Sequence[str], rows: Iterable[Row]) -> int:
    """Write a CSV in GB18030, the encoding of the banks' files; None is an empty field."""
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        written = 0
        for row in rows:
            writer.writerow(row)
            written += 1
    return written
