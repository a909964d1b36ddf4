"""What is done with a matter's clocks: begun and met by its steps, stopped, begun anew, given more time, and reminded of.

Every change is written down in the matter's notes; only the clocks of a rule's own version run, in the length it had on
the day of the event.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from unionhall.cases import note_moves, reach, terms
from unionhall.cases import service as services
from unionhall.cases.clock_models import Deadline, Extension, HouseLimit
from unionhall.cases.models import Case
from unionhall.cases.service import CaseService
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.calendar import official
from unionhall.kernel.clock import Clock, Term
from unionhall.kernel.errors import NotYours, Refused
from unionhall.storage import bulk

MET, LATE, LAPSED, RESTARTED = "met", "late", "lapsed", "restarted"
ALL_TOLD = 2
"""Reminders a clock gives: before its last day, and on it."""
_REASON = 200


def turn(case: Case, on: date, *, by: Actor) -> list[int]:
    """The matter has reached its state on a day: clocks this state meets end, those it starts begin; the rows touched.
    Within a step's transaction, which saves the matter.
    """
    touched = []
    service = services.find(case.service)
    closed = case.state in service.workflow.closing
    for row in Deadline.objects.running().filter(case=case):
        clock = service.clock(row.clock)
        if clock is not None and case.state in clock.ends:
            _end(row, on, LATE if row.due_on is not None and on > row.due_on else MET)
        elif clock is None or (closed and clock.start != case.state):
            _end(row, on, LAPSED)
        touched.append(row.pk)
    for clock in service.clocks:
        if clock.start == case.state and (begun := _begin(case, service, clock, on)) is not None:
            touched.append(begun.pk)
    refresh(case, by=by)
    return touched


def begin_many(cases: Sequence[Case], *, by: Actor, batch: int | None) -> None:
    """The clocks of open matters a register tells of, from the days it tells. Nobody is reminded of a day that had passed
    when it was told of.
    """
    rows, today = [], timezone.localdate()
    run = Deadline.objects.running().filter(case__in=[case.pk for case in cases])
    runs = set(run.values_list("case", "clock"))
    for case in cases:
        service = services.find(case.service)
        for clock in service.clocks:
            if (case.pk, clock.key) in runs:
                continue
            started = {service.workflow.initial: case.opened_on, "accepted": case.accepted_on}.get(clock.start)
            passed = clock.start in (case.state, service.workflow.initial) and case.state not in clock.ends
            found = terms.limit_of(service, clock, started) if passed and started is not None else None
            if found is not None and started is not None:
                term = found[0].begin(started)
                rows.append((case, clock, found[0].basis, found[1], term, terms.due(term)))
    if not rows:
        return
    numbers = bulk.ids(Deadline, len(rows))
    names = ("id", "case_id", "path", "clock", "basis", "version", "started_on", "since", "left", "working", "extended",
             "due_on", "outcome", "told", "known_on", "batch")  # fmt: skip
    bulk.insert(Deadline, names, [
        (number, case.pk, case.path, clock.key, basis, version, term.since, term.since, term.left, term.working, 0, due, "",
         ALL_TOLD if due is not None and due < today else 0, today, batch)
        for number, (case, clock, basis, version, term, due) in zip(numbers, rows, strict=True)
    ])  # fmt: skip
    first: dict[int, date | None] = {case.pk: None for case, *_rest in rows}
    for case, clock, _basis, _version, _term, due in rows:
        if due is not None and not clock.window:
            first[case.pk] = min(first[case.pk] or due, due)
    bulk.update(Case, ("due_on",), list(first.items()))
    touched = sorted(first)
    audit.wrote(
        "case.clock.begin",
        Deadline,
        numbers,
        by=by,
        paths=[row[0].path for row in rows],
        batch=batch,
        keys=[(Case, touched)],
    )


def told_anew(cases: Sequence[Case], *, by: Actor, batch: int | None) -> list[int]:
    """A corrected register tells these matters otherwise: what their states meet ends on the days it tells, what closed is
    due no more, a clock of the register's own day begins anew with another; the clocks that ended. The caller audits them.
    """
    told = {case.pk: case for case in cases}
    ended = []
    for row in Deadline.objects.running().filter(case__in=list(told)).order_by("pk"):
        case = told[row.case_id]
        service = services.find(case.service)
        clock = service.clock(row.clock)
        on = case.closed_on or case.accepted_on or case.opened_on
        began = {service.workflow.initial: case.opened_on, "accepted": case.accepted_on}.get(
            clock.start if clock else ""
        )
        if clock is not None and case.state in clock.ends:
            _end(row, on, LATE if row.due_on is not None and on > row.due_on else MET)
        elif case.closed_on is not None:
            _end(row, on, LAPSED)
        elif row.batch is not None and began != row.started_on:
            _end(row, timezone.localdate(), RESTARTED)
        else:
            continue
        ended.append(row.pk)
    begin_many([case for case in cases if case.closed_on is None], by=by, batch=batch)
    first: dict[int, date | None] = dict.fromkeys(told)
    for number, key, due in (
        Deadline.objects.running()
        .filter(case__in=list(told), suspended_on=None, due_on__isnull=False)
        .values_list("case", "clock", "due_on")
    ):
        clock = services.find(told[number].service).clock(key)
        if clock is not None and not clock.window:
            first[number] = min(first[number] or due, due)
    bulk.update(Case, ("due_on",), list(first.items()))
    return ended


def refresh(case: Case, *, by: Actor) -> None:
    """Say on the matter by when the first of its duties is due; a window is nobody's duty. The caller saves it."""
    windows = [clock.key for clock in services.find(case.service).clocks if clock.window]
    running = Deadline.objects.running().filter(case=case, suspended_on=None).exclude(clock__in=windows)
    case.due_on = running.aggregate(first=Min("due_on"))["first"]


