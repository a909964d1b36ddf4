"""What an officer does with a session: opens it, changes its places, divides them, calls it off, closes it when it was held."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import notices, service
from unionhall.offers.conditions import BY_KEY
from unionhall.offers.models import (
    ABSENT,
    CANCELLED,
    EXPIRED,
    OFFERED,
    REST,
    SIGNED,
    WAITING,
    Offer,
    Participation,
    Session,
    Share,
)
from unionhall.offers.queue_moves import promote, void_places
from unionhall.offers.terms_moves import run_by

_LONGEST = 60 * 24 * 14


class Slot(NamedTuple):
    """A session as it is opened. Instants; `places` None: no limit; `cancel_until` None: until it starts.

    `hold_minutes`: how long a freed place is held for who waited longest; 0 gives it to them at once. `most_adults` and
    `most_children` may be brought along and take places. `fen_each` is what a place that was used costs `fund` (an id).
    """

    number: str
    starts_at: datetime
    ends_at: datetime
    places: int | None
    venue: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    cancel_until: datetime | None = None
    queues: bool = False
    hold_minutes: int = 0
    most_adults: int = 0
    most_children: int = 0
    fen_each: int = 0
    fund: int | None = None


class Part(NamedTuple):
    """Places of a session for a union (`whose` its id), a place (its path) or a group (the key of a condition)."""

    kind: str
    whose: str
    places: int


def open_session(offer: int, slot: Slot, *, by: Actor) -> int:
    """Open a session of an item; its id."""
    with transaction.atomic():
        item = run_by(offer, by=by)
        _check(item, slot)
        if Session.objects.filter(offer=offer, number=slot.number).exists():
            raise Refused("场次编号 {number} 已经用过，请换一个。", code="number", number=slot.number)
        row = Session.objects.create(
            offer=item, path=item.path, number=slot.number.strip(), venue=slot.venue.strip(), starts_at=slot.starts_at,
            ends_at=slot.ends_at, opens_at=slot.opens_at, closes_at=slot.closes_at or slot.starts_at,
            cancel_until=slot.cancel_until or slot.starts_at, places=slot.places, queues=slot.queues,
            hold_minutes=slot.hold_minutes, most_adults=slot.most_adults, most_children=slot.most_children,
            fen_each=slot.fen_each, fund_id=slot.fund,
        )  # fmt: skip
        audit.write("offer.session.open", by=by, subject=row.subject, path=row.path, rows=(row,))
        return row.pk


def change_places(session: int, places: int | None, *, now: datetime, by: Actor) -> None:
    """More or fewer places; who waits moves up. Refused: fewer than are taken, or divided places."""
    with transaction.atomic():
        slot = locked(session, by=by)
        _must_stand(slot)
        if slot.shared:
            raise Refused("名额已经分配到单位，请改分配。", code="places")
        if places is not None and places < slot.taken:
            raise Refused("已经占用 {taken} 个名额，不能少于这个数。", code="places", taken=slot.taken)
        slot.places = places
        slot.save(update_fields=["places"])
        audit.write("offer.session.places", by=by, subject=slot.subject, path=slot.path, rows=(slot,))
        promote(slot, None, now=now, by=by)


def share_out(session: int, parts: Sequence[Part], *, by: Actor) -> None:
    """Divide a session's places among unions, places and groups; what is left is for everybody else.

    Refused: more than there are, the same one twice, or once somebody has signed up.
    """
    with transaction.atomic():
        slot = locked(session, by=by)
        _must_stand(slot)
        if slot.places is None:
            raise Refused("不限名额的场次不用分配。", code="places")
        if Participation.objects.filter(session=session).exists():
            raise Refused("已有人报名，不能再改分配；请另开场次。")
        if len({part[:2] for part in parts}) < len(parts) or any(part.places <= 0 for part in parts):
            raise Refused("每个单位只分配一次，名额应大于零。", code="parts")
        if any(part.kind not in ("union", "place", "group") for part in parts):
            raise Refused("名额只能分配给工会、地方或群体。", code="parts")
        if any(part.kind == "group" and part.whose not in BY_KEY for part in parts):
            raise Refused("没有这个群体，请从列表中选择。", code="parts")
        rest = slot.places - sum(part.places for part in parts)
        if rest < 0:
            raise Refused("分配的名额比总数多 {rest} 个，请核对。", code="parts", rest=-rest)
        gone = list(Share.objects.filter(session=session).order_by("pk"))
        keys = [(Share, [one.pk for one in gone])]
        Share.objects.filter(session=session).delete()
        if parts:
            made = [Share(session=slot, kind=part.kind, whose=part.whose, places=part.places) for part in parts]
            made.append(Share(session=slot, kind=REST, places=rest))
            for one in made:
                one.save(force_insert=True)
            keys.append((Share, [one.pk for one in made]))
        slot.shared = bool(parts)
        slot.save(update_fields=["shared"])
        audit.write("offer.session.share", by=by, subject=slot.subject, path=slot.path, rows=(slot,), keys=keys)


def cancel_session(session: int, *, reason: str, now: datetime, by: Actor) -> int:
    """Call a session off and tell everybody who had a place or waited for one; how many. Their places are theirs no longer.

    Refused: without a reason, when somebody has already come, or once it was closed.
    """
    if not reason.strip():
        raise Refused("取消场次必须写明原因，原因会告诉报名的人。", code="reason")
    with transaction.atomic():
        slot = locked(session, by=by)
        _must_stand(slot)
        rows = list(Participation.objects.select_for_update(no_key=True, of=("self",)).filter(session=session)
                    .order_by("pk"))  # fmt: skip
        if any(row.state == "attended" for row in rows):
            raise Refused("已有人签到，场次不能取消。")
        standing = [row for row in rows if row.state in (SIGNED, OFFERED, WAITING)]
        Session.objects.filter(pk=session).update(cancelled_at=now, cancelled_because=reason.strip()[:200], taken=0)
        Share.objects.filter(session=session).update(taken=0)
        numbers = [row.pk for row in standing]
        Participation.objects.filter(pk__in=numbers).update(state=CANCELLED, ended_at=now, held_until=None, digest=None)
        void_places(standing, by=by, reason=f"场次取消：{reason.strip()}"[:200])
        keys = [(Session, [session]), (Participation, numbers)]
        audit.write("offer.session.cancel", by=by, subject=slot.subject, path=slot.path, keys=keys)
        notices.called_off(slot, standing, reason.strip(), now=now, by=by)
        return len(standing)


def close_session(session: int, *, now: datetime, by: Actor) -> int:
    """A session was held: who had a place and did not come is absent, who still waited waits no longer; how many came.

    Writes the one line by which sessions are counted. Refused: before it began, or twice.
    """
    with transaction.atomic():
        slot = locked(session, by=by)
        _must_stand(slot)
        if now < slot.starts_at:
            raise Refused("场次还没有开始，不能结束。")
        rows = Participation.objects.select_for_update(no_key=True, of=("self",)).filter(session=session).order_by("pk")
        missed = [row for row in rows if row.state == SIGNED]
        waited = [row for row in rows if row.state in (WAITING, OFFERED)]
        freed = sum(row.needs for row in waited if row.state == OFFERED)
        for state, part in ((ABSENT, missed), (EXPIRED, waited)):
            Participation.objects.filter(pk__in=[row.pk for row in part]).update(
                state=state, ended_at=now, held_until=None
            )
        for row in waited:
            if row.state == OFFERED and row.share_id is not None:
                Share.objects.filter(pk=row.share_id).update(taken=F("taken") - row.needs)
        Session.objects.filter(pk=session).update(held_at=now, taken=F("taken") - freed)
        came = Participation.objects.filter(session=session, state="attended")
        heads = came.aggregate(n=Sum(F("adults") + F("children") + 1))["n"] or 0
        item = slot.offer
        day = timezone.localdate(slot.starts_at)
        told = Entry(item.service, "held", slot.path, day, slot.subject, kind=service.kind_of(item), headcount=heads)
        lines = journal.put([told], by=by)
        keys = [(Session, [session]), (Participation, [row.pk for row in (*missed, *waited)])]
        audit.write("offer.session.close", by=by, subject=slot.subject, path=slot.path, keys=keys, parts=[lines])
        return came.count()


def locked(session: int, *, by: Actor) -> Session:
    """The session with its shares, locked, shares first, as everybody locks them; somebody else's is not there."""
    list(Share.objects.select_for_update(no_key=True).filter(session=session).order_by("pk"))
    slot: Session | None = (
        Session.objects.select_for_update(no_key=True, of=("self",)).select_related("offer").filter(pk=session).first()
    )
    if slot is None:
        raise NotYours(f"session:{session}")
    by.must_reach(slot.path, *service.find(slot.offer.service).runs())
    return slot


