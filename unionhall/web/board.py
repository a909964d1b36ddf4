"""The officers' board: every figure at the places one's posts stand at, whole, with a year earlier beside it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from unionhall import catalogue
from unionhall.indicators.figures import Figure, Value
from unionhall.organisations.models import Place
from unionhall.organisations.roles import SEES_RECORDS
from unionhall.web import asked, disclosure, drawing, gate, goals, opening, sheets, words
from unionhall.web.acting import actor_of
from unionhall.web.counted import Reading
from unionhall.web.goals import Goal

HEADLINES = 12
PAPERS = (("csv", "CSV"), ("docx", "Word"), ("pdf", "PDF"))


@dataclass(frozen=True)
class Row:
    """One figure at one place, this year and the year before."""

    figure: Figure
    shown: str
    before: str
    change: str
    detail: str
    href: str
    goal: Goal | None = None


@dataclass(frozen=True)
class Ranked:
    """One place in the order of its number: its share of the whole (of figures that add), its change, its goal."""

    rank: int
    name: str
    shown: str
    detail: str
    share: str
    change: str
    href: str
    goal: Goal | None


@gate.signed_in
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    reading = Reading()
    mine = places_of(request, reading)
    if not mine:
        return render(request, "web/board_none.html")
    year = asked.year(request, reading)
    place = own_place(request, reading, mine)
    targets = goals.standing(year, [place.path])
    groups = [
        (service, [_row(reading, one, place, year, targets) for one in service.figures])
        for service in catalogue.SERVICES
    ]
    groups = [pair for pair in groups if pair[1]]
    headlines = [row for _service, rows in groups for row in rows if row.figure.headline][:HEADLINES]
    lively = [
        row.figure for row in headlines if row.figure.adds and drawing.weight(_now(reading, row.figure, place, year))
    ]
    mapped = lively[-1] if lively else headlines[0].figure
    context = {
        "place": place,
        "mine": mine,
        "year": year,
        "years": reading.years(),
        "groups": groups,
        "headlines": headlines,
        "forms": PAPERS,
        "report": drawing.address(reverse("board-report"), place=place.path, year=year),
        "goals": drawing.address(reverse("board-goals"), place=place.path, year=year),
    }
    opens = opening.may_open(actor_of(request), mapped, place.path, asked.period(year))
    return render(request, "web/board.html", context | _split(reading, mapped, place, year, opens) | {"mapped": mapped})


@gate.right("board.see")
@require_safe
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """One figure at one of my places: below it, by month, and the way to its records."""
    reading = Reading()
    one, mine = asked.figure(key), places_of(request, reading)
    year, place = asked.year(request, reading), own_place(request, reading, mine)
    opens = opening.may_open(actor_of(request), one, place.path, asked.period(year))
    parts = reading.by_place(one, place.path, asked.period(year))
    targets = goals.standing(year, [place.path, *(part.path for part, _value in parts if part)])
    context = {
        "figure": one, "service": catalogue.service_of(one), "row": _row(reading, one, place, year, targets), "place": place,
        "mine": mine, "ranked": _ranked(reading, one, place, year, targets),
        "goals": drawing.address(reverse("board-figure-goals", args=[key]), place=place.path, year=year),
        "files": [
            (title, drawing.address(reverse("board-figure-file", args=[key, form]), place=place.path, year=year))
            for form, title in PAPERS if form in sheets.TYPES
        ],
        "above": [above for above in _lineage(place) if actor_of(request).reaches(above.path, *SEES_RECORDS)],
        "year": year, "years": reading.years(), "period": asked.period(year), "definition": words.definition(one),
        "counting": words.counting(one), "mode": words.mode(one), "base": words.base(one), "source": words.source(one),
        "records": drawing.address(reverse("records", args=[key]), place=place.path, year=year) if opens else "",
    }  # fmt: skip
    return render(request, "web/board_figure.html", context | _split(reading, one, place, year, opens))


def places_of(request: HttpRequest, reading: Reading) -> list[Place]:
    """The places whose figures this account may see whole: where it holds a post that sees records."""
    paths = actor_of(request).paths(*SEES_RECORDS)
    root = reading.root()
    if "" in paths:
        return [root] if root else []
    return list(Place.objects.filter(path__in=paths).order_by("path"))


def own_place(request: HttpRequest, reading: Reading, mine: list[Place]) -> Place:
    """The place asked for, if a post of mine reaches it; anything else does not exist for me."""
    if not mine:
        raise Http404("no post that sees figures")
    place = asked.place(request, mine[0])
    actor_of(request).must_reach(place.path, *SEES_RECORDS)
    return place


def _now(reading: Reading, one: Figure, place: Place, year: int) -> Value:
    return reading.value(one, place.path, asked.period(year))


def _row(reading: Reading, one: Figure, place: Place, year: int, targets: goals.Standing) -> Row:
    now = _now(reading, one, place, year)
    # A year that is not over is set against the same days of the year before.
    earlier = reading.value(one, place.path, asked.period(year).a_year_earlier())
    href = drawing.address(reverse("board-figure", args=[one.key]), place=place.path, year=year)
    goal = goals.beside(one, now, targets.get((one.key, place.path)), year)
    return Row(one, one.show(now), one.show(earlier), words.growth(now, earlier), drawing.shares(now), href, goal)


def _ranked(reading: Reading, one: Figure, place: Place, year: int, targets: goals.Standing) -> list[Ranked]:
    """The places below in the order of their numbers, equal ones on one rank."""
    period = asked.period(year)
    earlier = {part.path: value for part, value in reading.by_place(one, place.path, period.a_year_earlier()) if part}
    found = [(part, value) for part, value in reading.by_place(one, place.path, period) if part]
    found.sort(key=lambda pair: (-drawing.weight(pair[1]), pair[0].path))
    whole = drawing.weight(reading.value(one, place.path, period))
    ranks: list[Ranked] = []
    for at, (part, value) in enumerate(found, 1):
        size = drawing.weight(value)
        same = bool(ranks) and size == drawing.weight(found[at - 2][1])
        share = f"{size * 100 / whole:.1f}%" if one.adds and whole else ""
        href = drawing.address(reverse("board-figure", args=[one.key]), place=part.path, year=year)
        goal = goals.beside(one, value, targets.get((one.key, part.path)), year)
        change = words.growth(value, earlier.get(part.path, one.nothing))
        rank = ranks[-1].rank if same else at
        ranks.append(Ranked(rank, part.name, one.show(value), drawing.shares(value), share, change, href, goal))
    return ranks


def _split(reading: Reading, one: Figure, place: Place, year: int, opens: bool) -> dict[str, Any]:
    """By place and by month, nothing withheld; `opens`: a month leads to its records."""
    period, here = asked.period(year), reverse("board-figure", args=[one.key])
    records = reverse("records", args=[one.key])
    parts = disclosure.Split(list(reading.by_place(one, place.path, period)), [], None)
    months = disclosure.Split(list(reading.by_month(one, place.path, period)), [], None)
    marks = drawing.places(one, parts, lambda below: drawing.address(here, place=below.path, year=year))
    columns = drawing.months(
        one,
        months,
        (lambda month: drawing.address(records, place=place.path, year=year, month=month.start.month))
        if opens
        else None,
    )
    return {"marks": marks, "tiles": drawing.tiles(marks), "months": columns}


def _lineage(place: Place) -> list[Place]:
    paths = [place.path[:end] for end in range(3, len(place.path), 3)]
    return list(Place.objects.filter(path__in=paths).order_by("path"))
