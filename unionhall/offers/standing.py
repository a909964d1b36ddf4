"""How a participation stands: whose it is, what is written of it, and its rows locked in the order everybody locks them."""

from datetime import date, datetime, time

from django.utils import timezone

from unionhall.journal.actions import Entry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours
from unionhall.offers import service
from unionhall.offers.models import Counter, Offer, Participation, Session, Share
from unionhall.organisations.roles import holders


def at_midnight(day: date) -> datetime:
    """The instant a local day begins: what a register that knows days only says of an instant."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


def lock_places(participation: int) -> tuple[Session, Participation]:
    """A participation and its session, locked: its share, the session, then the row itself. `NotYours`: there is none."""
    row = Participation.objects.filter(pk=participation).values_list("session", "share").first()
    if row is None or row[0] is None:
        raise NotYours(f"participation:{participation}")
    if row[1] is not None:
        Share.objects.select_for_update(no_key=True).get(pk=row[1])
    slot: Session = Session.objects.select_for_update(no_key=True).get(pk=row[0])
    locked: Participation = (
        Participation.objects.select_for_update(no_key=True, of=("self",)).select_related("offer").get(pk=participation)
    )
    return slot, locked


def line_of(row: Participation, act: str, now: datetime) -> Entry:
    """What happened to a participation just now, for the journal."""
    return Entry(
        row.offer.service, act, row.path, timezone.localdate(now), row.subject, kind=service.kind_of(row.offer), person=row.person_id,
        employer=row.employer, headcount=row.needs, quantity=row.quantity,
    )  # fmt: skip


def entries_of(row: Participation) -> list[Entry]:
    """What coming counts as: the use, and who came along, adults and children apart."""
    item = row.offer
    told = [
        Entry(item.service, "used", row.path, row.on, row.subject, kind=service.kind_of(item), person=row.person_id, employer=row.employer,
              headcount=row.needs, quantity=row.quantity)
    ]  # fmt: skip
    for kind, heads in (("adult", row.adults), ("child", row.children)):
        if heads:
            told.append(
                Entry(
                    item.service,
                    "accompanied",
                    row.path,
                    row.on,
                    row.subject,
                    kind=kind,
                    person=row.person_id,
                    headcount=heads,
                )
            )
    return told


def is_theirs(row: Participation, by: Actor) -> bool:
    """Is this the worker's own, or of a place where the officer may write?"""
    if by.person is not None:
        return row.person_id == by.person
    return by.reaches(row.path, *holders("offers.change"))


def stands_at(item: Offer, now: datetime, by: Actor) -> bool:
    """May this actor redeem the item: an account at one of its counters today, or an officer who runs it?"""
    if by.reaches(item.path, *service.find(item.service).runs()):
        return True
    return Counter.objects.of(by).on(timezone.localdate(now)).filter(offer=item.pk).exists()
