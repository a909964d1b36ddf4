"""What a public page may show: no number that speaks of fewer than five people, and none such numbers can be reckoned from.

A number is small when fewer than five distinct people stand behind it, whatever it counts: one worker's grant in yuan is
as much one worker as the count 1, and so is the one employer of that worker. Registers of organisations (stations, unions,
agreements) speak of nobody, and honours have been on public notice with their names; neither is withheld.

In a table whose total is shown, a single withheld cell is the total less the others. So withheld cells are always given
as one sum, together with the smallest cell that could have been shown; the reader cannot tell which of them is small.
A rate shows its two numbers, which are figures with tables of their own: what either of those tables withholds, the
rate's withholds, so that no cell is the total of one table less the cells of another. Where both speak of people, so does
their difference (members without a card): a rate all but one to four people are counted in is withheld as well.

Public pages split by place or by month, never by both, so that no two tables can be set against each other.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models import Value as Constant
from django.db.models.functions import TruncMonth

from unionhall import catalogue
from unionhall.cases.service import CaseService
from unionhall.honours.service import HonourService
from unionhall.indicators.figures import Counted, Figure, Flow, Parts, Rate, Ratio, Stock, Value
from unionhall.indicators.service import Service
from unionhall.indicators.territory import Moves, person, tables_above
from unionhall.kernel.paths import level
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place
from unionhall.web.counted import Reading

FEWEST = 5
PLENTY = 200
"""So many records that they cannot all be the doings of four people; not counted again by person."""


class Split(NamedTuple):
    """A split as the public may see it: shown cells; the places or months merged; their sum, where sums mean anything."""

    shown: list[tuple[Place | Period | None, Value]]
    merged: list[Place | Period | None]
    together: Value


def too_few(reading: Reading, figure: Figure, path: str, period: Period) -> bool:
    """Do fewer than five people, but some, stand behind this one number?"""
    return reading.keep(
        ("few", figure.key, path, period),
        lambda: _small(_behind(figure, path, period, reading.value(figure, path, period), reading.moves())),
    )


def by_place(reading: Reading, figure: Figure, path: str, period: Period) -> Split:
    """The split by place, small cells merged."""
    parts = reading.by_place(figure, path, period)
    out = reading.keep(
        ("withheld by place", figure.key, path, period),
        lambda: _out(
            figure,
            period,
            [_people_by_place(one, cells, path, period, reading.moves()) for one, cells in _counts(figure, parts)],
        ),
    )
    return merge(figure, parts, out)


def by_month(reading: Reading, figure: Figure, path: str, period: Period) -> Split:
    """The split by month, small cells merged; the months of a stock do not add up, so each is only shown or not."""
    months = reading.by_month(figure, path, period)
    out = reading.keep(
        ("withheld by month", figure.key, path, period),
        lambda: _out(
            figure,
            period,
            [_people_by_month(one, cells, path, period, reading.moves()) for one, cells in _counts(figure, months)],
        ),
    )
    return merge(figure, months, out)


def hidden(reading: Reading, figure: Figure, path: str, root: str, period: Period) -> bool:
    """Is this place's number withheld, because it or one of the places above it is merged in a table it stands in?"""
    for above, below in tables_above(path, root, period.last, reading.moves()):
        merged = by_place(reading, figure, above, period).merged
        if any(isinstance(place, Place) and place.path == below for place in merged):
            return True
    return too_few(reading, figure, path, period)


def merge(figure: Figure, cells: Sequence[tuple[Place | Period | None, Value]] | Parts, out: set[int]) -> Split:
    """Cells and which of them to withhold -> what may be shown."""
    shown = [cell for at, cell in enumerate(cells) if at not in out]
    kept_back = [cell for at, cell in enumerate(cells) if at in out]
    months = any(isinstance(where, Period) for where, _ in cells)
    adds = figure.adds_over_time if months else figure.adds
    together = figure.together(value for _, value in kept_back) if kept_back and adds else None
    return Split(shown, [where for where, _ in kept_back], together)


def withheld(people: Sequence[int]) -> set[int]:
    """Which cells of a table to merge: the small ones and the smallest other; when there is no other, the empty ones."""
    small = {at for at, n in enumerate(people) if _small(n)}
    if not small:
        return set()
    others = [(n, at) for at, n in enumerate(people) if n >= FEWEST]
    return small | ({min(others)[1]} if others else {at for at, n in enumerate(people) if n == 0})


def _out(figure: Figure, period: Period, tables: Sequence[Sequence[int]]) -> set[int]:
    """What to withhold of a figure: of a rate, what the table of its numerator, of its base or of their difference withholds."""
    all_tables = list(tables)
    if isinstance(figure, Ratio) and _differ_by_people(figure, period):
        above, base = tables
        all_tables.append([max(whole - part, 0) for part, whole in zip(above, base, strict=True)])
    return set[int]().union(*(withheld(people) for people in all_tables))


