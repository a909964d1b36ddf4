"""数说工会: the figures for everyone. No person is shown, and no number that speaks of fewer than five."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionhall import catalogue
from unionhall.indicators.figures import Figure, Rate
from unionhall.indicators.models import PublishedFact
from unionhall.indicators.service import Service
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place
from unionhall.web import asked, disclosure, drawing, gate, opening, sheets, words
from unionhall.web.acting import actor_of
from unionhall.web.counted import Reading

YEARS_SHOWN = 8


@dataclass(frozen=True)
class Card:
    """One figure on the page."""

    figure: Figure
    shown: str
    href: str
    beneath: str
    few: bool


@gate.public
@require_safe
def story(request: HttpRequest) -> HttpResponse:
    """The year in figures, service by service."""
    reading = Reading()
    year, root = asked.year(request, reading), reading.root()
    period, years = asked.period(year), reading.years()
    if root is None:
        return render(request, "web/empty.html", {"year": year})
    before = asked.period(year - 1) if year - 1 in years else None
    done, quiet = _groups(reading, root, period, year)
    headlines = [
        _card(reading, one, root, period, year, before) for one in catalogue.figures().values() if one.headline
    ]
    mapped = _mapped(request, reading, root, period)
    busiest = _busiest(reading, root, period)
    split = disclosure.by_place(reading, mapped, root.path, period)
    marks = drawing.places(mapped, split, lambda place: _href(mapped, year, place.path))
    context = {
        "year": year, "years": years, "period": period, "headlines": headlines, "groups": done, "quiet": quiet,
        "mapped": mapped, "marks": marks, "tiles": drawing.tiles(marks + drawing.merged_tiles(split)),
        "maps": [one for one in _mappable() if one is not mapped], "busiest": busiest,
        "bars": _years(reading, busiest, root.path, years[:YEARS_SHOWN]) if busiest else [],
    }  # fmt: skip
    return render(request, "web/story.html", context)


@gate.public
@require_safe
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """One figure: what it means, where and when it comes from, how it is counted, what was published of it.

    Of a number that is withheld, what was published is withheld too: it is the same number.
    """
    reading = Reading()
    one, root = asked.figure(key), reading.root()
    year, place = asked.year(request, reading), asked.place(request, root)
    assert root is not None
    period, out = asked.period(year), disclosure.hidden(reading, one, place.path, root.path, asked.period(year))
    split = disclosure.Split([], [], None) if out else disclosure.by_place(reading, one, place.path, period)
    marks = drawing.places(one, split, lambda below: _href(one, year, below.path))
    value = reading.value(one, place.path, period)
    whole = place.path == root.path and not out
    by_month = disclosure.by_month(reading, one, place.path, period) if whole else disclosure.Split([], [], None)
    context = {
        "figure": one, "service": catalogue.service_of(one), "beside": _beside(one, year), "year": year, "years": reading.years(), "period": period,
        "place": place, "root": root, "above": _above(place, root), "few": out,
        "shown": _("少于 5") if whole or place.path == root.path else _("合并公布"), "definition": words.definition(one),
        "counting": words.counting(one), "mode": words.mode(one), "base": words.base(one), "source": words.source(one),
        "marks": marks, "tiles": drawing.tiles(marks + drawing.merged_tiles(split)), "months": drawing.months(one, by_month),
        "bars": _years(reading, one, root.path, reading.years()[:YEARS_SHOWN]) if whole else [],
        "facts": [] if out else _facts(one, place, period), "detail": "" if out else drawing.shares(value),
        "officer": request.user.is_authenticated and opening.may_open(actor_of(request), one, place.path, period),
        "files": [
            (title, drawing.address(reverse("figure-file", args=[key, form]), year=year, place=place.path if place != root else ""))
            for form, title in (("csv", "CSV"), ("pdf", "PDF"))
        ],
    }  # fmt: skip
    if not out:
        context["shown"] = one.show(value)
    return render(request, "web/figure.html", context)


@gate.public
@require_safe
def story_csv(request: HttpRequest) -> HttpResponse:
    """Every figure of the year for the whole district, as a table."""
    reading = Reading()
    year, root = asked.year(request, reading), reading.root()
    if root is None:
        raise Http404("no tree yet")
    period = asked.period(year)
    rows = []
    for service in catalogue.SERVICES:
        for one in service.figures:
            few = disclosure.too_few(reading, one, root.path, period)
            rows.append(
                [
                    service.title,
                    one.key,
                    one.title,
                    root.name,
                    *sheets.numbers(one, reading.value(one, root.path, period), few),
                    one.definition,
                ]
            )
    return sheets.csv_of(f"figures-{year}.csv", ["服务", "指标编号", "指标", "地方", *sheets.NUMBERS, "口径"], rows)


@gate.public
@require_safe
def figure_file(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """One figure by place and, for the whole district, by month: as CSV, Word or PDF."""
    if form not in sheets.TYPES:
        raise Http404(f"form {form!r}")
    reading = Reading()
    one, root = asked.figure(key), reading.root()
    year, place = asked.year(request, reading), asked.place(request, root)
    assert root is not None
    period = asked.period(year)
    if disclosure.hidden(reading, one, place.path, root.path, period):
        raise Http404("too few to be given apart")
    sheet = _sheet(reading, one, place, root, period)
    return sheets.download(sheet, form, reading.stamp)


def _sheet(reading: Reading, one: Figure, place: Place, root: Place, period: Period) -> sheets.Sheet:
    """What the figure's page shows, for a file; the year before too, unless it is withheld."""
    nothing = disclosure.Split([], [], None)
    earlier = period.a_year_earlier()
    before = (
        None
        if disclosure.hidden(reading, one, place.path, root.path, earlier)
        else reading.value(one, place.path, earlier)
    )
    months = disclosure.by_month(reading, one, place.path, period) if place.path == root.path else nothing
    return sheets.Sheet(
        one, place, period, reading.value(one, place.path, period), before, disclosure.by_place(reading, one, place.path, period),
        months, public=True,
    )  # fmt: skip


