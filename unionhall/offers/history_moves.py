"""What registers tell of: sessions that were held, the employers at a fair, and what came of people's taking part."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.kernel.actor import Actor
from unionhall.ledger import actions as ledger
from unionhall.ledger.actions import Movement
from unionhall.offers import service
from unionhall.offers.models import Booth, Offer, Outcome, Participation, Session
from unionhall.offers.outcomes import OutcomeRow, told_of
from unionhall.offers.standing import at_midnight
from unionhall.storage import registered

_AT_ONCE = 10_000
_AGAIN = "更正登记"


class HeldRow(NamedTuple):
    """A session that was held from a day through a day; what it cost in all, out of which fund, paid on which day."""

    offer: int
    number: str
    path: str
    on: date
    last: date
    venue: str = ""
    fen: int = 0
    fund: int | None = None
    paid_on: date | None = None
    digest: bytes | None = None


class BoothRow(NamedTuple):
    """An employer at a fair, with the posts it offered; `path` is the session's."""

    session_id: int
    employer_id: int
    path: str
    posts: int = 0
    digest: bytes | None = None


class _Kept(NamedTuple):
    offer_id: int
    number: str
    path: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    cancel_until: datetime
    held_at: datetime
    fen_spent: int
    fund_id: int | None
    digest: bytes | None


class _New(NamedTuple):
    """The columns of `_Kept`, and what a session of the past has none of."""

    offer_id: int
    number: str
    path: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    cancel_until: datetime
    held_at: datetime
    fen_spent: int
    fund_id: int | None
    taken: int
    shared: bool
    queues: bool
    hold_minutes: int
    most_adults: int
    most_children: int
    fen_each: int
    cancelled_because: str
    digest: bytes | None


