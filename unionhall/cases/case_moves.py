"""What an officer does with one matter at the desk: opens it by its form, corrects what was written down wrong.

Taking it a step on is `cases.actions.move`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.cases import actions, chain_moves, deciding_moves, parties, promise_moves
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.promise_moves import PAID
from unionhall.cases.reach import may_handle
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused

_WITH_CAUSE = frozenset({"received", "accepted", "agreed", "settled_claim", "filed"})
"""Acts whose line carries the cause of the matter as its kind."""


class Corrected(NamedTuple):
    """What may be put right in a matter: each field as it should be; amounts are fen."""

    cause: str
    channel: str
    headcount: int
    employer: int | None
    fen_claimed: int | None
    fen_agreed: int | None

    @classmethod
    def of(cls, row: Case) -> "Corrected":
        """What a matter says of itself now."""
        return cls(row.cause, row.channel, row.headcount, row.employer_id, row.fen_claimed, row.fen_agreed)


def open_one(
    service: str, *, path: str, on: date, values: Mapping[str, Any], by: Actor, person: int | None, employer: int | None,
    cause: str = "", station: int | None = None,
) -> Case:  # fmt: skip
    """Open a matter brought to the desk; it gets a number of its own.

    `cause` is the key its kind is counted by; a form may ask for the cause in words, too, which is one of its answers.
    """
    if not may_handle(by, service, path):
        raise NotYours(path)
    if on > timezone.localdate():
        raise Refused("登记日期不能晚于今天。", code="on")
    return actions.open_case(
        service, path=path, on=on, values=values, by=by, person=person, employer=employer, cause=cause, station=station
    )


def take_on(case: int, name: str, *, on: date, values: Mapping[str, Any], by: Actor) -> Case:
    """A step of the workflow, for whoever sees the matter."""
    if not Case.objects.visible_to(by).filter(pk=case).exists():
        raise NotYours(f"case:{case}")
    return actions.move(case, name, on=on, values=values, by=by)


def correct_one(case: int, right: Corrected, *, reason: str, by: Actor) -> None:
    """Put right what was written down wrong; the journal's lines follow, the old ones stay to be seen as voided.

    Refused: without a reason, nothing changed, or an amount of money that was already paid.
    """
    if not reason.strip():
        raise Refused("更正必须写明理由。", code="reason")
    with transaction.atomic():
        row: Case | None = Case.objects.select_for_update().filter(pk=case).first()
        if row is None or not may_handle(by, row.service, row.path):
            raise NotYours(f"case:{case}")
        was = Corrected.of(row)
        if was == right:
            raise Refused("没有改动任何一项。")
        if right.employer != was.employer and services.stands(row):
            raise Refused("工会或会籍已经按这家单位登记，请到工会或会员的页面办理变更。", code="employer")
        _not_of_parties(row, was, right)
        if row.state == PAID and right.fen_agreed != row.fen_agreed:
            raise Refused("款项已经发放，金额不能在这里更正；请由财务冲销后重新办理。", code="fen_agreed")
        deciding_moves.agreed_anew(row, right.fen_agreed or 0, by=by)
        row.cause, row.channel, row.headcount, row.employer_id = (
            right.cause,
            right.channel,
            right.headcount,
            right.employer,
        )
        if right.fen_agreed != row.fen_agreed:
            promise_moves.agreed_anew(row, right.fen_agreed, by=by)
        row.fen_claimed, row.fen_agreed, row.digest = right.fen_claimed, right.fen_agreed, None
        row.save()
        lines_follow(row, was, right, reason=reason.strip(), by=by)
        chain_moves.recount(row, by=by, reason=reason.strip())
        audit.write("case.correct", by=by, subject=row.subject, path=row.path, rows=(row,), about=row.person_id)


def lines_follow(row: Case, was: Corrected, right: Corrected, *, reason: str, by: Actor) -> None:
    """Make the standing lines of a matter say what is right now; within the action that put it right."""
    if was == right:
        return
    lines = Line.objects.standing().filter(subject=row.subject).order_by("pk")
    wanted = [entry for line in lines if (entry := _as_right(line, was, right)) is not None]
    if any(line.act == "agreed" for line in lines) and not was.fen_claimed and right.fen_claimed:
        wanted.append(_claim(row, lines.get(act="agreed"), right))
    journal.correct({row.subject: wanted}, by=by, reason=reason)


def _not_of_parties(row: Case, was: Corrected, right: Corrected) -> None:
    """Refused: a number of people or a sum that is made up of the parties'."""
    mine = parties.applicants(row)
    sums = parties.totals(mine)
    if mine and right.headcount != was.headcount:
        raise Refused("人数由当事人得出，请在“当事人”里增减。", code="headcount")
    for name in ("fen_claimed", "fen_agreed"):
        if sums.get(name) is not None and getattr(right, name) != getattr(was, name):
            raise Refused("金额由每名职工各自的数相加得出，请在“当事人”里改。", code=name)


def _as_right(line: Line, was: Corrected, right: Corrected) -> Entry | None:
    """The line as it should stand; None for the line of a claim that is no longer one."""
    kind = right.cause if line.act in _WITH_CAUSE and line.kind == was.cause else line.kind
    fen = line.fen
    if line.act == "agreed" and was.fen_agreed == line.fen:
        fen = right.fen_agreed or 0
    if line.act == "settled_claim":
        fen = right.fen_claimed or 0
        if not fen:
            return None
    return Entry(
        line.service, line.act, line.path, line.on, line.subject, kind=kind, person=line.person_id,
        employer=right.employer, headcount=right.headcount, fen=fen, quantity=line.quantity,
    )  # fmt: skip


def _claim(row: Case, agreed: Line, right: Corrected) -> Entry:
    return Entry(
        row.service, "settled_claim", row.path, agreed.on, row.subject, kind=right.cause, person=row.person_id,
        employer=right.employer, headcount=right.headcount, fen=right.fen_claimed or 0,
    )  # fmt: skip
