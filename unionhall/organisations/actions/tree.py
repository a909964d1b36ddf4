"""Writing the tree of places, and its reorganisation."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.paths import STEP, child_path, parent_path, within
from unionhall.organisations import places
from unionhall.organisations.models import Place, PlaceBecame
from unionhall.organisations.roles import holders
from unionhall.storage import bulk

WRITERS = tuple(holders("places.change"))
_ROOT = 101  # the first number of a root: a district's path is "101"


class PlaceRow(NamedTuple):
    """One place; `parent` is the code of the one above, empty for the district itself."""

    code: str
    name: str
    kind: str
    parent: str
    since: date
    until: date | None = None
    tile_row: int | None = None
    tile_column: int | None = None
    digest: bytes | None = None


def record_places(rows: Sequence[PlaceRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Add places; parents may be among the rows, after their children. Paths are given out in the order of the rows.

    Their ids, in order of the rows. Refused: a parent nobody knows, a circle of parents, a second root.
    """
    with transaction.atomic():
        standing = places.by_code()
        ordered = _parents_first(rows, set(standing))
        paths = {code: spot.path for code, spot in standing.items()}
        numbers = {code: spot.id for code, spot in standing.items()}
        last = _last_children(list(paths.values()))
        numbers |= {row.code: number for row, number in zip(rows, bulk.ids(Place, len(rows)), strict=True)}
        for row in ordered:
            above = paths[row.parent] if row.parent else ""
            if not row.parent and last.get(""):
                raise Refused("区划树只能有一个最上级（区），请给这个地方填上级代码。")
            last[above] = last.get(above, 0) + 1 if above else _ROOT
            paths[row.code] = child_path(above, last[above])
        for path in {parent_path(paths[row.code]) or paths[row.code] for row in rows}:
            by.must_reach(path, *WRITERS)
        names = (
            "id", "path", "parent_id", "kind", "name", "code", "since", "until", "tile_row", "tile_column", "batch", "digest",
        )  # fmt: skip
        bulk.insert(
            Place,
            names,
            [
                (numbers[row.code], paths[row.code], numbers[row.parent] if row.parent else None, row.kind, row.name,
                 row.code, row.since, row.until, row.tile_row, row.tile_column, batch, row.digest)
                for row in ordered
            ],
        )  # fmt: skip
        added = [numbers[row.code] for row in rows]
        audit.wrote("place.record", Place, added, by=by, paths=[paths[row.code] for row in rows], batch=batch)
        return added


def change_places(rows: Sequence[tuple[int, PlaceRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what is written of places: name, kind, dates, tile. The one above cannot be changed: paths are for good."""
    with transaction.atomic():
        found = Place.objects.select_related("parent").in_bulk([number for number, _ in rows])
        for number, row in rows:
            place = found[number]
            by.must_reach(place.path, *WRITERS)
            if row.parent != (place.parent.code if place.parent else ""):
                raise Refused("{name}的上级不能改；请新设一个地方，再把原来的并入。", name=place.name)
        bulk.update(
            Place,
            ("kind", "name", "since", "until", "tile_row", "tile_column", "digest"),
            [
                (number, row.kind, row.name, row.since, row.until, row.tile_row, row.tile_column, row.digest)
                for number, row in rows
            ],
        )
        changed = [number for number, _ in rows]
        audit.wrote("place.change", Place, changed, by=by, paths=[found[n].path for n in changed], batch=batch)


def merge_places(
    old: str, into: str, *, on: date, reason: str, by: Actor, batch: int | None = None, digest: bytes | None = None
) -> int:
    """From the day `on`, what lay at the place coded `old` belongs to `into`; `old` stands no longer. The id of the link.

    Records keep the path they were made with; figures count them to the new place from that day (indicators.territory),
    below another street too.
    """
    with transaction.atomic():
        found = {place.code: place for place in Place.objects.select_for_update().filter(code__in=[old, into])}
        if len(found) < 2:
            raise Refused("并入要有两个不同的地方，找不到代码 {value}。", value=old if old not in found else into)
        one, other = found[old], found[into]
        by.must_reach(one.path, *WRITERS)
        by.must_reach(other.path, *WRITERS)
        if not reason:
            raise Refused("并入要写明原因。")
        if PlaceBecame.objects.filter(old=one).exists():
            raise Refused("{name}已经并入别处，不能再次并入。", name=one.name)
        if on < one.since or (one.until is not None and one.until != on):
            raise Refused(
                "{name}在 {on} 不存在或撤销日期不同，请核对并入日期与撤销日期。", name=one.name, on=on.isoformat()
            )
        if on < other.since or (other.until is not None and other.until <= on):
            raise Refused("{name}在 {on} 不存在，不能并入。", name=other.name, on=on.isoformat())
        if within(other.path, one.path):
            raise Refused("{name}在{name_2}里面，{name_2}不能并入它。", name=other.name, name_2=one.name)
        number = bulk.ids(PlaceBecame, 1)[0]
        bulk.insert(
            PlaceBecame,
            ("id", "old_id", "new_id", "on", "reason", "batch", "digest"),
            [(number, one.pk, other.pk, on, reason, batch, digest)],
        )
        Place.objects.filter(pk=one.pk).update(until=on)
        entry = journal.Entry("place", "merged", one.path, on, f"place:{one.pk}", kind=other.code, reason=reason)
        journal.write(entry, by=by, batch=batch)
        touched: audit.Keys = [(Place, [one.pk]), (PlaceBecame, [number])]
        audit.write("place.merge", by=by, subject=f"place:{one.pk}", path=one.path, keys=touched, batch=batch)
        return number


def rename(code: str, name: str, *, on: date, by: Actor) -> None:
    """Give a place another name from a day on; the journal keeps the old one."""
    with transaction.atomic():
        place = Place.objects.select_for_update().filter(code=code).first()
        if place is None:
            raise Refused("没有代码为 {number} 的地方。", number=code)
        by.must_reach(place.path, *WRITERS)
        if not name.strip() or name == place.name:
            raise Refused("请填写新的名称。")
        Place.objects.filter(pk=place.pk).update(name=name, digest=None)
        entry = journal.Entry("place", "renamed", place.path, on, f"place:{place.pk}", reason=f"{place.name} → {name}")
        journal.write(entry, by=by)
        audit.wrote("place.rename", Place, [place.pk], by=by, paths=[place.path])


def _parents_first(rows: Sequence[PlaceRow], standing: set[str]) -> list[PlaceRow]:
    """The rows so that every parent comes before its children; siblings stay in the order of the rows."""
    coming = {row.code for row in rows}
    below: dict[str, list[PlaceRow]] = {}
    ready: list[PlaceRow] = []
    for row in rows:
        if row.parent and row.parent not in coming and row.parent not in standing:
            raise Refused("“{name}”的上级代码 {parent} 不在区划树里。", name=row.name, parent=row.parent)
        if row.parent in coming:
            below.setdefault(row.parent, []).append(row)
        else:
            ready.append(row)
    at = 0
    while at < len(ready):
        ready.extend(below.get(ready[at].code, ()))
        at += 1
    if len(ready) < len(rows):
        lost = next(row for row in rows if row not in ready)
        raise Refused("“{name}”的上级绕回了自己，请核对上级代码。", name=lost.name)
    return ready


def _last_children(paths: Sequence[str]) -> dict[str, int]:
    """For each path that has children, the number of its last one."""
    last: dict[str, int] = {}
    for path in paths:
        above = parent_path(path)
        last[above] = max(last.get(above, 0), int(path[-STEP:]))
    return last
