"""Who handles a matter, and what is decided about its handling: given to somebody, passed on, taken up above, given back
for papers, found to be the same as another, opened again. The clocks of the law run on through all of it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhall.cases import (
    actions,
    chain_moves,
    clock_moves,
    giving_moves,
    note_moves,
    notices,
    reach,
)
from unionhall.cases import service as services
from unionhall.cases.clock_models import Deadline, Note
from unionhall.cases.models import Case
from unionhall.cases.paper_models import IssuedPaper
from unionhall.cases.party_models import Party
from unionhall.cases.promise_moves import PAID
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.messages import actions as messages
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.models import Place

MERGED = "merged"
"""The state of a matter that is the same as another: it is closed, and counts nowhere."""


def assign(case: int, account: int | None, *, by: Actor) -> None:
    """Say who handles it: somebody with a post that may, at the matter's place; None: nobody in particular."""
    with transaction.atomic():
        row = _open(case, by)
        if account is not None and account not in handlers(row, by=by):
            raise Refused("这个人在这里没有办理这项业务的岗位，请另选一位。", code="account")
        if account == row.handler_id:
            raise Refused("已经由这个人办理。", code="account")
        row.handler_id = account
        if row.level == reach.CELL:  # no more with whom the grid gave it to
            row.level = reach.STATION
        giving_moves.tell(row, _keep(row, "assigned", {"account": account}, "", by), by=by)


def handlers(case: Case, *, by: Actor) -> list[int]:
    """Accounts that hold a post today which handles this matter: of its level, at or above its place, where `by` stands or
    below: who stands above is not given work from below.
    """
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotYours(f"case:{case.pk}")
    roles = [
        *reach.answering(case.service, case.level),
        *(["station_head"] if case.level in reach.OF_THE_STATION else []),
    ]
    held = PostHeld.objects.over(case.path, roles, timezone.localdate()).values_list("account", "path")
    return sorted({account for account, path in held if by.reaches(path)})


def pass_on(case: int, path: str, *, reason: str, by: Actor) -> None:
    """To another place that should handle it (转办): whoever stands there sees it from now on. What was counted stays
    counted where it was done; what comes is counted there.
    """
    _reason(reason)
    with transaction.atomic():
        row = _open(case, by)
        _stays(row)
        to = Place.objects.filter(path=path, until=None).first() if path.isalnum() else None
        if to is None:
            raise Refused("请选择一个现有的地方。", code="path")
        if path == row.path:
            raise Refused("事项已经在这个地方。", code="path")
        was = row.path
        row.path, row.handler_id, row.level = path, None, reach.STATION
        Deadline.objects.filter(case=row).update(path=path)
        Party.objects.filter(case=row).update(path=path)
        IssuedPaper.objects.filter(case=row).update(path=path)
        _keep(
            row, "passed_on", {"from": was, "to": path}, reason, by, beside=list(IssuedPaper.objects.filter(case=row))
        )
        giving_moves.land(row, by=by)


def take_up(case: int, *, reason: str, by: Actor) -> None:
    """Let the next level answer for it: station, street, district (上报). Its clocks run on."""
    _reason(reason)
    with transaction.atomic():
        row = _open(case, by)
        _rise(row, reason, by)


def give_back(case: int, *, reason: str, on: date, by: Actor) -> None:
    """Give it back to its worker for papers or a correction (退回补正); the clocks that may wait, wait.

    Told once what is missing: the reason is what the worker reads.
    """
    _reason(reason)
    with transaction.atomic():
        row = _open(case, by)
        if row.waiting_since is not None:
            raise Refused("已经在 {waiting_since} 退回，正在等补充材料。", waiting_since=row.waiting_since)
        if on > timezone.localdate() or on < row.opened_on:
            raise Refused("日期应在登记之后、今天之前。", code="on")
        row.waiting_since = on
        stopped = clock_moves.pause(row, on, by=by)
        _keep(row, "given_back", {"on": on.isoformat(), "stopped": stopped}, reason, by)
        if row.person_id is not None:
            fields = notices.about(row) | {"reason": reason.strip()}
            key = f"case.back:{row.pk}:{on.isoformat()}"
            messages.queue(notices.GIVEN_BACK, person=row.person_id, key=key, fields=fields, subject=row.subject, by=by)


def complete(case: int, *, on: date, by: Actor, text: str = "") -> None:
    """The papers are there: by its worker, or an officer who took them in. The clocks run on."""
    with transaction.atomic():
        row: Case | None = Case.objects.select_for_update().visible_to(by).filter(pk=case).first()
        if row is None or not (reach.speaks(by, row) or reach.may_handle(by, row.service, row.path)):
            raise NotYours(f"case:{case}")
        if row.waiting_since is None:
            raise Refused("这个事项没有在等补充材料。")
        if on < row.waiting_since or on > timezone.localdate():
            raise Refused("日期应在退回的 {waiting_since} 之后、今天之前。", code="on", waiting_since=row.waiting_since)
        row.waiting_since = None
        clock_moves.go_on(row, on, by=by)
        _keep(row, "completed", {"on": on.isoformat()}, text, by)


