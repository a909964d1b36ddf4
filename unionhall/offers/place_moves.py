"""Signing up for a session. Built for the minute in which everybody wants one.

One transaction: an unlocked test that refuses most of a rush after one query; the row itself, which the database takes once
for a person at a session and once for a tap; its journal line and audit entry; and, last, the statement that counts the
places and refuses to pass their number. So the one row everybody wants is locked only from there to the commit, and there is
no moment in which a place is counted and nobody has it, or the other way round.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.digests import digest_written
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers.actions import WRITERS
from unionhall.offers.conditions import Facts
from unionhall.offers.eligibility import Asked, asked_always, asked_of, must_have_left, must_meet
from unionhall.offers.models import LIVE, SIGNED, WAITING, Participation, Session, Share
from unionhall.offers.rush import Found, facts_of, look
from unionhall.offers.shares import share_of
from unionhall.offers.standing import line_of
from unionhall.people.models import Person
from unionhall.storage import bulk

_COLUMNS = (
    "id", "offer_id", "person_id", "path", "on", "number", "quantity", "verified_by", "session_id", "share_id", "state",
    "adults", "children", "employer", "key", "used_key", "asked_at", "fen",
)  # fmt: skip
"""What a new row has; the other columns are NULL."""
_AGAIN = _("您已经报过名了，在“我的名额”里可以看到。")
KEY = 48
"""Characters a tap's key may have."""


class Party(NamedTuple):
    """Who comes along (each takes a place), and how many of what is given out the person takes."""

    adults: int = 0
    children: int = 0
    quantity: int = 1


ALONE = Party()


class _Full(Exception):
    """No place is left. Never leaves this module."""


class _Before(Exception):
    """This tap got an answer before: that participation's id. Never leaves this module."""

    def __init__(self, participation: int) -> None:
        super().__init__(participation)
        self.participation = participation


class _Asking(NamedTuple):
    """One request for a place, settled."""

    slot: Session
    facts: Facts
    asked: list[Asked]
    share: Share | None
    party: Party
    key: str
    now: datetime


def sign_up(
    session: int, *, now: datetime, by: Actor, person: int | None = None, party: Party = ALONE, key: str = ""
) -> Participation:
    """A place at a session, or the end of its queue (`state` says which): for oneself, or for `person` by an officer.

    `key` is the tap's own: the same tap again gets the first answer, whatever has happened to the session since. Refused,
    with a code: "closed", "eligibility", "limit", "party", "again" (a place already), "full".
    """
    who = _whom(person, by)
    if len(key) > KEY:
        raise Refused("请刷新页面后重试。", code="key")
    try:
        asking = _settle(session, who, party, key, now, by)
        try:
            return _take(asking, by)
        except _Full:
            return _wait(asking, by)
    except _Before as before:
        return Participation.objects.get(pk=before.participation)
    except Refused as refused:
        if refused.code in ("eligibility", "limit") and _stands(session, who):
            if (first := _first(who, key)) is not None:
                return first
            raise Refused(_AGAIN, code="again") from None
        raise
    except IntegrityError:
        if (first := _first(who, key)) is not None:
            return first
        if not _stands(session, who):
            raise
        raise Refused(_AGAIN, code="again") from None


def _whom(person: int | None, by: Actor) -> int:
    if by.person is not None:
        if person not in (None, by.person):
            raise NotYours(f"person:{person}")
        return by.person
    if person is None:
        raise Refused("请先选择会员。", code="person")
    return person


def _first(person: int, key: str) -> Participation | None:
    """What the same tap got before."""
    return Participation.objects.filter(person=person, key=key).first() if key else None


def _stands(session: int, person: int) -> bool:
    return Participation.objects.filter(session=session, person=person, state__in=LIVE).exists()


def _settle(session: int, person: int, party: Party, key: str, now: datetime, by: Actor) -> _Asking:
    """Everything that can be said without a lock. Most of a rush ends here."""
    day = timezone.localdate(now)
    found = look(session, person, key, day)
    if found is None:
        raise NotYours(f"session:{session}")
    if found.first is not None:
        raise _Before(found.first)
    _must_be_open(found, now)
    needs = _needs(party)
    if not 0 <= party.adults <= found.most_adults or not 0 <= party.children <= found.most_children:
        raise _too_many(found.most_adults, found.most_children)
    if not 1 <= party.quantity <= 1_000:
        raise Refused("数量应在 1 到 1000 之间。", code="party")
    if not found.queues and found.places is not None and found.taken + needs > found.places:
        raise Refused("名额已满。", code="full")
    facts, slot = facts_of(person, day), found.session(session)
    if by.person is None:
        by.must_reach(facts.path or slot.path, *WRITERS)
    asked = asked_of(slot.offer, day) if found.asks else asked_always(slot.offer)
    must_meet(slot.offer, facts, [one for one in asked if not one.condition.history])
    share = (
        share_of(list(Share.objects.filter(session=session).order_by("pk")), facts, slot.offer_id)
        if slot.shared
        else None
    )
    return _Asking(slot, facts, asked, share, party, key, now)


