"""What the days bring about by themselves: reminders before the last day and on it, and a late matter rising a level."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from unionhall.cases import clock_moves, handling_moves, note_moves, notices, reach, terms
from unionhall.cases import service as services
from unionhall.cases.clock_models import Deadline
from unionhall.cases.models import Case
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.calendar import official
from unionhall.kernel.clock import SOON
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.paths import level
from unionhall.messages import actions as messages
from unionhall.messages.actions import Addressed
from unionhall.messages.kinds import Kind
from unionhall.organisations.accounts import PostHeld

PATIENCE = {reach.CELL: 0, reach.STATION: 2, "street": 4}
"""Working days after its last day after which a matter rises from a level: a cell's at once, to the station beside it."""
AT_ONCE = 500
_BEFORE, _ON = 1, clock_moves.ALL_TOLD


class Reminded(NamedTuple):
    """How many clocks were reckoned, reminded of, and how many matters rose a level."""

    reckoned: int
    reminded: int
    risen: int


def each_day(today: date, *, by: Actor) -> Reminded:
    """Everything of a day; done twice on one day, it does nothing more."""
    if not by.reaches("", "system"):
        raise NotYours("cases")
    return Reminded(_reckon(by), _remind(today, by), _rise(today, by))


def _reckon(by: Actor) -> int:
    """Days that could not be told, because the year's holidays were not known; and clocks nobody began."""
    count = 0
    for row in Deadline.objects.running().filter(due_on=None, suspended_on=None).order_by("pk"):
        if (due := terms.due(row.term)) is None:
            continue
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=row.case_id)
            Deadline.objects.filter(pk=row.pk, due_on=None, suspended_on=None, ended_on=None).update(due_on=due)
            _keep(case, [row.pk], by)
        count += 1
    with_clocks = {(one.key, clock.start) for one in services.everyone() for clock in one.clocks}
    for key, state in sorted(with_clocks):
        without, last = Case.objects.filter(service=key, state=state, closed_on=None, deadlines=None), 0
        # Those older than the first version of their rule stay without one; nobody waits behind them.
        while found := list(without.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
            last = found[-1].pk
            clock_moves.begin_many(found, by=by, batch=None)
            count += Deadline.objects.filter(case__in=[one.pk for one in found]).values("case").distinct().count()
    return count


def _remind(today: date, by: Actor) -> int:
    """Tell whoever handles them of duties due within SOON days, and again on the last day."""
    count = 0
    for stage, last in ((_BEFORE, today + timedelta(days=SOON)), (_ON, today)):
        rows = Deadline.objects.running().filter(
            suspended_on=None, due_on__lte=last, told__lt=stage, case__closed_on=None
        )
        for row in rows.select_related("case").order_by("pk"):
            clock = services.find(row.case.service).clock(row.clock)
            if clock is None or clock.window:
                continue
            with transaction.atomic():
                if not Deadline.objects.filter(pk=row.pk, told__lt=stage, ended_on=None).update(told=stage):
                    continue
                _tell(notices.DUE, row, _handlers(row.case, today), f"case.due:{row.pk}:{row.due_on}:{stage}", by)
                said = {"clock": row.clock, "due": row.due_on.isoformat()}
                note = note_moves.take_down(row.case, "reminded", said=said, by=by)
                audit.write(
                    "case.clock.reminded", by=by, subject=row.case.subject, path=row.path, rows=(row, note),
                    about=row.case.person_id,
                )  # fmt: skip
            count += 1
    return count


def _rise(today: date, by: Actor) -> int:
    """Matters late for longer than PATIENCE at their level; the next level answers for them and is told. One that was late
    already when a register told of it rises by hand: its station has only just been given it.
    """
    count = 0
    told_late = Deadline.objects.running().filter(
        case=OuterRef("pk"), due_on=OuterRef("due_on"), due_on__lt=F("known_on")
    )
    late = Case.objects.filter(closed_on=None, due_on__lt=today, waiting_since=None).exclude(level="district")
    late = late.exclude(Exists(told_late))
    for case in late.order_by("pk"):
        try:
            since = official().working_between(case.due_on, today)
        except Refused:
            continue
        if since < PATIENCE[case.level]:
            continue
        row = Deadline.objects.running().filter(case=case, due_on=case.due_on).order_by("pk").first()
        with transaction.atomic():
            if row is None or not handling_moves.rise_if_late(case.pk, today, reason="超过办理期限，自动上报", by=by):
                continue
            case.refresh_from_db()
            row.case = case
            _tell(notices.RISEN, row, _handlers(case, today), f"case.risen:{row.pk}:{case.level}", by)
        count += 1
    return count


def _handlers(case: Case, today: date) -> list[int]:
    """Whom a reminder goes to: the handler, or everybody whose post it is, nearest place first."""
    if case.handler_id is not None:
        return [case.handler_id]
    roles = reach.answering(case.service, case.level)
    held = PostHeld.objects.over(case.path, roles, today)
    found = list(held.values_list("account", "path"))
    if case.level == reach.STATION and services.find(case.service).grid:
        # It has risen from the cell, or had nobody there: the station's own are told, where it has some.
        found = [one for one in found if level(one[1]) < reach.COMMUNITY] or found
    return sorted(reach.nearest(found))


def _tell(kind: Kind, row: Deadline, accounts: Iterable[int], key: str, by: Actor) -> None:
    clock = services.find(row.case.service).clock(row.clock)
    fields = notices.about(row.case) | {
        "clock": clock.title if clock else row.clock,
        "on": row.due_on.isoformat() if row.due_on else "",
    }
    addressed = [Addressed(f"{key}:{account}", None, account, fields, row.case.subject) for account in accounts]
    if addressed:
        messages.queue_many(kind, addressed, by=by)


def _keep(case: Case, rows: list[int], by: Actor) -> None:
    clock_moves.refresh(case, by=by)
    Case.objects.filter(pk=case.pk).update(due_on=case.due_on, digest=None)
    audit.write(
        "case.clock.begin", by=by, subject=case.subject, path=case.path, keys=[(Case, [case.pk]), (Deadline, rows)]
    )