def merge(case: int, into: int, *, reason: str, by: Actor) -> None:
    """It is the same matter as another of its kind: it closes, its lines count no more, its notes stay to be read."""
    _reason(reason)
    with transaction.atomic():
        first, second = sorted((case, into))
        both = {row.pk: row for row in Case.objects.select_for_update().filter(pk__in=(first, second)).order_by("pk")}
        row, other = both.get(case), both.get(into)
        for one, number in ((row, case), (other, into)):
            if one is None or not reach.may_handle(by, one.service, one.path):
                raise NotYours(f"case:{number}")
        assert row is not None and other is not None
        _stays(row)
        if row.pk == other.pk:
            raise Refused("不能并入它自己。", code="into")
        if row.service != other.service:
            raise Refused("只有同一项业务的事项才能合并；不同业务请用“关联”。", code="into")
        if other.merged_into_id is not None:
            raise Refused("那个事项自己已经并入别的事项，请选最后的那一个。", code="into")
        if row.merged_into_id is not None or row.closed_on is not None or row.state == PAID:
            raise Refused("已经办结的事项不能再并入别的事项。")
        row.merged_into_id, row.closed_on, row.waiting_since = other.pk, timezone.localdate(), None
        said = {"into": other.number, "was": row.state}
        row.state = row.result = MERGED
        clock_moves.lapse(row, timezone.localdate(), by=by)
        journal.void(Line.objects.standing().filter(subject=row.subject), by=by, reason=f"与 {other.number} 重复")
        took_in = note_moves.take_down(other, "took_in", said={"number": row.number}, by=by)
        _keep(row, MERGED, said, reason, by, beside=(took_in,))
        chain_moves.recount(row, by=by, reason=f"与 {other.number} 重复")


def reopen(case: int, *, on: date, reason: str, by: Actor) -> None:
    """Open a closed matter again, where it stood before it closed. What closed it is no longer counted; what it counted
    as on the way there is not counted twice. Refused: its money was paid; that has to come back first.
    """
    _reason(reason)
    with transaction.atomic():
        row = _mine(case, by)
        if row.closed_on is None:
            raise Refused("这个事项没有办结。")
        if row.state == PAID:
            raise Refused("款项已经发放，请先由财务冲销，事项会回到待发放。")
        if why := services.stands(row):
            raise Refused(why)
        if on < row.closed_on or on > timezone.localdate():
            raise Refused("日期应在办结的 {closed_on} 之后、今天之前。", code="on", closed_on=row.closed_on)
        service = services.find(row.service)
        merged = row.merged_into_id is not None
        way = list(Line.objects.filter(subject=row.subject, act__in=service.workflow.under_way).order_by("pk"))
        if merged:
            # Its lines were voided when it was merged: each step is counted again, once.
            journal.write_many(list({line.act: _as_before(line) for line in way}.values()), by=by)
        actions.open_again(row, service, by=by)
        row.state, row.merged_into_id = way[-1].act if way else service.workflow.initial, None
        clock_moves.turn(row, on, by=by)
        _keep(row, "reopened", {"on": on.isoformat()}, reason, by)
        chain_moves.recount(row, by=by, reason="重新办理")


def _stays(row: Case) -> None:
    if why := services.stays(row):
        raise Refused(why)


def rise_if_late(case: int, today: date, *, reason: str, by: Actor) -> bool:
    """The next level takes a matter over whose day has passed; False where there is none above, or it is no longer late."""
    with transaction.atomic():
        row: Case | None = Case.objects.select_for_update().filter(pk=case, closed_on=None).first()
        if row is None or not by.reaches(row.path, "system"):
            raise NotYours(f"case:{case}")
        if row.level == "district" or row.due_on is None or row.due_on >= today:
            return False
        _rise(row, reason, by)
        return True


def _rise(row: Case, reason: str, by: Actor) -> None:
    order = list(reach.LEVELS)
    at = order.index(row.level)
    if at + 1 == len(order):
        raise Refused("已经由区总工会承办，上面没有可以上报的了。")
    row.level, row.handler_id = order[at + 1], None
    _keep(row, "taken_up", {"to": row.level}, reason, by)


def _as_before(line: Line) -> Entry:
    return Entry(
        line.service, line.act, line.path, line.on, line.subject, kind=line.kind, person=line.person_id, employer=line.employer_id,
        headcount=line.headcount, fen=line.fen, quantity=line.quantity,
    )  # fmt: skip


def _mine(case: int, by: Actor) -> Case:
    row: Case | None = Case.objects.select_for_update().visible_to(by).filter(pk=case).first()
    if row is None or not reach.may_handle(by, row.service, row.path):
        raise NotYours(f"case:{case}")
    return row


def _open(case: int, by: Actor) -> Case:
    row = _mine(case, by)
    if row.closed_on is not None:
        raise Refused("这个事项已经办结；需要时请先重新办理。")
    return row


def _keep(
    row: Case, kind: str, said: Mapping[str, Any], text: str, by: Actor, beside: Sequence[Note | IssuedPaper] = ()
) -> Note:
    """Save the matter with the line that says what was decided; that line."""
    row.digest = None
    row.save()
    note = note_moves.take_down(row, kind, said=said, text=text, by=by)
    clocks, involved = list(Deadline.objects.filter(case=row)), list(Party.objects.filter(case=row))
    rows = (row, note, *beside, *clocks, *involved)
    audit.write(f"case.{kind}", by=by, subject=row.subject, path=row.path, rows=rows, about=row.person_id)
    return note


def _reason(text: str) -> None:
    if not text.strip():
        raise Refused("请写明理由。", code="reason")
    if len(text) > 500:
        raise Refused("理由最多 500 个字，请写得短一些。", code="reason")
