"""What places cost: one payment out of the fund for a session, or for a month of an item's redemptions; each place once.

A month is paid once its statement was put forward by who runs the item and approved by somebody else (statement_moves).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.ledger import actions as ledger
from unionhall.ledger import guard, undoing
from unionhall.ledger.models import Posting
from unionhall.offers.goods_models import Delivery
from unionhall.offers.models import ATTENDED, Offer, Participation, Session
from unionhall.offers.service import kind_of
from unionhall.offers.statement_models import APPROVED, PAID, RETURNED, Statement
from unionhall.organisations.roles import holders


def _paid(statements: Sequence[int]) -> Iterator[str]:
    """The causes of the payments these statements say were made."""
    rows = Statement.objects.filter(pk__in=statements, state=PAID)
    yield from (f"offer:{offer}:{month:%Y-%m}" for offer, month in rows.values_list("offer", "month"))


guard.watch(Statement, _paid)


class _Paid(NamedTuple):
    fen: int
    posting: int


def pay_session(session: int, *, on: date, by: Actor) -> int:
    """Pay what the places of a session that was held cost, out of its fund; fen. A place counts when its person came."""
    with transaction.atomic():
        slot = (
            Session.objects.select_for_update(no_key=True, of=("self",))
            .select_related("offer")
            .filter(pk=session)
            .first()
        )
        if slot is None:
            raise NotYours(f"session:{session}")
        by.must_reach(slot.path, *holders("funds.change"))
        if slot.held_at is None:
            raise Refused("场次结束以后才能结算。")
        rows = _unpaid(Participation.objects.filter(session=session))
        return _pay(rows, slot.fund_id, slot.offer, slot.subject, slot.path, on, by).fen


def pay_month(offer: int, year: int, month: int, *, on: date, by: Actor) -> int:
    """Pay what an item's redemptions without a session cost in a month that is over, out of its fund; fen.

    Refused unless the month's statement was approved ("statement"), by another than who put it forward, for this very sum.
    """
    with transaction.atomic():
        item = Offer.objects.select_for_update(no_key=True, of=("self",)).filter(pk=offer).first()
        if item is None:
            raise NotYours(f"offer:{offer}")
        by.must_reach(item.path, *holders("funds.change"))
        period = Period.month(year, month)
        if period.last >= timezone.localdate():
            raise Refused("这个月还没有过完，不能结算。", code="month")
        told = Statement.objects.select_for_update(no_key=True).filter(offer=offer, month=period.start).first()
        if told is None or told.state != APPROVED:
            raise Refused("这个月的对账单还没有提交并由另一位同事同意，不能支付。", code="statement")
        if by.account is None or by.account == told.put_by:
            raise Refused("自己提交的对账单要由另一位同事支付。", code="own")
        rows = _unpaid(Participation.objects.redeemed_in(offer, period))
        if sum(row.fen for row in rows) != told.fen:
            raise Refused("同意以后有核销被作废，金额变了；请退回，核对后重新提交。", code="statement")
        paid = _pay(rows, item.fund_id, item, f"offer:{offer}:{year}-{month:02d}", item.path, on, by)
        told.state, told.paid_by, told.paid_at, told.posting = PAID, by.account, datetime.now(UTC), paid.posting
        told.save()
        audit.write("offer.statement.paid", by=by, subject=f"offer:{offer}", path=item.path, rows=(told,))
        return paid.fen


def _hold(paid: Posting) -> undoing.Undo | None:
    """The places, redemptions or delivery a posting paid for."""
    places = list(Participation.objects.select_for_update(no_key=True).filter(posting=paid.pk).order_by("pk"))
    brought = list(Delivery.objects.select_for_update(no_key=True).filter(posting=paid.pk))
    if not places and not brought:
        return None

    def undo(reason: str, by: Actor) -> None:
        """They are unpaid, the line of the payment is voided, and a month's statement goes back to who runs the item."""
        keys = [(Participation, [row.pk for row in places]), (Delivery, [row.pk for row in brought])]
        Participation.objects.filter(pk__in=keys[0][1]).update(posting=None)
        Delivery.objects.filter(pk__in=keys[1][1]).update(posting=None)
        told = list(Statement.objects.select_for_update(no_key=True).filter(posting=paid.pk))
        for statement in told:
            statement.state, statement.because, statement.posting = RETURNED, reason[:200], None
            statement.paid_by, statement.paid_at = None, None
            statement.save()
        moved = list(paid.entries.order_by("pk"))
        subject = ":".join(paid.cause.partition("#")[0].split(":")[:2])
        fen = sum(one.fen for one in moved if one.fen > 0)
        lines = Line.objects.standing().filter(subject=subject, act="paid", on=paid.on, fen=fen).order_by("-pk")
        journal.void(list(lines[:1]), by=by, reason=reason)
        audit.write("offer.unpay", by=by, subject=subject, path=moved[0].path, keys=keys, rows=told)

    return undo


def _unpaid(rows: "QuerySet[Participation]") -> list[Participation]:
    due = rows.filter(state=ATTENDED, posting=None, fen__gt=0).order_by("pk")
    return list(due.select_for_update(no_key=True, of=("self",)))


def _pay(
    rows: Sequence[Participation], fund: int | None, item: Offer, cause: str, path: str, on: date, by: Actor
) -> _Paid:
    fen = sum(row.fen for row in rows)
    if not fen or fund is None:
        raise Refused("没有要结算的费用。")
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。", code="on")
    (posting,) = ledger.post_many([ledger.payment(cause, fund, fen, item.service, on, path)], by=by)
    Participation.objects.filter(pk__in=[row.pk for row in rows]).update(posting=posting)
    subject = ":".join(cause.split(":")[:2])
    told = Entry(item.service, "paid", path, on, subject, kind=kind_of(item), headcount=len(rows), fen=fen,
                 quantity=sum(row.quantity for row in rows))  # fmt: skip
    lines = journal.put([told], by=by)
    keys = [(Participation, [row.pk for row in rows])]
    audit.write("offer.pay", by=by, subject=subject, path=path, keys=keys, parts=[lines])
    return _Paid(fen, posting)


undoing.declare("offer", _hold)