def _too_many(adults: int, children: int) -> Refused:
    if adults and children:
        return Refused(
            "这一场最多带 {adults} 名成人、{children} 名儿童。", code="party", adults=adults, children=children
        )
    if adults:
        return Refused("这一场最多带 {adults} 名成人。", code="party", adults=adults)
    if children:
        return Refused("这一场最多带 {children} 名儿童。", code="party", children=children)
    return Refused("这一场不能带人同去。", code="party")


def _must_be_open(slot: Session | Found, now: datetime) -> None:
    if slot.cancelled_at is not None:
        raise Refused("这一场已经取消。", code="closed")
    if slot.opens_at is not None and now < slot.opens_at:
        raise Refused(
            "{localtime:%m月%d日 %H:%M} 开始报名。", code="closed", localtime=timezone.localtime(slot.opens_at)
        )
    if now >= slot.closes_at or slot.held_at is not None:
        raise Refused("报名已经截止。", code="closed")


def _take(asking: _Asking, by: Actor) -> Participation:
    """The row, its line, its audit entry; the count last. Raises `_Full` and leaves nothing when there is no place."""
    slot, share = asking.slot, asking.share
    needs = _needs(asking.party)
    if slot.places is not None and slot.taken + needs > slot.places:
        raise _Full
    if share is not None and share.taken + needs > share.places:
        raise _Full
    with transaction.atomic():
        row = _write(asking, SIGNED, by)
        room = _room(needs)
        if share is not None and not Share.objects.filter(room, pk=share.pk).update(taken=F("taken") + needs):
            raise _Full
        stands = Session.objects.filter(room | Q(places=None), pk=slot.pk, cancelled_at=None, held_at=None)
        if not stands.update(taken=F("taken") + needs):
            raise _Full
        return row


def _needs(party: Party) -> int:
    return 1 + party.adults + party.children


def _room(needs: int) -> Q:
    """There is room for so many more. Asked in the statement that takes them, so that nobody can come between."""
    return Q(taken__lte=F("places") - needs)


def _wait(asking: _Asking, by: Actor) -> Participation:
    """The end of the queue. The locks come first: a place freed meanwhile is taken instead."""
    slot, share = asking.slot, asking.share
    if not slot.queues:
        raise Refused("名额已满。", code="full")
    with transaction.atomic():
        if share is not None:
            share = Share.objects.select_for_update(no_key=True).get(pk=share.pk)
        slot = Session.objects.select_for_update(no_key=True, of=("self",)).select_related("offer").get(pk=slot.pk)
        _must_be_open(slot, asking.now)
        asking = asking._replace(slot=slot, share=share)
        try:
            return _take(asking, by)
        except _Full:
            return _write(asking, WAITING, by)


def _write(asking: _Asking, state: str, by: Actor) -> Participation:
    """One person's row at a session, with its line and audit entry; inside a transaction."""
    slot, facts, party, now = asking.slot, asking.facts, asking.party, asking.now
    item, day = slot.offer, timezone.localdate(slot.starts_at)
    history = [one for one in asking.asked if one.condition.history]
    if history or item.most_each is not None:
        # Only against oneself: two taps of one person, at two sessions of an item, wait for each other here.
        Person.objects.select_for_update(no_key=True).get(pk=facts.person)
        must_meet(item, facts, history)
        must_have_left(item, facts.person, day)
    number, line, entry = bulk.one_id_of(Participation, Line, AuditEntry)
    row = Participation(
        pk=number, offer=item, person_id=facts.person, path=facts.path or slot.path, on=day, number=f"BM-{number}",
        quantity=party.quantity, session=slot, share=asking.share, state=state, adults=party.adults,
        children=party.children, employer=facts.employer, key=asking.key, used_key="", asked_at=now, fen=0, verified_by="",
    )  # fmt: skip
    values = [tuple(row.__dict__[name] for name in _COLUMNS)]
    bulk.insert(Participation, _COLUMNS, values)
    told = [digest_written(Participation, _COLUMNS, values)]
    told.append(journal.put([line_of(row, state, now)], by=by, numbers=[line]))
    audit.write(
        "offer.sign_up", by=by, subject=row.subject, path=row.path, about=facts.person, parts=told, number=entry
    )
    return row
