"""Tables, bars and tiles, ready to be drawn: every mark carries its number as text, and most a link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from unionhall.indicators.figures import Figure, Rate, Value
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place
from unionhall.web import words
from unionhall.web.disclosure import Split

SHADES = 5


@dataclass(frozen=True)
class Mark:
    """One row of a table that is also a bar, a column or a tile. `size` is 0..1 of the largest; `shade` 0..4."""

    label: str
    shown: str
    size: float
    shade: int | None
    href: str = ""
    detail: str = ""
    row: int | None = None
    column: int | None = None
    withheld: bool = False


def weight(value: Value) -> float:
    """How long a bar is: a count itself, a rate its percent."""
    if isinstance(value, Rate):
        return float(value.percent or 0)
    return float(value or 0)


def shares(value: Value) -> str:
    """A rate's two numbers, "209,301 / 230,584"; nothing for a count."""
    return f"{value.numerator:,} / {value.denominator:,}" if isinstance(value, Rate) else ""


def address(path: str, **asked: object) -> str:
    """A link with what is asked for, empty things left out."""
    given = {name: value for name, value in asked.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


def places(figure: Figure, split: Split, link: Callable[[Place], str] | None = None) -> list[Mark]:
    """A split by place as marks: the shown places, then those merged into one."""
    tops = [weight(value) for _where, value in split.shown]
    top, low = max(tops, default=0), min(tops, default=0)
    marks = []
    for where, value in split.shown:
        size = weight(value)
        place = where if isinstance(where, Place) else None
        marks.append(
            Mark(
                label=place.name if place else _("本级直属"),
                shown=figure.show(value),
                size=size / top if top else 0,
                shade=_shade(size, low, top),
                href=link(place) if place and link else "",
                detail=shares(value),
                row=place.tile_row if place else None,
                column=place.tile_column if place else None,
            )
        )
    return marks + _merged(figure, split, top)


def months(figure: Figure, split: Split, link: Callable[[Period], str] | None = None) -> list[Mark]:
    """A split by month as marks."""
    top = max((weight(value) for _where, value in split.shown), default=0)
    return [
        Mark(
            words.month(where), figure.show(value), weight(value) / top if top else 0, None, link(where) if link else ""
        )
        for where, value in split.shown
        if isinstance(where, Period)
    ] + _merged(figure, split, top)


def years(figure: Figure, values: Sequence[tuple[int, Value, bool]], link: Callable[[int], str]) -> list[Mark]:
    """Years (year, value, withheld) as marks."""
    top = max((weight(value) for _year, value, out in values if not out), default=0)
    few = _("少于 5")
    return [
        Mark(
            str(year),
            few if out else figure.show(value),
            0 if out or not top else weight(value) / top,
            None,
            link(year),
            withheld=out,
        )
        for year, value, out in values
    ]


def merged_tiles(split: Split) -> list[Mark]:
    """The places of a map whose numbers are only given together."""
    return [
        Mark(place.name, _("合并"), 0, None, row=place.tile_row, column=place.tile_column, withheld=True)
        for place in split.merged
        if isinstance(place, Place)
    ]


def tiles(marks: Sequence[Mark]) -> list[Mark]:
    """The marks that have a square on the map; none when the places have none or two share one."""
    placed = [mark for mark in marks if mark.row and mark.column]
    squares = {(mark.row, mark.column) for mark in placed}
    return placed if len(squares) == len(placed) and len(placed) > 1 else []


def _merged(figure: Figure, split: Split, top: float) -> list[Mark]:
    if not split.merged:
        return []
    names = [
        words.month(one) if isinstance(one, Period) else one.name if one else _("本级直属") for one in split.merged
    ]
    known = split.together is not None
    return [
        Mark(
            label=_("其他（合并）"),
            shown=figure.show(split.together) if known else _("不单列"),
            size=min(weight(split.together) / top, 1) if known and top else 0,
            shade=None,
            detail=_("、").join(names),
            withheld=True,
        )
    ]


def _shade(size: float, low: float, top: float) -> int:
    return min(int((size - low) / (top - low) * SHADES), SHADES - 1) if top > low else 2
