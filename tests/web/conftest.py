"""Pages over the small cast: everyone signs in with an account that holds one post."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from tests import world
from unionhall.organisations.models import Account
from unionhall.web import counted


@pytest.fixture(autouse=True)
def _count_afresh() -> Iterator[None]:
    counted.forget()
    yield
    counted.forget()


@pytest.fixture
def as_officer() -> Callable[..., Client]:
    """(role, path of a place) -> a browser signed in as such an officer."""

    def sign_in(role: str, at: str) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=world.an_officer(role, at).account))
        return client

    return sign_in


@pytest.fixture
def busy(here: world.World) -> world.World:
    """The district in 2015: seven members in one street and three in the other, cards, uses, disputes, aid and an honour."""
    members = [
        world.a_member(here, name) for name in ("钱大海", "孙小川", "李长河", "周远山", "吴明月", "郑春晓", "王秋实")
    ]
    few = [world.a_member(here, name, at=here.own_union) for name in ("冯一一", "陈二二", "褚三三")]
    item = world.an_item(here)
    for at, member in enumerate(members + few):
        world.a_card(member)
        world.a_use(item, member, world.date(2015, at % 3 + 1, 10))
    for member in members:
        world.a_dispute(here, member)
    fund = world.a_fund(here)
    for member in few:
        world.some_aid(fund, member)
    world.an_agreement(here)
    world.an_honour(here, members[0])
    return here
