"""Writing unions, their marks, and whom they cover."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Cover, Employer, Union, UnionTag
from unionhall.organisations.roles import holders
from unionhall.storage import bulk, registered

WRITERS = tuple(holders("unions.change"))
_AT_ONCE = 10_000


class UnionRow(NamedTuple):
    """One union; `upper` is the code of the one above it, empty for none."""

    code: str
    name: str
    kind: str
    path: str
    upper: str
    since: date
    until: date | None = None
    uscc: str = ""
    approval_no: str = ""
    ended_because: str = ""
    digest: bytes | None = None


class TagRow(NamedTuple):
    """One dated mark on a union; `path` is the union's."""

    union_id: int
    tag: str
    path: str
    since: date
    until: date | None = None
    digest: bytes | None = None


class CoverRow(NamedTuple):
    """A union covers an employer from a day until a day; `path` is the employer's."""

    union_id: int
    employer_id: int
    path: str
    since: date
    until: date | None = None
    digest: bytes | None = None


def record_unions(rows: Sequence[UnionRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Found unions; the one above may be among the rows. Their ids, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = bulk.ids(Union, len(rows))
        above = _numbers_of(row.upper for row in rows) | {
            row.code: number for row, number in zip(rows, numbers, strict=True)
        }
        ordered = _upper_first(rows)
        mine = {row.code: number for row, number in zip(rows, numbers, strict=True)}
        names = (
            "id", "code", "name", "kind", "path", "upper_id", "since", "until", "uscc", "approval_no", "ended_because",
            "digest", "batch",
        )  # fmt: skip
        bulk.insert(Union, names, [(mine[row.code], *_columns(row, above), batch) for row in ordered])
        journal.write_many(
            [_founded(row, number) for row, number in zip(rows, numbers, strict=True)], by=by, batch=batch
        )
        audit.wrote("union.record", Union, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_unions(rows: Sequence[tuple[int, UnionRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what is written of unions; the journal's line of a founding follows, and the marks end with their union.

    Whom they cover stays as written: an ended union's employers are told of one by one.
    """
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        marks = _end_marks(dict(rows))
        above = _numbers_of(row.upper for _, row in rows)
        names = (
            "code", "name", "kind", "path", "upper_id", "since", "until", "uscc", "approval_no", "ended_because", "digest",
        )  # fmt: skip
        bulk.update(Union, names, [(number, *_columns(row, above)) for number, row in rows])
        journal.correct(
            {f"union:{number}": [_founded(row, number)] for number, row in rows},
            by=by,
            batch=batch,
            reason="更正工会登记",
            acts=("founded",),
        )
        changed, paths = [number for number, _ in rows], [row.path for _, row in rows]
        audit.wrote("union.change", Union, changed, by=by, paths=paths, keys=[(UnionTag, marks)], batch=batch)


def tag_unions(rows: Sequence[TagRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Mark unions from a day on; the ids of the marks, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(UnionTag, rows, batch)
        audit.wrote("union.tag", UnionTag, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_tags(rows: Sequence[tuple[int, TagRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct marks: the day they were given, or the end of their union."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(UnionTag, rows)
        paths = [row.path for _, row in rows]
        audit.wrote("union.tag", UnionTag, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def record_cover(rows: Sequence[CoverRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Bring employers under unions; the ids of the covers, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(Cover, rows, batch)
        pairs = list(zip(numbers, rows, strict=True))
        journal.write_many([entry for _, entry in _covered(pairs)], by=by, batch=batch)
        audit.wrote("cover.record", Cover, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_cover(rows: Sequence[tuple[int, CoverRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct or end covers; the journal's lines follow.

    The head-count was counted on the first day: it stays as it was told then, unless the employer or that day is another.
    """
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(Cover, rows)
        covered = _covered(rows)
        told = _told([subject for subject, _ in covered])
        covered = _as_begun(covered)
        wanted = {
            subject: [entry._replace(headcount=told.get((subject, entry.employer, entry.on), entry.headcount))]
            for subject, entry in covered
        }
        journal.correct(wanted, by=by, batch=batch, reason="更正覆盖单位", acts=("covered", "transferred"))
        paths = [row.path for _, row in rows]
        audit.wrote("cover.change", Cover, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def _columns(row: UnionRow, above: Mapping[str, int]) -> tuple[object, ...]:
    if row.upper and row.upper not in above:
        raise Refused("“{name}”的上级工会编号 {upper} 不在工会组织里。", name=row.name, upper=row.upper)
    upper = above[row.upper] if row.upper else None
    return (
        row.code, row.name, row.kind, row.path, upper, row.since, row.until, row.uscc, row.approval_no, row.ended_because,
        row.digest,
    )  # fmt: skip


def _founded(row: UnionRow, number: int) -> journal.Entry:
    return journal.Entry("union", "founded", row.path, row.since, f"union:{number}", kind=row.kind)


def _covered(rows: Sequence[tuple[int, CoverRow]]) -> list[tuple[str, journal.Entry]]:
    kinds = dict(_in_parts(Union, "kind", {row.union_id for _, row in rows}))
    workers = dict(_in_parts(Employer, "workers", {row.employer_id for _, row in rows}))
    entries = []
    for number, row in rows:
        subject = f"cover:{number}"
        entry = journal.Entry(
            "union", "covered", row.path, row.since, subject, kind=kinds[row.union_id], employer=row.employer_id,
            headcount=workers[row.employer_id],
        )  # fmt: skip
        entries.append((subject, entry))
    return entries


def _as_begun(covered: Sequence[tuple[str, journal.Entry]]) -> list[tuple[str, journal.Entry]]:
    """The same entries; of covers that began with a transfer from another union, as such: they bring nobody in anew."""
    moved: set[str] = set()
    subjects = [subject for subject, _ in covered]
    for at in range(0, len(subjects), _AT_ONCE):
        lines = Line.objects.standing().filter(
            service="union", act="transferred", subject__in=subjects[at : at + _AT_ONCE]
        )
        moved |= set(lines.values_list("subject", flat=True))
    return [(subject, entry._replace(act="transferred") if subject in moved else entry) for subject, entry in covered]


def _told(subjects: Sequence[str]) -> dict[tuple[str, int | None, date], int]:
    """(subject, employer, day) -> the head-count the standing lines of these covers tell."""
    told: dict[tuple[str, int | None, date], int] = {}
    for at in range(0, len(subjects), _AT_ONCE):
        lines = Line.objects.standing().filter(
            service="union", act__in=("covered", "transferred"), subject__in=subjects[at : at + _AT_ONCE]
        )
        for subject, employer, on, headcount in lines.values_list("subject", "employer_id", "on", "headcount"):
            told[subject, employer, on] = headcount
    return told


def _end_marks(rows: Mapping[int, UnionRow]) -> list[int]:
    """Marks that had not ended, or ended with their union, end when it now does and lie where it lies. Their ids."""
    ended = dict(_in_parts(Union, "until", set(rows)))
    numbers = sorted(rows)
    moved = []
    for at in range(0, len(numbers), _AT_ONCE):
        for mark in UnionTag.objects.filter(union__in=numbers[at : at + _AT_ONCE]):
            row = rows[mark.union_id]
            until = row.until if mark.until in (None, ended[mark.union_id]) else mark.until
            if until is not None and row.until is not None:
                until = max(mark.since, min(until, row.until))
            path = row.path if mark.until in (None, ended[mark.union_id]) else mark.path
            if (until, path) != (mark.until, mark.path):
                moved.append((mark.pk, until, path))
    bulk.update(UnionTag, ("until", "path"), moved)
    return [number for number, _, _ in moved]


def _in_parts(model: type[Union] | type[Employer], name: str, numbers: set[int]) -> Iterable[tuple[int, Any]]:
    ordered = sorted(numbers)
    for at in range(0, len(ordered), _AT_ONCE):
        yield from model.objects.filter(pk__in=ordered[at : at + _AT_ONCE]).values_list("pk", name)


def _numbers_of(codes: Iterable[str]) -> dict[str, int]:
    wanted = sorted({code for code in codes if code})
    found: dict[str, int] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        found |= dict(Union.objects.filter(code__in=wanted[at : at + _AT_ONCE]).values_list("code", "pk"))
    return found


def _upper_first(rows: Sequence[UnionRow]) -> list[UnionRow]:
    """The rows so that the union above comes before those below it: foreign keys are checked row by row."""
    coming = {row.code: row for row in rows}
    ordered: list[UnionRow] = []
    done: set[str] = set()
    for row in rows:
        chain, at = [row], row
        while at.upper in coming and at.upper not in done:
            at = coming[at.upper]
            if at in chain:
                raise Refused("“{name}”的上级工会绕回了自己，请核对上级工会编号。", name=row.name)
            chain.append(at)
        for one in reversed(chain):
            if one.code not in done:
                done.add(one.code)
                ordered.append(one)
    return ordered


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
