"""A merchant at a counter, and members who show their card."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.offers.cast import a_worker, an_offer
from tests.world import Member, World
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.offers.attendance_moves import show_code
from unionhall.offers.models import Participation
from unionhall.offers.terms_moves import Terms, give_counter, set_terms
from unionhall.organisations.models import Account
from unionhall.web.sudo import PROVED_AT

FEN = 1_500


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    session = client.session
    session[PROVED_AT] = int(timezone.now().timestamp())
    session.save()
    return client


@dataclass
class Shop:
    """An item with a price, a merchant who stands at its counter, and their telephone."""

    here: World
    offer: int
    fund: int
    merchant: Actor
    client: Client

    def page(self, address: str = "/shop/", status: int = 200) -> str:
        answer = self.client.get(address)
        assert answer.status_code == status, (address, answer.status_code, answer.headers.get("Location"))
        return answer.content.decode()

    def form(self, address: str = "/shop/") -> dict[str, Any]:
        """What the counter's page sends along: its key, and the item chosen there."""
        drawn = self.page(address)
        key = re.search(r'name="key" value="([0-9a-f-]{36})"', drawn)
        assert key is not None
        chosen = re.search(r'name="item" value="(\d+)"[^>]*checked', drawn)
        return {"key": key[1], **({"item": chosen[1]} if chosen else {})}

    def send(self, code: str, **said: Any) -> Any:
        return self.client.post("/shop/", {**self.form(), "code": code, **said})

    def redeem(self, member: Member) -> Participation:
        """A member shows their card and the merchant types its digits."""
        answer = self.send(card_of(member))
        assert answer.status_code == 302, words_of(answer.content.decode())
        return Participation.objects.get(pk=int(answer.headers["Location"].strip("/").split("/")[-1]))


def card_of(member: Member) -> str:
    """What the member's card shows now."""
    return show_code(member.person, now=timezone.now(), by=a_worker(member))


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.fixture
def shop(here: World) -> Shop:
    offer, fund = an_offer(here, "理发"), world.a_fund(here, "文体")
    set_terms(offer, Terms(fen_each=FEN, fund=fund, most_each=2, per="month", pays_fen=1_000), by=SYSTEM)
    merchant = world.an_officer("merchant", here.root, name="畅柳园理发店")
    assert merchant.account is not None
    give_counter(offer, merchant.account, venue="畅柳园", on=date(2015, 1, 1), by=SYSTEM)
    return Shop(here, offer, fund, merchant, signed_in(merchant))


@pytest.fixture
def at_desk(here: World) -> Callable[[str], Client]:
    """A role -> a browser signed in as such an officer of the district."""
    return lambda role: signed_in(world.an_officer(role, here.root))
