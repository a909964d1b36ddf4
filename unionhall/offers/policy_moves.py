"""What the enrolment lists of mutual insurance say: who is insured under which plan, who paid, from when until when."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.offers import service
from unionhall.offers.models import Offer
from unionhall.offers.policies import PLANS
from unionhall.offers.policy_models import Policy
from unionhall.storage import registered

INSURED = "insured"
"""The act of the journal's line of a policy, dated with its first day."""
_AGAIN = "更正投保名单"


class PolicyRow(NamedTuple):
    """One person under one plan. `fen` is the premium, `payer` a key of PAYERS, `path` the person's place."""

    offer_id: int
    person_id: int
    path: str
    number: str
    since: date
    until: date | None
    payer: str
    fen: int
    employer_id: int | None = None
    digest: bytes | None = None


def record_policies(rows: Sequence[PolicyRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Enrol people as the lists say; the ids, in order."""
    plans = _plans(rows, by)
    with transaction.atomic():
        numbers = registered.add(Policy, rows, batch)
        told = [_told(number, row, plans) for number, row in zip(numbers, rows, strict=True)]
        journal.write_many(told, by=by, batch=batch)
        audit.wrote("policy.record", Policy, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_policies(rows: Sequence[tuple[int, PolicyRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what the lists said; the journal's lines follow, the old ones stay to be seen."""
    plans = _plans([row for _, row in rows], by)
    with transaction.atomic():
        registered.change(Policy, rows)
        wanted = {f"policy:{number}": [_told(number, row, plans)] for number, row in rows}
        journal.correct(wanted, by=by, batch=batch, reason=_AGAIN)
        numbers, paths = [number for number, _ in rows], [row.path for _, row in rows]
        audit.wrote("policy.correct", Policy, numbers, by=by, paths=paths, batch=batch)


def _plans(rows: Sequence[PolicyRow], by: Actor) -> Mapping[int, Offer]:
    """The plans of these rows; who runs the service over each place writes them."""
    for path in {row.path for row in rows}:
        by.must_reach(path, *service.find(PLANS).runs())
    plans = Offer.objects.filter(service=PLANS).in_bulk({row.offer_id for row in rows})
    if set(plans) < {row.offer_id for row in rows}:
        raise Refused("没有这个互助保障计划，请先开设。", code="plan")
    return plans


def _told(number: int, row: PolicyRow, plans: Mapping[int, Offer]) -> Entry:
    return Entry(
        PLANS, INSURED, row.path, row.since, f"policy:{number}", kind=plans[row.offer_id].kind, person=row.person_id,
        employer=row.employer_id, fen=row.fen,
    )  # fmt: skip
