"""A grant that was approved keeps its money back in the fund's budget, until it is paid or not paid after all.

What the money is kept back for is the cause of the payment to come, so that the payment itself ends the promise.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.workflow import Move
from unionhall.ledger import budgets, commitment_moves, guard, orders
from unionhall.ledger.models import Fund

APPROVED, PAID = "approved", "paid"
"""The state in which a grant is owed; the state, and the act, in which money leaves a fund."""
_AT_ONCE = 5_000


def cause_of(case: Any) -> str:
    """How the ledger names the payment of a matter: a row of the table, or anything else with `service` and `number`."""
    return f"{case.service}:{case.number}:{PAID}"


def _paid(numbers: Sequence[int]) -> Iterator[str]:
    """The causes of the payments these matters say were made."""
    for at in range(0, len(numbers), _AT_ONCE):
        rows = Case.objects.filter(pk__in=numbers[at : at + _AT_ONCE], state=PAID)
        yield from map(cause_of, rows.values_list("service", "number", named=True))


guard.watch(Case, _paid)


def follow(case: Case, step: Move, *, on: date, fund: str, by: Actor) -> None:
    """After a step: promise what was approved, let go of what will not be paid. `fund` is a name, or empty.

    Without a name the money is kept back in the one fund that is set aside for the service; where there is none, nothing is.
    """
    if step.target == APPROVED and case.fen_agreed:
        purse = Fund.objects.filter(name=fund).first() if fund else budgets.fund_for(case.service, case.path, on)
        if fund and purse is None:
            raise Refused("没有“{fund}”这项资金，请向财务部核对名称。", code="fund", fund=fund)
        if purse is not None:
            commitment_moves.reserve(
                cause_of(case), purse.pk, case.fen_agreed, subject=case.subject, service=case.service, on=on, path=case.path,
                by=by,
            )  # fmt: skip
    elif step.source == APPROVED and step.target != PAID:
        orders.check_free([cause_of(case)])
        commitment_moves.release(cause_of(case), on=on, because="dropped", by=by)


def agreed_anew(case: Case, fen: int | None, *, by: Actor) -> None:
    """Another sum is agreed in a matter that was approved: its promise follows."""
    if case.state != APPROVED:
        return
    orders.check_free([cause_of(case)])
    if not fen:
        commitment_moves.release(cause_of(case), on=timezone.localdate(), because="dropped", by=by)
    else:
        commitment_moves.change(cause_of(case), fen, on=timezone.localdate(), by=by)
