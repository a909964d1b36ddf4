"""Which records belong to a place, when places have been merged or moved.

Records keep the path they were made with. From the day of a reorganisation on, what lies in the old place counts to the
new one; before it, to the old one. So last year's figure of either place is the same after the merger as before it.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Case, CharField, Q, Value, When
from django.db.models.functions import Substr

from unionhall.kernel.paths import length, span, within
from unionhall.organisations.models import PlaceBecame


class Moved(NamedTuple):
    """Records at or below `old` count to `new` on days in [since, until)."""

    old: str
    new: str
    since: date
    until: date | None


def moves() -> tuple[Moved, ...]:
    """Every reorganisation, chains resolved: after A → B → C, what lay in A counts to B, then to C."""
    direct = {
        old: (new, on) for old, new, on in PlaceBecame.objects.order_by("on").values_list("old__path", "new__path", "on")
    }
    found = []
    for old in direct:
        at, passed = old, {old}
        while at in direct:
            new, since = direct[at]
            if new in passed:  # a circle cannot be followed; the action that records moves refuses to make one
                break
            following = direct.get(new)
            found.append(Moved(old, new, since, following[1] if following else None))
            passed.add(new)
            at = new
    return tuple(found)


def _in(path: str) -> Q:
    low, high = span(path)
    return Q(path__gte=low, path__lt=high)


def _during(moved: Moved, day: date | None, field: str) -> Q | bool:
    """Is the move in force: for one day (True/False), or as a condition on the records' own day."""
    if day is not None:
        return moved.since <= day and (moved.until is None or day < moved.until)
    condition = Q(**{f"{field}__gte": moved.since})
    return condition if moved.until is None else condition & Q(**{f"{field}__lt": moved.until})


def of_place(path: str, all_moves: Sequence[Moved], *, day: date | None = None, field: str = "on") -> Q:
    """The condition "belongs to this place", on a given day or on each record's own day (`field`)."""
    if not path:
        return Q()
    where = _in(path)
    for moved in all_moves:
        leaves = within(moved.old, path) and not within(moved.new, path)
        arrives = within(moved.new, path) and not within(moved.old, path)
        if not (leaves or arrives):
            continue
        during = _during(moved, day, field)
        if isinstance(during, bool):
            if during:
                where = (where & ~_in(moved.old)) if leaves else (where | _in(moved.old))
        else:
            where = (where & ~(_in(moved.old) & during)) if leaves else (where | (_in(moved.old) & during))
    return where


def part_at(level: int, all_moves: Sequence[Moved], *, day: date | None = None, field: str = "on") -> Case | Substr:
    """An expression: the path, at this level of the tree, of the place a record counts to."""
    own = Substr("path", 1, length(level))
    whens = []
    for moved in all_moves:
        during = _during(moved, day, field)
        if during is False:
            continue
        condition = _in(moved.old) if during is True else _in(moved.old) & during
        whens.append(When(condition, then=Value(moved.new[: length(level)])))
    return Case(*whens, default=own, output_field=CharField()) if whens else own
