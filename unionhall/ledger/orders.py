"""Orders read: the sum above which two decide, and what is on its way to the bank."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Sum

from unionhall.kernel.errors import Refused
from unionhall.kernel.paths import above
from unionhall.ledger.order_models import WAITING, OrderLine, Threshold

_AT_ONCE = 5_000
MANY = 500
"""An order of so many payees needs a second person whatever it comes to, as every list of so many people does."""


def threshold(path: str, on: date) -> int | None:
    """The sum in fen above which an order of a fund kept there needs a second person; None: every order does.

    The nearest place that has a rule rules; of its rules the latest that had begun by that day.
    """
    rules = Threshold.objects.filter(path__in=["", *above(path), path], since__lte=on)
    rule = max(rules, key=lambda one: (len(one.path), one.since, one.pk), default=None)
    return None if rule is None else rule.fen


def needs_two(path: str, fen: int, count: int, on: date) -> bool:
    """Must another decide on an order of so much to so many?"""
    limit = threshold(path, on)
    return limit is None or fen > limit or count >= MANY


def on_its_way(cause: str) -> OrderLine | None:
    """The line that waits for the bank's answer about a cause."""
    found: OrderLine | None = OrderLine.objects.filter(cause=cause, state=WAITING).first()
    return found


def waiting_fen(fund: int) -> int:
    """What the fund's orders are still to pay."""
    rows = OrderLine.objects.filter(order__fund=fund, state=WAITING)
    return int(rows.aggregate(fen=Sum("fen"))["fen"] or 0)


def check_free(causes: Iterable[str]) -> None:
    """Refused when one of these is on its way to the bank: it is paid by the bank's answer and by nothing else."""
    asked = list(causes)
    for at in range(0, len(asked), _AT_ONCE):
        line = OrderLine.objects.filter(cause__in=asked[at : at + _AT_ONCE], state=WAITING).first()
        if line is not None:
            raise Refused(
                "这笔款在第 {order_id} 批支付里，等银行回盘；要改请先取消那一批。",
                code="ledger.on_its_way",
                order_id=line.order_id,
            )
