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
        raise Refused(f"“{text}”不足一分，请填到分为止。")
    if abs(amount) > 10**15:
        raise Refused(f"“{text}”过大，请核对单位是元还是万元。")
    return int(amount)


def ungrouped(text: str) -> str:
    """A number without its thousands separators; Refused where a comma separates no thousands ("1,5" may mean 1.5)."""
    if "," in text and not _GROUPED.match(text):
        raise Refused(f"“{text}”里的逗号不是千位分隔，请去掉逗号，或核对小数点。")
    return text.replace(",", "")


def _no_amount(text: object) -> Refused:
    return Refused(f"“{text}”不是金额，请填数字，例如 1200.50。")


def yuan(amount: int) -> Decimal:
    """Fen as yuan, two places."""
    return (Decimal(amount) / 100).quantize(Decimal("0.01"))


def ten_thousand_yuan(amount: int) -> Decimal:
    """Fen as 万元, exact."""
    return Decimal(amount) / 1_000_000
