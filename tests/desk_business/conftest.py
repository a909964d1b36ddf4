"""Officers of the small cast at the desk's pages of the union's business."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from unionhall import catalogue
from unionhall.kernel.period import Period
from unionhall.organisations.models import Account
from unionhall.web import counted
from unionhall.web.sudo import PROVED_AT

YEAR = Period.year(2015)


@pytest.fixture(autouse=True)
def _count_afresh() -> Iterator[None]:
    counted.forget()
    yield
    counted.forget()


@pytest.fixture
def at_desk() -> Callable[..., Client]:
    """(role, path of a place) -> a browser signed in as such an officer."""

    def sign_in(role: str, at: str) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=world.an_officer(role, at).account))
        session = client.session
        session[PROVED_AT] = int(timezone.now().timestamp())
        session.save()
        return client

    return sign_in


def figure(key: str, path: str, period: Period = YEAR) -> Any:
    """What a figure says now."""
    return catalogue.figure(key).value(path, period)


def day(text: str) -> Period:
    return Period.day(date.fromisoformat(text))


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def send(client: Client, address: str, **said: Any) -> str:
    """Fill in the form at this address and send it; the page one comes to. A key drawn with the form goes with it."""
    drawn = page(client, address)
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', drawn)
    answer = client.post(address, {**({"key": found[1]} if found else {}), **said}, follow=True)
    assert answer.status_code == 200, (answer.status_code, words_of(answer.content.decode())[:800])
    return answer.content.decode()


def refused(client: Client, address: str, **said: Any) -> str:
    """Send a form that is refused: the page that says why, with what was typed."""
    answer = client.post(address, said)
    assert answer.status_code == 422, (answer.status_code, answer.headers.get("Location"))
    text = answer.content.decode()
    assert "有几处要改" in text
    return text


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
