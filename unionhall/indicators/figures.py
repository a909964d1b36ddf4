"""Figures: what is counted, over which records, and the one queryset behind both the number and its records.

    value(path, period)   the number, for a place of the tree ("" is the whole) and a period
    lines(path, period)   the records it counts: value == len(lines), or the sum of their column

A `Flow` counts journal lines dated in the period, a `Stock` register rows valid on the period's last day, a `Ratio`
sets one of these against another, its base.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, Literal

from django.db.models import Aggregate, Count, F, Max, Min, Model, QuerySet, Sum
from django.db.models.functions import TruncMonth

from unionhall.indicators import values
from unionhall.indicators.territory import Moves, below, moves, of_place, part_at, person
from unionhall.indicators.values import COUNTING, MODES, Counting, Definition, Mode, Parts, Rate, Value, Whole
from unionhall.journal.models import Line
from unionhall.kernel.errors import Refused
from unionhall.kernel.paths import level
from unionhall.kernel.period import Period
from unionhall.organisations.models import Employer, Place
from unionhall.people.models import Person

__all__ = [
    "COUNTING", "MODES", "Counted", "Definition", "Figure", "Flow", "Parts", "Rate", "Ratio", "Stock", "Value", "Whole",
]  # fmt: skip


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

    def value(self, path: str, period: Period, *, moved: Moves | None = None) -> Value:
        raise NotImplementedError

    def lines(self, path: str, period: Period, *, moved: Moves | None = None) -> QuerySet[Any, Any]:
        raise NotImplementedError

    def parts(self, path: str, period: Period, at_level: int, *, moved: Moves | None = None) -> dict[str, Any]:
        """Path of each part at a level of the tree -> value; a shorter path is what lies above that level."""
        raise NotImplementedError

    def whole(self, path: str, period: Period, places: Sequence[Place], *, moved: Moves) -> Whole:
        """The value with those of the places below (`territory.below`), in as few queries as can be."""
        raise NotImplementedError

    def by_month(self, path: str, period: Period, *, moved: Moves | None = None) -> list[tuple[Period, Value]]:
        known = moves() if moved is None else moved
        return [(month, self.value(path, month, moved=known)) for month in period.months()]

    def by_place(self, path: str, period: Period, *, moved: Moves | None = None) -> Parts:
        """The value of each place right below, then (None, …) for what lies at the place itself."""
        known = moves() if moved is None else moved
        places = below(path, period, known)
        shares, rest = self.shares(path, period, places, moved=known)
        named: Parts = list(zip(places, shares, strict=True))
        return [*named, (None, rest)] if rest != self.nothing else named

    def shares(
        self, path: str, period: Period, places: Sequence[Place], *, moved: Moves
    ) -> tuple[tuple[Any, ...], Any]:
        """The values of the places below, in their order, and of what lies in none of them."""
        raise NotImplementedError

    def of_places(self, paths: Sequence[str], period: Period, *, moved: Moves) -> dict[str, Any]:
        """The value at each of many places: one grouped query for each level of the tree among them."""
        found: dict[str, Any] = {}
        for at_level in sorted({level(path) for path in paths}):
            same = [path for path in paths if level(path) == at_level]
            if len(same) == 1:
                found[same[0]] = self.value(same[0], period, moved=moved)
            else:
                parts = self.parts("", period, at_level, moved=moved)
                found |= {path: parts.get(path, self.nothing) for path in same}
        return found

    @property
    def nothing(self) -> Value:
        return 0

    def together(self, values: Iterable[Any]) -> Value:
        """The sum of the values of parts; Refused where parts do not add up (distinct people, rates)."""
        if not self.adds:
            raise Refused(
                "“{title}”{why_not_added}，各部分不能相加，请直接查上一级的数。",
                title=self.title,
                why_not_added=self.why_not_added,
            )
        total: int = sum(values)
        return total

    @property
    def why_not_added(self) -> str:
        return COUNTING[self.counting]

    def show(self, value: Value) -> str:
        """The number as printed, without its unit: "182,377", "1,704.81"; 万元 to two decimals, half up, as far as any."""
        return values.printed(value, self.unit)

    def exact(self, value: Value) -> str:
        """As `show`, but money to the fen: "570.776994"."""
        return values.printed(value, self.unit, to_the_fen=True)

    def in_unit(self, value: Value) -> Decimal:
        """The number in the figure's unit: fen become yuan or 万元, a rate percent (0 over an empty base)."""
        return values.in_unit(value, self.unit)


