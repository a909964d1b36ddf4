"""Money is integer fen; yuan exists only at the edge (a cell, a page)."""

import re
from decimal import Decimal, InvalidOperation

from unionhall.kernel.errors import Refused

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?![\d,])")
_UNITS = {"亿元": 10**10, "亿": 10**10, "万元": 10**6, "万": 10**6, "元": 100, "分": 1}


def fen(text: str | int | float | Decimal, *, unit: str = "元") -> int:
    """Parse an amount into fen: "1,204.50", "¥93.33万元", 829 with unit="万元".

    A fraction of a fen is refused rather than rounded: it means the amount was computed, not paid.
    """
    raw = ungrouped(str(text).strip().replace("，", ",").replace(" ", "").lstrip("¥￥"))
    factor = _UNITS[unit]
    for suffix, of in _UNITS.items():
        if raw.endswith(suffix):
            raw, factor = raw[: -len(suffix)], of
            break
    try:
        amount = Decimal(raw) * factor
    except InvalidOperation:
        raise _no_amount(text) from None
    if not amount.is_finite():
        raise _no_amount(text)
    if amount != amount.to_integral_value():
        raise Refused("“{text}”不足一分，请填到分为止。", text=text)
    if abs(amount) > 10**15:
        raise Refused("“{text}”过大，请核对单位是元还是万元。", text=text)
    return int(amount)


def ungrouped(text: str) -> str:
    """A number without its thousands separators; Refused where a comma separates no thousands ("1,5" may mean 1.5)."""
    if "," in text and not _GROUPED.match(text):
        raise Refused("“{text}”里的逗号不是千位分隔，请去掉逗号，或核对小数点。", text=text)
    return text.replace(",", "")


def _no_amount(text: object) -> Refused:
    return Refused("“{text}”不是金额，请填数字，例如 1200.50。", text=text)


def yuan(amount: int) -> Decimal:
    """Fen as yuan, two places."""
    return (Decimal(amount) / 100).quantize(Decimal("0.01"))


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def capitals(amount: int) -> str:
    """Fen in the capitals of cheques and receipts: 300050 is 叁仟元伍角整.

    By the rules for bills (票据法, 支付结算办法 annex 1): zeros between digits are said once, and 整 ends what has no fen.
    Raises `ValueError` for a negative amount, or one of 10^16 yuan and more.
    """
    if not 0 <= amount < 10**18:
        raise ValueError(f"no capitals for {amount}")
    whole, jiao, fen_ = amount // 100, amount // 10 % 10, amount % 10
    said = f"{_whole(whole)}元" if whole else ""
    if not jiao and not fen_:
        return f"{said or '零元'}整"
    if jiao:
        said += ("零" if whole and whole % 10 == 0 else "") + f"{_DIGITS[jiao]}角"
    elif said:
        said += "零"
    return f"{said}{_DIGITS[fen_]}分" if fen_ else f"{said}整"


def _whole(number: int) -> str:
    """A whole number in capitals, in groups of four digits."""
    groups = [number // 10 ** (4 * at) % 10_000 for at in range(4)]
    said, gap = "", False
    for at in range(3, -1, -1):
        group = groups[at]
        if not group:
            gap = gap or bool(said)
            continue
        if said and (gap or group < 1_000):
            said += "零"
        said += _four(group) + _GROUPS[at]
        gap = False
    return said


def _four(group: int) -> str:
    said, gap = "", False
    for at in range(3, -1, -1):
        digit = group // 10**at % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _PLACES[at]
        gap = not digit
    return said


def ten_thousand_yuan(amount: int) -> Decimal:
    """Fen as 万元, exact."""
    return Decimal(amount) / 1_000_000
