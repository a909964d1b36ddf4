"""Which records belong to a place, when places have been merged or moved; and to a person, when two have become one.

Records keep the path they were made with. From the day of a reorganisation on, what lies in the old place counts to the
new one; before it, to the old one. So last year's figure of either place is the same after the merger as before it.

A place below a merged one that has not itself been merged keeps its own records: when a street becomes part of another,
its communities stay the communities they were and are now among the other street's.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce, Substr

from unionhall.kernel.paths import length, parent_path, span, within
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place, PlaceBecame
from unionhall.people.models import Person

_MOST_MERGES = 8
"""A person merged into one who was merged in turn, and so on: nobody's officers do that more often."""


class Moved(NamedTuple):
    """Records at or below `old` count to `new` on days in [since, until)."""

    old: str
    new: str
    since: date
    until: date | None


class Moves(tuple[Moved, ...]):
    """Every reorganisation, chains resolved: after A → B → C, what lay in A counts to B, then to C.

    `merges` is how many steps lead at most from a person to the one they were merged into: 0 where nobody was merged, so
    that the usual count of distinct people reads its index and no person.
    """

    merges: int = 0


def moves() -> Moves:
    """What has been merged since the records were made. Two queries; ask once for all the figures of a page or report."""
    direct = {
        old: (new, on)
        for old, new, on in PlaceBecame.objects.order_by("on").values_list("old__path", "new__path", "on")
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
    known = Moves(found)
    known.merges = _merges()
    return known


def _merges() -> int:
    steps = 0
    while steps < _MOST_MERGES and Person.objects.filter(**{f"{_into(steps + 1)}__isnull": False}).exists():
        steps += 1
    return steps


def _into(steps: int) -> str:
    return "__".join(["merged_into"] * steps)


def person(all_moves: Moves) -> F | Coalesce:
    """An expression: the person a row is about; of one merged into another, that other."""
    if not all_moves.merges:
        return F("person")
    merged = [f"person__{_into(steps)}" for steps in range(all_moves.merges, 0, -1)]
    return Coalesce(*merged, "person")


def below(path: str, period: Period, all_moves: Moves) -> list[Place]:
    """The places one step below a place at some time of the period, those below a place that has become it included."""
    standing = Place.objects.filter(Q(until=None) | Q(until__gt=period.start), since__lt=period.end).order_by("path")
    if not path:
        return list(standing.filter(parent=None))
    became = (
        moved.old
        for moved in all_moves
        if moved.new == path and len(moved.old) == len(path) and _holds(moved.since, moved.until, period.last)
    )
    return list(standing.filter(parent__path__in=[path, *became]))


def tables_above(path: str, root: str, day: date, all_moves: Moves) -> Iterator[tuple[str, str]]:
    """(place, the one right below it that this place lies in), from this place up to the root: every table of places by
    which its number might be reckoned. What became another place by the day lies in the old one and in the new one.
    """
    todo, passed = [path], {path}
    while todo:
        cell = todo.pop()
        above = parent_path(cell)
        if len(cell) <= len(root):
            continue
        became = (moved.new for moved in all_moves if moved.old == above and moved.since <= day)
        for table in (above, *became):
            yield table, cell
            if table not in passed:
                passed.add(table)
                todo.append(table)


def of_place(path: str, all_moves: Moves, *, day: date | None = None, field: str = "on", placed_by: str = "path") -> Q:
    """The condition "belongs to this place", on a given day or on each record's own day (`field`).

    The same records as those whose `part_at` this place's level is this place. `placed_by` is what holds a record's path.
    """
    where = _in(path, placed_by) if path else Q()
    if not path or not all_moves:
        return where
    gone: list[str] = []
    gathered = [path]
    # From the widest place to the narrowest, so that what is said of a community overrides what is said of its street.
    for piece in sorted(_pieces(all_moves, len(path)), key=lambda piece: len(piece.old)):
        during = _during(piece, day, field)
        here = piece.part == path
        if during is None or not (here or any(within(piece.old, other) for other in gathered)):
            continue
        if here and within(piece.old, path) and not any(within(piece.old, other) for other in gone):
            continue
        there = _in(piece.old, placed_by) & during
        where = (where | there) if here else (where & ~there)
        (gathered if here else gone).append(piece.old)
    return where


def part_at(
    level: int, all_moves: Moves, *, day: date | None = None, field: str = "on", placed_by: str = "path"
) -> Case | Substr:
    """An expression: the path, at this level of the tree, of the place a record counts to; a shorter path is what lies
    above that level."""
    digits = length(level)
    own = Substr(placed_by, 1, digits)
    whens = []
    # The narrowest place first: CASE takes the first that holds.
    for piece in sorted(_pieces(all_moves, digits), key=lambda piece: -len(piece.old)):
        during = _during(piece, day, field)
        if during is not None:
            whens.append(When(_in(piece.old, placed_by) & during, then=Value(piece.part)))
    return Case(*whens, default=own, output_field=CharField()) if whens else own


class _Piece(NamedTuple):
    """Records at or below `old` count to `part`, a path of the level asked for, on days in [since, until)."""

    old: str
    part: str
    since: date
    until: date | None


def _pieces(all_moves: Moves, digits: int) -> Iterator[_Piece]:
    """What the moves mean at one level of the tree. A move above that level leaves the parts at it as they are."""
    direct: dict[str, tuple[str, date]] = {}
    for moved in all_moves:
        direct.setdefault(moved.old, (moved.new, moved.since))
    days = sorted({since for _, since in direct.values()})
    for old, (_, first) in direct.items():
        if len(old) < digits:
            continue
        later = [day for day in days if day >= first]
        for day, until in zip(later, [*later[1:], None], strict=True):
            yield _Piece(old, _upward(old, day, digits, direct), day, until)


def _on(path: str, day: date, direct: Mapping[str, tuple[str, date]]) -> str:
    """What a place has become by a day, directly or through others."""
    passed = set()
    while path in direct and direct[path][1] <= day and path not in passed:
        passed.add(path)
        path = direct[path][0]
    return path


def _upward(path: str, day: date, digits: int, direct: Mapping[str, tuple[str, date]]) -> str:
    """From a place up to the level asked for, every place on the way being what it has become by the day."""
    at = _on(path, day, direct)
    while len(at) > digits:
        at = _on(parent_path(at), day, direct)
    return at


def _in(path: str, placed_by: str) -> Q:
    low, high = span(path)
    return Q(**{f"{placed_by}__gte": low, f"{placed_by}__lt": high})


def _holds(since: date, until: date | None, day: date) -> bool:
    return since <= day and (until is None or day < until)


def _during(piece: _Piece, day: date | None, field: str) -> Q | None:
    """The condition under which the piece is in force: always, never (None), or as the records' own day says."""
    if day is not None:
        return Q() if _holds(piece.since, piece.until, day) else None
    condition = Q(**{f"{field}__gte": piece.since})
    return condition if piece.until is None else condition & Q(**{f"{field}__lt": piece.until})