@dataclass(kw_only=True)
class Counted(Figure):
    """A figure over one queryset. `column` is what a "sum" adds up; `kinds` restricts to lines of these kinds."""

    column: str = ""
    columns: tuple[tuple[str, str], ...] = ()

    def rows(self, path: str, period: Period, *, moved: Moves | None = None) -> QuerySet[Any, Any]:
        """The rows of the place and period, before any distinct counting."""
        raise NotImplementedError

    def value(self, path: str, period: Period, *, moved: Moves | None = None) -> int:
        known = moves() if moved is None else moved
        return self.rows(path, period, moved=known).aggregate(n=self._measure(known))["n"] or 0

    def lines(self, path: str, period: Period, *, moved: Moves | None = None) -> QuerySet[Any, Any]:
        """The records counted: rows, or one entry per distinct person or employer with how often and when."""
        known = moves() if moved is None else moved
        rows = self.rows(path, period, moved=known)
        if self.counting in ("rows", "sum"):
            return rows.select_related(*self._related()).order_by(*self._order())
        day = self._day()
        grouped = rows.annotate(who=self._who(known)).filter(who__isnull=False).values("who")
        found: QuerySet[Any, Any] = grouped.annotate(times=Count("pk"), first=Min(day), last=Max(day)).order_by("who")
        return found

    def parts(self, path: str, period: Period, at_level: int, *, moved: Moves | None = None) -> dict[str, int]:
        known = moves() if moved is None else moved
        rows = self.rows(path, period, moved=known).annotate(part=self.part(at_level, period, known))
        grouped = rows.order_by().values("part").annotate(n=self._measure(known))
        return {part: n or 0 for part, n in grouped.values_list("part", "n")}

    def part(self, at_level: int, period: Period, moved: Moves) -> Any:
        """An expression over `rows`: the path of the part each row counts to."""
        raise NotImplementedError

    def shares(
        self, path: str, period: Period, places: Sequence[Place], *, moved: Moves
    ) -> tuple[tuple[int, ...], int]:
        found = self.parts(path, period, level(path) + 1, moved=moved)
        return self._shared(found, path, period, places, moved)

    def whole(self, path: str, period: Period, places: Sequence[Place], *, moved: Moves) -> Whole:
        found = self.parts(path, period, level(path) + 1, moved=moved)
        total = self.value(path, period, moved=moved) if self._distinct else sum(found.values())
        return Whole(total, *self._shared(found, path, period, places, moved))

    def _shared(
        self, found: dict[str, int], path: str, period: Period, places: Sequence[Place], moved: Moves
    ) -> tuple[tuple[int, ...], int]:
        named = tuple(found.pop(place.path, 0) for place in places)
        if len(found) > 1 and self._distinct:  # the same person may lie in several of the unnamed parts
            rows = self.rows(path, period, moved=moved).annotate(part=self.part(level(path) + 1, period, moved))
            return named, rows.filter(part__in=list(found)).aggregate(n=self._measure(moved))["n"] or 0
        return named, sum(found.values())

    @property
    def _distinct(self) -> bool:
        return self.counting in ("people", "employers")

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
            model: type[Model] = Person if self.counting == "people" else Employer
            names = model._default_manager.in_bulk([line["who"] for line in lines])
            return [[str(names.get(line["who"], "—")), line["times"], line["first"], line["last"]] for line in lines]
        return [[_reach(line, attribute) for _, attribute in self.columns] for line in lines]

    def _who(self, moved: Moves) -> Any:
        return person(moved) if self.counting == "people" else F("employer")

    def _measure(self, moved: Moves) -> Aggregate:
        if self.counting == "rows":
            return Count("*")
        if self.counting == "sum":
            return Sum(self.column)
        return Count(self._who(moved), distinct=True)

    def _related(self) -> list[str]:
        return sorted({name.rsplit(".", 1)[0].replace(".", "__") for _, name in self.columns if "." in name})

    def _order(self) -> tuple[str, ...]:
        return ("pk",)

    def _day(self) -> str:
        return "since"


