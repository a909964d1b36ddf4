"""The desk over the small cast: everyone signs in with an account that holds one post."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.world import Member, World
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.web import counted


@pytest.fixture(autouse=True)
def _count_afresh() -> Iterator[None]:
    counted.forget()
    yield
    counted.forget()


class Desk(Client):
    """A browser at the desk; `actor` is whoever sits at it."""

    actor: Actor


@pytest.fixture
def sit() -> Callable[..., Desk]:
    """(role, path of a place) -> a browser signed in as such an officer."""

    def sign_in(role: str, at: str) -> Desk:
        desk = Desk()
        desk.actor = world.an_officer(role, at, today=timezone.localdate())
        desk.force_login(Account.objects.get(pk=desk.actor.account))
        return desk

    return sign_in


@pytest.fixture
def roll(here: World) -> list[Member]:
    """Twelve members: seven at the joint union (石桥), five at the factory's own (柳荫); admitted a day apart, two on one day."""
    joint = ["钱大海", "孙小川", "李长河", "李小川", "吴明月", "郑春晓", "王秋实"]
    own = ["冯一一", "陈二二", "褚三三", "李四方", "王五行"]
    first = date(2014, 3, 8)
    found = [world.a_member(here, name, since=first + timedelta(days=at // 2)) for at, name in enumerate(joint)]
    return found + [
        world.a_member(here, name, at=here.own_union, since=first + timedelta(days=at)) for at, name in enumerate(own)
    ]


def names(page: str, of: list[Member]) -> list[str]:
    """Which of these people a page names, in the order it names them."""
    return sorted((one.name for one in of if f">{one.name}<" in page), key=lambda name: page.index(f">{name}<"))
