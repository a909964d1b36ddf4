"""Writing accounts and the posts they hold."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations import places
from unionhall.organisations.accounts import Account, PostHeld
from unionhall.organisations.roles import ROLES
from unionhall.storage import registered

WRITERS = ("system", "system_admin")


class PostRow(NamedTuple):
    """An account holds a role at a place from a day until a day."""

    account_id: int
    role: str
    path: str
    since: date
    until: date | None = None
    digest: bytes | None = None


def open_account(username: str, name: str, *, by: Actor) -> int:
    """Open a way in, with no password and no right yet; its id. The same name to sign in with is the same account."""
    by.must_reach(places.top(), *WRITERS)
    with transaction.atomic():
        standing = Account.objects.filter(username=username).first()
        if standing is not None:
            if standing.name != name:
                raise Refused(f"账号 {username} 已是“{standing.name}”的，请换一个账号。")
            return standing.pk
        return Account.objects.create(username=username, name=name, password=make_password(None)).pk


def rename_account(account: int, name: str, *, by: Actor) -> None:
    """Put the name of an account's holder right."""
    by.must_reach(places.top(), *WRITERS)
    if not Account.objects.filter(pk=account).update(name=name):
        raise Refused("没有这个账号。")


def set_password(account: int, password: str, *, by: Actor) -> None:
    """Set the password of an account: one's own, or any for those who keep the accounts."""
    if by.account != account:
        by.must_reach(places.top(), *WRITERS)
    if len(password) < 8:
        raise Refused("密码至少 8 位，请重新设置。")
    if not Account.objects.filter(pk=account).update(password=make_password(password)):
        raise Refused("没有这个账号。")


def give_post(row: PostRow, *, by: Actor) -> int:
    """Give an account a post; the id of the record."""
    return give_posts([row], by=by)[0]


def give_posts(rows: Sequence[PostRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Give accounts posts; the ids of the records, in order. Refused: no such role, or the post is already held then."""
    for row in rows:
        by.must_reach(row.path, *WRITERS)
        if row.role not in ROLES:
            raise Refused(f"没有“{row.role}”这个岗位，请从列表中选。")
    with transaction.atomic():
        for row in rows:
            held = PostHeld.objects.filter(account_id=row.account_id, role=row.role, path=row.path)
            held = held.filter(Q(until=None) | Q(until__gt=row.since))
            if row.until is not None:
                held = held.filter(since__lt=row.until)
            if held.exists():
                raise Refused(f"这个账号在这段时间已经担任{ROLES[row.role]}，不必再次任命。")
        return registered.add(PostHeld, rows, batch)


def end_post(post: int, *, on: date | None, by: Actor, digest: bytes | None = None) -> None:
    """End a post: from the day `on` it is no longer held; None takes an end back."""
    with transaction.atomic():
        held = PostHeld.objects.select_for_update().filter(pk=post).first()
        if held is None:
            raise Refused("没有这条任职记录。")
        by.must_reach(held.path, *WRITERS)
        if on is not None and on < held.since:
            raise Refused("终止日期不能早于起始日期。")
        PostHeld.objects.filter(pk=post).update(until=on, digest=digest)