def pause(case: Case, on: date, *, by: Actor) -> list[str]:
    """Stop the clocks that may wait for papers, on a day; which they were. The caller saves the matter."""
    pauses = [clock.key for clock in services.find(case.service).clocks if clock.pauses]
    rows = list(Deadline.objects.running().filter(case=case, suspended_on=None, clock__in=pauses))
    for row in rows:
        _suspend(row, on)
    refresh(case, by=by)
    return [row.clock for row in rows]


def go_on(case: Case, on: date, *, by: Actor) -> None:
    """Let the stopped clocks of a matter run on with what was left. The caller saves the matter."""
    for row in Deadline.objects.running().filter(case=case, suspended_on__isnull=False):
        _run(row, row.term.resumed(on), suspended=None)
    refresh(case, by=by)


def lapse(case: Case, on: date, *, by: Actor) -> None:
    """The matter is over and nothing of it is due any more. The caller saves it."""
    for row in Deadline.objects.running().filter(case=case):
        _end(row, on, LAPSED)
    refresh(case, by=by)


def suspend(deadline: int, *, on: date, reason: str, by: Actor) -> None:
    """中止: the clock stands still from a day on, for a reason the law knows. Refused: it stands already, or has run out."""
    with transaction.atomic():
        row, case, clock = _running(deadline, by)
        if row.suspended_on is not None:
            raise Refused("这个期限已经中止。")
        if clock.window:
            raise Refused("这是当事人行使权利的期间，不由承办人中止。")
        _not_ahead(on)
        _suspend(row, on)
        _told(case, "suspended", {"clock": clock.key, "on": on.isoformat()}, reason, by)


def resume(deadline: int, *, on: date, by: Actor, reason: str = "") -> None:
    """The clock runs on with the days that were left."""
    with transaction.atomic():
        row, case, clock = _running(deadline, by)
        if row.suspended_on is None:
            raise Refused("这个期限没有中止。")
        _not_ahead(on)
        _run(row, row.term.resumed(on), suspended=None)
        _told(case, "resumed", {"clock": clock.key, "on": on.isoformat(), "due": _iso(row.due_on)}, reason, by)


