"""The records a figure counts, page by page: persons masked, only within one's own posts, only for posts that see records."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall import catalogue
from unionhall.agreements.models import Agreement
from unionhall.exchange import spoken
from unionhall.indicators import figures
from unionhall.indicators.figures import Figure, Ratio
from unionhall.journal.models import Line
from unionhall.kernel.period import Period
from unionhall.offers.models import Offer
from unionhall.organisations.models import Employer, Station, Union
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import STAFF_KINDS, UNION_KINDS
from unionhall.people.models import Card, Membership
from unionhall.web import asked, drawing, gate, opening, words
from unionhall.web.acting import actor_of
from unionhall.web.board import own_place, places_of
from unionhall.web.counted import Reading

PER_PAGE = 50


class Counted(Paginator):  # type: ignore[type-arg]
    """Pages of a queryset whose length was already counted for the same state of the records.

    `grouped` rows (one per distinct person) have no key of their own. Of others, a page's keys are found first, so that
    the last page of 180,000 joins fifty rows and not all before them.
    """

    def __init__(self, rows: QuerySet, per_page: int, length: int, *, grouped: bool) -> None:  # type: ignore[type-arg]
        super().__init__(rows, per_page)
        self.rows, self.length, self.grouped = rows, length, grouped

    def page(self, number: int | str) -> Page:  # type: ignore[type-arg]
        number = self.validate_number(number)
        found = self.rows[(number - 1) * self.per_page : number * self.per_page]
        if not self.grouped:
            found = self.rows.filter(pk__in=list(found.values_list("pk", flat=True)))
        return self._get_page(found, number, self)

    @property
    def count(self) -> int:  # type: ignore[override]
        return self.length


@gate.right("records.see")
@never_cache
@require_safe
def records(request: HttpRequest, key: str) -> HttpResponse:
    """`?place=&year=&month=&part=base&page=`"""
    reading = Reading()
    one = asked.figure(key)
    place = own_place(request, reading, places_of(request, reading))
    year, month = asked.year(request, reading), asked.month(request)
    period, part = asked.period(year, month), request.GET.get("part", "")
    if part not in ("", "base") or (part and not isinstance(one, Ratio)):
        raise Http404(f"part {part!r}")
    counted: Figure = one if not isinstance(one, Ratio) else one.denominator if part else one.numerator
    if not opening.may_open(actor_of(request), counted, place.path, period):
        raise PermissionDenied
    rows = counted.lines(place.path, period, moved=reading.moves())
    length = reading.keep(("length", counted.key, place.path, period), rows.count)
    pages = Counted(rows, PER_PAGE, length, grouped=counted.counting in ("people", "employers"))
    page = pages.page(_number(request, pages))
    address = reverse("records", args=[key])
    asking = {"place": place.path, "year": year, "month": month}
    context = {
        "figure": one, "service": catalogue.service_of(one), "counted": counted, "place": place, "year": year, "month": month,
        "period": period, "page": page, "part": part, "headers": counted.headers, "rows": _rows(request, counted, list(page.object_list)),
        "figure_shown": one.show(reading.value(one, place.path, period)),
        "shown": counted.show(reading.value(counted, place.path, period)), "counting": words.counting(counted),
        "pages": _pages(page.number, pages, lambda at: drawing.address(address, **asking, part=part, page=at)),
        "tabs": _tabs(one, reading, place.path, period, lambda name: drawing.address(address, **asking, part=name)),
        "months": _months(year, lambda number: drawing.address(address, **(asking | {"month": number}), part=part)),
        "whole": drawing.address(address, place=place.path, year=year, part=part),
        "up": drawing.address(reverse("board-figure", args=[key]), place=place.path, year=year),
    }  # fmt: skip
    return render(request, "web/records.html", context)


class Cell(NamedTuple):
    """One cell: its heading, the text, and where it leads."""

    header: str
    text: str
    href: str = ""


class Row(NamedTuple):
    """One record: all its cells for the table; for the phone, two that name it and those that say something."""

    cells: list[Cell]
    head: list[Cell]
    rest: list[Cell]


def _rows(request: HttpRequest, counted: figures.Counted, lines: list[Any]) -> list[Row]:
    """A page of records in words: kinds as the registers say them, what a line is about with the way to its own page."""
    found = []
    doors = _doors(request)
    names = _names(counted, lines)
    own = _own_pages(request, counted, lines, doors)
    for line, cells, leads in zip(lines, counted.cells(lines), own, strict=True):
        named = []
        for header, cell in zip(counted.headers, cells, strict=True):
            # A sealed value prints its mask; nothing prints as nothing.
            named.append(Cell(header, "" if cell is None else str(cell)))
        if isinstance(line, Line):
            named = [_said(line, cell, doors, names) for cell in named]
        else:
            named = [
                cell._replace(text=_KINDS.get(cell.text, cell.text)) if cell.header == "类别" else cell
                for cell in named
            ]
        said = [cell for cell in named if cell.text]
        if said and leads:
            named[named.index(said[0])] = said[0] = said[0]._replace(href=leads)
        found.append(Row(named, said[:2], said[2:]))
    return found


def _own_pages(request: HttpRequest, counted: figures.Counted, lines: list[Any], doors: Mapping[str, str]) -> list[str]:
    """Where each record has a page of its own; "" where it has none, or none that this account may open.

    Lines of the journal lead there by what they are about; distinct people by their membership, the open one first.
    """
    actor, grouped = actor_of(request), {"people": Membership, "employers": Employer}.get(counted.counting)
    model: Any = grouped or (type(lines[0]) if lines else None)
    kind = REGISTERS.get(model, "")
    if kind not in doors:
        return [""] * len(lines)
    keys = [line["who"] if grouped else line.pk for line in lines]
    if grouped is Membership:
        rows = Membership.objects.visible_to(actor).filter(person__in=keys).order_by("since")
        found = dict(rows.values_list("person", "pk")) | dict(rows.filter(until=None).values_list("person", "pk"))
    else:
        found = {key: key for key in model.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True)}
    return [reverse(doors[kind], args=[found[key]]) if key in found else "" for key in keys]


def _said(line: Line, cell: Cell, doors: Mapping[str, str], names: Mapping[str, str]) -> Cell:
    if cell.text and cell.text == line.kind:
        return cell._replace(text=names.get(line.kind) or words.kind(line.service, line.act, line.kind))
    if cell.text and cell.text == line.subject:
        about = spoken.subject(line.subject)
        door = doors.get(about.key)
        return cell._replace(
            text=words.subject(line.subject), href=reverse(door, args=[about.number]) if door and about.number else ""
        )
    return cell


def _names(counted: figures.Counted, lines: list[Any]) -> dict[str, str]:
    """Titles of the items used, where a line's kind is an item's code."""
    codes = {line.kind for line in lines if isinstance(line, Line) and line.act in ("used", "opened")}
    return dict(Offer.objects.filter(code__in=codes).values_list("code", "title")) if codes else {}


_KINDS = STAFF_KINDS | UNION_KINDS
"""What a register row keeps as its kind, in words."""

DOORS = {
    "membership": ("desk-member", "members.see"), "card": ("desk-card", "cards.see"), "case": ("desk-case", "cases.see"), "chain": ("desk-case", "cases.see"),
    "agreement": ("desk-agreement", "agreements.see"), "offer": ("desk-offer", "offers.see"), "participation": ("desk-use", "offers.see"),
    "employer": ("desk-employer", "employers.see"), "union": ("desk-union", "unions.see"), "station": ("desk-station", "stations.see"),
}  # fmt: skip
"""What a line is about -> its page at the desk, and the right that opens it."""
REGISTERS: dict[Any, str] = {
    Agreement: "agreement", Card: "card", Employer: "employer", Membership: "membership", Offer: "offer", Station: "station",
    Union: "union",
}  # fmt: skip
"""A register's rows -> the same."""


