"""What the treasurer does with a fund at the desk: money in, money out by its voucher. Taking back is a reversal."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.ledger import actions
from unionhall.ledger.actions import CASH, FundRow, Movement
from unionhall.ledger.budget_models import Earmark
from unionhall.ledger.models import Fund
from unionhall.organisations.roles import holders
from unionhall.storage import registered

IN, OUT = "in:", "paid:"
"""Beginnings of the accounts money comes from and goes to, as the treasurer writes them."""
LONGEST = 40
"""Characters of a voucher, and of where money came from or went to."""


def cause_of(voucher: str) -> str:
    """Why money moved, by its voucher: the ledger moves the money of a cause once."""
    return f"desk:{voucher}"


def income(source: str, fen: int) -> tuple[tuple[str, int], ...]:
    """What moves when money comes into a fund."""
    return (f"{IN}{source}", -fen), (CASH, fen)


def movement(fund: Fund, fen: int, *, voucher: str, source: str, on: date) -> Movement:
    """An income that a register tells of, to be posted with others."""
    return Movement(cause_of(voucher), fund.pk, income(source, fen), on, fund.path)


def open_one(row: FundRow, *, by: Actor) -> int:
    """Open one fund; its id."""
    by.must_reach(row.path, *holders("funds.change"))
    if Fund.objects.filter(name=row.name).exists():
        raise Refused("已有一项资金叫“{name}”。", code="name", name=row.name)
    return actions.open_funds([row], by=by)[0]


def open_earmarked(row: FundRow, service: str, title: str, *, on: date, by: Actor) -> int:
    """A fund of its own for one purpose, which pays one service and nothing else; its id. Whoever calls asked for the right."""
    by.must_reach(row.path)
    with transaction.atomic():
        (number,) = registered.add(Fund, [row], None)
        mark = Earmark.objects.create(
            fund_id=number, path=row.path, service=service, title=title[:64], since=on, by=by.account
        )
        keys: audit.Keys = [(Earmark, [mark.pk])]
        audit.wrote("fund.open", Fund, [number], by=by, paths=[row.path], keys=keys, note=service)
        return number


def take_in(fund: int, fen: int, *, voucher: str, source: str, on: date, by: Actor) -> int:
    """Money came into a fund, by that voucher, from that source; the id of the posting."""
    return _move(fund, fen, voucher, income(source, fen), on, by)


def pay_out(fund: int, fen: int, *, voucher: str, to: str, on: date, by: Actor) -> int:
    """Money went out of a fund for a purpose, by that voucher; the id of the posting. Refused: more than is there."""
    with transaction.atomic():
        # Whoever pays waits for the one before, so two cannot spend the same money.
        purse = Fund.objects.select_for_update().filter(pk=fund).first()
        if purse is None:
            raise NotYours(f"fund:{fund}")
        by.must_reach(purse.path, *holders("funds.change"))
        left = actions.balance(fund)
        if fen > left:
            raise Refused("支出超过这项资金的余额，请核对金额，或先登记拨入。", code="amount")
        return _move(fund, fen, voucher, ((CASH, -fen), (f"{OUT}{to}", fen)), on, by)


def _move(fund: int, fen: int, voucher: str, moves: tuple[tuple[str, int], ...], on: date, by: Actor) -> int:
    purse = Fund.objects.filter(pk=fund).first()
    if purse is None:
        raise NotYours(f"fund:{fund}")
    by.must_reach(purse.path, *holders("funds.change"))
    if fen <= 0:
        raise Refused("金额应大于零。", code="amount")
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。", code="on")
    voucher = voucher.strip()
    if not voucher or len(voucher) > LONGEST or set(":#") & set(voucher):
        raise Refused("请填写凭证号，最多 {longest} 个字，不含冒号和井号。", code="voucher", longest=LONGEST)
    if any(len(account) > 48 for account, _ in moves):
        raise Refused("来源或用途请写得短一些，最多 40 个字。", code="what")
    with transaction.atomic():
        number = actions.post(cause_of(voucher), fund, moves, on=on, path=purse.path, by=by)
        audit.write("fund.move", by=by, subject=f"posting:{number}", path=purse.path, note=purse.name)
        return number
