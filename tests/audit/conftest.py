"""Officers in front of the desk who proved a moment ago who they are."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.web.sudo import PROVED_AT

Desk = Callable[..., tuple[Client, Actor]]


@pytest.fixture
def desk(here: world.World) -> Desk:
    """desk("street", here.bridge) -> a browser of such an officer, and who they are; proved=False: not of late."""

    def sit_down(role: str, at: str, *, proved: bool = True) -> tuple[Client, Actor]:
        actor, client = world.an_officer(role, at), Client()
        client.force_login(Account.objects.get(pk=actor.account))
        if proved:
            session = client.session
            session[PROVED_AT] = int(timezone.now().timestamp())
            session.save()
        return client, actor

    return sit_down