def _reach(line: Any, attribute: str) -> Any:
    return reduce(lambda at, name: getattr(at, name) if at is not None else "", attribute.split("."), line)


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
        self.columns = self.columns or values.LINE_COLUMNS
        if self.count in ("people", "employers"):
            self.counting, self.adds = self.count, False
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

    def rows(self, path: str, period: Period, *, moved: Moves | None = None) -> QuerySet[Any, Any]:
        where = of_place(path, moves() if moved is None else moved)
        rows = Line.objects.standing().filter(
            where, service=self.service, act=self.act, on__gte=period.start, on__lt=period.end
        )
        return rows.filter(kind__in=self.kinds) if self.kinds else rows

    def by_month(self, path: str, period: Period, *, moved: Moves | None = None) -> list[tuple[Period, Value]]:
        known = moves() if moved is None else moved
        grouped = self.rows(path, period, moved=known).order_by().annotate(month=TruncMonth("on")).values("month")
        found: Mapping[date, int] = dict(grouped.annotate(n=self._measure(known)).values_list("month", "n"))
        return [(month, found.get(month.start.replace(day=1), 0)) for month in period.months()]

    def part(self, at_level: int, period: Period, moved: Moves) -> Any:
        return part_at(at_level, moved)

    def _order(self) -> tuple[str, ...]:
        return ("on", "pk")

    def _day(self) -> str:
        return "on"


@dataclass(kw_only=True)
class Stock(Counted):
    """Counts register rows that hold on the period's last day: `register(period)` gives them, place apart.

    `placed_by` is the column or annotation with the path a row counts to.
    """

    register: Callable[[Period], QuerySet[Any, Any]]
    of: str
    day_field: str = "since"
    placed_by: str = "path"

    def __post_init__(self) -> None:
        self.mode = "stock"
        # Two rows of one person or employer may lie at two places on one day.
        self.adds = self.adds and not self._distinct

    @property
    def source(self) -> str:
        return self.of

    def rows(self, path: str, period: Period, *, moved: Moves | None = None) -> QuerySet[Any, Any]:
        where = of_place(path, moves() if moved is None else moved, day=period.last, placed_by=self.placed_by)
        return self.register(period).filter(where)

    def part(self, at_level: int, period: Period, moved: Moves) -> Any:
        return part_at(at_level, moved, day=period.last, placed_by=self.placed_by)

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

    def value(self, path: str, period: Period, *, moved: Moves | None = None) -> Rate:
        known = moves() if moved is None else moved
        return Rate(*(figure.value(path, period, moved=known) for figure in self._both))

    def lines(self, path: str, period: Period, *, moved: Moves | None = None) -> QuerySet[Any, Any]:
        return self.numerator.lines(path, period, moved=moved)

    def parts(self, path: str, period: Period, at_level: int, *, moved: Moves | None = None) -> dict[str, Rate]:
        known = moves() if moved is None else moved
        above, base = (figure.parts(path, period, at_level, moved=known) for figure in self._both)
        return {part: Rate(above.get(part, 0), base.get(part, 0)) for part in above.keys() | base.keys()}

    def shares(
        self, path: str, period: Period, places: Sequence[Place], *, moved: Moves
    ) -> tuple[tuple[Rate, ...], Rate]:
        (above, more), (base, rest) = (figure.shares(path, period, places, moved=moved) for figure in self._both)
        rates = tuple(Rate(one, other) for one, other in zip(above, base, strict=True))
        return rates, Rate(more, rest)

    def whole(self, path: str, period: Period, places: Sequence[Place], *, moved: Moves) -> Whole:
        above, base = (figure.whole(path, period, places, moved=moved) for figure in self._both)
        pairs: Any = zip((above.value, *above.parts, above.rest), (base.value, *base.parts, base.rest), strict=True)
        value, *parts, rest = (Rate(*pair) for pair in pairs)
        return Whole(value, tuple(parts), rest)

    def by_month(self, path: str, period: Period, *, moved: Moves | None = None) -> list[tuple[Period, Value]]:
        above, base = (dict(figure.by_month(path, period, moved=moved)) for figure in self._both)
        return [(month, Rate(above[month], base[month])) for month in above]  # type: ignore[arg-type]

    @property
    def _both(self) -> tuple[Counted, Counted]:
        return self.numerator, self.denominator

    @property
    def nothing(self) -> Rate:
        return Rate(0, 0)

    @property
    def why_not_added(self) -> str:
        return "是两数之比"

    @property
    def headers(self) -> tuple[str, ...]:
        return self.numerator.headers

    def cells(self, lines: Sequence[Any]) -> list[list[Any]]:
        return self.numerator.cells(lines)
