"""Writing memberships: admission, changes, transfer, the end, confirmation."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.people.actions.persons import People, add_people
from unionhall.people.models import Membership
from unionhall.storage import bulk
from unionhall.storage.bulk import Same

ENDS = ("transferred", "left", "deceased")
"""Why a membership ends for good at this union."""

_MEMBERSHIP = ("id", "person_id", "union_id", "path", "employer_id", "state", "job", "contract", "since", "until",
               "confirmed_on", "ended_because", "follows_id", "batch", "digest")  # fmt: skip


class At(NamedTuple):
    """The union a membership is at: its id, digit path and kind, as every line of it needs them."""

    id: int
    path: str
    kind: str


class Standing(NamedTuple):
    """A membership as a form states it; `digest` is the keyed digest of the row it came from, if from a file."""

    person: int
    union: At
    employer: int | None
    state: str
    job: str
    contract: str
    since: date
    digest: bytes | None = None


@transaction.atomic
def admit(standings: Sequence[Standing], *, by: Actor, batch: int | None = None) -> list[int]:
    """Memberships approved by the committee on `since`; their ids. One line "admitted" each, by kind of union."""
    numbers = _open(standings, [None] * len(standings), batch)
    journal.write_many([
        Entry("member", "admitted", at.path, since, f"membership:{number}", at.kind, person, employer)
        for number, (person, at, employer, _, _, _, since, _) in zip(numbers, standings, strict=True)
    ], by=by, batch=batch)  # fmt: skip
    _told("member.admit", numbers, standings, by, batch)
    return numbers


class Roll(NamedTuple):
    """Persons nobody has seen before and the memberships they begin, by columns: as `Identity` and `Standing`."""

    people: People
    unions: Sequence[At]
    employers: Sequence[int | None]
    states: Sequence[str]
    jobs: Sequence[str]
    contracts: Sequence[str]
    since: Sequence[date]
    digests: Sequence[bytes]


@transaction.atomic
def enrol(roll: Roll, *, by: Actor, batch: int) -> list[int]:
    """What `add_persons` and `admit` do, for a whole stretch of a file at once; the ids of the memberships, in order."""
    persons = add_people(roll.people, by=by, batch=batch)
    count = len(persons)
    numbers, paths = bulk.ids(Membership, count), [at.path for at in roll.unions]
    bulk.insert_columns(Membership, _MEMBERSHIP, (
        numbers, persons, [at.id for at in roll.unions], paths, roll.employers, roll.states, roll.jobs, roll.contracts,
        roll.since, Same(None), Same(None), Same(""), Same(None), Same(batch), roll.digests,
    ), count)  # fmt: skip
    journal.write_alike(journal.Alike(
        "member", "admitted", paths, roll.since, [f"membership:{number}" for number in numbers],
        [at.kind for at in roll.unions], persons, roll.employers,
    ), by=by, batch=batch)  # fmt: skip
    audit.wrote("member.admit", Membership, numbers, by=by, batch=batch)
    return numbers


@transaction.atomic
def restate(changes: Sequence[tuple[int, Standing]], *, by: Actor, on: date, batch: int | None = None) -> None:
    """Open memberships stated anew at the same union: employer, job, contract, day of admission, state.

    A corrected day of admission voids the admission's line and writes another. A change between active and retained, or
    of employer, closes the row on `on` and opens the next one, so that earlier days keep what held then; an employer
    stated for the first time only fills the gap.
    """
    before = {m.pk: m for m in Membership.objects.filter(pk__in=[number for number, _ in changes])}
    stay = [(number, s) for number, s in changes if not _moves_on(before[number], s)]
    bulk.update(Membership, ("employer_id", "job", "contract", "since", "digest"), [
        (number, s.employer, s.job, s.contract, _since(before[number], s), s.digest) for number, s in stay
    ])  # fmt: skip
    redated = [(n, s) for n, s in stay if before[n].follows_id is None and before[n].since != s.since]
    _redate(redated, by=by, batch=batch)
    moved = [(number, s._replace(since=on)) for number, s in changes if _moves_on(before[number], s)]
    _close([number for number, _ in moved], on, "")
    numbers = _open([s for _, s in moved], [number for number, _ in moved], batch)
    journal.write_many([
        Entry("member", "reassigned" if before[old].state == s.state else s.state, s.union.path, on,
              f"membership:{number}", s.union.kind, s.person, s.employer)
        for number, (old, s) in zip(numbers, moved, strict=True)
    ], by=by, batch=batch)  # fmt: skip
    touched = [*(number for number, _ in changes), *numbers]
    _told("member.restate", touched, [standing for _, standing in changes], by, batch)


@transaction.atomic
def transfer(moves: Sequence[tuple[int, Standing]], *, by: Actor, on: date, batch: int | None = None) -> list[int]:
    """Members who go on at another union: the open row is closed on `on`, the next one follows it. Ids of the new rows.

    A person's open row that began after `on` closes the day it began.
    """
    moved = [(number, s._replace(since=on)) for number, s in moves]
    _close([number for number, _ in moved], on, "transferred")
    numbers = _open([s for _, s in moved], [number for number, _ in moved], batch)
    journal.write_many([
        Entry("member", "transferred", s.union.path, on, f"membership:{number}", s.union.kind, s.person, s.employer)
        for number, (_, s) in zip(numbers, moved, strict=True)
    ], by=by, batch=batch)  # fmt: skip
    touched = [*(number for number, _ in moves), *numbers]
    _told("member.transfer", touched, [standing for _, standing in moves], by, batch)
    return numbers


@transaction.atomic
def end(memberships: Iterable[int], *, by: Actor, on: date, because: str, batch: int | None = None) -> int:
    """Open memberships end on `on`: "transferred" (out of the district), "left" or "deceased". How many ended."""
    if because not in ENDS:
        raise Refused("会籍终止的原因应为转出、退会或去世。")
    numbers = list(memberships)
    rows = list(Membership.objects.filter(pk__in=numbers, until=None).select_related("union"))
    if len(rows) != len(set(numbers)):
        raise Refused("有会籍已经终止，不能再次终止，请刷新后再试。")
    _close(numbers, on, because)
    journal.write_many([
        Entry("member", "left", m.path, on, f"membership:{m.pk}", because, m.person_id, m.employer_id) for m in rows
    ], by=by, batch=batch)  # fmt: skip
    _said("member.end", rows, by, batch, because)
    return len(rows)


@transaction.atomic
def confirm(memberships: Iterable[int], *, by: Actor, on: date, source: str, batch: int | None = None) -> int:
    """Someone confirmed that these memberships stand as they are written: worker, officer, HR file, card swipe."""
    rows = list(Membership.objects.filter(pk__in=list(memberships), until=None))
    bulk.update(Membership, ("confirmed_on",), [(m.pk, on) for m in rows])
    journal.write_many([
        Entry("member", "confirmed", m.path, on, f"membership:{m.pk}", source, m.person_id, m.employer_id) for m in rows
    ], by=by, batch=batch)  # fmt: skip
    _said("member.confirm", rows, by, batch, source)
    return len(rows)


def _told(act: str, rows: Sequence[int], standings: Sequence[Standing], by: Actor, batch: int | None) -> None:
    """The audit's entry; the memberships that were opened are the last of the rows."""
    if batch is not None or not standings:
        audit.wrote(act, Membership, rows, by=by, batch=batch)
        return
    one = standings[0].person if len(standings) == 1 else None
    subject, path = f"membership:{rows[-1]}" if one else "", audit.above(at.union.path for at in standings)
    audit.write(act, by=by, subject=subject, path=path, keys=[(Membership, rows)], about=one)


