"""What waits for somebody this morning: the matters whose next step is theirs, in the order of their last days."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.reach import LEVELS, answering
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


def counts(rows: QuerySet[Case], today: date, soon: date) -> Waiting:
    """Counted in one query."""
    initial = Q(pk__in=())
    for service in services.everyone():
        initial |= Q(service=service.key, state=service.workflow.initial)
    going = Q(waiting_since=None)
    found = rows.aggregate(
        late=Count("pk", filter=going & Q(due_on__lt=today)), soon=Count("pk", filter=going & Q(due_on__gte=today, due_on__lte=soon)),
        new=Count("pk", filter=going & initial), papers=Count("pk", filter=~going), all=Count("pk"),
    )  # fmt: skip
    return Waiting(**found)


def _steps_of(role: str) -> Q | None:
    """Matters from whose state this role takes a step: its own, or a station's that has risen to it."""
    where = Q()
    for service in services.everyone():
        own = {move.source for move in service.workflow.moves if move.by == role}
        if own:
            level = Q(level="station") if role == "station_worker" else Q()
            where |= Q(service=service.key, state__in=sorted(own)) & level
        risen = {move.source for move in service.workflow.moves if move.by == "station_worker"}
        for level_name in list(LEVELS)[1:]:
            if risen and role in answering(service.key, level_name):
                where |= Q(service=service.key, state__in=sorted(risen), level=level_name)
    return where or None
