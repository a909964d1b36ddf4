"""The only code that writes what the desk keeps for people: views, columns, forms sent, what can be undone."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.web.models import BulkRun, ChosenColumns, SavedView, Sent, Undo, shared_by

KEPT = timedelta(hours=24)
"""How long something can be undone, and a form's key is remembered."""
MOST_VIEWS = 30


def save_view(register: str, name: str, query: str, *, by: Actor, share_at: str | None = None) -> int:
    """Save a list's query under a name, one's own unless shared at a place; the same name again replaces it. Its id."""
    name = name.replace("\x00", "").strip()[:32]  # PostgreSQL keeps no NUL
    if not name:
        raise Refused(_("请给视图起个名字。"))
    if by.account is None or (share_at is not None and not shared_by(by, share_at)):
        raise NotYours(share_at or "")
    if len(query) > 1500:
        raise Refused(_("条件太多，存不下。请少选几项。"))
    mine = SavedView.objects.filter(account=by.account, register=register)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise Refused(_("一个列表最多存 30 个视图。请先删去不用的。"))
    row, _made = mine.update_or_create(
        name=name,
        defaults={"query": query, "shared_at": share_at, "made_at": timezone.now()},
        create_defaults={
            "account": by.account, "register": register, "name": name, "query": query, "shared_at": share_at,
            "made_at": timezone.now(),
        },
    )  # fmt: skip
    return row.pk


def drop_view(view: int, *, by: Actor) -> None:
    """Forget a view of one's own."""
    if not SavedView.objects.filter(pk=view, account=by.account).delete()[0]:
        raise NotYours("")


def choose_columns(register: str, names: Sequence[str], *, by: Actor) -> None:
    """Remember which columns of a list to show; none: those of its declaration."""
    if by.account is None:
        raise NotYours("")
    mine = ChosenColumns.objects.filter(account=by.account, register=register)
    if names:
        mine.update_or_create(
            defaults={"names": list(names)},
            create_defaults={"account": by.account, "register": register, "names": list(names)},
        )
    else:
        mine.delete()


def sent_before(key: uuid.UUID, *, by: Actor) -> str | None:
    """Take the key of a form inside the caller's transaction: None the first time, where it led to after that.

    A second sending waits for the first one's transaction, on either database.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            Sent.objects.create(key=key, account=by.account, at=now)
    except IntegrityError:
        row = Sent.objects.get(key=key)
        if row.account != by.account:
            raise NotYours("") from None
        return row.then
    Sent.objects.filter(at__lt=now - 30 * KEPT).delete()
    return None


def sent(key: uuid.UUID, then: str, *, by: Actor) -> None:
    """The form was carried out; a second sending goes to `then`."""
    Sent.objects.filter(key=key, account=by.account).update(then=then[:300])


def can_undo(title: str, inverse: str, arguments: Mapping[str, Any], *, by: Actor) -> uuid.UUID:
    """Remember how to take back what was just done; the key to do it with. `arguments` are ids and days, no person's data."""
    key = uuid.uuid4()
    Undo.objects.create(
        key=key,
        account=by.account,
        title=title[:120],
        inverse=inverse,
        arguments=dict(arguments),
        made_at=timezone.now(),
    )
    return key


def take_undo(key: uuid.UUID, *, by: Actor) -> Undo:
    """Use an undo up, inside the caller's transaction."""
    row = Undo.objects.select_for_update().filter(key=key, account=by.account).first()
    if row is None:
        raise NotYours("")
    if row.used_at is not None:
        raise Refused(_("这一步已经撤销过了。"))
    if row.made_at < timezone.now() - KEPT:
        raise Refused(_("已超过 24 小时，不能直接撤销。请到记录页更正。"))
    Undo.objects.filter(pk=row.pk).update(used_at=timezone.now())
    return row


def record_run(register: str, bulk: str, results: Sequence[Sequence[Any]], *, by: Actor) -> uuid.UUID:
    """Keep what became of each row, for the page that shows it; its key."""
    key = uuid.uuid4()
    BulkRun.objects.filter(at__lt=timezone.now() - 30 * KEPT).delete()
    BulkRun.objects.create(
        key=key,
        account=by.account,
        register=register,
        bulk=bulk,
        results=[list(one) for one in results],
        at=timezone.now(),
    )
    return key
