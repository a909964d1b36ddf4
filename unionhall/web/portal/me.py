"""A worker's own card, data, and the list of who looked at them."""

from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionhall.access.models import AccessRow
from unionhall.access.sensitive import REFERRED, REVEALABLE
from unionhall.offers.showing import open_items
from unionhall.organisations.models import Place
from unionhall.organisations.roles import ROLES
from unionhall.people.membership_moves import UNDONE
from unionhall.people.models import Card, Membership, Person
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.portal import words
from unionhall.web.portal.offers import facts_for
from unionhall.web.portal.places import waiting_for

A_PAGE = 20
OPEN = 5
"""As many activities are named on the first page."""


class Reading(NamedTuple):
    """One look at one's data, in words."""

    row: AccessRow
    post: str
    field: str


@gate.worker
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The card, what waits for me, what I may sign up for, and the ways on."""
    by, now = actor_of(request), timezone.now()
    standing = list(_newest(Membership.objects.visible_to(by)).select_related("person"))
    person = standing[0].person if standing else _me(request)
    open_to_me = [
        one for one in open_items(facts_for(by, now), now) if one.ahead is not None and one.fits and not one.mine
    ]
    told = {
        "tab": "home", "waiting": waiting_for(request), "open": open_to_me[:OPEN], "more": max(len(open_to_me) - OPEN, 0), "now": now, "person": person, "card": next(iter(_cards(person)), None),
        "membership": next((row for row in standing if row.until is None), None),
        "years": _years(standing),
    }  # fmt: skip
    return render(request, "web/portal/home.html", told)


@gate.worker
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What the union has written down of me; numbers masked here too, for telephones are looked at over shoulders."""
    person = _me(request)
    told = {
        "tab": "data", "person": person, "looks": AccessRow.objects.visible_to(actor_of(request)).count(), "document": words.document(person), "sex": words.sex(person),
        "memberships": [(row, words.membership_state(row)) for row in _memberships(person)],
        "cards": [(row, words.card_state(row)) for row in _cards(person)],
    }  # fmt: skip
    return render(request, "web/portal/data.html", told)


@gate.worker
@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """Who opened my sealed data: when, with which post, which field and why."""
    page = Paginator(AccessRow.objects.visible_to(actor_of(request)), A_PAGE).get_page(request.GET.get("page"))
    names = _places([row.posts for row in page])
    titles = {one.field: one.title for one in (*REVEALABLE, REFERRED)}
    shown = [Reading(row, _posts(row.posts, names), str(titles.get(row.field, row.field))) for row in page]
    return render(request, "web/portal/readings.html", {"tab": "readings", "page": page, "readings": shown})


def _me(request: HttpRequest) -> Person:
    return get_object_or_404(Person.objects.visible_to(actor_of(request)))


def _memberships(person: Person) -> list[Membership]:
    """The newest first; without those an officer took back as never having been."""
    return list(_newest(person.memberships.all()))


def _newest(rows: "QuerySet[Membership]") -> "QuerySet[Membership]":
    return rows.exclude(ended_because=UNDONE).select_related("union", "employer").order_by("-since", "-pk")


def _cards(person: Person) -> list[Card]:
    """The newest first."""
    return list(person.cards.exclude(state="rejected").order_by("-requested_on", "-pk"))


def _years(rows: list[Membership]) -> int:
    """The year of membership today is in, from the first admission on; 0 when it is over or never was."""
    if not any(row.until is None for row in rows):
        return 0
    today, since = timezone.localdate(), min(row.since for row in rows)
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day)) + 1


def _places(posts: list[str]) -> dict[str, str]:
    paths = {post.partition("@")[2] for line in posts for post in line.split()}
    return dict(Place.objects.filter(path__in=paths).values_list("path", "name"))


def _posts(line: str, names: dict[str, str]) -> str:
    """ "station_worker@101004" as "柳荫街道 服务站社工"."""
    said = []
    for post in line.split():
        role, _at, path = post.partition("@")
        said.append(f"{names.get(path, '')} {_(ROLES[role]) if role in ROLES else ''}".strip())
    return "、".join(one for one in said if one)
