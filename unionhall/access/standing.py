"""How an account stands with its ways in. Nothing here writes."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import checks
from django.db.models import QuerySet

from unionhall.access import passwords
from unionhall.access.entry import Invitation, PasswordOnce, RecoveryCode, SecondFactor, WorkerAccount
from unionhall.organisations.models import Account
from unionhall.storage.sealed import keys

REQUIRED, OFFERED = "required", "offered"
"""settings.SECOND_FACTOR: whether a staff account may come in without a device of its own."""

TO_CONFIRM = timedelta(hours=1)
"""A device that nobody confirmed in this time is shown no more; the next has another seed."""


def device(account: int) -> SecondFactor | None:
    """The device that counts."""
    return SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).first()


def device_to_confirm(account: int, now: datetime) -> SecondFactor | None:
    """A device being set up."""
    return SecondFactor.objects.filter(account=account, confirmed_at=None, created_at__gt=now - TO_CONFIRM).first()


def codes_left(factor: SecondFactor) -> int:
    """How many of its recovery codes were not used yet."""
    return RecoveryCode.objects.filter(factor=factor, used_at=None).count()


def needs_device() -> bool:
    """Must staff have a device before they see any page?"""
    return settings.SECOND_FACTOR == REQUIRED


def too_old(account: Account, now: datetime) -> bool:
    """Must this password be changed before anything else?"""
    lasts = passwords.profile().lasts
    if lasts is None:
        return False
    since = PasswordOnce.objects.filter(account=account).order_by("-since").values_list("since", flat=True).first()
    return (since or account.created_at) + lasts <= now


def invitation(word: str, now: datetime) -> Invitation | None:
    """The invitation of this word, while it counts."""
    return _standing(now).filter(digest=word_digest(word)).first()


def invitation_numbered(number: int | None, now: datetime) -> Invitation | None:
    """The invitation of this id, while it counts: for a browser that has shown its word."""
    return _standing(now).filter(pk=number).first() if number is not None else None


def word_digest(word: str) -> bytes:
    """What the database keeps of an invitation's word."""
    return keys().mac("access/invitation")(word.encode())


def person_of(account: int) -> int | None:
    """The person a worker's account is of, whoever they were merged into; None for staff."""
    found = WorkerAccount.objects.filter(account=account).values_list("person", "person__merged_into").first()
    return (found[1] or found[0]) if found else None


def _standing(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.select_related("account").filter(used_at=None, until__gt=now, account__is_active=True)


@checks.register(deploy=True)
def check_second_factor(**_: Any) -> list[checks.CheckMessage]:
    """`check --deploy`: a real district does not let staff in on a password alone."""
    if settings.SECOND_FACTOR == REQUIRED or settings.DEMO:
        return []
    return [
        checks.Warning("UNIONHALL_SECOND_FACTOR=offered: staff may come in with a password alone", id="unionhall.W020")
    ]
