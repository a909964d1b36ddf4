"""What the stories of offers need beside tests/world.py: an item with a session, and people at their telephones."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from tests.world import Member, World
from unionhall import catalogue
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.offers.actions import OfferRow, open_offers
from unionhall.offers.models import Participation, Session
from unionhall.offers.service import find
from unionhall.offers.session_moves import Slot, open_session

NOW = datetime(2015, 6, 1, 2, 0, tzinfo=UTC)
"""Ten in the morning of 1 June in Beijing."""
STARTS = NOW + timedelta(days=7)

SERVICES = {one.key for one in catalogue.SERVICES}
"""Importing the catalogue declares them, as it does in the product."""

_serials = count(1)


def a_worker(member: Member) -> Actor:
    """The member at their own telephone."""
    return Actor(None, member.name, person=member.person)


def an_offer(here: World, title: str = "暑期观影", *, service: str = "card.items", at: str = "") -> int:
    """An item open since the beginning of the year."""
    assert service in SERVICES
    kind = next(iter(find(service).kinds), "")
    row = OfferRow(service, f"HD{next(_serials):04d}", title, at or here.root, date(2015, 1, 1), kind=kind)
    return open_offers([row], by=SYSTEM)[0]


def a_session(offer: int, places: int | None, **rest: Any) -> int:
    """A session a week from `NOW`, two hours long."""
    terms: dict[str, Any] = {"ends_at": STARTS + timedelta(hours=2), "starts_at": STARTS} | rest
    return open_session(offer, Slot(f"C{next(_serials):04d}", places=places, **terms), by=SYSTEM)


def taken(session: int) -> int:
    """The places a session counts as taken."""
    return Session.objects.get(pk=session).taken


def state(row: Participation | int) -> str:
    number = row if isinstance(row, int) else row.pk
    return Participation.objects.get(pk=number).state