def record_sessions(rows: Sequence[HeldRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Record sessions that were held, and what they cost; their ids, in order."""
    items = _items((row.offer for row in rows), by, {row.offer: row.path for row in rows})
    with transaction.atomic():
        numbers = registered.add(Session, [_new(row) for row in rows], batch)
        pairs = list(zip(numbers, rows, strict=True))
        journal.write_many([told for number, row in pairs for told in _held(number, row, items)], by=by, batch=batch)
        ledger.post_many([paid for number, row in pairs for paid in _paid(number, row, items)], by=by, batch=batch)
        audit.wrote("offer.session.record", Session, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_sessions(rows: Sequence[tuple[int, HeldRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct sessions that were held; the journal's lines and the payments follow, the old ones stay to be seen."""
    items = _items((row.offer for _, row in rows), by, {row.offer: row.path for _, row in rows})
    with transaction.atomic():
        free = [number for number, row in rows if not row.fen]
        was = Session.objects.filter(pk__in=free, fen_spent__gt=0).values_list("pk", flat=True)
        gone = [posting.pk for number in was if (posting := ledger.standing_of(f"session:{number}")) is not None]
        registered.change(Session, [(number, _kept(row)) for number, row in rows])
        wanted = {f"session:{number}": _held(number, row, items) for number, row in rows}
        journal.correct(wanted, by=by, batch=batch, reason=_AGAIN, acts=("held", "paid"))
        ledger.reverse_many(gone, reason=_AGAIN, by=by, batch=batch)
        paid = [told for number, row in rows for told in _paid(number, row, items)]
        ledger.repost(paid, by=by, batch=batch, reason=_AGAIN)
        numbers, paths = [number for number, _ in rows], [row.path for _, row in rows]
        audit.wrote("offer.session.correct", Session, numbers, by=by, paths=paths, batch=batch)


def record_booths(rows: Sequence[BoothRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Record the employers at fairs; the ids, in order."""
    slots = _slots((row.session_id for row in rows), by)
    with transaction.atomic():
        numbers = registered.add(Booth, rows, batch)
        told = [_stood(number, row, slots) for number, row in zip(numbers, rows, strict=True)]
        journal.write_many(told, by=by, batch=batch)
        audit.wrote("offer.booth", Booth, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_booths(rows: Sequence[tuple[int, BoothRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what employers offered at fairs; the journal's lines follow."""
    slots = _slots((row.session_id for _, row in rows), by)
    with transaction.atomic():
        registered.change(Booth, rows)
        wanted = {f"booth:{number}": [_stood(number, row, slots)] for number, row in rows}
        journal.correct(wanted, by=by, batch=batch, reason=_AGAIN)
        numbers, paths = [number for number, _ in rows], [row.path for _, row in rows]
        audit.wrote("offer.booth.correct", Booth, numbers, by=by, paths=paths, batch=batch)


def record_outcomes(rows: Sequence[OutcomeRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Record what came of people's taking part; the ids, in order."""
    _must_run(by, {(row.service, row.path) for row in rows})
    people = _people([row.participation_id for row in rows])
    with transaction.atomic():
        numbers = registered.add(Outcome, rows, batch)
        told = [told_of(number, row, *people[row.participation_id]) for number, row in zip(numbers, rows, strict=True)]
        journal.write_many(told, by=by, batch=batch)
        audit.wrote("offer.outcome", Outcome, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_outcomes(rows: Sequence[tuple[int, OutcomeRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what came of people's taking part; the journal's lines follow."""
    _must_run(by, {(row.service, row.path) for _, row in rows})
    people = _people([row.participation_id for _, row in rows])
    with transaction.atomic():
        registered.change(Outcome, rows)
        wanted = {f"outcome:{number}": [told_of(number, row, *people[row.participation_id])] for number, row in rows}
        journal.correct(wanted, by=by, batch=batch, reason=_AGAIN)
        numbers, paths = [number for number, _ in rows], [row.path for _, row in rows]
        audit.wrote("offer.outcome.correct", Outcome, numbers, by=by, paths=paths, batch=batch)


def _kept(row: HeldRow) -> _Kept:
    start, end = at_midnight(row.on), at_midnight(row.last + timedelta(days=1)) - timedelta(minutes=1)
    return _Kept(
        row.offer, row.number, row.path, row.venue, start, end, start, start, end, row.fen, row.fund, row.digest
    )


def _new(row: HeldRow) -> _New:
    return _New(
        **_kept(row)._asdict(), taken=0, shared=False, queues=False, hold_minutes=0, most_adults=0, most_children=0,
        fen_each=0, cancelled_because="",
    )  # fmt: skip


def _held(number: int, row: HeldRow, items: Mapping[int, Offer]) -> list[Entry]:
    item, subject = items[row.offer], f"session:{number}"
    told = [Entry(item.service, "held", row.path, row.on, subject, kind=service.kind_of(item), headcount=0)]
    if row.fen:
        told.append(
            Entry(item.service, "paid", row.path, row.paid_on or row.last, subject, kind=service.kind_of(item), headcount=0,
                  fen=row.fen)
        )  # fmt: skip
    return told


def _paid(number: int, row: HeldRow, items: Mapping[int, Offer]) -> list[Movement]:
    if not row.fen or row.fund is None:
        return []
    to = items[row.offer].service
    return [ledger.payment(f"session:{number}", row.fund, row.fen, to, row.paid_on or row.last, row.path)]


def _stood(number: int, row: BoothRow, slots: Mapping[int, Session]) -> Entry:
    slot = slots[row.session_id]
    day = timezone.localdate(slot.starts_at)
    return Entry(
        slot.offer.service, "booth", row.path, day, f"booth:{number}", kind=service.kind_of(slot.offer),
        employer=row.employer_id, headcount=0, quantity=row.posts,
    )  # fmt: skip


def _items(offers: Iterable[int], by: Actor, paths: Mapping[int, str]) -> Mapping[int, Offer]:
    found = {item.pk: item for item in Offer.objects.filter(pk__in=set(offers))}
    _must_run(by, {(item.service, paths[number]) for number, item in found.items()})
    return found


def _slots(sessions: Iterable[int], by: Actor) -> Mapping[int, Session]:
    found = {slot.pk: slot for slot in Session.objects.filter(pk__in=set(sessions)).select_related("offer")}
    _must_run(by, {(slot.offer.service, slot.path) for slot in found.values()})
    return found


def _people(participations: Sequence[int]) -> dict[int, tuple[int, Offer]]:
    """Whose each participation is, and of which item."""
    found: dict[int, tuple[int, int]] = {}
    for at in range(0, len(participations), _AT_ONCE):
        rows = Participation.objects.filter(pk__in=participations[at : at + _AT_ONCE])
        found |= {number: (person, offer) for number, person, offer in rows.values_list("pk", "person_id", "offer_id")}
    items = Offer.objects.in_bulk({offer for _, offer in found.values()})
    return {number: (person, items[offer]) for number, (person, offer) in found.items()}


def _must_run(by: Actor, asked: Iterable[tuple[str, str]]) -> None:
    """Only who runs a service writes what came of it, at and below their place."""
    for key, path in set(asked):
        by.must_reach(path, *service.find(key).runs())
