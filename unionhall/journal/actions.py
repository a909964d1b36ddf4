"""The only code that writes the journal. Every line written or voided is sealed with the others (journal.audit)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db import router, transaction

from unionhall.journal import audit
from unionhall.journal.digests import Part, digest_written
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.storage import bulk
from unionhall.storage.bulk import Same

_COLUMNS = (
    "id", "service", "act", "kind", "path", "on", "person_id", "employer_id", "headcount", "fen", "quantity", "subject",
    "by", "batch", "at", "reason",
)  # fmt: skip
_ATTRIBUTE = {"person": "person_id", "employer": "employer_id"}
_AT_ONCE = 500


class Entry(NamedTuple):
    """One line to be written. `on` is the local day the thing was done; amounts are fen."""

    service: str
    act: str
    path: str
    on: date
    subject: str
    kind: str = ""
    person: int | None = None
    employer: int | None = None
    headcount: int = 1
    fen: int = 0
    quantity: int = 0
    reason: str = ""


def write(entry: Entry, *, by: Actor, batch: int | None = None) -> int:
    """Write one line; its id."""
    return write_many([entry], by=by, batch=batch)[0]


def write_many(entries: Sequence[Entry], *, by: Actor, batch: int | None = None) -> list[int]:
    """Write lines in bulk inside the caller's transaction; their ids, in order."""
    with transaction.atomic(using=router.db_for_write(Line)):
        numbers = _write(entries, by, batch)
        if numbers:
            audit.write("journal.write", by=by, keys=[(Line, numbers)], batch=batch)
    return numbers


class Alike(NamedTuple):
    """Lines of one act of one service, by columns: as `Entry`, each of one person, with no amount."""

    service: str
    act: str
    paths: Sequence[str]
    on: Sequence[date]
    subjects: Sequence[str]
    kinds: Sequence[str]
    persons: Sequence[int]
    employers: Sequence[int | None]


def write_alike(lines: Alike, *, by: Actor, batch: int | None = None) -> list[int]:
    """`write_many` for lines that are held by columns; their ids, in order."""
    count, told = len(lines.subjects), Entry._field_defaults
    with transaction.atomic(using=router.db_for_write(Line)):
        numbers = bulk.ids(Line, count)
        bulk.insert_columns(Line, _COLUMNS, (
            numbers, Same(lines.service), Same(lines.act), lines.kinds, lines.paths, lines.on, lines.persons, lines.employers,
            Same(told["headcount"]), Same(told["fen"]), Same(told["quantity"]), lines.subjects, Same(by.account), Same(batch),
            Same(datetime.now(UTC)), Same(told["reason"]),
        ), count)  # fmt: skip
        if numbers:
            audit.write("journal.write", by=by, keys=[(Line, numbers)], batch=batch)
    return numbers


def put(entries: Sequence[Entry], *, by: Actor, numbers: Sequence[int] = ()) -> Part:
    """Write lines inside the caller's transaction; their digests, which the caller's own audit entry must seal (`parts`).

    `numbers`: ids reserved before, one for each.
    """
    rows = _rows(entries, numbers or bulk.ids(Line, len(entries)), by, None)
    bulk.insert(Line, _COLUMNS, rows)
    return digest_written(Line, _COLUMNS, rows)


def void(lines: Iterable[Line], *, by: Actor, batch: int | None = None, reason: str) -> int:
    """Void lines: each gets a line of its own that says who voided it and why. How many were voided.

    `batch` is the import that corrects them, if one does: a withdrawal of it writes them again.
    """
    wrong = list(lines)
    with transaction.atomic(using=router.db_for_write(Line)):
        touched = _void(wrong, by, batch, reason)
        if touched:
            audit.write("journal.void", by=by, keys=[(Line, touched)], batch=batch)
    return len(wrong)


