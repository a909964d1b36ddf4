"""A district with a worker at her telephone; sessions lie around the present hour, because the pages ask the clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import world
from tests.access_entry.test_workers import enter
from tests.offers.cast import a_session
from tests.world import Member, World
from unionhall.people.models import Person


@pytest.fixture(autouse=True)
def _sms(settings: Settings) -> None:
    settings.SMS = "console"


@pytest.fixture
def li(here: World) -> Member:
    return a_woman(here, "李秀英")


@pytest.fixture
def wang(here: World) -> Member:
    return a_woman(here, "王芳")


@pytest.fixture
def phone_of() -> Callable[[Member], Client]:
    """Somebody's telephone, signed in."""

    def of(member: Member) -> Client:
        client = Client()
        assert enter(client, member) == "/me/"
        return client

    return of


@pytest.fixture
def phone(phone_of: Callable[[Member], Client], li: Member) -> Client:
    """李秀英's telephone."""
    return phone_of(li)


def a_woman(here: World, name: str) -> Member:
    member = world.a_member(here, name)
    Person.objects.filter(pk=member.person).update(sex="female")
    return member


def a_slot(offer: int, places: int | None, *, hours: float = 24 * 7, **rest: Any) -> int:
    """A session that begins that many hours from now."""
    starts = timezone.now() + timedelta(hours=hours)
    return a_session(offer, places, starts_at=starts, ends_at=starts + timedelta(hours=2), **rest)
