"""Figures: what is counted, over which records, and the one queryset behind both the number and its records.

    value(path, period)   the number, for a place of the tree ("" is the whole) and a period
    lines(path, period)   the records it counts: value == len(lines), or the sum of their column

A `Flow` counts journal lines dated in the period, a `Stock` register rows valid on the period's last day, a `Ratio`
sets one of these against another, its base.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from typing import Any, Literal

from django.db.models import Aggregate, Count, Max, Min, Model, QuerySet, Sum
from django.db.models.functions import TruncMonth

from unionhall.indicators.territory import moves, of_place, part_at
from unionhall.journal.models import Line
from unionhall.kernel.money import ten_thousand_yuan, yuan
from unionhall.kernel.paths import level
from unionhall.kernel.period import Period
from unionhall.organisations.models import Employer, Place
from unionhall.people.models import Person

Counting = Literal["rows", "people", "employers", "sum"]
Mode = Literal["flow", "stock"]
COUNTING = {"rows": "按记录计", "people": "按人去重", "employers": "按单位去重", "sum": "按数额求和"}
MODES = {"flow": "当期发生数", "stock": "时点数"}


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, kept as its two numbers; it is never averaged, only recomputed."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> Decimal | None:
        """Percent to two places, half up; None over an empty base."""
        if not self.denominator:
            return None
        exact = Decimal(self.numerator) * 100 / self.denominator
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


Value = int | Rate | None
Parts = list[tuple[Place | None, Value]]


@dataclass(frozen=True, slots=True)
class Definition:
    """An earlier wording of a figure's definition, for numbers published under it."""

    version: int
    text: str


@dataclass(kw_only=True)
class Figure:
    """What every figure declares. `key` is unique within its service; `full_key` is what addresses and facts use."""

    slug: str
    title: str
    title_en: str
    unit: str
    unit_en: str = ""
    definition: str
    definition_en: str
    version: int = 1
    history: tuple[Definition, ...] = ()
    also: tuple[str, ...] = ()
    headline: bool = False
    counting: Counting = "rows"
    mode: Mode = "flow"
    adds: bool = True
    adds_over_time: bool = False
    key: str = field(default="", init=False)

    def belong(self, service_key: str) -> None:
        """Take the key "service.slug"; called once, by the service that declares the figure."""
        self.key = f"{service_key}.{self.slug}"

    @property
    def source(self) -> str:
        """What kind of record is counted, in words."""
        raise NotImplementedError

    def value(self, path: str, period: Period) -> Value:
        raise NotImplementedError

    def lines(self, path: str, period: Period) -> QuerySet[Any, Any]:
        raise NotImplementedError

    def parts(self, path: str, period: Period, at_level: int) -> dict[str, Any]:
        """Path of each part at a level of the tree -> value; a shorter path is what lies above that level."""
        raise NotImplementedError

    def by_month(self, path: str, period: Period) -> list[tuple[Period, Value]]:
        return [(month, self.value(path, month)) for month in period.months()]

    def by_place(self, path: str, period: Period) -> Parts:
        """The value of each place right below, then (None, …) for what lies at the place itself."""
        below = Place.objects.at(path).filter(since__lt=period.end).order_by("path")
        at_level = level(path) + 1
        children = [p for p in below if level(p.path) == at_level and (p.until is None or p.until > period.start)]
        found = self.parts(path, period, at_level)
        named: Parts = [(place, found.pop(place.path, self.nothing)) for place in children]
        rest = [value for value in found.values() if value]
        return [*named, (None, self.together(rest))] if rest else named

    @property
    def nothing(self) -> Value:
        return 0

    def together(self, values: Iterable[Any]) -> Value:
        return sum(values)

    def show(self, value: Value) -> str:
        """The number as printed, without its unit: "182,377", "1,704.81"."""
        if value is None or isinstance(value, Rate):
            percent = value.percent if value else None
            return "—" if percent is None else f"{percent:.2f}"
        return f"{self.in_unit(value):,f}"

    def in_unit(self, value: Value) -> Decimal:
        """The number in the figure's unit: fen become yuan or 万元, a rate percent (0 over an empty base)."""
        if isinstance(value, Rate):
            return value.percent or Decimal(0)
        if self.unit == "万元":
            return ten_thousand_yuan(value or 0).normalize() + 0
        return yuan(value or 0) if self.unit == "元" else Decimal(value or 0)


