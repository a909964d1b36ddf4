"""Writing service stations, their establishment, and the people on post there."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Establishment, Staff, Station
from unionhall.storage import registered

WRITERS = ("system", "organisation", "street")


class StationRow(NamedTuple):
    """One station. `area` in whole square metres; `rooms` their names."""

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
        return numbers


def change_stations(rows: Sequence[tuple[int, StationRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what is written of stations; the journal's lines of acceptance and star follow."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(Station, [(number, _kept(row)) for number, row in rows])
        wanted = {f"station:{number}": _done(number, row) for number, row in rows}
        journal.correct(wanted, by=by, batch=batch, reason="更正服务站登记")


def establish(rows: Sequence[EstablishmentRow], *, by: Actor, batch: int | None = None) -> None:
    """Grant posts to stations. A new number from a later day ends the one before; from the same day it replaces it."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        new = []
        for row in rows:
            standing = Establishment.objects.filter(station_id=row.station_id, kind=row.kind)
            if not standing.filter(since=row.since).update(posts=row.posts, digest=row.digest):
                standing.filter(until=None, since__lt=row.since).update(until=row.since)
                new.append(row)
        registered.add(Establishment, new, batch)


def record_staff(rows: Sequence[StaffRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Put people on post; the ids of the records, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        return registered.add(Staff, rows, batch)


def change_staff(rows: Sequence[tuple[int, StaffRow]], *, by: Actor) -> None:
    """Correct records of people on post, or end them."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(Staff, rows)


def _kept(row: StationRow) -> StationRow:
    """In bulk a JSON column takes JSON text."""
    text: Any = json.dumps(row.rooms, ensure_ascii=False)
    return row._replace(rooms=text)


def _done(number: int, row: StationRow) -> list[journal.Entry]:
    days = (("accepted", row.accepted_on), ("star_declared", row.star_declared_on))
    return [journal.Entry("station", act, row.path, on, f"station:{number}") for act, on in days if on is not None]


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
