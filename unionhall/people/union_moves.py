"""What the end of a union means for its members: none is left behind at a union that no longer stands."""

from datetime import date
from typing import Any

from django.db import transaction

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.paths import within
from unionhall.organisations.actions import union_life
from unionhall.organisations.models import Union
from unionhall.organisations.roles import holders
from unionhall.people import actions
from unionhall.people.actions import At, Standing
from unionhall.people.models import Membership


def end_union(
    union: int, *, on: date, reason: str, by: Actor, into: int | None = None, members_go: bool = False
) -> tuple[int, dict[str, Any]]:
    """A union ends (organisations.union_life.end_union); with `members_go`, its members go on at the union it merges into.

    How many members went, and what takes the end back: empty when members went, for each of them is a record of its own.
    """
    with transaction.atomic():
        members = list(Membership.objects.select_for_update().filter(union=union, until=None))
        went = _go(members, into, on, by=by) if members and members_go else 0
        undo = union_life.end_union(union, on=on, reason=reason, into=into, by=by)
        return went, {} if went else undo


def _go(members: list[Membership], into: int | None, on: date, *, by: Actor) -> int:
    if into is None:
        raise Refused("会员要转到别的工会：请填写并入哪个工会。", code="into")
    other = Union.objects.filter(pk=into).first()
    if other is None:
        raise NotYours(f"union {into}")
    for path in {row.path for row in members}:
        by.must_reach(path, *holders("members.change"))
        if within(path, other.path) and not by.reaches(other.path, *holders("members.change")):
            raise Refused("会员转到{name}要由管那里的干部办理，请先报上级。", code="into", name=other.name)
    by.must_reach(other.path, *holders("members.change"))
    at = At(other.pk, other.path, other.kind)
    moves = [
        (row.pk, Standing(row.person_id, at, row.employer_id, row.state, row.job, row.contract, on)) for row in members
    ]
    return len(actions.transfer(moves, by=by, on=on))
