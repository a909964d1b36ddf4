"""What becomes of the ways in when an officer's account is closed or opened for the first time."""

from datetime import datetime

from django.db import transaction

from unionhall.access.actions import passwords, sessions
from unionhall.kernel.actor import Actor
from unionhall.organisations.actions import account_life


def close_account(account: int, *, by: Actor) -> None:
    """Close an account and end every session of it: whoever is signed in with it is out at the next request."""
    with transaction.atomic():
        account_life.close_account(account, by=by)
        sessions.end_all(account, by=by, because="closed")


def open_and_invite(username: str, name: str, *, by: Actor, now: datetime) -> tuple[int, str]:
    """Open an account and invite its holder to choose a password; its id, and the one-time word of the invitation."""
    with transaction.atomic():
        account = account_life.open_new_account(username, name, by=by)
        return account, passwords.invite(account, by=by, now=now)
