"""The report put into words and tables, once for every form it is printed in."""

from collections.abc import Iterator
from typing import NamedTuple

from unionhall.exchange import spoken
from unionhall.indicators.figures import Figure
from unionhall.indicators.report import OTHERS, Report, Row, Section, explain
from unionhall.indicators.values import Value

COLUMNS_AT_ONCE = 6
"""How many figures stand side by side in one table of parts on an upright A4 page."""

_DIGITS = "零一二三四五六七八九十"


class Table(NamedTuple):
    """One table on paper: `facts` are (title, text) above it, `mark` says who took it out and when."""

    title: str
    facts: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    mark: str


class Line(NamedTuple):
    """One figure in a table of figures."""

    number: int
    title: str
    unit: str
    now: str
    before: str
    change: str


class Split(NamedTuple):
    """One table of parts: the figures side by side, then the total (if any) and the parts below each other.

    `first` heads the column of their names, `caption` says what they are.
    """

    titles: tuple[tuple[int, str, str], ...]  # number, title, unit
    totals: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    first: str = "地区"
    caption: str = "分地区情况"


class Note(NamedTuple):
    """How one figure is counted; `more` are (label, words) without the empty ones."""

    number: int
    title: str
    definition: str
    more: tuple[tuple[str, str], ...]


class Chapter(NamedTuple):
    """One service on paper."""

    number: str
    title: str
    lines: tuple[Line, ...]
    splits: tuple[Split, ...]
    notes: tuple[Note, ...]


class Paper(NamedTuple):
    """All of a report in words."""

    title: str
    place: str
    period: str
    before: str
    this_year: str
    last_year: str
    parts: int
    chapters: tuple[Chapter, ...]
    how_to_read: tuple[str, ...] = ()


HOW_TO_READ = (
    "本报告的每个数都由系统中的实名记录、登记和办事日志逐条计出，可在系统中逐级打开，直至所依据的记录。",
    "时点数指截至所列日期有效的数；当期发生数指所列期间内发生的数。两者不可相加。",
    "“人”“名”按人去重，同一人只计一次；“人次”“件”“份”按记录计。按人去重的数和比率，各部分不能相加，也不取平均。",
    "同比为本期与上年同期之比；比率的同比为两个比率之差（百分点）。基数为零的比率以“—”表示。",
)


def paper(report: Report) -> Paper:
    """The report in words: numbers printed, figures numbered through the whole report."""
    chapters, at = [], 0
    for place, section in enumerate(report.sections, 1):
        chapters.append(_chapter(report, section, place, at))
        at += len(section.rows)
    until = report.period.last
    span = f"{report.year} 年" if report.whole_year else f"{report.year} 年 1 月 1 日至 {until.month} 月 {until.day} 日"
    return Paper(
        report.title, report.place.name, span, str(report.before), f"{report.year} 年", f"{report.year - 1} 年",
        len(report.parts), tuple(chapters),
    )  # fmt: skip


def number_in_words(number: int) -> str:
    """1 → 一, 12 → 十二, 23 → 二十三 (to 99)."""
    if number <= 10:
        return _DIGITS[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def shown(figure: Figure, value: Value) -> str:
    """As printed in a cell: a rate with its sign, a count with separators."""
    text = figure.show(value)
    return f"{text}%" if figure.unit == "%" and text != "—" else text


def _chapter(report: Report, section: Section, place: int, before: int) -> Chapter:
    numbered = list(enumerate(section.rows, before + 1))
    lines = tuple(
        Line(
            number,
            row.figure.title,
            row.figure.unit,
            shown(row.figure, row.now.value),
            shown(row.figure, row.before),
            row.change,
        )
        for number, row in numbered
    )
    notes = tuple(_note(report, number, row.figure) for number, row in numbered)
    return Chapter(number_in_words(place), section.service.title, lines, tuple(_splits(report, numbered)), notes)


def _splits(report: Report, numbered: list[tuple[int, Row]]) -> Iterator[Split]:
    if not report.parts:
        return
    tables = -(-len(numbered) // COLUMNS_AT_ONCE)
    width = -(-len(numbered) // tables)  # even tables rather than a full one and a remnant
    for at in range(0, len(numbered), width):
        some = numbered[at : at + width]
        rows = [
            (part.name, tuple(shown(row.figure, row.now.parts[place]) for _, row in some))
            for place, part in enumerate(report.parts)
        ]
        if any(row.now.rest != row.figure.nothing for _, row in some):
            rows.append((OTHERS, tuple(shown(row.figure, row.now.rest) for _, row in some)))
        yield Split(
            tuple((number, row.figure.title, row.figure.unit) for number, row in some),
            tuple(shown(row.figure, row.now.value) for _, row in some),
            tuple(rows),
        )


def _note(report: Report, number: int, figure: Figure) -> Note:
    said = explain(figure, report.period)
    more = (
        ("时间", said.time),
        ("计数", f"{said.counting}；{said.parts}"),
        ("基数", said.base),
        ("所计记录", spoken.source(figure)),
    )
    return Note(number, figure.title, said.definition, tuple((label, words) for label, words in more if words))
