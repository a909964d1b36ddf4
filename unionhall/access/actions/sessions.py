"""Sessions: opened at the door, ended by their owner, an administrator, or time."""

from datetime import datetime

from django.db import transaction

from unionhall.access.entry import OneTimeCode, Session
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations import places
from unionhall.organisations.roles import holders


@transaction.atomic
def came_in(account: int, *, by: Actor, how: str) -> None:
    """Somebody came in; `how`: "password", "second", "recovery", "code" or "again"."""
    audit.write("session.open", by=by, subject=f"account:{account}", about=by.person, note=how)


@transaction.atomic
def went_out(*, by: Actor) -> None:
    """Somebody signed out."""
    audit.write("session.close", by=by, subject=f"account:{by.account}", about=by.person)


@transaction.atomic
def end(session: int, *, by: Actor) -> None:
    """End one of one's own sessions."""
    if not Session.objects.visible_to(by).filter(pk=session).delete()[0]:
        raise Refused("这次登录已经结束了。")
    audit.write("session.ended", by=by, subject=f"account:{by.account}", about=by.person, note="one")


@transaction.atomic
def end_all(account: int, *, by: Actor, because: str, keep: bytes = b"") -> int:
    """End every session of an account but the one whose digest is `keep`; how many. One's own, or as keeper of accounts."""
    if by.account != account:
        by.must_reach(places.top(), *holders("accounts.change"))
    gone = Session.objects.filter(account=account).exclude(key=keep).delete()[0]
    if gone:
        audit.write("session.ended", by=by, subject=f"account:{account}", about=by.person, note=because)
    return gone


def sweep(*, by: Actor, now: datetime) -> int:
    """Take away sessions and codes that are over; how many."""
    gone = Session.objects.exclude(until__gt=now, idle_until__gt=now).delete()[0]
    return gone + OneTimeCode.objects.filter(until__lt=now).delete()[0]
