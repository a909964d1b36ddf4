"""Goals of figures: reading them, saying them in the figure's unit, how far a number has come, and a split that adds up."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from unionhall.indicators.figures import Figure
from unionhall.indicators.models import Target
from unionhall.indicators.values import Rate, Value, printed
from unionhall.kernel import money
from unionhall.kernel.errors import Refused

MOST = 10**15


def standing(year: int, paths: Iterable[str], indicators: Iterable[str] | None = None) -> dict[tuple[str, str], Target]:
    """(indicator, path) -> the goal that stands for a year at these places."""
    rows = Target.objects.filter(year=year, path__in=list(paths), until=None)
    if indicators is not None:
        rows = rows.filter(indicator__in=list(indicators))
    return {(row.indicator, row.path): row for row in rows}


def read(figure: Figure, text: str) -> int | None:
    """A goal as typed in the figure's unit; None when nothing was typed. Refused: no number, negative, a rate over 100%."""
    text = text.strip().removesuffix("%").strip()
    if not text:
        return None
    if figure.unit in ("万元", "元"):
        goal = money.fen(text, unit=figure.unit)
    else:
        try:
            number = Decimal(money.ungrouped(text.replace("，", ",")))
        except InvalidOperation:
            raise Refused("“{text}”不是数字。", text=text) from None
        number *= {"%": 100, "小时": 60}.get(figure.unit, 1)
        if not number.is_finite() or number != number.to_integral_value() or abs(number) > MOST:
            raise Refused("“{text}”的小数太多或数太大，请核对。", text=text)
        goal = int(number)
    if goal < 0:
        raise Refused("目标不能是负数。")
    if figure.unit == "%" and goal > 10_000:
        raise Refused("比率的目标不能超过 100%。")
    return goal


def show(figure: Figure, goal: int) -> str:
    """A goal as printed, without its unit."""
    return f"{Decimal(goal) / 100:.2f}" if figure.unit == "%" else printed(goal, figure.unit)


def typed(figure: Figure, goal: int) -> str:
    """A goal as one would type it: exact, without separators."""
    text = f"{Decimal(goal) / 100:f}" if figure.unit == "%" else printed(goal, figure.unit, to_the_fen=True)
    return text.replace(",", "")


def attained(value: Value, goal: int) -> Decimal | None:
    """How much of the goal the number has come to, in percent to one place; None where neither means anything."""
    if isinstance(value, Rate):
        percent = value.percent
        come = None if percent is None else percent * 100
    else:
        come = None if value is None else Decimal(value)
    if come is None or not goal:
        return None
    return (come * 100 / goal).quantize(Decimal("0.1"), ROUND_HALF_UP)


def shares(whole: int, weights: Sequence[int]) -> list[int]:
    """A goal split by weights (last year's numbers) so that the parts add up to it: the largest remainders get the rest.

    Without any weight it is split evenly.
    """
    if not weights:
        return []
    use = [max(weight, 0) for weight in weights]
    total = sum(use)
    if not total:
        use, total = [1] * len(use), len(use)
    parts = [whole * weight // total for weight in use]
    by_remainder = sorted(range(len(use)), key=lambda at: (-(whole * use[at] % total), at))
    for at in by_remainder[: whole - sum(parts)]:
        parts[at] += 1
    return parts


def must_add_up(figure: Figure, whole: int | None, parts: Mapping[str, int | None]) -> None:
    """Refused when the goals of all the parts are given and do not add up to the whole, for a figure whose parts add."""
    given = [goal for goal in parts.values() if goal is not None]
    if not figure.adds or whole is None or not given or len(given) < len(parts):
        return
    difference = sum(given) - whole
    if difference:
        more = "多" if difference > 0 else "少"
        raise Refused(
            "各地方的目标合计 {given}，比总目标 {whole} {more} {difference} {unit}，请调整到相等。",
            given=show(figure, sum(given)),
            whole=show(figure, whole),
            more=more,
            difference=show(figure, abs(difference)),
            unit=figure.unit,
        )
