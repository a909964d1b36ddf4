"""The standing order at the desk: officers signed in with one post, the password given a moment ago."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.web import counted
from unionhall.web.sudo import PROVED_AT


@pytest.fixture(autouse=True)
def _count_afresh() -> Iterator[None]:
    counted.forget()
    yield
    counted.forget()


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def signed_in(actor: Actor) -> Client:
    """A browser signed in as this officer, who proved who they are a moment ago."""
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    session = client.session
    session[PROVED_AT] = int(timezone.now().timestamp())
    session.save()
    return client


@pytest.fixture
def as_officer() -> Callable[..., Client]:
    """(role, path of a place) -> a browser signed in as such an officer."""

    def sign_in(role: str, at: str) -> Client:
        return signed_in(world.an_officer(role, at))

    return sign_in
