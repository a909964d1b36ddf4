"""The only code that writes the journal."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.storage import bulk

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
    numbers = bulk.ids(Line, len(entries))
    at, who = datetime.now(UTC), by.account
    rows = [
        (number, e.service, e.act, e.kind, e.path, e.on, e.person, e.employer, e.headcount, e.fen, e.quantity,
         e.subject, who, batch, at, e.reason)
        for number, e in zip(numbers, entries, strict=True)
    ]  # fmt: skip
    bulk.insert(Line, _COLUMNS, rows)
    return numbers


def void(lines: Iterable[Line], *, by: Actor, batch: int | None = None, reason: str) -> int:
    """Void lines: each gets a line of its own that says who voided it and why. How many were voided.

    `batch` is the import that corrects them, if one does: a withdrawal of it writes them again.
    """
    if not reason:
        raise Refused("作废一条记录必须写明理由。")
    wrong = list(lines)
    if any(line.voided_by_id is not None or line.act == "void" for line in wrong):
        raise Refused("这条记录已经作废，不能再次作废。")
    numbers = write_many(
        [
            Entry(
                line.service,
                "void",
                line.path,
                line.on,
                line.subject,
                kind=line.act,
                person=line.person_id,
                reason=reason,
            )
            for line in wrong
        ],
        by=by,
        batch=batch,
    )
    bulk.update(Line, ("voided_by",), [(line.pk, number) for line, number in zip(wrong, numbers, strict=True)])
    return len(wrong)


def correct(wanted: Mapping[str, Sequence[Entry]], *, by: Actor, batch: int | None = None, reason: str) -> int:
    """Make the standing lines of these subjects say what is wanted: lines that no longer hold are voided, missing ones
    written, lines that still hold stay as they are. How many lines were voided.
    """
    subjects = list(wanted)
    standing: list[Line] = []
    for at in range(0, len(subjects), _AT_ONCE):
        standing.extend(Line.objects.standing().filter(subject__in=subjects[at : at + _AT_ONCE]))
    left = Counter(_told(entry) for entries in wanted.values() for entry in entries)
    wrong: list[Line] = []
    for line in standing:
        said = _said(line)
        if left[said] > 0:
            left[said] -= 1
        else:
            wrong.append(line)
    void(wrong, by=by, batch=batch, reason=reason)
    missing: list[Entry] = []
    for entries in wanted.values():
        for entry in entries:
            said = _told(entry)
            if left[said] > 0:
                left[said] -= 1
                missing.append(entry)
    write_many(missing, by=by, batch=batch)
    return len(wrong)


def void_batch(batch: int, *, by: Actor, reason: str) -> int:
    """Void every standing line an import wrote, with one voiding line for the whole batch, and write again the lines
    that import had corrected. How many were voided.
    """
    voided = _void_written(batch, by=by, reason=reason)
    _write_again(batch)
    return voided


def _void_written(batch: int, *, by: Actor, reason: str) -> int:
    mine = Line.objects.standing().filter(batch=batch)
    first = mine.order_by("id").first()
    if first is None:
        return 0
    number = write(Entry(first.service, "void", "", first.on, f"batch:{batch}", kind="batch", reason=reason), by=by)
    return mine.update(voided_by=number)


def _write_again(batch: int) -> None:
    """Lines stay append-only: one that a withdrawn import voided comes back as a copy, with its first author and batch."""
    lost = Line.objects.filter(voided_by__batch=batch, voided_by__act="void").exclude(batch=batch)
    lines = list(lost.exclude(voided_by__kind="batch"))
    at = datetime.now(UTC)
    bulk.insert(
        Line,
        _COLUMNS,
        [
            (number, *(getattr(line, name) for name in _COLUMNS[1:-2]), at, line.reason)
            for number, line in zip(bulk.ids(Line, len(lines)), lines, strict=True)
        ],
    )


def _told(entry: Entry) -> tuple[object, ...]:
    return entry[:-1]


def _said(line: Line) -> tuple[object, ...]:
    return tuple(getattr(line, _ATTRIBUTE.get(name, name)) for name in Entry._fields[:-1])