@dataclass(kw_only=True)
class Counted(Figure):
    """A figure over one queryset. `column` is what a "sum" adds up; `kinds` restricts to lines of these kinds."""

    column: str = ""
    columns: tuple[tuple[str, str], ...] = ()

    def rows(self, path: str, period: Period) -> QuerySet[Any, Any]:
        """The rows of the place and period, before any distinct counting."""
        raise NotImplementedError

    def value(self, path: str, period: Period) -> int:
        return self.rows(path, period).aggregate(n=self._measure())["n"] or 0

    def lines(self, path: str, period: Period) -> QuerySet[Any, Any]:
        """The records counted: rows, or one entry per distinct person or employer with how often and when."""
        rows = self.rows(path, period)
        if self.counting in ("rows", "sum"):
            return rows.select_related(*self._related()).order_by(*self._order())
        who = "person" if self.counting == "people" else "employer"
        day = self._day()
        grouped = rows.filter(**{f"{who}__isnull": False}).values(who)
        return grouped.annotate(times=Count("pk"), first=Min(day), last=Max(day)).order_by(who)

    def parts(self, path: str, period: Period, at_level: int) -> dict[str, int]:
        grouped = self._parted(self.rows(path, period), period, at_level).order_by().values("part")
        return dict(grouped.annotate(n=self._measure()).values_list("part", "n"))

    @property
    def headers(self) -> tuple[str, ...]:
        if self.counting == "people":
            return ("姓名", "次数", "首次", "末次")
        if self.counting == "employers":
            return ("单位", "次数", "首次", "末次")
        return tuple(header for header, _ in self.columns)

    def cells(self, lines: Sequence[Any]) -> list[list[Any]]:
        """A page of `lines` as rows of cells; persons are masked."""
        if self.counting in ("people", "employers"):
            who = "person" if self.counting == "people" else "employer"
            model: type[Model] = Person if self.counting == "people" else Employer
            names = model._default_manager.in_bulk([line[who] for line in lines])
            return [[str(names.get(line[who], "—")), line["times"], line["first"], line["last"]] for line in lines]
        return [[_reach(line, attribute) for _, attribute in self.columns] for line in lines]

    def _measure(self) -> Aggregate:
        if self.counting == "rows":
            return Count("pk")
        if self.counting == "sum":
            return Sum(self.column)
        return Count("person" if self.counting == "people" else "employer", distinct=True)

    def _related(self) -> list[str]:
        return sorted({name.rsplit(".", 1)[0].replace(".", "__") for _, name in self.columns if "." in name})

    def _order(self) -> tuple[str, ...]:
        return ("pk",)

    def _day(self) -> str:
        return "since"

    def _parted(self, rows: QuerySet[Any, Any], period: Period, at_level: int) -> QuerySet[Any, Any]:
        return rows.annotate(part=part_at(at_level, moves(), day=period.last))


def _reach(line: Any, attribute: str) -> Any:
    return reduce(lambda at, name: getattr(at, name) if at is not None else "", attribute.split("."), line)


LINE_COLUMNS = (
    ("日期", "on"), ("姓名", "person.masked"), ("单位", "employer.name"), ("类别", "kind"), ("数量", "quantity"),
    ("金额", "yuan"), ("编号", "subject"),
)  # fmt: skip


