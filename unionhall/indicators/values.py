"""What a figure's answers are made of."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from unionhall.organisations.models import Place

Counting = Literal["rows", "people", "employers", "sum"]
Mode = Literal["flow", "stock"]
COUNTING = {"rows": "按记录计", "people": "按人去重", "employers": "按单位去重", "sum": "按数额求和"}
MODES = {"flow": "当期发生数", "stock": "时点数"}


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
