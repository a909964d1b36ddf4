"""Names and passwords: proved, chosen, invited to be chosen."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import check_password
from django.db import transaction

from unionhall.access import passwords, standing
from unionhall.access.actions import sessions, tries
from unionhall.access.entry import Invitation, PasswordOnce
from unionhall.access.tries import ADDRESS, PASSWORD, SECOND
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations import actions as organisations
from unionhall.organisations import places
from unionhall.organisations.models import Account
from unionhall.organisations.roles import holders

INVITED_FOR = timedelta(hours=72)

NOBODYS = "argon2$argon2id$v=19$m=19456,t=2,p=1$O/WfyVALl0gMtxh2YcuWYA$z7aSiQLdQGblWy7njYvC3CSCO0mcf0GYdENaY+/3ALI"
"""Checked where there is no password to check, so that an unknown name takes as long to refuse as a known one."""


class Proof(NamedTuple):
    """What came of a try: whose it was (None: it failed) or, when no try was left, the seconds until the next."""

    account: Account | None
    wait: int = 0


def prove_password(username: str, password: str, address: str, *, by: Actor, now: datetime) -> Proof:
    """Is this the password of that name? At most 5 tries a name and 50 an address in 15 minutes, counted before it is checked."""
    name = username.strip()
    whence = tries.reserve(ADDRESS, address, by=by, now=now)
    if whence.at is None:
        return Proof(None, whence.wait)
    tried = tries.reserve(PASSWORD, name.casefold(), by=by, now=now)
    if tried.at is None:
        return Proof(None, tried.wait)
    account = Account.objects.filter(username=name, is_active=True).first()
    usable = account is not None and account.has_usable_password()
    right = check_password(password, account.password if account is not None and usable else NOBODYS)
    if account is None or not usable or not right:
        _refused(account, by=by)
        return Proof(None)
    tries.forget(PASSWORD, name.casefold(), by=by)
    tries.give_back(ADDRESS, address, whence.at, by=by, now=now)
    return Proof(account)


@transaction.atomic
def _refused(account: Account | None, *, by: Actor) -> None:
    audit.write("session.refused", by=by, subject=f"account:{account.pk}" if account else "", note="password")


def choose_password(account: int, password: str, *, by: Actor, now: datetime, keep: bytes = b"") -> None:
    """Set a password as the profile wants it; whoever was signed in with the old one, but for the session `keep`, is out.

    One's own, or any for those who keep the accounts.
    """
    with transaction.atomic():
        one = Account.objects.select_for_update().filter(pk=account).first()
        if one is None:
            raise Refused("没有这个账号。")
        rules = passwords.profile()
        rows = PasswordOnce.objects.filter(account=account).order_by("-since", "-pk")
        before = list(rows.values_list("encoded", flat=True)[: rules.remembered])
        if one.has_usable_password():
            before.append(one.password)
        second = standing.device(account) is not None
        passwords.check(password, own=(one.username, one.name), second=second, before=before)
        organisations.set_password(account, password, by=by)
        encoded = Account.objects.values_list("password", flat=True).get(pk=account)
        PasswordOnce.objects.create(account_id=account, encoded=encoded, since=now)
        kept = list(rows.values_list("pk", flat=True)[: rules.remembered])
        PasswordOnce.objects.filter(account=account).exclude(pk__in=kept).delete()
        Invitation.objects.filter(account=account, used_at=None).update(used_at=now)
        sessions.end_all(account, by=by, keep=keep, because="password")
    tries.forget(PASSWORD, one.username.casefold(), by=by)


def invite(account: int, *, by: Actor, now: datetime) -> str:
    """A one-time word that lets an account choose its password within 72 hours; earlier ones count no more.

    Only here is the word known; in the database stands its digest.
    """
    by.must_reach(places.top(), *holders("accounts.change"))
    word = secrets.token_urlsafe(32)
    with transaction.atomic():
        one = Account.objects.select_for_update(of=("self",)).filter(pk=account, worker=None, is_active=True).first()
        if one is None:
            raise Refused("没有这个账号，或者账号已停用。")
        Invitation.objects.filter(account=account, used_at=None).update(used_at=now)
        Invitation.objects.create(
            account=one, digest=standing.word_digest(word), made_by=by.account, created_at=now, until=now + INVITED_FOR
        )
        audit.write("account.invited", by=by, subject=f"account:{account}")
    return word


def accept_invitation(invitation: int, password: str, *, by: Actor, now: datetime) -> Account:
    """Choose a password with an invitation whose word was shown; the account, which now has one."""
    found = standing.invitation_numbered(invitation, now)
    if found is None:
        raise Refused("这个链接已经用过或过期，请向系统管理员再要一个。", code="invitation.over")
    account = found.account
    with transaction.atomic():
        # Taken before anything else: of two who open the link at once, one chooses.
        if not Invitation.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
            raise Refused("这个链接已经用过或过期，请向系统管理员再要一个。", code="invitation.over")
        choose_password(account.pk, password, by=Actor(account.pk, account.name, trace=by.trace), now=now)
    return Account.objects.get(pk=account.pk)


def unlock(account: int, *, by: Actor) -> None:
    """Let an account that used up its tries try again."""
    by.must_reach(places.top(), *holders("accounts.change"))
    one = Account.objects.filter(pk=account).first()
    if one is None:
        raise Refused("没有这个账号。")
    with transaction.atomic():
        tries.forget(PASSWORD, one.username.casefold(), by=by)
        tries.forget(SECOND, str(account), by=by)
        audit.write("account.unlocked", by=by, subject=f"account:{account}")
