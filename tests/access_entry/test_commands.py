"""`unionhall account`, as an operator calls it; and what the worker does at the door."""

import re

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from tests import world
from tests.access_entry.cast import PASSWORD, sign_in, staff, with_device
from tests.world import World
from unionhall.access import standing
from unionhall.access.models import Session
from unionhall.jobs.commands import account as commands
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Account


def call(*arguments: str, answer: str | None = None) -> str:
    result = CliRunner().invoke(commands.command, list(arguments), input=answer)
    if result.exception is not None:
        raise result.exception
    return result.output


@pytest.fixture
def account(here: World) -> Account:
    return staff()


def test_a_password_as_the_profile_wants_it(client: Client, account: Account) -> None:
    with pytest.raises(Refused, match="至少 12 位"):
        call("password", "zhoumin", "--password", "too short")
    call("password", "zhoumin", answer="a new horse 7 battery\na new horse 7 battery\n")
    assert sign_in(client, password="a new horse 7 battery").status_code == 302


def test_an_invitation_is_a_whole_link_that_works(client: Client, account: Account) -> None:
    said = call("invite", "zhoumin", "--address", "https://union.example/")
    found = re.search(r"https://union\.example(/sign-in/invited/[\w-]{43}/)", said)
    assert found is not None
    client.get(found[1])
    assert client.get("/sign-in/invited/").status_code == 200


def test_a_lost_device_tries_used_up_and_sessions(client: Client, account: Account) -> None:
    with_device(account, timezone.now())
    call("reset-factor", "zhoumin")
    assert standing.device(account.pk) is None
    for _attempt in range(6):
        sign_in(client, password="wrong")
    call("unlock", "zhoumin")
    assert sign_in(client, password=PASSWORD).status_code == 302
    Client().force_login(account)
    assert "1 处" in call("sign-out", "zhoumin")
    assert not Session.objects.filter(account=account).exists()


def test_a_name_nobody_has_or_a_worker_s(account: Account) -> None:
    for name in ("nobody", f"worker:{world.a_person()[0]}"):
        for command in ("invite", "unlock", "reset-factor", "sign-out"):
            with pytest.raises(Refused, match="没有账号"):
                call(command, name)