def _doors(request: HttpRequest) -> dict[str, str]:
    """The pages at the desk this account may open."""
    actor = actor_of(request)
    return {key: name for key, (name, right) in DOORS.items() if actor.holds(*holders(right))}


def _number(request: HttpRequest, pages: Counted) -> int:
    asked_for = request.GET.get("page", "1")
    if not asked_for.isascii() or not asked_for.isdigit() or not 1 <= int(asked_for) <= pages.num_pages:
        raise Http404(f"page {asked_for!r}")
    return int(asked_for)


def _pages(number: int, pages: Counted, link: Callable[[int], str]) -> list[tuple[int | None, str, bool]]:
    """(number or None for a gap, link, is this one) for the row of page numbers."""
    return [
        (None, "", False) if not isinstance(at, int) else (at, link(at), at == number)
        for at in pages.get_elided_page_range(number, on_each_side=2, on_ends=1)
    ]


def _tabs(
    one: Figure, reading: Reading, path: str, period: Period, link: Callable[[str], str]
) -> list[tuple[str, str, str, str]]:
    """For a rate: (part, title, its number, link) of the numerator and the base."""
    if not isinstance(one, Ratio):
        return []
    both = (("", one.numerator), ("base", one.denominator))
    return [(name, words.title(of), of.show(reading.value(of, path, period)), link(name)) for name, of in both]


def _months(year: int, link: Callable[[int], str]) -> list[tuple[int, str, str]]:
    """(number, name, link) of each month of the year so far."""
    return [(month.start.month, words.month(month), link(month.start.month)) for month in asked.period(year).months()]
