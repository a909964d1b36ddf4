"""Writing service stations, their establishment, and the people on post there."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Establishment, PastAcceptance, Staff, Station
from unionhall.organisations.roles import holders
from unionhall.storage import registered

WRITERS = tuple(holders("stations.change"))


class StationRow(NamedTuple):
    """One station. `area` in whole square metres; `rooms` and `windows` their names."""

    code: str
    name: str
    path: str
    since: date
    until: date | None = None
    address: str = ""
    area: int | None = None
    rooms: tuple[str, ...] = ()
    accepted_on: date | None = None
    star_declared_on: date | None = None
    hours: str = ""
    windows: tuple[str, ...] = ()
    digest: bytes | None = None


class EstablishmentRow(NamedTuple):
    """How many posts of a kind a station is granted from a day on."""

    station_id: int
    kind: str
    path: str
    posts: int
    since: date
    until: date | None = None
    digest: bytes | None = None


class StaffRow(NamedTuple):
    """Someone on post at a station from a day until a day; `path` is the station's."""

    number: str
    name: str
    kind: str
    station_id: int
    path: str
    since: date
    until: date | None = None
    digest: bytes | None = None


def record_stations(rows: Sequence[StationRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Open stations; their ids, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(Station, [_kept(row) for row in rows], batch)
        entries = [entry for number, row in zip(numbers, rows, strict=True) for entry in _done(number, row)]
        journal.write_many(entries, by=by, batch=batch)
        audit.wrote("station.record", Station, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_stations(rows: Sequence[tuple[int, StationRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what is written of stations; the journal's lines of acceptance and star follow, and so do the posts it is
    granted: they end with it, and stand again when it does. People on post lie where it lies, and have a last day of
    their own; who left before it moved stays where they served.
    """
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        ended = dict(Station.objects.filter(pk__in=[number for number, _ in rows]).values_list("pk", "until"))
        followed = [grant for number, row in rows for grant in _follow(number, row, ended[number])]
        on_post = [person for number, row in rows for person in _go_with(number, row, ended[number])]
        registered.change(Station, [(number, _kept(row)) for number, row in rows])
        wanted = {f"station:{number}": _done(number, row) for number, row in rows}
        for one in PastAcceptance.objects.filter(station__in=[number for number, _ in rows]).select_related("station"):
            # What the city took back was accepted all the same, and stays told.
            wanted[f"station:{one.station_id}"].append(_accepted(one.station_id, one.station.path, one.since))
        journal.correct(wanted, by=by, batch=batch, reason="更正服务站登记", acts=("accepted", "star_declared"))
        changed, paths = [number for number, _ in rows], [row.path for _, row in rows]
        keys = [(Establishment, followed), (Staff, on_post)]
        audit.wrote("station.change", Station, changed, by=by, paths=paths, keys=keys, batch=batch)


def establish(rows: Sequence[EstablishmentRow], *, by: Actor, batch: int | None = None) -> None:
    """Grant posts to stations, so that never two numbers of a kind stand on one day.

    A number from a later day ends the one before; from the same day it replaces it. From an earlier day it holds until
    the next one begins; if that is the same number, the one that stands only began earlier than was written.
    """
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        granted = [number for row in rows for number in _grant(row, batch)]
        paths = [row.path for row in rows]
        audit.wrote("station.establish", Establishment, sorted(set(granted)), by=by, paths=paths, batch=batch)


def record_staff(rows: Sequence[StaffRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Put people on post; the ids of the records, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(Staff, rows, batch)
        audit.wrote("staff.record", Staff, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_staff(rows: Sequence[tuple[int, StaffRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct records of people on post, or end them."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(Staff, rows)
        paths = [row.path for _, row in rows]
        audit.wrote("staff.change", Staff, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def _grant(row: EstablishmentRow, batch: int | None) -> list[int]:
    """The ids of the records written."""
    granted = Establishment.objects.filter(station_id=row.station_id, kind=row.kind)
    following = granted.filter(since__gt=row.since).order_by("since").first()
    standing = granted.filter(since=row.since).first()
    same = following is not None and following.posts == row.posts and (row.until is None or row.until > following.since)
    if standing is None and following is not None and same:
        standing = following
        following = granted.filter(since__gt=standing.since).order_by("since").first()
    ends = [day for day in (row.until, following.since if following else None) if day is not None]
    settled = row._replace(until=min(ends, default=None))
    before = granted.filter(Q(until=None) | Q(until__gt=row.since), since__lt=row.since)
    ended = list(before.values_list("pk", flat=True))
    before.update(until=row.since)
    if standing is None:
        return [*ended, *registered.add(Establishment, [settled], batch)]
    registered.change(Establishment, [(standing.pk, settled)])
    return [*ended, standing.pk]


def _follow(number: int, row: StationRow, ended: date | None) -> list[int]:
    """What the station is granted lies where it lies, and ends with it: what ended with it, or had not ended, does so now.

    The ids of the station's grants.
    """
    latest = {one.kind: one for one in Establishment.objects.filter(station_id=number).order_by("since")}
    for one in latest.values():
        if one.until in (None, ended):
            until = row.until if row.until is None else max(one.since, row.until)
            Establishment.objects.filter(pk=one.pk).update(until=until, path=row.path)
    if row.until is not None:
        longer = Establishment.objects.filter(station_id=number, until__gt=row.until, since__lte=row.until)
        longer.update(until=row.until)
    return list(Establishment.objects.filter(station_id=number).values_list("pk", flat=True))


def _go_with(number: int, row: StationRow, ended: date | None) -> list[int]:
    """Whoever is on post lies where the station lies; so does who left on the day it ended. The ids of those who moved."""
    there = Staff.objects.filter(Q(until=None) | Q(until=ended), station_id=number).exclude(path=row.path)
    moved = list(there.values_list("pk", flat=True))
    Staff.objects.filter(pk__in=moved).update(path=row.path)
    return moved


def _kept(row: StationRow) -> StationRow:
    """In bulk a JSON column takes JSON text."""
    rooms: Any = json.dumps(row.rooms, ensure_ascii=False)
    windows: Any = json.dumps(row.windows, ensure_ascii=False)
    return row._replace(rooms=rooms, windows=windows)


def _done(number: int, row: StationRow) -> list[journal.Entry]:
    days = (("accepted", row.accepted_on), ("star_declared", row.star_declared_on))
    return [journal.Entry("station", act, row.path, on, f"station:{number}") for act, on in days if on is not None]


def _accepted(number: int, path: str, on: date) -> journal.Entry:
    return journal.Entry("station", "accepted", path, on, f"station:{number}")


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
