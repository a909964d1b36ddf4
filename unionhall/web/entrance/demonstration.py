"""What a demonstration shows at its door: made-up accounts with their password, and a made-up worker."""

import json
from typing import NamedTuple, cast

from django.conf import settings

from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import Refused
from unionhall.people.models import Person

ACCOUNTS = "demo_accounts.json"
"""Under settings.HOME: [{"username", "password", "title"}], written by whoever made a demonstration."""


class Worker(NamedTuple):
    """Somebody made up, to come in as."""

    name: str
    mobile: str
    last_four: str


def accounts() -> list[dict[str, str]]:
    """The accounts of a demonstration, to be shown on its sign-in page; none anywhere else."""
    file = settings.HOME / ACCOUNTS
    if not settings.DEMO or not file.exists():
        return []
    return cast(list[dict[str, str]], json.loads(file.read_text("utf-8")))


def worker() -> Worker | None:
    """One of a demonstration's made-up members; nobody anywhere else."""
    if not settings.DEMO:
        return None
    members = Person.objects.filter(mobile_index__isnull=False, merged_into=None)
    person = members.filter(memberships__isnull=False, memberships__until=None).order_by("pk").first()
    if person is None:
        return None
    mobile, number = (sealed.reveal(SYSTEM, "演示", _made_up) for sealed in (person.mobile, person.number))
    return Worker(person.name, mobile, number[-4:])


def _made_up(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Nobody is read: there are no real people in a demonstration."""
    if not settings.DEMO:
        raise Refused("只在演示中显示。")
