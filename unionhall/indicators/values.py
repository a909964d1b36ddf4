"""What a figure's answers are made of."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from unionhall.kernel.money import ten_thousand_yuan, yuan
from unionhall.organisations.models import Place

Counting = Literal["rows", "people", "employers", "sum"]
Mode = Literal["flow", "stock"]
COUNTING = {"rows": "按记录计", "people": "按人去重", "employers": "按单位去重", "sum": "按数额求和"}
MODES = {"flow": "当期发生数", "stock": "时点数"}
LINE_COLUMNS = (
    ("日期", "on"), ("姓名", "person.masked"), ("单位", "employer.name"), ("类别", "kind"), ("数量", "quantity"),
    ("金额", "yuan"), ("编号", "subject"),
)  # fmt: skip
"""What a line of the journal shows where it is listed: (heading, attribute)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, kept as its two numbers; it is never averaged, only recomputed."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> Decimal | None:
        """Percent to two places, half up; None over an empty base."""
        return self.rounded(2)

    def rounded(self, places: int) -> Decimal | None:
        """Percent to so many places, half up, from the two numbers and not from another rounding."""
        if not self.denominator:
            return None
        exact = Decimal(self.numerator) * 100 / self.denominator
        return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


Value = int | Rate | None
Parts = list[tuple[Place | None, Value]]


def in_unit(value: Value, unit: str) -> Decimal:
    """The number in its unit: fen become yuan or 万元, exactly, minutes hours to a tenth, a rate percent (0 over an empty base)."""
    if isinstance(value, Rate):
        return value.percent or Decimal(0)
    if unit == "万元":
        return ten_thousand_yuan(value or 0).normalize() + 0
    if unit == "小时":
        return (Decimal(value or 0) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP).normalize() + 0
    return yuan(value or 0) if unit == "元" else Decimal(value or 0)


def printed(value: Value, unit: str, *, to_the_fen: bool = False) -> str:
    """The number as people read it, "1,704.81"; 万元 to two decimals, half up, unless `to_the_fen`; "—" over an empty base."""
    if value is None or isinstance(value, Rate):
        percent = value.percent if value else None
        return "—" if percent is None else f"{percent:.2f}"
    number = in_unit(value, unit)
    if unit == "万元" and not to_the_fen:
        number = number.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize() + 0
    return f"{number:,f}"


class Whole(NamedTuple):
    """A figure at a place: its value, the values of the places below in their order, and what lies in none of them."""

    value: Value
    parts: tuple[Value, ...]
    rest: Value


@dataclass(frozen=True, slots=True)
class Definition:
    """An earlier wording of a figure's definition, for numbers published under it."""

    version: int
    text: str
