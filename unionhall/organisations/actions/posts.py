"""Writing accounts and the posts they hold."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations import places
from unionhall.organisations.accounts import Account, PostHeld
from unionhall.organisations.roles import ROLES, SYSTEM, holders, may_be_held_with, needs_two
from unionhall.storage import registered

WRITERS = tuple(holders("accounts.change"))
GIVERS = tuple(holders("posts.change"))
"""Not those who keep the accounts: whoever opens an account gives it no post (organisations/roles.py)."""


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
                raise Refused("账号 {username} 已是“{name}”的，请换一个账号。", username=username, name=standing.name)
            return standing.pk
        account = Account.objects.create(username=username, name=name, password=make_password(None))
        audit.wrote("account.open", Account, [account.pk], by=by, paths=[places.top()])
        return account.pk


def rename_account(account: int, name: str, *, by: Actor, batch: int | None = None) -> None:
    """Put the name of an account's holder right."""
    by.must_reach(places.top(), *WRITERS)
    with transaction.atomic():
        if not Account.objects.filter(pk=account).update(name=name):
            raise Refused("没有这个账号。")
        audit.wrote("account.rename", Account, [account], by=by, paths=[places.top()], batch=batch)


def set_password(account: int, password: str, *, by: Actor) -> None:
    """Set the password of an account: one's own, or any for those who keep the accounts."""
    if by.account != account:
        by.must_reach(places.top(), *WRITERS)
    if len(password) < 8:
        raise Refused("密码至少 8 位，请重新设置。")
    with transaction.atomic():
        if not Account.objects.filter(pk=account).update(password=make_password(password)):
            raise Refused("没有这个账号。")
        audit.wrote("account.password", Account, [account], by=by, paths=[places.top()])


def give_post(row: PostRow, *, by: Actor) -> int:
    """Give an account a post; the id of the record."""
    return give_posts([row], by=by)[0]


def give_posts(rows: Sequence[PostRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Give accounts posts; the ids of the records, in order.

    A post two officers must agree on is refused here (actions.appointments), but to the machine itself.
    """
    for row in rows:
        by.must_reach(row.path, *GIVERS)
        if row.role in ROLES and needs_two(row.role, row.path) and not by.holds(SYSTEM):
            raise Refused("{role}要由两个人办理：请在“账号与岗位”里提出，由另一位同事批准。", role=ROLES[row.role])
    return enter_posts(rows, by=by, batch=batch)


def enter_posts(rows: Sequence[PostRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Write posts that may be given: by who gives posts, or by the second of two (actions.appointments); their ids.

    Refused: no such role, one's own account, the post is already held then, or one that is held alone beside another.
    """
    with transaction.atomic():
        for row in rows:
            _refuse_if_unlawful(row, by)
        numbers = registered.add(PostHeld, rows, batch)
        audit.wrote("post.give", PostHeld, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def _refuse_if_unlawful(row: PostRow, by: Actor) -> None:
    if row.role not in ROLES:
        raise Refused("没有“{role}”这个岗位，请从列表中选。", role=row.role)
    if row.account_id == by.account:
        raise Refused("不能给自己安排岗位，请由另一位同事办理。")
    held = PostHeld.objects.filter(account_id=row.account_id).filter(Q(until=None) | Q(until__gt=row.since))
    if row.until is not None:
        held = held.filter(since__lt=row.until)
    if not may_be_held_with(row.role, held.values_list("role", flat=True)):
        raise Refused("{role}与其他岗位不能由一个账号同时担任，请先终止原来的岗位。", role=ROLES[row.role])
    if held.filter(role=row.role, path=row.path).exists():
        raise Refused("这个账号在这段时间已经担任{role}，不必再次任命。", role=ROLES[row.role])


def end_post(post: int, *, on: date | None, by: Actor, digest: bytes | None = None) -> None:
    """End a post: from the day `on` it is no longer held; None takes an end back."""
    with transaction.atomic():
        held = PostHeld.objects.select_for_update().filter(pk=post).first()
        if held is None:
            raise Refused("没有这条任职记录。")
        by.must_reach(held.path, *GIVERS)
        if on is not None and on < held.since:
            raise Refused("终止日期不能早于起始日期。")
        longer = on is None or (held.until is not None and on > held.until)
        if longer and not by.holds(SYSTEM):
            raise Refused("已经终止的岗位不能改回去，请重新安排。")
        PostHeld.objects.filter(pk=post).update(until=on, digest=digest)
        audit.wrote("post.end", PostHeld, [post], by=by, paths=[held.path])
