"""Who comes in: an account with a password, a device that shows codes, a worker with a telephone."""

from base64 import b32decode
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from unionhall.access import standing
from unionhall.access.actions import second
from unionhall.access.models import SecondFactor
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.models import Account

PASSWORD = "correct horse 5 battery"
NOON = datetime(2015, 6, 1, 4, 0, tzinfo=UTC)
"""Twelve o'clock in Beijing."""


class Clock:
    """What `timezone.now` says; moved by the test, never by waiting."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, now: datetime = NOON) -> None:
        self.now = now
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def staff(username: str = "zhoumin", *, password: str = PASSWORD) -> Account:
    return Account.objects.create_user(username, password, name="周敏")


def seed_of(account: int, *, confirmed: bool = True) -> str:
    """The seed, as the device has it."""
    factor = SecondFactor.objects.get(account=account, confirmed_at__isnull=not confirmed)
    return str(factor.seed.reveal(SYSTEM, "test", lambda *told: None))


def code_of(seed: str, now: datetime) -> str:
    """What the device shows."""
    clock = TOTP(b32decode(seed))
    clock.time = now.timestamp()
    return f"{clock.token():06d}"


def with_device(account: Account, now: datetime) -> str:
    """Give the account a confirmed device whose recovery codes are kept; its seed. The code of `now` is used."""
    second.begin(account.pk, by=SYSTEM, now=now)
    seed = seed_of(account.pk, confirmed=False)
    assert second.confirm(account.pk, code_of(seed, now), by=SYSTEM, now=now).right
    second.codes_kept(account.pk, by=SYSTEM)
    assert standing.device(account.pk) is not None
    return seed


def sign_in(client: Client, username: str = "zhoumin", password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in/", {"username": username, "password": password, **more})
