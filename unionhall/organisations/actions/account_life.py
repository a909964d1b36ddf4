"""One officer's account: opened, its name put right, closed, opened again. Who does it gives no post (organisations.roles)."""

import re

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.identifiers import narrow, parse_name
from unionhall.organisations import places
from unionhall.organisations.accounts import Account, PostHeld
from unionhall.organisations.actions.posts import rename_account
from unionhall.organisations.roles import holders

RIGHT = "accounts.change"
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,31}", re.ASCII)


def open_new_account(username: str, name: str, *, by: Actor) -> int:
    """Open a way in for an officer, without a password and without a right; its id."""
    with transaction.atomic():
        _must_keep(by)
        username = narrow(username).lower()
        if not _USERNAME.fullmatch(username):
            raise Refused("账号用 3 到 32 个小写字母、数字、点或横线，以字母开头，例如 zhang-wei。", code="username")
        name = parse_name(name)
        if Account.objects.filter(username=username).exists():
            raise Refused("账号 {username} 已经有人用了，请换一个。", code="username", username=username)
        account = Account.objects.create(username=username, name=name, password=make_password(None))
        audit.write("account.open", by=by, subject=f"account:{account.pk}", path=places.top(), rows=[account])
        return account.pk


def correct_name(account: int, name: str, *, by: Actor) -> str:
    """Put the name of an account's holder right; the name before."""
    with transaction.atomic():
        row = _officer(account, by=by)
        name = parse_name(name)
        if name == row.name:
            raise Refused("姓名没有变化，请修改后再提交。", code="name")
        rename_account(account, name, by=by)
        return row.name


def close_account(account: int, *, by: Actor) -> None:
    """Close an account: nobody signs in with it and nobody who had goes on, from the next request. Its posts stay written."""
    with transaction.atomic():
        row = _officer(account, by=by)
        if not row.is_active:
            raise Refused("这个账号已经停用。")
        if row.pk == by.account:
            raise Refused("不能停用自己的账号，请由另一位系统管理员办理。")
        keepers = PostHeld.objects.on(timezone.localdate()).filter(role="system_admin", account__is_active=True)
        mine = keepers.filter(account=row.pk).exists()
        if mine and not keepers.exclude(account=row.pk).exists():
            raise Refused("这是最后一位系统管理员，不能停用。")
        Account.objects.filter(pk=row.pk).update(is_active=False)
        audit.write("account.close", by=by, subject=f"account:{row.pk}", path=places.top(), keys=[(Account, [row.pk])])


def reopen_account(account: int, *, by: Actor) -> None:
    """A closed account lets in again, with the posts it holds that day."""
    with transaction.atomic():
        row = _officer(account, by=by)
        if row.is_active:
            raise Refused("这个账号没有停用，不用恢复。")
        Account.objects.filter(pk=row.pk).update(is_active=True)
        audit.write("account.reopen", by=by, subject=f"account:{row.pk}", path=places.top(), keys=[(Account, [row.pk])])


def _must_keep(by: Actor) -> None:
    by.must_reach(places.top(), *holders(RIGHT))


def _officer(account: int, *, by: Actor) -> Account:
    _must_keep(by)
    row = Account.objects.select_for_update().filter(pk=account).first()
    if row is None or not Account.objects.visible_to(by).filter(pk=account).exists():
        raise NotYours(f"account {account}")
    return row
