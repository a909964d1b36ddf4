"""The books read: which days are closed, what each account comes to on a day, and that everything together is nothing."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from unionhall.kernel.errors import Refused
from unionhall.kernel.paths import above, span
from unionhall.ledger.models import Entry, Fund, Posting
from unionhall.ledger.period_models import Closing


class Line(NamedTuple):
    """One account in fen: what went in, what went out, and what that leaves (in less out)."""

    account: str
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        return self.debit - self.credit


class Sums(NamedTuple):
    """How many postings are dated in a period, and what they put into accounts."""

    postings: int
    fen: int


def closed_until(path: str) -> date | None:
    """The first day that is open in the books of a fund kept at this place; None when every day is."""
    standing = Closing.objects.filter(path__in=["", *above(path), path], reopened_at=None)
    found: date | None = standing.aggregate(day=Max("until"))["day"]
    return found


def check_open(path: str, days: Iterable[date]) -> None:
    """Refused when one of these days is closed there."""
    until = closed_until(path)
    if until is not None and (closed := [day for day in days if day < until]):
        raise Refused(
            "{closed:%Y 年 %m 月}已经结账，不能再记入；请记在 {until} 或以后，或由两人办理反结账。",
            code="on",
            closed=min(closed),
            until=until,
        )


def open_day(path: str, day: date) -> date:
    """The day itself while it is open, else today: a reversal of what is closed is dated where the books are open."""
    return first_open(day, closed_until(path))


def first_open(day: date, until: date | None) -> date:
    """The same, where it is known until when the books are closed."""
    return day if until is None or day >= until else max(until, timezone.localdate())


def sums(path: str, since: date | None, until: date) -> Sums:
    """What is dated from `since` until `until` in the funds at or below a place."""
    low, high = span(path)
    found = Entry.objects.filter(fund__path__gte=low, fund__path__lt=high, posting__on__lt=until)
    if since is not None:
        found = found.filter(posting__on__gte=since)
    told = found.aggregate(n=Count("posting", distinct=True), fen=Sum("fen", filter=Q(fen__gt=0)))
    return Sums(told["n"], told["fen"] or 0)


def trial(funds: "QuerySet[Fund]", day: date) -> list[Line]:
    """The trial balance of these funds at the end of a day: account by account, cash first. Debits equal credits."""
    found = (
        Entry.objects.filter(fund__in=funds, posting__on__lte=day)
        .order_by()
        .values_list("account")
        .annotate(debit=Sum("fen", filter=Q(fen__gt=0), default=0), credit=Sum("fen", filter=Q(fen__lt=0), default=0))
    )
    lines = [Line(account, debit, -credit) for account, debit, credit in found]
    return sorted(lines, key=lambda line: (line.account != "cash", line.account))


def together(lines: Sequence[Line]) -> Line:
    """The sums of a trial balance."""
    return Line("", sum(line.debit for line in lines), sum(line.credit for line in lines))


def uneven() -> int:
    """Postings whose entries do not sum to zero, or that have none."""
    return Posting.objects.annotate(total=Sum("entries__fen", default=0), n=Count("entries")).exclude(
        total=0, n__gt=0
    ).count()  # fmt: skip


def changed_since_closed() -> list[Closing]:
    """Closings whose period no longer holds what it held when it was closed."""
    standing = Closing.objects.filter(reopened_at=None).order_by("pk")
    return [one for one in standing if sums(one.path, one.since, one.until) != (one.postings, one.fen)]