def _differ_by_people(figure: Ratio, period: Period) -> bool:
    """Do both numbers of a rate count people one by one, so that their difference counts people, too?"""
    both = (figure.numerator, figure.denominator)
    return all(one.counting in ("rows", "people") and _about_people(one, period) for one in both)


def _small(people: int) -> bool:
    return 0 < people < FEWEST


def _least(*people: int) -> int:
    """Of a rate: the smaller of the people in the numerator and in the base, empty ones apart."""
    return min((n for n in people if n), default=0)


def _service(figure: Figure) -> Service:
    return max(
        (one for one in catalogue.SERVICES if figure.key.startswith(f"{one.key}.")), key=lambda one: len(one.key)
    )


def _about_people(figure: Counted, period: Period) -> bool:
    if isinstance(figure, Flow):
        service = _service(figure)
        # Employers are a register of their own, but those of people in need or in dispute are counted because of them.
        return isinstance(service, CaseService) or (
            figure.counting != "employers" and not isinstance(service, HonourService)
        )
    assert isinstance(figure, Stock)
    return any(field.name == "person" for field in figure.register(period).model._meta.concrete_fields)


def _count(figure: Counted, rows: QuerySet, moved: Moves) -> QuerySet:  # type: ignore[type-arg]
    """Distinct people among grouped rows as `people`. A matter that names nobody is still somebody's."""
    people = Count(person(moved), distinct=True)
    return rows.annotate(
        people=people + Count("pk", filter=Q(person=None)) if isinstance(_service(figure), CaseService) else people
    )


def _behind(figure: Figure, path: str, period: Period, value: Value, moved: Moves) -> int:
    """Distinct people behind one number, whose value is already known; 0 when it speaks of nobody."""
    if isinstance(figure, Ratio) and isinstance(value, Rate):
        both = ((figure.numerator, value.numerator), (figure.denominator, value.denominator))
        above, base = (_behind(part, path, period, n, moved) for part, n in both)
        return _least(above, base, max(base - above, 0) if _differ_by_people(figure, period) else 0)
    assert isinstance(figure, Counted) and isinstance(value, int)
    if not value or not _about_people(figure, period):
        return 0
    if figure.counting == "people" or (figure.counting == "rows" and value >= PLENTY):
        return value
    rows = figure.rows(path, period, moved=moved).order_by().annotate(whole=Constant(1)).values("whole")
    return sum(row["people"] for row in _count(figure, rows, moved))


def _people_by_place(
    figure: Counted, parts: Sequence[tuple[Place | None, Value]], path: str, period: Period, moved: Moves
) -> list[int]:
    if (known := _known(figure, parts, period)) is not None:
        return known
    part = figure.part(level(path) + 1, period, moved)
    rows = figure.rows(path, period, moved=moved).order_by().annotate(part=part).values("part")
    found = {row["part"]: row["people"] for row in _count(figure, rows, moved)}
    people = [found.pop(place.path, 0) if place else 0 for place, _ in parts]
    return [sum(found.values()) if place is None else n for n, (place, _) in zip(people, parts, strict=True)]


def _people_by_month(
    figure: Counted, months: Sequence[tuple[Period, Value]], path: str, period: Period, moved: Moves
) -> list[int]:
    if (known := _known(figure, months, period)) is not None:
        return known
    if isinstance(figure, Flow):
        rows = figure.rows(path, period, moved=moved).order_by().annotate(month=TruncMonth("on")).values("month")
        found = {row["month"]: row["people"] for row in _count(figure, rows, moved)}
        return [found.get(month.start.replace(day=1), 0) for month, _ in months]
    return [_behind(figure, path, month, value, moved) for month, value in months]


def _counts(figure: Figure, cells: Sequence[tuple[Any, Value]]) -> list[tuple[Counted, Sequence[tuple[Any, Value]]]]:
    """A figure's table; a rate's as those of its numerator and of its base."""
    if not isinstance(figure, Ratio):
        assert isinstance(figure, Counted)
        return [(figure, cells)]
    rates = [(where, value) for where, value in cells if isinstance(value, Rate)]
    above: list[tuple[Any, Value]] = [(where, rate.numerator) for where, rate in rates]
    below: list[tuple[Any, Value]] = [(where, rate.denominator) for where, rate in rates]
    return [(figure.numerator, above), (figure.denominator, below)]


def _known(figure: Counted, cells: Sequence[tuple[Any, Value]], period: Period) -> list[int] | None:
    """The people behind each cell where the cells themselves tell; None where they must be counted."""
    if not _about_people(figure, period):
        return [0] * len(cells)
    values = [value if isinstance(value, int) else 0 for _, value in cells]
    told = figure.counting == "people" or (figure.counting == "rows" and all(n == 0 or n >= PLENTY for n in values))
    return values if told else None
