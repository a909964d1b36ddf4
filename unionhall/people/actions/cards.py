"""Writing cards: asked for, the bank's answers, replaced, cancelled."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.people.models import Card
from unionhall.storage import bulk
from unionhall.storage.sealed import indexer, sealer

_CARD = ("id", "person_id", "path", "state", "consented_on", "requested_on", "rejected_because", "replaces_id", "batch",
         "digest")  # fmt: skip
_REPLY = ("state", "number", "number_index", "made_on", "delivered_on", "activated_on", "until", "rejected_because",
          "digest")  # fmt: skip


class Request(NamedTuple):
    """A card asked for: the person agreed on one day, the union asked the bank on another."""

    person: int
    path: str
    kind: str
    consented_on: date
    requested_on: date
    digest: bytes | None = None


class Reply(NamedTuple):
    """What the bank said of a card: made (with its number) or rejected (with a reason), and what happened since."""

    card: int
    person: int
    path: str
    number: str
    made_on: date | None
    delivered_on: date | None
    activated_on: date | None
    rejected_on: date | None
    because: str = ""
    digest: bytes | None = None


@transaction.atomic
def request_cards(requests: Sequence[Request], *, by: Actor, batch: int | None = None) -> list[int]:
    """Cards asked for with consent; their ids. One line "requested" each."""
    if any(r.consented_on > r.requested_on for r in requests):
        raise Refused("同意办卡日期不能晚于申请日期。")
    numbers = bulk.ids(Card, len(requests))
    bulk.insert(Card, _CARD, [
        (number, r.person, r.path, "requested", r.consented_on, r.requested_on, "", None, batch, r.digest)
        for number, r in zip(numbers, requests, strict=True)
    ])  # fmt: skip
    journal.write_many([
        Entry("card", "requested", r.path, r.requested_on, f"card:{number}", r.kind, r.person)
        for number, r in zip(numbers, requests, strict=True)
    ], by=by, batch=batch)  # fmt: skip
    paths, about = [r.path for r in requests], requests[0].person if len(requests) == 1 else None
    audit.wrote("card.request", Card, numbers, by=by, paths=paths, about=about, batch=batch)
    return numbers


@transaction.atomic
def record_replies(replies: Sequence[Reply], *, by: Actor, batch: int | None = None) -> None:
    """The bank's answers. Lines only for what is new: a later file that adds the delivery writes only "delivered"."""
    seal, index = sealer(Card, "number"), indexer(Card, "number")
    stood = Card.objects.filter(pk__in=[reply.card for reply in replies])
    before = {card.id: card for card in map(_Stood._make, stood.values_list(*_Stood._fields).iterator(10_000))}
    rows: list[tuple[object, ...]] = []
    entries: list[Entry] = []
    for reply in replies:
        card = before[reply.card]
        state = ("rejected" if reply.rejected_on else "active" if reply.activated_on
                 else "delivered" if reply.delivered_on else "made")  # fmt: skip
        rows.append((
            reply.card, state, seal(reply.card, reply.number) if reply.number else None,
            index(reply.number) if reply.number else None, reply.made_on, reply.delivered_on, reply.activated_on,
            reply.rejected_on, reply.because, reply.digest,
        ))  # fmt: skip
        entries += _what_happened(card, reply)
    bulk.update(Card, _REPLY, rows)
    journal.write_many(entries, by=by, batch=batch)
    paths, about = [reply.path for reply in replies], replies[0].person if len(replies) == 1 else None
    audit.wrote("card.reply", Card, [reply.card for reply in replies], by=by, paths=paths, about=about, batch=batch)


class _Stood(NamedTuple):
    """A card before the bank's answer, as far as it says what the answer adds."""

    id: int
    state: str
    made_on: date | None
    delivered_on: date | None
    activated_on: date | None
    until: date | None


def _what_happened(card: _Stood, reply: Reply) -> Iterable[Entry]:
    steps = (("made", card.made_on, reply.made_on), ("delivered", card.delivered_on, reply.delivered_on),
             ("activated", card.activated_on, reply.activated_on),
             ("rejected", card.until if card.state == "rejected" else None, reply.rejected_on))  # fmt: skip
    for act, was, now in steps:
        if now is not None and was is None:
            yield Entry("card", act, reply.path, now, f"card:{reply.card}", person=reply.person, reason=reply.because)


@transaction.atomic
def replace_card(card: int, *, by: Actor, on: date, reason: str = "") -> int:
    """A lost or broken card is replaced: this one ends on `on`, a new request stands in its place. The new card's id."""
    old = _ended(card, "replaced", reason, by=by, on=on)
    (number,) = bulk.ids(Card, 1)
    bulk.insert(Card, _CARD, [
        (number, old.person_id, old.path, "requested", old.consented_on, on, "", card, None, None)
    ])  # fmt: skip
    journal.write(Entry("card", "requested", old.path, on, f"card:{number}", person=old.person_id), by=by)
    audit.wrote("card.request", Card, [number], by=by, paths=[old.path], about=old.person_id)
    return number


@transaction.atomic
def cancel_card(card: int, *, by: Actor, on: date, reason: str) -> None:
    """The card ends on `on` and none follows."""
    if not reason:
        raise Refused("注销卡必须写明原因。")
    _ended(card, "cancelled", reason, by=by, on=on)


def _ended(card: int, state: str, reason: str, *, by: Actor, on: date) -> Card:
    old: Card = Card.objects.select_for_update().get(pk=card)
    if old.until is not None:
        raise Refused("这张卡已经停用。")
    Card.objects.filter(pk=card).update(state=state, until=max(on, old.made_on or on), digest=None)
    journal.write(Entry("card", state, old.path, on, f"card:{card}", person=old.person_id, reason=reason), by=by)
    audit.wrote(f"card.{state}", Card, [card], by=by, paths=[old.path], about=old.person_id)
    return old