def _card(reading: Reading, one: Figure, root: Place, period: Period, year: int, before: Period | None = None) -> Card:
    value = reading.value(one, root.path, period)
    few = disclosure.too_few(reading, one, root.path, period)
    beneath = "" if few else drawing.shares(value)
    if before and not few and not beneath and not disclosure.too_few(reading, one, root.path, before):
        earlier = reading.value(one, root.path, before)
        if change := words.growth(value, earlier):
            beneath = _("上年 %(value)s · %(change)s") % {"value": one.show(earlier), "change": change}
    return Card(one, _("少于 5") if few else one.show(value), _href(one, year), beneath or words.mode(one), few)


def _groups(
    reading: Reading, root: Place, period: Period, year: int
) -> tuple[list[tuple[Service, list[Card]]], list[Card]]:
    """The cards of each service that has any, and those of figures that have nothing to show this year: of a service that has
    none at all the first stands for the others, whose page names them.
    """
    done, quiet = list[tuple[Service, list[Card]]](), list[Card]()
    for service in catalogue.SERVICES:
        cards = [_card(reading, one, root, period, year) for one in service.figures]
        empty = [card for card in cards if not drawing.weight(reading.value(card.figure, root.path, period))]
        quiet += empty[:1] if len(empty) == len(cards) else empty
        if shown := [card for card in cards if card not in empty]:
            done.append((service, shown))
    return done, quiet


def _beside(figure: Figure, year: int) -> list[tuple[Figure, str]]:
    """The other figures of its service, with where they are told."""
    return [(one, _href(one, year)) for one in catalogue.service_of(figure).figures if one.key != figure.key]


def _mappable() -> list[Figure]:
    return [one for one in catalogue.figures().values() if one.headline]


def _mapped(request: HttpRequest, reading: Reading, root: Place, period: Period) -> Figure:
    """The figure on the map: the one asked for, else the last headline that adds up and has something to show."""
    wanted = request.GET.get("map", "")
    choices = _mappable()
    for one in choices:
        if one.key == wanted:
            return one
    if wanted:
        raise Http404(f"map {wanted!r}")
    lively = [one for one in choices if one.adds and drawing.weight(reading.value(one, root.path, period))]
    return lively[-1] if lively else choices[0]


def _busiest(reading: Reading, root: Place, period: Period) -> Figure | None:
    """The headline flow with the most done this year, of those done the year before too: years worth comparing."""
    flows = [one for one in _mappable() if one.adds_over_time and one.counting == "rows"]
    before = period.a_year_earlier()
    lasting = [one for one in flows if reading.value(one, root.path, before)]
    return max(lasting or flows, key=lambda one: drawing.weight(reading.value(one, root.path, period)), default=None)


def _years(reading: Reading, one: Figure, path: str, years: Sequence[int]) -> list[drawing.Mark]:
    values = []
    for year in sorted(years):
        period = asked.period(year)
        value = reading.value(one, path, period)
        if value or values:  # the years before the first record say nothing
            values.append((year, value, disclosure.too_few(reading, one, path, period)))
    return drawing.years(one, values, lambda year: _href(one, year))


def _href(one: Figure, year: int, place: str = "") -> str:
    return drawing.address(reverse("figure", args=[one.key]), year=year, place=place)


def _above(place: Place, root: Place) -> list[Place]:
    """The places from the root down to the one above this."""
    paths = [place.path[:end] for end in range(len(root.path), len(place.path), 3)]
    return list(Place.objects.filter(path__in=paths).order_by("path"))


def _facts(one: Figure, place: Place, period: Period) -> list[tuple[PublishedFact, str]]:
    """What was published of this number: every revision, with what it said."""
    found = PublishedFact.objects.filter(indicator=one.key, path=place.path, start=period.start, end=period.end)
    return [
        (fact, one.show(fact.numerator if fact.denominator is None else Rate(fact.numerator, fact.denominator)))
        for fact in found.order_by("revision")
    ]
