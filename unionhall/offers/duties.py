"""Duty rosters read: the minutes that count, and who may be given a duty."""

from datetime import date

from unionhall.offers.duty_models import LAWYER, Duty
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.roles import LAWYER as LAWYERS
from unionhall.organisations.roles import holders


def minutes(row: Duty) -> int:
    """Whole minutes on duty: from arrival until leaving, within the hours of the duty."""
    if row.arrived_at is None or row.left_at is None:
        return 0
    spent = min(row.left_at, row.ends_at) - max(row.arrived_at, row.starts_at)
    return max(0, int(spent.total_seconds() // 60))


def may_be_given(kind: str, path: str, day: date) -> list[tuple[int, str]]:
    """(account, name) of those who may be on duty as such at a place: lawyers' posts, or of who mediates there."""
    wanted = (LAWYERS,) if kind == LAWYER else tuple(holders("cases.change") - {"system"})
    posts = PostHeld.objects.over(path, wanted, day).select_related("account").order_by("account__name", "pk")
    return list({one.account_id: one.account.name for one in posts}.items())
