"""The only code that writes agreements and the employers they cover."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q

from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.organisations.roles import holders
from unionhall.storage import registered

WRITERS = tuple(holders("agreements.change"))


class AgreementRow(NamedTuple):
    """One document, in force from `since` until `until` (not included). `union_id`, `renews_id`: ids or None."""

    service: str
    number: str
    title: str
    path: str
    signed_on: date
    since: date
    until: date | None = None
    level: str = ""
    union_id: int | None = None
    filed_on: date | None = None
    filing_no: str = ""
    workers: int = 0
    renews_id: int | None = None
    ended_because: str = ""
    digest: bytes | None = None


class AgreementCoverRow(NamedTuple):
    """An agreement covers an employer from a day until a day; `path` is the employer's, `service` the agreement's."""

    service: str
    agreement_id: int
    employer_id: int
    path: str
    since: date
    until: date | None = None
    digest: bytes | None = None


def record_agreements(rows: Sequence[AgreementRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Register agreements; their ids, in order. One that renews another comes after it."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(Agreement, rows, batch)
        entries = [entry for number, row in zip(numbers, rows, strict=True) for entry in _done(number, row)]
        journal.write_many(entries, by=by, batch=batch)
        audit.wrote("agreement.record", Agreement, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_agreements(rows: Sequence[tuple[int, AgreementRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct agreements, or end them; the journal's lines follow, and so does the cover that ends with the agreement."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        for number, row in rows:
            covers = AgreementCover.objects.filter(agreement=number)
            covers.filter(until__isnull=True, agreement__until__isnull=True).update(until=row.until)
            covers.filter(until=F("agreement__until")).update(until=row.until)
            if row.until is not None:
                covers.filter(Q(until=None) | Q(until__gt=row.until)).update(until=row.until)
        registered.change(Agreement, rows)
        wanted = {f"agreement:{number}": _done(number, row) for number, row in rows}
        journal.correct(wanted, by=by, batch=batch, reason="更正协议登记")
        changed, paths = [number for number, _ in rows], [row.path for _, row in rows]
        keys = [
            (AgreementCover, list(AgreementCover.objects.filter(agreement__in=changed).values_list("pk", flat=True)))
        ]
        audit.wrote("agreement.change", Agreement, changed, by=by, paths=paths, keys=keys, batch=batch)


def record_covers(rows: Sequence[AgreementCoverRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Put employers under agreements; the ids of the covers, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(AgreementCover, rows, batch)
        audit.wrote("agreement.cover", AgreementCover, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_covers(rows: Sequence[tuple[int, AgreementCoverRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct covers, or end them."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(AgreementCover, rows)
        paths = [row.path for _, row in rows]
        audit.wrote("agreement.cover", AgreementCover, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def _done(number: int, row: AgreementRow) -> list[journal.Entry]:
    days = [("signed", row.signed_on, ""), ("filed", row.filed_on, "")]
    if row.ended_because:
        days.append(("ended", row.until, row.ended_because))
    return [
        journal.Entry(
            row.service, act, row.path, on, f"agreement:{number}", kind=row.level, headcount=row.workers, reason=reason
        )
        for act, on, reason in days
        if on is not None
    ]


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