def _check(item: Offer, slot: Slot) -> None:
    number = slot.number.strip()
    if not number or len(number) > 24:
        raise Refused("请填写场次编号，最多 24 个字。", code="number")
    if slot.ends_at <= slot.starts_at:
        raise Refused("结束时间要晚于开始时间。", code="ends_at")
    first, last = timezone.localdate(slot.starts_at), timezone.localdate(slot.ends_at)
    if first < item.since or (item.until is not None and last >= item.until):
        raise Refused("“{title}”在这些天没有开放，请核对场次时间。", code="starts_at", title=item.title)
    closes = slot.closes_at or slot.starts_at
    if closes > slot.ends_at or (slot.opens_at is not None and slot.opens_at >= closes):
        raise Refused("报名应先开始、后截止，并在场次结束之前截止。", code="closes_at")
    if slot.places is not None and not 0 < slot.places <= 1_000_000:
        raise Refused("名额应大于零。", code="places")
    if not 0 <= slot.hold_minutes <= _LONGEST:
        raise Refused("递补名额最多保留 14 天。", code="hold_minutes")
    if slot.fen_each < 0 or (slot.fen_each and slot.fund is None):
        raise Refused("有费用的场次要写明由哪项资金支出。", code="fund")


def _must_stand(slot: Session) -> None:
    if slot.cancelled_at is not None:
        raise Refused("这一场已经取消。")
    if slot.held_at is not None:
        raise Refused("这一场已经结束。")
