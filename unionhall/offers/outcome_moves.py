"""What came of taking part, written down at the desk: a test, a certificate, a follow-up; and one that never was, withdrawn.

A certificate's number is drawn here. It ends in six digits only the keys can make, so that whoever checks numbers on the
public page finds the ones they hold in their hands, and no others.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import service
from unionhall.offers.models import ATTENDED, Outcome, Participation, Session
from unionhall.offers.outcomes import OutcomeRow, certificate_number, standing, told_of
from unionhall.offers.service import Result
from unionhall.organisations.models import Employer
from unionhall.storage import bulk

_LONGEST_PROOF = 64


class Given(NamedTuple):
    """What came of one participation. `amount` in hundredths where the result counts points or yuan."""

    participation: int
    choice: str = ""
    amount: int | None = None
    employer: int | None = None
    proof: str = ""


def record_results(session: int, kind: str, rows: Sequence[Given], *, on: date, by: Actor) -> int:
    """Write down one kind of result for people who came to a session; how many. All or none.

    Refused: who did not come, what the declaration asks for and is missing, a result before the one it follows from, and
    the same twice.
    """
    with transaction.atomic():
        slot = Session.objects.select_related("offer").filter(pk=session).first()
        if slot is None:
            raise NotYours(f"session:{session}")
        declared = service.find(slot.offer.service)
        by.must_reach(slot.path, *declared.runs())
        if kind not in declared.results or kind in declared.judged:
            raise Refused("这项业务不在这里登记这种结果。", code="kind")
        result = declared.results[kind]
        if not rows:
            raise Refused("还没有填写任何人的结果。", code="rows")
        if on > timezone.localdate() or on < timezone.localdate(slot.starts_at):
            raise Refused("结果的日期应在开班以后、今天以前。", code="on")
        found = _came(session, [row.participation for row in rows])
        before = _before(found)
        for row in rows:
            _must_fit(result, row, on, before.get(row.participation, []), str(found[row.participation].person))
        made = write(slot.offer.service, result, rows, on, found, by=by)
        return len(made)


def write(
    key: str, result: Result, rows: Sequence[Given], on: date, found: Mapping[int, Participation], *, by: Actor
) -> list[int]:
    """The rows, their lines and the audit entry, inside the caller's transaction; the ids."""
    numbers = bulk.ids(Outcome, len(rows))
    made, lines = [], []
    for number, row in zip(numbers, rows, strict=True):
        came = found[row.participation]
        code = certificate_number(number, on) if result.certificate else f"DJ-{number}"
        proof = code if result.certificate else row.proof.strip()
        told = OutcomeRow(key, result.key, code, came.pk, came.path, on, row.choice, row.amount, row.employer, proof)
        made.append(Outcome(pk=number, **told._asdict()))
        lines.append(told_of(number, told, came.person_id, came.offer))
    Outcome.objects.bulk_create(made)
    parts = [journal.put(lines, by=by)]
    audit.wrote("offer.outcome", Outcome, numbers, by=by, paths=[one.path for one in made], parts=parts)
    return list(numbers)


def withdraw_result(outcome: int, *, reason: str, by: Actor) -> None:
    """A result that never was, or a certificate that holds no longer: its line is voided, the row stays to be seen."""
    if not reason.strip():
        raise Refused("作废必须写明原因。", code="reason")
    with transaction.atomic():
        row = Outcome.objects.select_for_update().filter(pk=outcome).first()
        if row is None:
            raise NotYours(f"outcome:{outcome}")
        declared = service.find(row.service)
        by.must_reach(row.path, *declared.runs())
        if row.kind in declared.judged:
            raise Refused("评委打出的成绩和名次不能单独作废。")
        lines = list(Line.objects.standing().filter(subject=row.subject, act=row.kind))
        if not lines:
            raise Refused("这条结果已经作废。")
        journal.void(lines, by=by, reason=reason.strip())
        audit.write("offer.outcome.void", by=by, subject=row.subject, path=row.path, rows=(row,))


def _came(session: int, wanted: Sequence[int]) -> dict[int, Participation]:
    rows = Participation.objects.select_for_update(no_key=True, of=("self",)).select_related("offer", "person")
    found = {row.pk: row for row in rows.filter(session=session, pk__in=wanted).order_by("pk")}
    if len(wanted) != len(set(wanted)) or len(found) < len(wanted):
        raise NotYours(f"session:{session}")
    if absent := [row for row in found.values() if row.state != ATTENDED]:
        raise Refused("{person} 没有登记到场，不能登记结果。", code="rows", person=absent[0].person)
    return found


def _before(found: Mapping[int, Participation]) -> dict[int, list[Outcome]]:
    """What came of these before and stands."""
    told: dict[int, list[Outcome]] = {}
    for row in standing(Outcome.objects.filter(participation__in=list(found))):
        told.setdefault(row.participation_id, []).append(row)
    return told


def _must_fit(result: Result, row: Given, on: date, before: Sequence[Outcome], who: str) -> None:
    choices = dict(result.choices)
    if choices and row.choice not in choices:
        raise Refused("{who}：请选择“{title}”。", code="rows", who=who, title=result.title)
    if result.amount and (row.amount is None or row.amount < 0):
        raise Refused("{who}：请填写“{title}”的数值。", code="rows", who=who, title=result.title)
    if result.employer and (row.employer is None or not Employer.objects.filter(pk=row.employer).exists()):
        raise Refused("{who}：请写明用人单位。", code="rows", who=who)
    if result.proof and not result.certificate and not 0 < len(row.proof.strip()) <= _LONGEST_PROOF:
        raise Refused("{who}：请写明凭证。", code="rows", who=who)
    if result.after and not any(one.kind == result.after[0] and one.choice in result.after[1:] for one in before):
        raise Refused("{who} 还没有前一步的结果，不能登记“{title}”。", code="rows", who=who, title=result.title)
    same = [one for one in before if one.kind == result.key]
    if any(one.on == on and one.choice == row.choice for one in same) or (same and not (choices or result.amount)):
        raise Refused("{who} 的“{title}”已经登记过。", code="rows", who=who, title=result.title)
