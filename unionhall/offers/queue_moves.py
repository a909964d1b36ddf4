"""Places given back and who gets them: moving up in the queue, taking the place, letting the hold run out.

Whatever moves the queue holds the locks of its share, then its session; joining it too (place_moves), so that no place is
freed between "it is full" and "I wait".
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import notices
from unionhall.offers.models import CANCELLED, EXPIRED, HOLDING, OFFERED, SIGNED, WAITING, Participation, Session, Share
from unionhall.offers.standing import is_theirs, line_of, lock_places

_AT_ONCE = 200


def promote(slot: Session, share: int | None, *, now: datetime, by: Actor) -> list[int]:
    """Give free places to who waited longest and fits; their participations. Under the locks of `lock_places`, which the
    caller holds. A place is theirs at once, or held for them for as long as the session says.
    """
    slot.refresh_from_db(fields=["places", "taken", "cancelled_at", "held_at"])
    if now >= slot.starts_at or slot.cancelled_at is not None or slot.held_at is not None:
        return []
    part = Share.objects.get(pk=share) if share is not None else None
    room = slot.places - slot.taken if slot.places is not None else 1_000_000
    room = min(room, part.places - part.taken) if part is not None else room
    waiting = Participation.objects.filter(session=slot.pk, share=share, state=WAITING).order_by("asked_at", "pk")
    up, taken = [], 0
    for row in waiting:
        if taken >= room:
            break
        if row.needs <= room - taken:
            up.append(row)
            taken += row.needs
    if up:
        _move_up(slot, up, taken, share, now, by)
    return [row.pk for row in up]


def accept(participation: int, *, now: datetime, by: Actor) -> Participation:
    """Take the place that is held. Refused: once the hold has run out."""
    with transaction.atomic():
        standing = Participation.objects.select_for_update(no_key=True, of=("self",)).select_related("offer")
        row: Participation | None = standing.filter(pk=participation).first()
        if row is None or not is_theirs(row, by):
            raise NotYours(f"participation:{participation}")
        if row.state == SIGNED:
            return row
        if row.state != OFFERED:
            raise Refused("没有为您保留的名额。")
        if row.held_until is not None and row.held_until <= now:
            raise Refused("保留时间已过，名额已给下一位。", code="expired")
        row.state, row.held_until = SIGNED, None
        row.save(update_fields=["state", "held_until"])
        lines = journal.put([line_of(row, "signed", now)], by=by)
        keys = [(Participation, [row.pk])]
        audit.write(
            "offer.accept", by=by, subject=row.subject, path=row.path, keys=keys, about=row.person_id, parts=[lines]
        )
        return row


def give_back(participation: int, *, now: datetime, by: Actor, reason: str = "") -> None:
    """Give a place back, or wait no longer; who waits moves up. Refused: after the session's deadline, for who is no officer."""
    with transaction.atomic():
        slot, row = lock_places(participation)
        if not is_theirs(row, by):
            raise NotYours(f"participation:{participation}")
        if row.state not in (SIGNED, OFFERED, WAITING):
            raise Refused("这个报名现在不能取消。")
        if by.person is not None and row.state == SIGNED and now > slot.cancel_until:
            raise Refused("已过取消期限，请联系主办单位。", code="late")
        was = row.state
        if was in HOLDING:
            _free(row)
        void_places([row], by=by, reason=reason.strip()[:200] or "取消报名")
        row.state, row.ended_at, row.held_until, row.digest = CANCELLED, now, None, None
        row.save(update_fields=["state", "ended_at", "held_until", "digest"])
        lines = journal.put([line_of(row, "cancelled", now)], by=by)
        keys = [(Participation, [row.pk])]
        audit.write(
            "offer.give_back", by=by, subject=row.subject, path=row.path, keys=keys, about=row.person_id, parts=[lines]
        )
        if was in HOLDING:
            promote(slot, row.share_id, now=now, by=by)


def expire_holds(*, now: datetime, by: Actor) -> int:
    """Places held too long go to the next; how many ran out. Each in a transaction of its own: one hot session keeps no
    other waiting.
    """
    due = Participation.objects.filter(state=OFFERED, held_until__lte=now).order_by("held_until", "pk")
    return sum(_expire(number, now, by) for number in list(due.values_list("pk", flat=True)[:_AT_ONCE]))


def _expire(number: int, now: datetime, by: Actor) -> bool:
    with transaction.atomic():
        slot, row = lock_places(number)
        if row.state != OFFERED or row.held_until is None or row.held_until > now:
            return False
        row.state, row.ended_at, row.held_until = EXPIRED, now, None
        row.save(update_fields=["state", "ended_at", "held_until"])
        _free(row)
        lines = journal.put([line_of(row, "expired", now)], by=by)
        keys = [(Participation, [number])]
        audit.write(
            "offer.expire", by=by, subject=row.subject, path=row.path, keys=keys, about=row.person_id, parts=[lines]
        )
        promote(slot, row.share_id, now=now, by=by)
        return True


def void_places(rows: Sequence[Participation], *, by: Actor, reason: str) -> None:
    """Places given back: the lines that counted them are voided, so that no figure does."""
    subjects = [row.subject for row in rows if row.state in HOLDING]
    lines = list(Line.objects.standing().filter(subject__in=subjects, act="signed"))
    if lines:
        journal.void(lines, by=by, reason=reason)


def _free(row: Participation) -> None:
    """The places of a participation are nobody's; under the locks of `lock_places`."""
    assert row.session_id is not None  # what has no session takes no place
    if row.share_id is not None:
        Share.objects.filter(pk=row.share_id).update(taken=F("taken") - row.needs)
    Session.objects.filter(pk=row.session_id).update(taken=F("taken") - row.needs)


def _move_up(
    slot: Session, up: Sequence[Participation], taken: int, share: int | None, now: datetime, by: Actor
) -> None:
    held = min(now + timedelta(minutes=slot.hold_minutes), slot.starts_at) if slot.hold_minutes else None
    state = OFFERED if held is not None else SIGNED
    numbers = [row.pk for row in up]
    Participation.objects.filter(pk__in=numbers).update(state=state, held_until=held)
    if share is not None:
        Share.objects.filter(pk=share).update(taken=F("taken") + taken)
    Session.objects.filter(pk=slot.pk).update(taken=F("taken") + taken)
    lines = journal.put([line_of(row, state, now) for row in up], by=by)
    keys = [(Participation, numbers)]
    audit.write("offer.promote", by=by, subject=slot.subject, path=slot.path, keys=keys, parts=[lines])
    notices.moved_up(slot, up, held, now=now, by=by)
