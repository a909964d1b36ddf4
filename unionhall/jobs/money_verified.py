"""The checks of `unionhall verify` over the ledger: everything sums to nothing, and every word about money has its posting."""

from collections.abc import Iterator

from django.db.models import Sum

from unionhall.cases.models import Case
from unionhall.cases.promise_moves import PAID, cause_of
from unionhall.journal.models import Line
from unionhall.ledger import books, budgets
from unionhall.ledger.actions import unposted
from unionhall.ledger.models import Budget, Commitment, Entry, Fund, Posting

_AT_ONCE = 5_000
_NAMED = 5


def money_findings() -> Iterator[tuple[str, bool]]:
    """What was checked, in words, and whether it is right."""
    uneven = books.uneven()
    yield f"资金账：{Posting.objects.count():,} 笔，{uneven} 笔不平", uneven == 0
    wrong = [fund.name for fund in Fund.objects.order_by("pk") if _sum(fund.pk)]
    yield f"试算平衡：{Fund.objects.count():,} 项资金，{'、'.join(wrong[:_NAMED]) or '借贷都相等'}", not wrong
    paid = Line.objects.standing().filter(act="paid").aggregate(fen=Sum("fen"))["fen"] or 0
    spent = Entry.objects.filter(account__startswith=budgets.OUT).exclude(posting__cause__startswith="desk:")
    spent = spent.exclude(posting__reverses__cause__startswith="desk:").aggregate(fen=Sum("fen"))["fen"] or 0
    yield f"发放：日志 {paid / 100:,.2f} 元，资金账 {spent / 100:,.2f} 元", paid == spent
    lost = list(_without_posting())
    yield f"已发放的事项：{len(lost):,} 件没有记账{'：' if lost else ''}{'、'.join(lost[:_NAMED])}", not lost
    changed = books.changed_since_closed()
    told = "、".join(f"{one.path} 至 {one.until}" for one in changed[:_NAMED])
    yield f"结账：{told or '结账以后没有变动'}", not changed
    over = list(_overdrawn())
    yield f"预算：{'、'.join(over[:_NAMED]) or '没有未经同意的超支'}", not over
    both = Commitment.objects.filter(ended_on=None, cause__in=_standing_causes()).count()
    yield f"占用的预算：{both} 笔已经支付却还占用", both == 0


def _sum(fund: int) -> int:
    return int(Entry.objects.filter(fund=fund).aggregate(fen=Sum("fen"))["fen"] or 0)


def _without_posting() -> Iterator[str]:
    rows = Case.objects.filter(state=PAID).order_by("pk").values_list("service", "number", named=True)
    part: list[str] = []
    for row in rows.iterator(_AT_ONCE):
        part.append(cause_of(row))
        if len(part) == _AT_ONCE:
            yield from unposted(part)
            part = []
    yield from unposted(part)


def _overdrawn() -> Iterator[str]:
    """Budgets beyond what they hold with what was allowed."""
    for fund, name, year in (
        Budget.objects.order_by("fund", "year").values_list("fund", "fund__name", "year").distinct()
    ):
        for room in budgets.rooms(fund, year):
            if room.left is not None and room.left < 0:
                yield f"{name} {year} {room.service}"


def _standing_causes() -> list[str]:
    """Causes still promised whose money has moved."""
    promised = list(Commitment.objects.filter(ended_on=None).values_list("cause", flat=True))
    return sorted(set(promised) - set(unposted(promised)))
