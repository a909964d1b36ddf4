"""Closing the books up to the end of a month, and opening them again by two."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.ledger import books
from unionhall.ledger.models import Fund
from unionhall.ledger.period_models import Closing
from unionhall.organisations.roles import holders

_LONGEST = 200


def close_month(path: str, year: int, month: int, *, by: Actor) -> int:
    """Close everything up to the end of a month in the funds at or below a place; the closing's id.

    Refused: the month is not over, is closed already, or the books do not balance.
    """
    by.must_reach(path, *holders("funds.change"))
    period = Period.month(year, month)
    until = period.end
    if period.last >= timezone.localdate():
        raise Refused("这个月还没有过完，不能结账。", code="month")
    with transaction.atomic():
        # Whoever posts to one of the funds waits here, and then finds the month closed.
        list(Fund.objects.select_for_update().at(path).order_by("pk"))
        since = books.closed_until(path)
        if since is not None and since >= until:
            raise Refused("这个月已经结账。", code="month")
        if books.uneven():
            raise Refused("账不平，不能结账。请系统管理员运行 unionhall verify 查明。")
        told = books.sums(path, since, until)
        row = Closing.objects.create(
            path=path,
            since=since,
            until=until,
            postings=told.postings,
            fen=told.fen,
            by=by.account,
            at=datetime.now(UTC),
        )
        note = f"{year}-{month:02d}: {told.postings}"
        audit.write("books.close", by=by, subject=f"closing:{row.pk}", path=path, rows=[row], note=note)
        return row.pk


def ask_to_reopen(closing: int, *, reason: str, by: Actor) -> None:
    """Ask that the last closed period be opened again. Refused: without a reason, or when a later one is closed too."""
    if not reason.strip():
        raise Refused("请写明反结账的理由。", code="reason")
    if len(reason) > _LONGEST:
        raise Refused("理由最多 {longest} 个字，请缩短。", code="reason", longest=_LONGEST)
    with transaction.atomic():
        row = _standing(closing, by, "funds.change")
        if by.account is None:
            raise NotYours(f"closing:{closing}")
        if row.asked_by is not None:
            raise Refused("已经有人申请反结账，等另一位同事办理。")
        row.asked_by, row.asked_at, row.reason = by.account, datetime.now(UTC), reason.strip()
        row.save()
        audit.write("books.ask", by=by, subject=f"closing:{closing}", path=row.path, rows=[row])


def reopen(closing: int, *, by: Actor) -> None:
    """Another opens it: from now on its months take postings again."""
    with transaction.atomic():
        row = _decided(closing, by)
        row.reopened_by, row.reopened_at = by.account, datetime.now(UTC)
        row.save()
        audit.write("books.reopen", by=by, subject=f"closing:{closing}", path=row.path, rows=[row])


def keep_closed(closing: int, *, by: Actor) -> None:
    """Another finds no ground for it: the period stays closed, and may be asked for again."""
    with transaction.atomic():
        row = _decided(closing, by)
        row.asked_by, row.asked_at, row.reason = None, None, ""
        row.save()
        audit.write("books.keep", by=by, subject=f"closing:{closing}", path=row.path, rows=[row])


def _decided(closing: int, by: Actor) -> Closing:
    row = _standing(closing, by, "funds.approve")
    if row.asked_by is None:
        raise Refused("还没有人申请反结账。")
    if by.account is None or by.account == row.asked_by:
        raise Refused("自己的申请要由另一位同事办理。", code="own")
    return row


def _standing(closing: int, by: Actor, right: str) -> Closing:
    """The closing, locked, when it is the last one that stands there."""
    row: Closing | None = Closing.objects.select_for_update().filter(pk=closing).first()
    if row is None:
        raise NotYours(f"closing:{closing}")
    by.must_reach(row.path, *holders(right))
    if row.reopened_at is not None:
        raise Refused("这个月已经反结账。")
    if Closing.objects.filter(path=row.path, reopened_at=None, until__gt=row.until).exists():
        raise Refused("后面的月份也已结账，请从最后一个月起反结账。")
    return row
