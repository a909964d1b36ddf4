"""Money promised to a cause before it is paid. Who promises holds a post over the matter, not over the fund."""

from datetime import date

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.ledger import budgets
from unionhall.ledger.budgets import Spending
from unionhall.ledger.models import Commitment, Fund
from unionhall.storage import bulk


def reserve(
    cause: str, fund: int, fen: int, *, subject: str, service: str, on: date, path: str, by: Actor
) -> int:  # fmt: skip
    """Promise `fen` of a fund to a cause, inside the caller's transaction; the promise's id.

    Refused: outside the fund's earmarks, beyond its budget, or promised already.
    """
    by.must_reach(path)
    # Whoever spends from the fund waits for the one before, so two promises cannot take the same money.
    purse = Fund.objects.select_for_update().filter(pk=fund).first()
    if purse is None:
        raise Refused("没有这项资金，请先登记资金。")
    if fen <= 0:
        raise Refused("金额应大于零。", code="amount")
    if budgets.promise_of(cause) is not None:
        raise Refused("这件事已经占用了一笔预算。")
    budgets.check([Spending(fund, service, fen, on, cause)], {fund: purse.name})
    (number,) = bulk.ids(Commitment, 1)
    row = Commitment(
        pk=number, cause=cause, subject=subject, fund=purse, service=service, fen=fen, on=on, path=path, by=by.account
    )
    row.save(force_insert=True)
    audit.write("money.promise", by=by, subject=subject, path=path, rows=[row])
    return number


def release(cause: str, *, on: date, because: str, by: Actor) -> Commitment | None:
    """The promise falls, and its money may be promised to another; the promise that stood, if one did."""
    row: Commitment | None = Commitment.objects.select_for_update().filter(cause=cause, ended_on=None).first()
    if row is None:
        return None
    by.must_reach(row.path)
    row.ended_on, row.ended_because = on, because
    row.save(update_fields=["ended_on", "ended_because"])
    audit.write("money.released", by=by, subject=row.subject, path=row.path, rows=[row], note=because)
    return row


def change(cause: str, fen: int, *, on: date, by: Actor) -> None:
    """Another sum was agreed: the promise falls, and one for the new sum stands from the day the old one did."""
    row = release(cause, on=on, because="changed", by=by)
    if row is not None:
        reserve(
            cause, row.fund_id, fen, subject=row.subject, service=row.service, on=row.on, path=row.path, by=by
        )  # fmt: skip
