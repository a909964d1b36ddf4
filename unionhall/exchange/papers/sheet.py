"""The report as one table: a line for each figure at each place."""

import csv
import io

from unionhall.indicators.figures import Figure
from unionhall.indicators.report import OTHERS, Report, Row, explain
from unionhall.indicators.values import Rate, Value

HEADERS = (
    "序号", "业务", "指标", "地方代码", "地方", "数值", "单位", "分子", "分母", "上年同期", "同比（比率为百分点）", "起", "止", "时间口径",
    "计数方式", "各部分", "基数", "定义", "定义版本", "指标编号",
)  # fmt: skip
BOM = "\ufeff"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(report: Report) -> bytes:
    """CSV in UTF-8 with a byte order mark, so that a spreadsheet reads the Chinese; numbers without separators."""
    out = io.StringIO()
    out.write(BOM)
    table = csv.writer(out)
    table.writerow(HEADERS)
    number = 0
    for section in report.sections:
        for row in section.rows:
            number += 1
            for code, name, value, before, change in _places(report, row):
                table.writerow(
                    [
                        number,
                        as_text(section.service.title),
                        *_cells(report, row.figure, code, name, value, before, change),
                    ]
                )
    return out.getvalue().encode()


def _places(report: Report, row: Row) -> list[tuple[str, str, Value, str, str]]:
    """The place itself with its year before, then its parts."""
    found = [(report.place.code, report.place.name, row.now.value, _number(row.figure, row.before), row.change)]
    found += [(part.code, part.name, value, "", "") for part, value in zip(report.parts, row.now.parts, strict=True)]
    if row.now.rest != row.figure.nothing:
        found.append(("", OTHERS, row.now.rest, "", ""))
    return found


def _cells(
    report: Report, figure: Figure, code: str, name: str, value: Value, before: str, change: str
) -> list[str | int]:
    said = explain(figure, report.period)
    above, base = (value.numerator, value.denominator) if isinstance(value, Rate) else ("", "")
    start = report.period.start.isoformat() if figure.mode == "flow" else ""
    return [
        as_text(figure.title), as_text(code), as_text(name), _number(figure, value), figure.unit, above, base, before,
        change.removeprefix("+").removesuffix(" 个百分点"), start, report.period.last.isoformat(), said.time, said.counting,
        said.parts, said.base, said.definition, figure.version, figure.key,
    ]  # fmt: skip


def _number(figure: Figure, value: Value) -> str:
    return figure.exact(value).replace(",", "").replace("—", "")


def as_text(words: str) -> str:
    """Words as a cell of a table that a spreadsheet opens. Names come from workbooks: one that it would run as a formula
    is kept as text. For words only: a number that begins with "-" is a number."""
    return f"'{words}" if words.startswith(_STARTS_A_FORMULA) else words
