"""Writing the social organisations of the union's base, and the rooms kept for workers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import CareRoom, SocialOrganisation
from unionhall.organisations.roles import holders
from unionhall.storage import registered

WRITERS = tuple(holders("offers.change"))
"""Who opens the activities held by them and in them."""


class SocialRow(NamedTuple):
    """One organisation of the base."""

    code: str
    name: str
    kind: str
    path: str
    since: date
    until: date | None = None
    field: str = ""
    uscc: str = ""
    digest: bytes | None = None


class RoomRow(NamedTuple):
    """One room."""

    code: str
    name: str
    kind: str
    path: str
    since: date
    until: date | None = None
    address: str = ""
    employer_id: int | None = None
    digest: bytes | None = None


def record_social(rows: Sequence[SocialRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Take organisations into the base; their ids, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(SocialOrganisation, rows, batch)
        paths = [row.path for row in rows]
        audit.wrote("social.record", SocialOrganisation, numbers, by=by, paths=paths, batch=batch)
        return numbers


def change_social(rows: Sequence[tuple[int, SocialRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what is written of organisations of the base, or end their stay."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(SocialOrganisation, rows)
        numbers, paths = [number for number, _ in rows], [row.path for _, row in rows]
        audit.wrote("social.change", SocialOrganisation, numbers, by=by, paths=paths, batch=batch)


def record_rooms(rows: Sequence[RoomRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Record rooms; their ids, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(CareRoom, rows, batch)
        audit.wrote("room.record", CareRoom, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_rooms(rows: Sequence[tuple[int, RoomRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what is written of rooms, or end them."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(CareRoom, rows)
        numbers, paths = [number for number, _ in rows], [row.path for _, row in rows]
        audit.wrote("room.change", CareRoom, numbers, by=by, paths=paths, batch=batch)


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
