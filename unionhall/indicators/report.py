"""The yearly report as data: every figure of every service, at one place and its parts, with the year before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from unionhall.indicators.figures import Figure, Ratio
from unionhall.indicators.service import Service
from unionhall.indicators.territory import Moves, below, moves
from unionhall.indicators.values import COUNTING, MODES, Rate, Value, Whole
from unionhall.kernel.errors import Refused
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place

OTHERS = "其他"
"""What lies at the place itself and in none of its parts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its value and those of the parts now, and its value a year before. Values print by `figure.show`."""

    figure: Figure
    now: Whole
    before: Value

    @property
    def change(self) -> str:
        """Against the year before: percent of it, or percentage points between two rates; empty where neither means anything."""
        now, before = self.now.value, self.before
        if isinstance(now, Rate) and isinstance(before, Rate):
            if now.percent is None or before.percent is None:
                return ""
            return f"{_signed(now.percent - before.percent, 2)} 个百分点"
        if not isinstance(now, int) or not isinstance(before, int) or not before:
            return ""
        return f"{_signed(Decimal(now - before) * 100 / before, 1)}%"


@dataclass(frozen=True, slots=True)
class Section:
    """One service and its figures."""

    service: Service
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one year at one place. `parts` are the places below, in the order of the parts of every row."""

    place: Place
    year: int
    period: Period
    before: Period
    parts: tuple[Place, ...]
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        body = "总工会" if self.place.kind in ("district", "street", "town") else "工会"
        return f"{self.place.name}{body} {self.year} 年工作统计报告"

    @property
    def whole_year(self) -> bool:
        return self.period == Period.year(self.year)

    def rows(self) -> Iterator[Row]:
        for section in self.sections:
            yield from section.rows

    @property
    def has_others(self) -> bool:
        """Does any figure count something that lies in none of the parts?"""
        return any(row.now.rest != row.figure.nothing for row in self.rows())


class Said(NamedTuple):
    """How a figure is counted, in words, as every printed number carries it."""

    definition: str
    time: str
    counting: str
    base: str
    parts: str
    source: str


def yearly(services: Iterable[Service], year: int, *, place: str = "", as_of: date | None = None) -> Report:
    """The report of a year. `place`: a path, a code or a name; empty is the root. `as_of`: a day of that year to stop at.

    Stock figures are those of the last day; flow figures those from 1 January to it. Two queries a figure (now with its
    parts, and the year before) where parts add up; one more where distinct people or employers are counted; of a rate,
    for both its numbers.
    """
    at = find_place(place)
    period = _period(year, as_of)
    before = period.a_year_earlier()
    moved = moves()
    parts = below(at.path, period, moved)
    sections = tuple(
        Section(service, tuple(_row(figure, at.path, period, before, parts, moved) for figure in service.figures))
        for service in services
        if service.figures
    )
    return Report(at, year, period, before, tuple(parts), sections)


def find_place(text: str) -> Place:
    """A place by its code, its path or its name; the root for an empty text. Refused when there is none, or several."""
    if not text:
        root: Place | None = Place.objects.filter(parent=None).order_by("path").first()
        if root is None:
            raise Refused("还没有区划树，请先导入区划树（unionhall import）。")
        return root
    for name in ("code", "path", "name"):
        found: list[Place] = list(Place.objects.filter(**{name: text}).order_by("path")[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused("叫“{text}”的地方不止一个，请改用地方代码。", text=text)
    raise Refused("没有代码、路径或名称为“{text}”的地方，请核对区划树。", text=text)


def explain(figure: Figure, period: Period) -> Said:
    """Definition, time mode, counting mode, base, whether parts add up, and what kind of record is counted."""
    if figure.mode == "stock":
        time = f"{MODES['stock']}，截至 {period.last.isoformat()}"
    else:
        time = f"{MODES['flow']}，{period}"
    if isinstance(figure, Ratio):
        counting = f"两数之比（分子{COUNTING[figure.numerator.counting]}，分母{COUNTING[figure.denominator.counting]}），不取平均"
        base = f"{figure.base}。{figure.denominator.definition}"
    else:
        counting, base = COUNTING[figure.counting], ""
    parts = "各部分相加等于合计" if figure.adds else "各部分不能相加"
    return Said(figure.definition, time, counting, base, parts, figure.source)


def _period(year: int, as_of: date | None) -> Period:
    whole = Period.year(year)
    if as_of is None:
        return whole
    if as_of not in whole:
        raise Refused("截止日期 {as_of} 不在 {year} 年内，请改为该年的某一天。", as_of=as_of.isoformat(), year=year)
    return Period.through(whole.start, as_of)


def _signed(number: Decimal, places: int) -> str:
    """With its sign, and without one when it rounds to nothing: "+1.2", "-0.5", "0.0"."""
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:+}" if rounded else f"{abs(rounded)}"


def _row(figure: Figure, path: str, period: Period, before: Period, parts: Sequence[Place], moved: Moves) -> Row:
    now = figure.whole(path, period, parts, moved=moved)
    return Row(figure, now, figure.value(path, before, moved=moved))
