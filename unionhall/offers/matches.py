"""Matchmaking read, by the worker alone: whom one met, what one answered, and who said yes too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours
from unionhall.offers.conditions import years_before
from unionhall.offers.match_models import Answer, Profile
from unionhall.offers.models import ATTENDED, Participation, Session
from unionhall.people.models import Membership, Person
from unionhall.storage.sealed import keys

SERVICE, GROWN_UP = "matchmaking", 18


@dataclass(frozen=True)
class Met:
    """Somebody one met: `number` is their participation, by which a page calls them; `contact` only when both said yes."""

    number: int
    who: str
    words: str
    answer: str
    contact: str


def profile_of(by: Actor) -> Profile | None:
    """One's own profile, withdrawn or not."""
    return None if by.person is None else Profile.objects.filter(person=by.person).first()


def said(profile: Profile, name: str, by: Actor) -> str:
    """What stands in one's own profile."""
    if by.person != profile.person_id:
        raise NotYours(f"profile:{profile.pk}")
    return _open(profile, name, by, "本人资料")


def may_take_part(person: int, now: datetime) -> str:
    """Why somebody may not take part, in words; "" when they may: a grown-up, and a member today."""
    day = timezone.localdate(now)
    birth = Person.objects.filter(pk=person).values_list("birth", flat=True).first()
    if birth is None or birth > years_before(day, GROWN_UP):
        return _("年满 18 周岁的会员才能参加。")
    if not Membership.objects.on(day).filter(person=person, state="active").exists():
        return _("在册会员才能参加，请先核对您的会籍。")
    return ""


def events_of(by: Actor) -> list[Session]:
    """The events one came to, the latest first."""
    if by.person is None:
        return []
    mine = Participation.objects.filter(person=by.person, state=ATTENDED, offer__service=SERVICE)
    sessions = Session.objects.filter(pk__in=mine.values("session")).select_related("offer")
    return list(sessions.order_by("-starts_at", "-pk"))


def people_met(session: int, *, now: datetime, by: Actor) -> list[Met]:
    """Who was at the same event and takes part now, for who was there and takes part; nobody else has such a list."""
    others = rows_met(session, now=now, by=by)
    profiles = {one.person_id: one for one in Profile.objects.filter(person__in=[row.person_id for row in others])}
    given = answers(session, [row.person_id for row in others], by)
    return [_met(row, profiles[row.person_id], given.get(row.person_id, ""), session, by) for row in others]


def rows_met(session: int, *, now: datetime, by: Actor) -> list[Participation]:
    """The places of those one met. Raises `NotYours` for who was not there, or does not take part (any more)."""
    there = Participation.objects.filter(session=session, state=ATTENDED, offer__service=SERVICE)
    mine = by.person is not None and there.filter(person=by.person).exists()
    if not mine or not Profile.objects.standing(now).filter(person=by.person).exists():
        raise NotYours(f"session:{session}")
    standing = Profile.objects.standing(now).values("person")
    rows = there.filter(person__in=standing).exclude(person=by.person).select_related("person").order_by("pk")
    return [row for row in rows if not may_take_part(row.person_id, now)]


def answers(session: int, others: Sequence[int], by: Actor) -> dict[int, str]:
    """What one answered about these people: "yes" or "no"; who is not in it was not answered about."""
    assert by.person is not None
    wanted = {digest(session, by.person, other, said): (other, said) for other in others for said in ("yes", "no")}
    found = Answer.objects.filter(session=session, person=by.person).values_list("told", flat=True)
    return dict(wanted[bytes(told)] for told in found if bytes(told) in wanted)


def digest(session: int, chooser: int, chosen: int, answer: str) -> bytes:
    """What is kept of an answer."""
    return keys().mac("offers/match")(f"{session}|{chooser}|{chosen}|{answer}".encode())


def _met(row: Participation, profile: Profile, answer: str, session: int, by: Actor) -> Met:
    assert by.person is not None
    theirs = digest(session, row.person_id, by.person, "yes")
    both = answer == "yes" and Answer.objects.filter(person=row.person_id, told=theirs).exists()
    words = _open(profile, "words", by, "同场联谊")
    contact = _open(profile, "contact", by, "双方同意") if both else ""
    return Met(row.pk, row.person.masked, words, answer, contact)


def _open(profile: Profile, name: str, by: Actor, purpose: str) -> str:
    value = getattr(profile, name)
    return value.reveal(by, purpose, _consented) if value is not None else ""


def _consented(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Its owner wrote it to be read by those they met, and the contact by who they said yes to: no look at somebody's data."""