def restart(deadline: int, *, on: date, reason: str, by: Actor) -> None:
    """中断: what has run does not count, and it begins anew with an event of that day, in that day's version of the rule."""
    with transaction.atomic():
        row, case, clock = _running(deadline, by)
        _not_ahead(on)
        if on < row.started_on:
            raise Refused("重新起算不能早于原来的起算日 {started_on}。", code="on", started_on=row.started_on)
        _end(row, on, RESTARTED)
        new = _begin(case, services.find(case.service), clock, on)
        said = {"clock": clock.key, "on": on.isoformat(), "due": _iso(new.due_on if new else None)}
        _told(case, "restarted", said, reason, by)


def ask_extension(deadline: int, *, days: int, reason: str, now: datetime, by: Actor) -> int:
    """Ask for more days; somebody else decides. Refused: the rule allows none, or not so many, or it was asked already."""
    with transaction.atomic():
        row, case, clock = _running(deadline, by)
        allowed = terms.may_extend_by(services.find(case.service), row)
        if not 1 <= days <= allowed:
            if not allowed:
                raise Refused("这个期限不能延长。", code="days")
            raise Refused("按规定最多还可以延长 {allowed} 天。", code="days", allowed=allowed)
        if Extension.objects.filter(deadline=row, granted=None).exists():
            raise Refused("已经申请过延长，正在等待批准。")
        if not reason.strip():
            raise Refused("请写明延长的理由。", code="reason")
        account = _account(by)
        asked = Extension.objects.create(
            deadline=row,
            case=case,
            path=case.path,
            days=days,
            reason=reason.strip()[:_REASON],
            asked_by_id=account,
            asked_at=now,
        )
        _told(case, "more_asked", {"clock": clock.key, "days": days}, reason, by, rows=(asked,))
        return asked.pk


def decide_extension(extension: int, *, yes: bool, reason: str = "", now: datetime, by: Actor) -> None:
    """Grant or refuse more days; never by whoever asked, and only by a post above the station's workers."""
    with transaction.atomic():
        asked = Extension.objects.select_for_update().filter(pk=extension).first()
        if asked is None or not reach.may_approve(by, _case(asked.case_id, by)):
            raise NotYours(f"extension:{extension}")
        row, case, clock = _running(asked.deadline_id, by)
        if asked.granted is not None:
            raise Refused("这份申请已经有了决定。")
        if asked.asked_by_id == by.account:
            raise Refused("不能批准自己提出的延长，请由别人批准。")
        if not yes and not reason.strip():
            raise Refused("不同意的，请写明理由。", code="reason")
        asked.granted, asked.decided_by_id, asked.decided_at = yes, _account(by), now
        asked.save()
        if yes:
            row.extended += asked.days
            _run(row, row.term.extended(asked.days), suspended=row.suspended_on)
        said = {"clock": clock.key, "days": asked.days, "due": _iso(row.due_on)}
        _told(case, "more_given" if yes else "more_refused", said, reason, by, rows=(asked,))


def lay_down(service: str, clock: str, *, since: date, reason: str, by: Actor, days: int | None = None,
             working_days: int | None = None) -> int:  # fmt: skip
    """The union's own length of a clock, from a day on; clocks under way keep theirs. Refused: a law lays it down."""
    declared = services.find(service).clock(clock)
    if declared is None or not reach.may_lay_down(by, service):
        raise NotYours(f"{service}.{clock}")
    if declared.statutory:
        raise Refused("这是法定期限，不能自行规定。")
    if (days is None) == (working_days is None) or not 1 <= (days or working_days or 0) <= 366:
        raise Refused("请填写天数或者工作日数，其中一个，1 到 366。", code="days")
    if since < timezone.localdate():
        raise Refused("新的时限从今天或以后起施行，以前的期限已经按当时的规定起算。", code="since")
    if not reason.strip():
        raise Refused("请写明依据。", code="reason")
    with transaction.atomic():
        if HouseLimit.objects.filter(service=service, clock=clock, since=since).exists():
            raise Refused("{since} 起的时限已经规定过。", code="since", since=since)
        row = HouseLimit.objects.create(
            service=service,
            clock=clock,
            since=since,
            days=days,
            working_days=working_days,
            reason=reason.strip()[:_REASON],
        )
        audit.wrote("case.limit", HouseLimit, [row.pk], by=by, note=f"{service}.{clock}")
        return row.pk


