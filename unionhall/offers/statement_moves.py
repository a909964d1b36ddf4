"""The monthly statement of an item: put forward by who runs it, approved or returned by another in finance; then it is paid.

Paying is cost_moves.pay_month, which pays nothing else than what was approved.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.offers.models import Offer, Participation
from unionhall.offers.statement_models import APPROVED, PAID, PUT, RETURNED, Statement
from unionhall.offers.terms_moves import run_by
from unionhall.organisations.roles import holders

_LONGEST = 200


def put_forward(offer: int, year: int, month: int, *, now: datetime, by: Actor) -> int:
    """Whoever runs the item says that the month's redemptions are right; the statement's id.

    Refused: the month is not over ("month"), nothing to pay, or put forward already ("state").
    """
    with transaction.atomic():
        item = run_by(offer, by=by)
        if by.account is None:
            raise NotYours(f"offer:{offer}")
        period = Period.month(year, month)
        if period.last >= timezone.localdate(now):
            raise Refused("这个月还没有过完，不能提交对账单。", code="month")
        told = Statement.objects.select_for_update().filter(offer=offer, month=period.start).first()
        if told is not None and told.state != RETURNED:
            raise Refused("这个月的对账单已经提交过了。", code="state")
        uses, fen = Participation.objects.redeemed_in(offer, period).owed()
        if not fen or item.fund_id is None:
            raise Refused("没有要结算的费用。", code="nothing")
        if told is None:
            told = Statement(offer=item, path=item.path, month=period.start)
        told.state, told.uses, told.fen, told.put_by, told.put_at = PUT, uses, fen, by.account, now
        told.decided_by, told.decided_at, told.because = None, None, ""
        told.save()
        audit.write("offer.statement.put", by=by, subject=f"offer:{offer}", path=item.path, rows=(told,))
        return told.pk


def approve(offer: int, year: int, month: int, *, now: datetime, by: Actor) -> None:
    """Another officer, of those who keep the fund, finds it right. Refused to who put it forward ("own"), or when the sum
    is another by now ("statement").
    """
    with transaction.atomic():
        told = _waiting(offer, year, month, (PUT,), by)
        if Participation.objects.redeemed_in(offer, Period.month(year, month)).owed()[1] != told.fen:
            raise Refused("提交以后有核销被作废，金额变了；请退回，核对后重新提交。", code="statement")
        _decide(told, APPROVED, "", now, by)


def send_back(offer: int, year: int, month: int, *, because: str, now: datetime, by: Actor) -> None:
    """It is not right, or not any more: back to who runs the item, with the reason."""
    if not because.strip():
        raise Refused("请写明退回的原因。", code="because")
    if len(because) > _LONGEST:
        raise Refused("原因最多 {longest} 个字，请缩短。", code="because", longest=_LONGEST)
    with transaction.atomic():
        _decide(_waiting(offer, year, month, (PUT, APPROVED), by), RETURNED, because.strip(), now, by)


def _waiting(offer: int, year: int, month: int, states: tuple[str, ...], by: Actor) -> Statement:
    """The month's statement, locked, for who keeps the fund and did not put it forward."""
    item = Offer.objects.filter(pk=offer).first()
    if item is None or by.account is None:
        raise NotYours(f"offer:{offer}")
    by.must_reach(item.path, *holders("funds.change"))
    period = Period.month(year, month)
    told: Statement | None = Statement.objects.select_for_update().filter(offer=offer, month=period.start).first()
    if told is None:
        raise Refused("这个月的对账单还没有提交。", code="state")
    if told.put_by == by.account:
        raise Refused("自己提交的对账单要由另一位同事办理。", code="own")
    if told.state not in states and told.state == PAID:
        raise Refused("这份对账单已经支付。", code="state")
    if told.state not in states:
        raise Refused("这份对账单已经办理过了。", code="state")
    return told


def _decide(told: Statement, state: str, because: str, now: datetime, by: Actor) -> None:
    told.state, told.because, told.decided_by, told.decided_at = state, because, by.account, now
    told.save()
    act = "offer.statement.approved" if state == APPROVED else "offer.statement.returned"
    audit.write(act, by=by, subject=f"offer:{told.offer_id}", path=told.path, rows=(told,), note=because)
