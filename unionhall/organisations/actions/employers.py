"""Writing employers and the dated lists they stand on."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations import places
from unionhall.organisations.models import Employer, Register, RegisterEntry
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import REGISTER_USES
from unionhall.storage import bulk, registered

WRITERS = tuple(holders("employers.change"))


class EmployerRow(NamedTuple):
    """One legal person. `uscc` is settled; `uscc_override` says why a code whose check fails is true."""

    uscc: str
    name: str
    path: str
    ownership: str = ""
    industry: str = ""
    workers: int = 0
    uscc_override: str = ""
    digest: bytes | None = None


class EntryRow(NamedTuple):
    """One employer on one list; `path` is the employer's that day."""

    register_id: int
    employer_id: int
    path: str
    workers: int
    digest: bytes | None = None


def record_employers(rows: Sequence[EmployerRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Add employers; their ids, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(Employer, rows, batch)
        audit.wrote("employer.record", Employer, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_employers(rows: Sequence[tuple[int, EmployerRow]], *, by: Actor, batch: int | None = None) -> None:
    """Bring employers up to what a newer list says."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(Employer, rows)
        paths = [row.path for _, row in rows]
        audit.wrote("employer.change", Employer, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def open_register(
    name: str, as_of: date, serves: str, *, by: Actor, definition: str = "", source: str = "", batch: int | None = None
) -> int:
    """Open a dated list that serves as the base of a rate; its id. The same list again is the same id."""
    if REGISTER_USES.get(serves) is None or serves == "none":
        raise Refused("名单用途“{serves}”不能作为比率的基数。", serves=serves)
    by.must_reach(places.top(), *WRITERS)
    with transaction.atomic():
        standing = Register.objects.filter(serves=serves, as_of=as_of).first()
        if standing is not None:
            if standing.name != name:
                raise Refused(
                    "{as_of} 已有名单“{name}”作为{serves}的基数。",
                    as_of=as_of.isoformat(),
                    name=standing.name,
                    serves=REGISTER_USES[serves],
                )
            return standing.pk
        number = bulk.ids(Register, 1)[0]
        bulk.insert(
            Register,
            ("id", "name", "as_of", "serves", "definition", "source", "batch"),
            [(number, name, as_of, serves, definition, source, batch)],
        )
        audit.wrote("register.open", Register, [number], by=by, paths=[places.top()], batch=batch)
        return number


def record_entries(rows: Sequence[EntryRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Put employers on lists; the ids of the entries, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(RegisterEntry, rows, batch)
        audit.wrote("register.list", RegisterEntry, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_entries(rows: Sequence[tuple[int, EntryRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct entries of lists: place and head-count."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(RegisterEntry, rows)
        paths = [row.path for _, row in rows]
        audit.wrote("register.correct", RegisterEntry, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
