"""The blank workbook of a template: headers, text columns, lists to choose from, and a sheet that explains each column."""

from pathlib import Path
from typing import Any

import xlsxwriter

from unionhall.exchange.kinds import Reader, words
from unionhall.exchange.template import Column, Template

GUIDE = "填写说明"
_LISTS = "选项"
_ROWS = 5_000
_LONGEST_LIST = 255
"""Excel refuses a longer list inside a cell's own rule; such a list stands on a sheet of its own."""
_WIDTHS = {"text": 18, "day": 13, "number": 12}


def write_blank(template: Template, path: Path) -> None:
    """Write the blank workbook: the data sheet named after the template, then 填写说明."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = data_sheet(book, template)
        _guide(book, template)
        sheet.activate()


def data_sheet(book: Any, template: Template) -> Any:
    """The data sheet with its headers, formats and lists; rows are the caller's."""
    sheet = book.add_worksheet(template.title)
    as_text, as_day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    must = book.add_format(
        {"bold": True, "bg_color": "#C8102E", "font_color": "#FFFFFF", "border": 1, "text_wrap": True}
    )
    may = book.add_format({"bold": True, "bg_color": "#F3E9DC", "border": 1, "text_wrap": True})
    for place, column in enumerate(template.columns):
        kind = _kind(column)
        sheet.set_column(place, place, _WIDTHS[kind], {"text": as_text, "day": as_day, "number": None}[kind])
        sheet.write_string(0, place, header(column), must if column.required else may)
        options = list((column.words or getattr(column.read, "mapping", {})).values())
        if options and isinstance(column.read, words):
            _offer(book, sheet, place, options)
    sheet.freeze_panes(1, 0)
    return sheet


def header(column: Column) -> str:
    """The header as written: required columns carry a star."""
    return f"{column.header}*" if column.required else column.header


def _kind(column: Column) -> str:
    if column.read.__class__.__name__ == "day":
        return "day"
    return "text" if not isinstance(column.read, Reader) or column.read.as_text else "number"


def _offer(book: Any, sheet: Any, place: int, options: list[str]) -> None:
    source: Any = options
    if len(",".join(options)) > _LONGEST_LIST:
        lists = book.get_worksheet_by_name(_LISTS) or book.add_worksheet(_LISTS)
        lists.hide()
        lists.write_column(0, place, options)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        source = f"={_LISTS}!${letter}$1:${letter}${len(options)}"
    # A list helps whoever types; codes and keys stay allowed, so what is not in it is only remarked on.
    sheet.data_validation(1, place, _ROWS, place, {"validate": "list", "source": source, "error_type": "information",
                                                   "error_message": "可从列表中选，也可填编号"})  # fmt: skip


def _guide(book: Any, template: Template) -> None:
    sheet = book.add_worksheet(GUIDE)
    bold, wrap = (
        book.add_format({"bold": True, "border": 1}),
        book.add_format({"text_wrap": True, "valign": "top", "border": 1}),
    )
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 2, 16)
    sheet.set_column(3, 5, 44)
    sheet.write_string(0, 0, template.title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, template.explain)
    for place, title in enumerate(("列名", "是否必填", "填什么", "说明", "可填的内容（编号 名称）", "也认这些列名")):
        sheet.write_string(3, place, title, bold)
    for line, column in enumerate(template.columns, 4):
        mapping = column.words or getattr(column.read, "mapping", {})
        options = "；".join(f"{number} {title}" for number, title in enumerate(mapping.values(), 1))
        explain = "。".join(
            part for part in (column.explain, f"例：{column.example}" if column.example else "") if part
        )
        cells = (column.header, "必填" if column.required else "可不填", getattr(column.read, "says", ""), explain, options,
                 "、".join(column.aliases))  # fmt: skip
        for place, cell in enumerate(cells):
            sheet.write_string(line, place, cell, wrap)
