"""What waits for somebody this morning: the matters whose next step is theirs, in the order of their last days."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.reach import LEVELS, OF_THE_STATION, answering
from unionhall.kernel.actor import Actor
from unionhall.storage.dated import placed_at


class Waiting(NamedTuple):
    """How many of them there are: late, due within three days, not taken up yet, waiting for papers, in all."""

    late: int
    soon: int
    new: int
    papers: int
    all: int


def mine(actor: Actor) -> QuerySet[Case]:
    """Open matters whose next step a post of this actor takes, at its places: at the level that answers for them now.

    Matters given to somebody else by name are theirs, for the station's workers.
    """
    where = Q(pk__in=())
    for role in sorted({post.role for post in actor.posts}):
        steps = _steps_of(role)
        if not steps:
            continue
        at = placed_at(actor.paths(role))
        where |= steps & at & (Q(handler=None) | Q(handler=actor.account) if role == "station_worker" else Q())
    rows: QuerySet[Case] = Case.objects.visible_to(actor).filter(where, closed_on=None)
    return rows


def in_order(rows: QuerySet[Case]) -> QuerySet[Case]:
    """The late ones first, then by their last day; those without one at the end, the oldest first."""
    return rows.order_by(F("due_on").asc(nulls_last=True), "opened_on", "pk")


def first(rows: QuerySet[Case], many: int) -> list[Case]:
    """The first so many of them in order. Their ids are found in the index alone, and only those rows are read."""
    numbers = list(in_order(rows).values_list("pk", flat=True)[:many])
    found = Case.objects.select_related("person", "employer").in_bulk(numbers)
    return [found[number] for number in numbers]


def counts(rows: QuerySet[Case], today: date, soon: date) -> Waiting:
    """Counted in one query."""
    initial = _standing({service.key: (service.workflow.initial,) for service in services.everyone()})
    going = Q(waiting_since=None)
    found = rows.aggregate(
        late=Count("pk", filter=going & Q(due_on__lt=today)), soon=Count("pk", filter=going & Q(due_on__gte=today, due_on__lte=soon)),
        new=Count("pk", filter=going & initial), papers=Count("pk", filter=~going), all=Count("pk"),
    )  # fmt: skip
    return Waiting(**found)


def _steps_of(role: str) -> Q | None:
    """Matters from whose state this role takes a step: its own, or a station's that has risen to it."""
    own: dict[str, set[str]] = {}
    risen: dict[str, dict[str, set[str]]] = {}
    for service in services.everyone():
        for move in service.workflow.moves:
            posts = move.by.split()
            if role in posts:
                own.setdefault(service.key, set()).add(move.source)
            for level in LEVELS.keys() - set(OF_THE_STATION):
                if "station_worker" in posts and role in answering(service.key, level):
                    risen.setdefault(level, {}).setdefault(service.key, set()).add(move.source)
    where = _standing(own) & (Q(level__in=OF_THE_STATION) if role == "station_worker" else Q()) if own else Q()
    for level, states in risen.items():
        where |= _standing(states) & Q(level=level)
    return where or None


def _standing(states: Mapping[str, Collection[str]]) -> Q:
    """Matters of these services in these states of theirs: services whose states are the same are asked for together, for
    the question is put to every open matter of a place.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for service, those in sorted(states.items()):
        alike.setdefault(tuple(sorted(those)), []).append(service)
    where = Q()
    for those_states, keys in alike.items():
        where |= Q(service__in=keys, state__in=those_states)
    return where