@dataclass(kw_only=True)
class Flow(Counted):
    """Counts journal lines of one act dated in the period: rows, distinct people or employers, or a summed column.

    `count` is "lines", "people", "employers", or the column to sum: "fen", "quantity", "headcount".
    """

    act: str
    count: Literal["lines", "people", "employers", "fen", "quantity", "headcount"] = "lines"
    kinds: tuple[str, ...] = ()
    service: str = ""

    def __post_init__(self) -> None:
        self.mode = "flow"
        self.columns = self.columns or LINE_COLUMNS
        if self.count in ("people", "employers"):
            self.counting, self.adds = self.count, False  # type: ignore[assignment]
        else:
            self.counting, self.adds_over_time = ("rows" if self.count == "lines" else "sum"), True
            self.column = "" if self.count == "lines" else self.count

    def belong(self, service_key: str) -> None:
        super().belong(service_key)
        self.service = self.service or service_key

    @property
    def source(self) -> str:
        kinds = f" · {'、'.join(self.kinds)}" if self.kinds else ""
        return f"办事日志：{self.service} · {self.act}{kinds}"

    def rows(self, path: str, period: Period) -> QuerySet[Any, Any]:
        rows = Line.objects.standing().filter(
            of_place(path, moves()), service=self.service, act=self.act, on__gte=period.start, on__lt=period.end
        )
        return rows.filter(kind__in=self.kinds) if self.kinds else rows

    def by_month(self, path: str, period: Period) -> list[tuple[Period, Value]]:
        grouped = self.rows(path, period).order_by().annotate(month=TruncMonth("on")).values("month")
        found: Mapping[date, int] = dict(grouped.annotate(n=self._measure()).values_list("month", "n"))
        return [(month, found.get(month.start.replace(day=1), 0)) for month in period.months()]

    def _order(self) -> tuple[str, ...]:
        return ("on", "pk")

    def _day(self) -> str:
        return "on"

    def _parted(self, rows: QuerySet[Any, Any], period: Period, at_level: int) -> QuerySet[Any, Any]:
        return rows.annotate(part=part_at(at_level, moves()))


@dataclass(kw_only=True)
class Stock(Counted):
    """Counts register rows that hold on the period's last day: `register(period)` gives them, place apart."""

    register: Callable[[Period], QuerySet[Any, Any]]
    of: str
    day_field: str = "since"

    def __post_init__(self) -> None:
        self.mode = "stock"

    @property
    def source(self) -> str:
        return self.of

    def rows(self, path: str, period: Period) -> QuerySet[Any, Any]:
        return self.register(period).filter(of_place(path, moves(), day=period.last))

    def _day(self) -> str:
        return self.day_field


@dataclass(kw_only=True)
class Ratio(Figure):
    """One figure over another, its base. The base's definition is part of the rate's."""

    numerator: Counted
    denominator: Counted
    base: str
    unit: str = "%"
    unit_en: str = "%"

    def __post_init__(self) -> None:
        self.mode, self.adds = self.denominator.mode, False
        self.counting = self.numerator.counting

    def belong(self, service_key: str) -> None:
        super().belong(service_key)
        for part, slug in ((self.numerator, "numerator"), (self.denominator, "denominator")):
            if not part.key:
                part.belong(service_key)
                part.key = f"{self.key}.{slug}"

    @property
    def source(self) -> str:
        return f"{self.numerator.source} ÷ {self.denominator.source}"

    def value(self, path: str, period: Period) -> Rate:
        return Rate(self.numerator.value(path, period), self.denominator.value(path, period))

    def lines(self, path: str, period: Period) -> QuerySet[Any, Any]:
        return self.numerator.lines(path, period)

    def base_lines(self, path: str, period: Period) -> QuerySet[Any, Any]:
        """The records of the base."""
        return self.denominator.lines(path, period)

    def parts(self, path: str, period: Period, at_level: int) -> dict[str, Rate]:
        above, below = (figure.parts(path, period, at_level) for figure in (self.numerator, self.denominator))
        return {part: Rate(above.get(part, 0), below.get(part, 0)) for part in above.keys() | below.keys()}

    def by_month(self, path: str, period: Period) -> list[tuple[Period, Value]]:
        above, below = (dict(figure.by_month(path, period)) for figure in (self.numerator, self.denominator))
        return [(month, Rate(above[month], below[month])) for month in above]  # type: ignore[arg-type]

    @property
    def nothing(self) -> Rate:
        return Rate(0, 0)

    def together(self, values: Iterable[Any]) -> Rate:
        rates = list(values)
        return Rate(sum(rate.numerator for rate in rates), sum(rate.denominator for rate in rates))

    @property
    def headers(self) -> tuple[str, ...]:
        return self.numerator.headers

    def cells(self, lines: Sequence[Any]) -> list[list[Any]]:
        return self.numerator.cells(lines)
