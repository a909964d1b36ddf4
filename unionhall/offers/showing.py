"""What a worker is shown of offers: which items are open, whether they are among those each is for, and what is left.

Nothing here decides: signing up asks everything again (place_moves).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from unionhall.kernel.actor import Actor
from unionhall.kernel.paths import within
from unionhall.offers import conditions
from unionhall.offers.conditions import Facts
from unionhall.offers.eligibility import Answer, Asked, answers, asked_always
from unionhall.offers.models import HOLDING, LIVE, WAITING, Offer, OfferCondition, Participation, Session, Share
from unionhall.offers.rush import facts_of
from unionhall.offers.shares import share_of

_STREET = 6
"""Digits of a street's path: what lies in one's own street is near."""


class Ahead(NamedTuple):
    """The sessions of an item one may still sign up for, taken together."""

    first: datetime
    sessions: int
    left: int | None  # None: no limit, or divided among unions, so that the number says nothing of one's own
    opens: datetime | None  # the earliest opening, when none is open yet
    queues: bool  # one may wait for a place


class Item(NamedTuple):
    """An item as it stands for one person."""

    offer: Offer
    answers: list[Answer]
    ahead: Ahead | None  # None: no session to sign up for; one comes with the card
    mine: bool  # they have a place ahead already

    @property
    def fits(self) -> bool:
        return all(answer.met for answer in self.answers)


class Slot(NamedTuple):
    """A session as it stands for one person. `left` is what is left for them: of their share, when places are divided."""

    session: Session
    left: int | None
    mine: Participation | None
    open: bool

    @property
    def full(self) -> bool:
        return self.left is not None and self.left <= 0


def facts_with_history(person: int, day: date) -> Facts:
    """What conditions ask of a person, with when they last took part in each item, so that no condition asks the database."""
    rows = Participation.objects.filter(person=person, state__in=HOLDING).values("offer").annotate(last=Max("on"))
    return facts_of(person, day)._replace(history=dict(rows.values_list("offer", "last")))


def open_items(facts: Facts, now: datetime) -> list[Item]:
    """Every item open on the day, each with its conditions answered for this person; what one signs up for comes first,
    the soonest before the others.
    """
    offers = _with_what_is_ahead(facts.day, now)
    asked = _asked([one for one, _ahead in offers], facts.day)
    had = facts.history or {}
    items = [
        Item(
            one, answers(one, facts, asked[one.pk]), ahead, ahead is not None and had.get(one.pk, date.min) >= facts.day
        )
        for one, ahead in offers
    ]
    return sorted(items, key=lambda one: (one.ahead is None, one.ahead.first.timestamp() if one.ahead else 0.0))


def is_near(item: Item, facts: Facts) -> bool:
    """Was the item opened in the person's own street?"""
    return bool(facts.path) and within(item.offer.path, facts.path[:_STREET])


def slots_of(offer: Offer, facts: Facts, now: datetime) -> "QuerySet[Session]":
    """The sessions of an item one may sign up for now or later, the soonest first."""
    standing = Session.objects.filter(offer=offer.pk, closes_at__gt=now, cancelled_at=None, held_at=None)
    return standing.order_by("starts_at", "pk")


def stand(sessions: Sequence[Session], facts: Facts, now: datetime) -> list[Slot]:
    """How each session stands for a person."""
    numbers = [one.pk for one in sessions]
    mine = {
        row.session_id: row
        for row in Participation.objects.filter(session__in=numbers, person=facts.person, state__in=LIVE)
    }
    shares: dict[int, list[Share]] = defaultdict(list)
    for share in Share.objects.filter(session__in=[one.pk for one in sessions if one.shared]).order_by("pk"):
        shares[share.session_id].append(share)
    told = []
    for one in sessions:
        part = share_of(shares[one.pk], facts, one.offer_id) if one.shared else one
        places, taken = part.places, part.taken
        left = None if places is None else max(places - taken, 0)
        told.append(Slot(one, left, mine.get(one.pk), one.opens_at is None or one.opens_at <= now))
    return told


def places_of(by: Actor) -> "QuerySet[Participation]":
    """A worker's own places and uses, with `ahead`: how many wait before them, where they wait."""
    before = (
        Participation.objects.filter(session=OuterRef("session"), state=WAITING)
        .filter(Q(share=OuterRef("share")) | Q(share=None))
        .filter(Q(asked_at__lt=OuterRef("asked_at")) | Q(asked_at=OuterRef("asked_at"), pk__lt=OuterRef("pk")))
        .order_by()
        .values("session")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows: QuerySet[Participation] = Participation.objects.visible_to(by).select_related("offer", "session")
    return rows.annotate(ahead=Coalesce(Subquery(before), 0))


def _asked(offers: Iterable[Offer], day: date) -> dict[int, list[Asked]]:
    """The conditions of many items on a day, as `eligibility.asked_of` gives them for one."""
    found = {one.pk: asked_always(one) for one in offers}
    for number, key, value in (
        OfferCondition.objects.on(day).filter(offer__in=list(found)).order_by("pk").values_list("offer", "condition", "value")
    ):  # fmt: skip
        if key not in {one.condition.key for one in found[number] if not one.value}:
            found[number].append(Asked(conditions.find(key), value))
    return found


def _with_what_is_ahead(day: date, now: datetime) -> list[tuple[Offer, Ahead | None]]:
    """The items open on a day, the newest first. One that comes by sessions, with none ahead, is left out: there is nothing
    to go to.
    """
    stands = Q(sessions__cancelled_at=None, sessions__isnull=False)
    ahead = stands & Q(sessions__closes_at__gt=now, sessions__held_at=None)
    is_open = ahead & (Q(sessions__opens_at=None) | Q(sessions__opens_at__lte=now))
    rows = Offer.objects.on(day).annotate(
        begun=Count("sessions", filter=stands), count=Count("sessions", filter=ahead), open=Count("sessions", filter=is_open),
        queues=Count("sessions", filter=ahead & Q(sessions__queues=True)),
        vague=Count("sessions", filter=ahead & (Q(sessions__places=None) | Q(sessions__shared=True))),
        left=Sum(F("sessions__places") - F("sessions__taken"), filter=ahead),
        first=Min("sessions__starts_at", filter=ahead), opens=Min("sessions__opens_at", filter=ahead),
    )  # fmt: skip
    told: list[tuple[Offer, Ahead | None]] = []
    for row in rows.order_by("-since", "title", "pk"):
        if row.count:
            left, opens = None if row.vague else row.left, None if row.open else row.opens
            told.append((row, Ahead(row.first, row.count, left, opens, bool(row.queues))))
        elif not row.begun:
            told.append((row, None))
    return told
