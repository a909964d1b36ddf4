"""形势研判: what workers bring, over a span of days at a place: by cause, trade, place and month, and where it gathers.

A matter counts on the day it was brought, and a dispute once however many matters it became: by its first. Everything is
counted from one set of rows (`picture`), so the parts of each table add up to it. Nothing here writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth, ExtractYear, Left

from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.parties import COLLECTIVE
from unionhall.kernel.paths import STEP, span
from unionhall.kernel.period import Period
from unionhall.organisations.vocabulary import INDUSTRIES

ALSO = ("inspection",)
"""Services whose matters count beside those of a chain."""


@dataclass(frozen=True)
class Rule:
    """When something is a warning: at least `least`, looked at over `days` (0: the period itself), and on what ground."""

    least: int
    days: int
    basis: str


GATHERS = Rule(3, 90, "一家单位九十天内三件以上，常是集体争议的先兆；工会内部口径")
GREW = Rule(5, 0, "本期不少于五件，且达到上年同期的两倍；工会内部口径")
MANY = Rule(COLLECTIVE, 0, "劳动者一方十人以上并有共同请求（《劳动争议调解仲裁法》第七条）")
AGAIN = 2
"""Matters of one employer in a period from which on it comes up again."""
SHOWN = 50


class Part(NamedTuple):
    """One line of a table: its key, how many matters, how many workers they are about."""

    key: tuple[str, ...]
    matters: int
    workers: int


class Gathering(NamedTuple):
    """An employer that comes up again."""

    employer: int
    name: str
    matters: int
    workers: int
    last: date


class Growth(NamedTuple):
    """A cause of a service that grew since the span before."""

    service: str
    cause: str
    before: int
    now: int


def counted() -> list[str]:
    """The services whose matters count: those of a dispute's chain, and tips about employers."""
    return [one.key for one in services.everyone() if one.chain or one.key in ALSO]


def first_of_its_chain() -> Q:
    """A matter that counts: of these services, not turned from another, not merged into one."""
    return Q(service__in=counted(), chain=None, merged_into=None)


def known(rows: QuerySet[Case], today: date) -> tuple[date, date]:
    """The days on which the first and the newest of these rows was brought; today twice when there is none."""
    found = rows.filter(first_of_its_chain()).aggregate(first=Min("opened_on"), newest=Max("opened_on"))
    return found["first"] or today, min(found["newest"] or today, today)


def picture(rows: QuerySet[Case], path: str, period: Period) -> QuerySet[Case]:
    """Of these rows those brought at or below a place in a period, each dispute once."""
    low, high = span(path)
    found = rows.filter(first_of_its_chain(), path__gte=low, path__lt=high)
    return found.filter(opened_on__gte=period.start, opened_on__lt=period.end)


def by_cause(found: QuerySet[Case]) -> list[Part]:
    """By service and cause, the most first; key (service, cause)."""
    return _parts(found, "service", "cause")


def by_trade(found: QuerySet[Case]) -> list[Part]:
    """By the division of the employer's industry (a letter of GB/T 4754), the most first; key ("",) where it is not known."""
    told: dict[tuple[str, ...], tuple[int, int]] = {}
    for part in _parts(found.annotate(letter=Left("employer__industry", 1)), "letter"):
        key = part.key if part.key[0] in INDUSTRIES else ("",)
        matters, workers = told.get(key, (0, 0))
        told[key] = (matters + part.matters, workers + part.workers)
    return _sorted(told)


def by_place(found: QuerySet[Case], path: str) -> list[Part]:
    """By the places next below `path`, in their order; key (path,) of the place itself for what is not below one."""
    return sorted(_parts(found.annotate(below=Left("path", len(path) + STEP)), "below"))


def by_month(found: QuerySet[Case], period: Period) -> list[Part]:
    """Every month of the period, key (month as 2015-03,)."""
    dated = found.annotate(y=ExtractYear("opened_on"), m=ExtractMonth("opened_on"))
    told = {f"{y}-{int(m):02d}": (n, workers) for (y, m), n, workers in _grouped(dated, "y", "m")}
    months = [f"{month.start:%Y-%m}" for month in period.months()]
    return [Part((month,), *told.get(month, (0, 0))) for month in months]


def employers(found: QuerySet[Case]) -> list[Gathering]:
    """Employers that come up again, the most first; at most fifty."""
    return _gathered(found, AGAIN)


def lately(last: date) -> Period:
    """The days up to `last` in which matters may gather."""
    return Period.through(last - timedelta(days=GATHERS.days - 1), last)


def gathering(rows: QuerySet[Case], path: str, last: date) -> list[Gathering]:
    """Employers whose matters gather in the days up to `last`: an early warning."""
    return _gathered(picture(rows, path, lately(last)), GATHERS.least)


def collective(found: QuerySet[Case]) -> list[Case]:
    """Disputes of many workers, the newest first; a tip about an employer is no dispute, however many it names."""
    many = found.filter(headcount__gte=MANY.least).exclude(service__in=ALSO)
    return list(many.select_related("employer").order_by("-opened_on", "-pk")[:SHOWN])


def grown(now: Sequence[Part], before: Sequence[Part]) -> list[Growth]:
    """Causes that at least doubled and are no few; the most first. Of none before, too."""
    was = {part.key: part.matters for part in before}
    found = [
        Growth(service, cause, was.get((service, cause), 0), matters)
        for (service, cause), matters, _workers in now
        if matters >= GREW.least
    ]
    return [one for one in found if one.now >= 2 * one.before]


def _gathered(found: QuerySet[Case], least: int) -> list[Gathering]:
    grouped = (
        found.exclude(employer=None).order_by().values_list("employer", "employer__name")
        .annotate(n=Count("pk"), workers=Sum("headcount"), last=Max("opened_on"))
        .filter(n__gte=least).order_by("-n", "-workers", "employer")[:SHOWN]
    )  # fmt: skip
    return [Gathering(*one) for one in grouped]


def _grouped(found: QuerySet[Case], *names: str) -> list[tuple[tuple[Any, ...], int, int]]:
    rows = found.order_by().values_list(*names).annotate(n=Count("pk"), workers=Sum("headcount"))
    return [(tuple(row[: len(names)]), row[-2], row[-1]) for row in rows]


def _parts(found: QuerySet[Case], *names: str) -> list[Part]:
    """The matters of each value, the most first; what is not said is ""."""
    told: dict[tuple[str, ...], tuple[int, int]] = {}
    for key, n, workers in _grouped(found, *names):
        text = tuple(str(one or "") for one in key)
        matters, people = told.get(text, (0, 0))
        told[text] = (matters + n, people + workers)
    return _sorted(told)


def _sorted(told: Mapping[tuple[str, ...], tuple[int, int]]) -> list[Part]:
    parts = [Part(key, *sums) for key, sums in told.items() if sums[0]]
    return sorted(parts, key=lambda part: (-part.matters, part.key))