def _said(act: str, rows: Sequence[Membership], by: Actor, batch: int | None, note: str) -> None:
    about = rows[0].person_id if len(rows) == 1 else None
    paths = [row.path for row in rows]
    audit.wrote(act, Membership, [row.pk for row in rows], by=by, paths=paths, about=about, batch=batch, note=note)


def _open(standings: Sequence[Standing], follows: Sequence[int | None], batch: int | None) -> list[int]:
    if not standings:
        return []
    numbers = bulk.ids(Membership, len(standings))
    bulk.insert(Membership, _MEMBERSHIP, (
        (number, person, at.id, at.path, employer, state, job, contract, since, None, None, "", earlier, batch, digest)
        for number, (person, at, employer, state, job, contract, since, digest), earlier
        in zip(numbers, standings, follows, strict=True)
    ))  # fmt: skip
    return numbers


def _close(memberships: Sequence[int], on: date, because: str) -> None:
    starts = dict(Membership.objects.filter(pk__in=memberships).values_list("id", "since"))
    bulk.update(Membership, ("until", "ended_because", "digest"), [
        (number, max(on, starts[number]), because, None) for number in memberships
    ])  # fmt: skip


def _moves_on(before: Membership, stated: Standing) -> bool:
    """Does what is stated begin a new row, rather than correct this one?"""
    other_employer = before.employer_id is not None and stated.employer not in (None, before.employer_id)
    return before.state != stated.state or other_employer


def _since(before: Membership, stated: Standing) -> date:
    """A row that follows another began when the change was made, not when the person first joined."""
    return stated.since if before.follows_id is None else before.since


def _redate(rows: Sequence[tuple[int, Standing]], *, by: Actor, batch: int | None) -> None:
    """The day of admission was wrong: the standing line is voided, and one of the right day is written."""
    if not rows:
        return
    subjects = [f"membership:{number}" for number, _ in rows]
    journal.void(
        Line.objects.standing().filter(service="member", act="admitted", subject__in=subjects),
        by=by,
        batch=batch,
        reason="更正批准入会日期",
    )
    journal.write_many([
        Entry("member", "admitted", s.union.path, s.since, f"membership:{number}", s.union.kind, s.person, s.employer)
        for number, s in rows
    ], by=by, batch=batch)  # fmt: skip
