"""The only code that writes the register of honours."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.honours.models import Honour
from unionhall.honours.service import kind
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.organisations.roles import holders
from unionhall.storage import registered

WRITERS = tuple(holders("honours.change"))
SERVICE = "honour"


class HonourRow(NamedTuple):
    """One grant, held from the day of the decision until it is revoked."""

    number: str
    title: str
    level: str
    recipient: str
    recipient_name: str
    path: str
    since: date
    until: date | None = None
    person_id: int | None = None
    employer_id: int | None = None
    decided_by: str = ""
    document_no: str = ""
    service: str = SERVICE
    digest: bytes | None = None


def grant(rows: Sequence[HonourRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Register grants; their ids, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(Honour, rows, batch)
        entries = [entry for number, row in zip(numbers, rows, strict=True) for entry in _done(number, row)]
        journal.write_many(entries, by=by, batch=batch)
        audit.wrote("honour.grant", Honour, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change(rows: Sequence[tuple[int, HonourRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct grants, or revoke them (`until`); the journal's lines follow."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(Honour, rows)
        wanted = {f"honour:{number}": _done(number, row) for number, row in rows}
        journal.correct(wanted, by=by, batch=batch, reason="更正荣誉登记")
        paths = [row.path for _, row in rows]
        audit.wrote("honour.change", Honour, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def _done(number: int, row: HonourRow) -> list[journal.Entry]:
    days = (("granted", row.since), ("revoked", row.until))
    return [
        journal.Entry(
            row.service, act, row.path, on, f"honour:{number}", kind=kind(row.level, row.title), person=row.person_id,
            employer=row.employer_id,
        )
        for act, on in days
        if on is not None
    ]  # fmt: skip


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