def correct(
    wanted: Mapping[str, Sequence[Entry]],
    *,
    by: Actor,
    batch: int | None = None,
    reason: str,
    acts: tuple[str, ...] = (),
) -> int:
    """Make the standing lines of these subjects say what is wanted: lines that no longer hold are voided, missing ones
    written, lines that still hold stay as they are. How many lines were voided.

    With `acts`, only lines of these acts are looked at: what else happened to the subject since stands as it was told.
    """
    subjects = list(wanted)
    standing: list[Line] = []
    for at in range(0, len(subjects), _AT_ONCE):
        told = Line.objects.standing().filter(subject__in=subjects[at : at + _AT_ONCE])
        standing.extend(told.filter(act__in=acts) if acts else told)
    left = Counter(_told(entry) for entries in wanted.values() for entry in entries)
    wrong: list[Line] = []
    for line in standing:
        said = _said(line)
        if left[said] > 0:
            left[said] -= 1
        else:
            wrong.append(line)
    missing: list[Entry] = []
    for entries in wanted.values():
        for entry in entries:
            said = _told(entry)
            if left[said] > 0:
                left[said] -= 1
                missing.append(entry)
    with transaction.atomic(using=router.db_for_write(Line)):
        touched = [*_void(wrong, by, batch, reason), *_write(missing, by, batch)]
        if touched:
            audit.write("journal.correct", by=by, keys=[(Line, touched)], batch=batch)
    return len(wrong)


def void_batch(batch: int, *, by: Actor, reason: str) -> int:
    """Void every standing line an import wrote, with one voiding line for the whole batch, and write again the lines
    that import had corrected. How many were voided. The lines are noted for the sealing of the batch's withdrawal.
    """
    voided = _void_written(batch, by, reason)
    audit.note_rows([(Line, [*voided, *_write_again(batch)])], batch=batch)
    return max(len(voided) - 1, 0)


def _write(entries: Sequence[Entry], by: Actor, batch: int | None) -> list[int]:
    numbers = bulk.ids(Line, len(entries))
    bulk.insert(Line, _COLUMNS, _rows(entries, numbers, by, batch))
    return numbers


def _rows(entries: Sequence[Entry], numbers: Sequence[int], by: Actor, batch: int | None) -> list[tuple[object, ...]]:
    at, who = datetime.now(UTC), by.account
    return [
        (number, e.service, e.act, e.kind, e.path, e.on, e.person, e.employer, e.headcount, e.fen, e.quantity,
         e.subject, who, batch, at, e.reason)
        for number, e in zip(numbers, entries, strict=True)
    ]  # fmt: skip


def _void(wrong: Sequence[Line], by: Actor, batch: int | None, reason: str) -> list[int]:
    """The lines voided and those that say so."""
    if not reason:
        raise Refused("作废一条记录必须写明理由。")
    if any(line.voided_by_id is not None or line.act == "void" for line in wrong):
        raise Refused("这条记录已经作废，不能再次作废。")
    told = [
        Entry(
            line.service, "void", line.path, line.on, line.subject, kind=line.act, person=line.person_id, reason=reason
        )
        for line in wrong
    ]
    numbers = _write(told, by, batch)
    bulk.update(Line, ("voided_by",), [(line.pk, number) for line, number in zip(wrong, numbers, strict=True)])
    return [*(line.pk for line in wrong), *numbers]


def _void_written(batch: int, by: Actor, reason: str) -> list[int]:
    """The lines voided and, if there are any, the one that says so."""
    mine = Line.objects.standing().filter(batch=batch).order_by("id")
    first = mine.first()
    if first is None:
        return []
    told = Entry(first.service, "void", "", first.on, f"batch:{batch}", kind="batch", reason=reason)
    voided = list(mine.values_list("pk", flat=True))
    numbers = _write([told], by, None)
    mine.update(voided_by=numbers[0])
    return [*voided, *numbers]


def _write_again(batch: int) -> list[int]:
    """Lines stay append-only: one that a withdrawn import voided comes back as a copy, with its first author and batch."""
    lost = Line.objects.filter(voided_by__batch=batch, voided_by__act="void").exclude(batch=batch)
    lines = list(lost.exclude(voided_by__kind="batch"))
    numbers, at = bulk.ids(Line, len(lines)), datetime.now(UTC)
    bulk.insert(
        Line,
        _COLUMNS,
        [
            (number, *(getattr(line, name) for name in _COLUMNS[1:-2]), at, line.reason)
            for number, line in zip(numbers, lines, strict=True)
        ],
    )
    return numbers


def _told(entry: Entry) -> tuple[object, ...]:
    return entry[:-1]


def _said(line: Line) -> tuple[object, ...]:
    return tuple(getattr(line, _ATTRIBUTE.get(name, name)) for name in Entry._fields[:-1])
