"""What an officer does with cards one by one or by the roster: asks, sends to the bank, hands over, activates, replaces, cancels.

The bank's replies and whole files are `people.actions`. A card is requested → sent → made → delivered → active, and ends
replaced or cancelled; the bank may reject it. Nothing here ever reads or writes a key or a pin: a card is no key.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.roles import holders
from unionhall.people import actions
from unionhall.people.actions import Request
from unionhall.people.models import Card, Membership
from unionhall.storage import bulk

STATES = {
    "requested": "已申请", "sent": "已送银行", "made": "已制卡", "delivered": "已发放", "active": "已激活",
    "replaced": "已换发", "cancelled": "已注销", "rejected": "银行退回",
}  # fmt: skip
"""State -> Chinese title, in the order of a card's life."""

OPEN = ("requested", "sent", "made", "delivered", "active")
REPLACED_BECAUSE = {"lost": "遗失", "damaged": "损坏", "name": "姓名或证件变更"}

_NEXT = {"delivered": ("made",), "active": ("made", "delivered")}
_DAY = {"delivered": "delivered_on", "active": "activated_on"}
_ACT = {"delivered": "delivered", "active": "activated"}


def ask(membership: int, *, by: Actor, consented_on: date, on: date) -> int:
    """Ask for a card for a member who agreed on `consented_on`; the card's id.

    Refused: a membership that has ended, a person who has a card already, consent given after the request.
    """
    with transaction.atomic():
        held = Membership.objects.select_for_update(of=("self",)).select_related("union").filter(pk=membership).first()
        if held is None:
            raise NotYours(f"membership:{membership}")
        by.must_reach(held.path, *holders("cards.change"))
        if held.until is not None:
            raise Refused("这项会籍已经终止，不能办卡。")
        if held.since > on:
            raise Refused("申请日期不能早于入会日期。")
        if Card.objects.filter(person=held.person_id, until=None).exclude(state="rejected").exists():
            raise Refused("这位会员已有一张卡，一人一卡；换卡请在卡的页面办理换发。")
        asked = Request(held.person_id, held.path, held.union.kind, consented_on, on)
        return actions.request_cards([asked], by=by)[0]


def send(cards: Sequence[int], *, by: Actor, on: date, batch_out: str) -> int:
    """Mark requested cards as sent to the bank in the batch of that number; how many. All or none.

    Refused when one of them is no longer only requested: somebody else has sent it meanwhile.
    """
    with transaction.atomic():
        rows = _locked(cards, by)
        if any(row.state != "requested" for row in rows):
            raise Refused("名单里有卡已经送过银行或已不在申请中，请重新生成批次。")
        if any(on < row.requested_on for row in rows):
            raise Refused("送出日期不能早于申请日期。")
        bulk.update(Card, ("state", "digest"), [(row.pk, "sent", None) for row in rows])
        journal.write_many([
            Entry("card", "sent", row.path, on, f"card:{row.pk}", kind=batch_out, person=row.person_id) for row in rows
        ], by=by)  # fmt: skip
        audit.write(
            "card.send", by=by, subject=batch_out, keys=((Card, [row.pk for row in rows]),), note=f"{len(rows)} 张"
        )
        return len(rows)


def recall(card: int, *, by: Actor, on: date, reason: str) -> None:
    """The bank never took it: a card that was sent waits for a batch again."""
    if not reason.strip():
        raise Refused("请写明为什么撤回。", code="reason")
    with transaction.atomic():
        (row,) = _locked([card], by)
        if row.state != "sent":
            raise Refused("这张卡现在是“{state}”，只有已送银行、还没有回盘的可以撤回。", state=STATES[row.state])
        bulk.update(Card, ("state", "digest"), [(row.pk, "requested", None)])
        journal.write(
            Entry("card", "recalled", row.path, on, f"card:{card}", person=row.person_id, reason=reason.strip()), by=by
        )
        audit.write("card.recall", by=by, subject=f"card:{card}", path=row.path, rows=(row,), about=row.person_id)


def deliver(card: int, *, by: Actor, on: date) -> None:
    """Handed to the member on that day."""
    _advance(card, "delivered", by=by, on=on)


def activate(card: int, *, by: Actor, on: date) -> None:
    """The member activated it at the bank on that day; a card that was never noted as handed over was, that day."""
    _advance(card, "active", by=by, on=on)


def take_back(card: int, *, by: Actor) -> str:
    """Undo the last of "delivered" and "activated", noted by mistake: its line is voided, the state before stands again.

    The state the card is in now.
    """
    with transaction.atomic():
        (row,) = _locked([card], by)
        if row.state not in _DAY:
            raise Refused("这张卡现在是“{state}”，没有可以撤销的发放或激活。", state=STATES[row.state])
        subject = f"card:{card}"
        wrong = Line.objects.standing().filter(subject=subject, service="card", act=_ACT[row.state])
        journal.void(wrong, by=by, reason="撤销误登")
        before = "delivered" if row.state == "active" and row.delivered_on else "made"
        bulk.update(Card, ("state", _DAY[row.state], "digest"), [(row.pk, before, None, None)])
        audit.write("card.take_back", by=by, subject=subject, path=row.path, rows=(row,), about=row.person_id)
        return before


def replace(card: int, *, by: Actor, on: date, because: str) -> int:
    """A lost or broken card is replaced by a new request; the new card's id. `because` is a key of REPLACED_BECAUSE."""
    if because not in REPLACED_BECAUSE:
        raise Refused("请选择换发的原因。", code="because")
    with transaction.atomic():
        (row,) = _locked([card], by)
        if row.state not in ("made", "delivered", "active"):
            raise Refused("这张卡现在是“{state}”，制成以后才能换发。", state=STATES[row.state])
        _not_before(row, on)
        return actions.replace_card(card, by=by, on=on, reason=REPLACED_BECAUSE[because])


def cancel(card: int, *, by: Actor, on: date, reason: str) -> None:
    """The card ends and none follows."""
    if not reason.strip():
        raise Refused("注销卡必须写明原因。", code="reason")
    with transaction.atomic():
        (row,) = _locked([card], by)
        if row.state not in OPEN:
            raise Refused("这张卡已经是“{state}”，不必注销。", state=STATES[row.state])
        _not_before(row, on)
        actions.cancel_card(card, by=by, on=on, reason=reason.strip())


def _advance(card: int, to: str, *, by: Actor, on: date) -> None:
    with transaction.atomic():
        (row,) = _locked([card], by)
        if row.state not in _NEXT[to]:
            raise Refused("这张卡现在是“{state}”，不能登记“{to}”。", state=STATES[row.state], to=STATES[to])
        _not_before(row, on)
        bulk.update(Card, ("state", _DAY[to], "digest"), [(row.pk, to, on, None)])
        journal.write(Entry("card", _ACT[to], row.path, on, f"card:{card}", person=row.person_id), by=by)
        audit.write(f"card.{to}", by=by, subject=f"card:{card}", path=row.path, rows=(row,), about=row.person_id)


def _not_before(row: Card, on: date) -> None:
    last = max(day for day in (row.requested_on, row.made_on, row.delivered_on, row.activated_on) if day is not None)
    if on < last:
        raise Refused("日期不能早于上一步（{last}）。", code="on", last=last.isoformat())


def _locked(cards: Sequence[int], by: Actor) -> list[Card]:
    rows = list(Card.objects.select_for_update().filter(pk__in=cards).order_by("pk"))
    if len(rows) != len(set(cards)):
        raise NotYours("card")
    for path in {row.path for row in rows}:
        by.must_reach(path, *holders("cards.change"))
    return rows
