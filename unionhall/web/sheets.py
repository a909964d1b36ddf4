"""A figure's page as a file: CSV, Word, PDF. What the page shows and no more; what it keeps back, the file keeps back."""

import csv
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Any

from django.http import HttpResponse

from unionhall.exchange import spoken
from unionhall.exchange.papers.pdf import pdf_of
from unionhall.exchange.papers.sheet import as_text
from unionhall.exchange.papers.word import docx_of
from unionhall.exchange.papers.wording import Chapter, Line, Note, Paper, Split, shown
from unionhall.indicators.figures import Figure, Rate, Value
from unionhall.indicators.report import explain
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place
from unionhall.web import disclosure, words

Cell = str | int | Decimal
NUMBERS = ["数值", "单位", "分子", "分母", "计数方式", "时间方式", "口径版本"]
HEADER = ["地方", "分法", "期间", *NUMBERS]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
KEPT = 64
"""PDFs kept in memory, some 40 KB each: whoever asks for the same again costs nothing."""

_made: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Sheet:
    """What a figure's page shows: its number, the year before, the two splits. `public`: small cells are kept back."""

    figure: Figure
    place: Place
    period: Period
    value: Value
    before: Value
    by_place: disclosure.Split
    by_month: disclosure.Split
    public: bool


def rows(sheet: Sheet) -> list[list[Cell]]:
    """The lines of the CSV: the whole, its parts by place, its months."""
    one, place, period = sheet.figure, sheet.place, sheet.period
    found: list[list[Cell]] = [[place.name, "合计", str(period), *numbers(one, sheet.value, few=False)]]
    for where, value in sheet.by_place.shown:
        name = where.name if isinstance(where, Place) else "本级直属"
        found.append([name, "按地方", str(period), *numbers(one, value, few=False)])
    if sheet.by_place.merged:
        known = sheet.by_place.together
        found.append(["其他（合并）", "按地方", str(period), *numbers(one, known, few=known is None)])
    for month, value in sheet.by_month.shown:
        found.append([place.name, "按月", str(month), *numbers(one, value, few=False)])
    if sheet.by_month.merged:
        known = sheet.by_month.together
        found.append([place.name, "按月", "其他（合并）", *numbers(one, known, few=known is None)])
    return found


def numbers(one: Figure, value: Value, few: bool) -> list[Cell]:
    """The cells of NUMBERS for one number; one that is kept back says so."""
    rate = value if isinstance(value, Rate) and not few else None
    number: Cell = "少于 5 或合并" if few else ("" if value is None else one.in_unit(value))
    parts: list[Cell] = [rate.numerator, rate.denominator] if rate else ["", ""]
    return [number, one.unit, *parts, words.COUNTING[one.counting], words.MODES[one.mode], one.version]


def csv_of(name: str, header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> HttpResponse:
    """A CSV to download. The mark at the start makes Excel read UTF-8."""
    response = HttpResponse("\ufeff", content_type=TYPES["csv"])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([_written(cell) for cell in line] for line in lines)
    return response


def download(sheet: Sheet, form: str, kept_as: tuple[Any, ...]) -> HttpResponse:
    """The file; `form` is a key of TYPES. `kept_as` names the state of the records it was made from.

    A PDF takes half a second of a core, so a process makes one at a time and keeps the last ones.
    """
    name = f"{sheet.figure.key}-{sheet.period.start.year}"
    if form == "csv":
        return csv_of(f"{name}.csv", HEADER, rows(sheet))
    key = (kept_as, sheet.figure.key, sheet.place.path, sheet.period, sheet.public, form)
    with _one_at_a_time:
        content = _made.get(key)
        if content is None:
            content = (pdf_of if form == "pdf" else docx_of)(paper(sheet))
            _made[key] = content
            while len(_made) > KEPT:
                _made.popitem(last=False)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, content_type=TYPES[form], headers=headers)


def paper(sheet: Sheet) -> Paper:
    """The page in words, as the papers of the union are set."""
    one, period = sheet.figure, sheet.period
    line = Line(
        1,
        one.title,
        one.unit,
        shown(one, sheet.value),
        shown(one, sheet.before),
        words.growth(sheet.value, sheet.before),
    )
    titles = ((1, one.title, one.unit),)
    total = (shown(one, sheet.value),)
    splits = []
    if sheet.by_place.shown or sheet.by_place.merged:
        parts = _parts(one, sheet.by_place)
        splits.append(Split(titles, total, parts))
    if sheet.by_month.shown or sheet.by_month.merged:
        splits.append(
            Split(titles, total if one.adds_over_time else (), _parts(one, sheet.by_month), "月份", "逐月情况")
        )
    said = explain(one, period)
    more = (
        ("时间", said.time),
        ("计数", f"{said.counting}；{said.parts}"),
        ("基数", said.base),
        ("所计记录", spoken.source(one)),
    )
    note = Note(1, one.title, said.definition, tuple((label, text) for label, text in more if text))
    how = ["本页的数由系统中的实名记录、登记和办事日志逐条计出，可在系统中逐级打开，直至所依据的记录。"]
    if sheet.public:
        how.append("涉及少于 5 人的数字与其他合并，不单列；按地方与按月不交叉公布。")
    return Paper(
        f"{sheet.place.name}{one.title}", sheet.place.name, str(period), str(period.a_year_earlier()), str(period), "上年同期",
        len(sheet.by_place.shown), (Chapter("一", one.title, (line,), tuple(splits), (note,)),), tuple(how),
    )  # fmt: skip


def _parts(one: Figure, split: disclosure.Split) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = [(_name(where), (shown(one, value),)) for where, value in split.shown]
    if split.merged:
        together = "不单列" if split.together is None else shown(one, split.together)
        found.append(("其他（合并）", (together,)))
    return tuple(found)


def _name(where: Place | Period | None) -> str:
    if where is None:
        return "本级直属"
    return where.name if isinstance(where, Place) else f"{where.start.month} 月"


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return as_text(cell)
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
