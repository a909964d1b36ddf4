"""A household's income as a hardship file reckons it: (yearly disposable income − rigid expenses) ÷ 12 ÷ size. Sums are fen.

What counts as hardship is laid down by the aid department (`AidRule`), never here; without a rule nobody guesses.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from unionhall.kernel.errors import Refused
from unionhall.kernel.money import yuan

INCOMES = {
    "wages": "工资和经营收入",
    "pension": "养老金",
    "benefit": "低保金、补助和救济",
    "other_income": "其他收入",
}
EXPENSES = {"medical": "医疗", "disability": "残疾照料", "schooling": "就学", "work": "就业成本"}
"""What a household lives on in a year, and what it cannot do without: key -> Chinese title."""


class Lines(NamedTuple):
    """The lines of a day below which a household is in hardship: `allowance` fen per head and month; `relative` hundredths of
    it; `loss` percent of a year's income lost at once. None: not laid down.
    """

    allowance: int | None
    relative: int | None
    loss: int | None


def per_head(income: int, expenses: int, size: int) -> Fraction:
    """Fen per head and month, exactly; below zero when a household cannot do without more than it has."""
    if size < 1:
        raise Refused("家庭人口至少是 1 人。", code="size")
    return Fraction(income - expenses, 12 * size)


def level_of(each: Fraction, income: int, lost: int, lines: Lines) -> str:
    """The class that follows, a key of HARDSHIPS; "" for none. Refused: when the line it hangs on is not laid down."""
    if lines.allowance is None:
        raise Refused("这一天还没有规定最低生活保障标准，算不出困难类别；请帮扶部先规定。", code="on")
    if each < lines.allowance:
        return "deep"
    if lines.relative is None:
        raise Refused("这一天还没有规定相对困难的标准，算不出困难类别；请帮扶部先规定。", code="on")
    if each * 100 < lines.allowance * lines.relative:
        return "relative"
    if not lost:
        return ""
    if lines.loss is None:
        raise Refused("这一天还没有规定意外致困的标准，算不出困难类别；请帮扶部先规定。", code="on")
    return "accident" if lost * 100 > income * lines.loss else ""


def told(sums: Mapping[str, int], size: int, lost: int) -> str:
    """The whole reckoning in words, item by item."""
    parts = [
        f"{title}："
        + ("，".join(f"{name} {_yuan(sums[key])} 元" for key, name in items.items() if sums.get(key)) or "无")
        for title, items in (("年收入", INCOMES), ("刚性支出", EXPENSES))
    ]
    income, expenses = total(sums, INCOMES), total(sums, EXPENSES)
    each = shown(per_head(income, expenses, size))
    parts.append(f"({_yuan(income)} − {_yuan(expenses)}) ÷ 12 ÷ {size} 人 = 每人每月 {_yuan(each)} 元")
    return "；".join([*parts, *([f"意外损失 {_yuan(lost)} 元"] if lost else [])]) + "。"


def total(sums: Mapping[str, int], items: Mapping[str, str]) -> int:
    return sum(sums.get(key, 0) for key in items)


def shown(each: Fraction) -> int:
    """To the fen, halves away from zero."""
    whole = (abs(each) * 2 + 1) // 2
    return -whole if each < 0 else whole


def _yuan(fen: int) -> str:
    return f"{yuan(fen):,}"
