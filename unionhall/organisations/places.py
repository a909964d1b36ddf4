"""Reading the tree of places and the dated registers as of any day."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Place, PlaceBecame, Register


class Spot(NamedTuple):
    """A place as other registers need it: where it lies, and from when until when it stands."""

    id: int
    path: str
    kind: str
    name: str
    since: date
    until: date | None

    def stands(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def by_code() -> dict[str, Spot]:
    """Every place there is or was, by its code."""
    rows = Place.objects.values_list("code", "id", "path", "kind", "name", "since", "until")
    return {row[0]: Spot(*row[1:]) for row in rows}


def root() -> str:
    """The path of the district itself; Refused when no tree has been brought in."""
    path = top()
    if not path:
        raise Refused("还没有区划树，请先导入区划树。")
    return path


def top() -> str:
    """The path of the district itself, empty while there is no tree: where posts over everything must stand."""
    path = Place.objects.filter(parent=None).order_by("path").values_list("path", flat=True).first()
    return path or ""


def formerly(day: date) -> dict[str, tuple[str, ...]]:
    """For each place that others had become by `day` (included), the paths of those others. One small query."""
    olds: dict[str, tuple[str, ...]] = {}
    for new, old in PlaceBecame.objects.filter(on__lte=day).order_by("on", "id").values_list("new__path", "old__path"):
        olds[new] = (*olds.get(new, ()), old)
    return olds


def territory(path: str, day: date, became: Mapping[str, tuple[str, ...]] | None = None) -> tuple[str, ...]:
    """The paths whose records belong to the place at `path` when one looks from `day`, for `rows.at(*territory(…))`.

    Records keep the path they were made with, so that is the place's own path, first, and the path of every place that
    has become it on or before `day`, directly or through others (a, then b into which a went, then c into which b went).
    Everything at or below each of these paths counts. Nothing is taken away: a place that has itself become another by
    `day` still answers with what was recorded under its own name; it holds no later record, because none was made
    there, and `children` no longer lists it, so no record is counted in two of the parts. `became` is `formerly(day)`,
    for callers that ask for many places of one day.
    """
    olds = formerly(day) if became is None else became
    found, ahead = [path], [path]
    while ahead:
        for old in olds.get(ahead.pop(), ()):
            if old not in found:
                found.append(old)
                ahead.append(old)
    return tuple(found)


def children(path: str, day: date, became: Mapping[str, tuple[str, ...]] | None = None) -> list[Place]:
    """The places standing on `day` one step below the place at `path` or below one that has become it; tree order.

    With the empty path: the root. A place that was closed by `day` is not listed; if it became another of the list,
    its records are within that one's `territory`.
    """
    if not path:
        return list(Place.objects.on(day).filter(parent=None).order_by("path"))
    above = territory(path, day, became)
    return list(Place.objects.on(day).filter(parent__path__in=above).order_by("path"))


def register_for(serves: str, day: date) -> Register | None:
    """The list of employers a rate is counted over on `day`: the newest as of that day or earlier, or None.

    A list dated the last day of a year is the base of a rate asked for that last day. `serves` is a key of
    `organisations.vocabulary.REGISTER_USES`.
    """
    return Register.objects.filter(serves=serves, as_of__lte=day).order_by("-as_of").first()