def _begin(case: Case, service: CaseService, clock: Clock, on: date) -> Deadline | None:
    found = terms.limit_of(service, clock, on)
    if found is None:
        return None
    limit, version = found
    term = limit.begin(on)
    row = Deadline.objects.filter(case=case, clock=clock.key, ended_on=None).first()
    if row is not None:  # a state reached again begins its clock again
        _end(row, on, RESTARTED)
    return Deadline.objects.create(
        case=case, path=case.path, clock=clock.key, basis=limit.basis, version=version, started_on=on, since=term.since, left=term.left,
        working=term.working, due_on=terms.due(term),
    )  # fmt: skip


def _end(row: Deadline, on: date, outcome: str) -> None:
    row.ended_on, row.outcome, row.digest = on, outcome, None
    row.save(update_fields=["ended_on", "outcome", "digest"])


def _suspend(row: Deadline, on: date) -> None:
    try:
        term = row.term.suspended(on, official())
    except Refused as refused:
        if refused.code == "calendar.year":
            raise Refused("还没有当年的放假安排，暂时不能推算已经过去的工作日。") from None
        raise
    row.since, row.left, row.suspended_on, row.due_on, row.digest = term.since, term.left, on, None, None
    row.save(update_fields=["since", "left", "suspended_on", "due_on", "digest"])


def _run(row: Deadline, term: Term, *, suspended: date | None) -> None:
    row.since, row.left, row.suspended_on, row.digest = term.since, term.left, suspended, None
    row.due_on, row.told = (terms.due(term) if suspended is None else None), 0
    row.save(update_fields=["since", "left", "suspended_on", "due_on", "digest", "told", "extended"])


def _running(deadline: int, by: Actor) -> tuple[Deadline, Case, Clock]:
    """The clock, its matter locked; NotYours for who does not handle it. Refused: it has ended."""
    row = Deadline.objects.filter(pk=deadline).first()
    if row is None:
        raise NotYours(f"deadline:{deadline}")
    case = _case(row.case_id, by)
    if not reach.may_handle(by, case.service, case.path):
        raise NotYours(f"deadline:{deadline}")
    row.refresh_from_db()
    clock = services.find(case.service).clock(row.clock)
    if row.ended_on is not None or clock is None:
        raise Refused("这个期限已经结束。")
    return row, case, clock


def _case(number: int, by: Actor) -> Case:
    case: Case | None = Case.objects.select_for_update().visible_to(by).filter(pk=number).first()
    if case is None:
        raise NotYours(f"case:{number}")
    return case


def _told(case: Case, kind: str, said: Mapping[str, Any], reason: str, by: Actor, rows: Sequence[Any] = ()) -> None:
    """Note what was done to a clock, and put the matter's first day right."""
    refresh(case, by=by)
    case.digest = None
    case.save(update_fields=["due_on", "digest"])
    clocks = list(Deadline.objects.filter(case=case))
    note = note_moves.take_down(case, kind, said=said, text=reason, by=by)
    audit.write(
        f"case.clock.{kind}",
        by=by,
        subject=case.subject,
        path=case.path,
        rows=(case, note, *clocks, *rows),
        about=case.person_id,
    )


def _account(by: Actor) -> int:
    if by.account is None:
        raise NotYours("account")
    return by.account


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _not_ahead(on: date) -> None:
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。", code="on")
