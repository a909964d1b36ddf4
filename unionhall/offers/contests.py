"""A contest read: who is in a round, whom a judge may not judge, the marks so far, and who came where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils import timezone

from unionhall.offers.contest_models import Judge, Round, Sheet
from unionhall.offers.models import ATTENDED, Participation
from unionhall.people.models import Membership

EMPLOYER, ONESELF = "employer", "oneself"
"""Why a judge does not judge somebody: both are of one employer on the record; it is they themselves. Or they said so (contest_models.DECLARED)."""


class Mark(NamedTuple):
    """The mean over the judges who judged, in hundredths, and how many they were."""

    mean: int
    judges: int


@dataclass
class Entry:
    """One entrant: the marks by round (None: not all judged yet), and at the end the final mark and rank."""

    row: Participation
    marks: dict[int, Mark | None] = field(default_factory=dict)
    total: int | None = None
    rank: int | None = None


@dataclass(frozen=True)
class Line:
    """A line of a judge's sheet: the entrant, their turn, what was given so far, or why nothing is given."""

    row: Participation
    turn: int
    points: int | None
    recused: str


def rounds_of(session: int) -> list[Round]:
    return list(Round.objects.filter(session=session).order_by("position"))


def entrants(session: int) -> list[Participation]:
    """Who came to the contest, in the order of their entry."""
    return list(
        Participation.objects.filter(session=session, state=ATTENDED).select_related("person", "offer").order_by("pk")
    )


def under_way(rounds: Sequence[Round]) -> Round | None:
    """The round that is judged now: the first that is not closed."""
    return next((one for one in rounds if one.closed_at is None), None)


def table(session: int) -> list[Entry]:
    """Everybody with their marks, the best first: ranked once every round is closed, and until then by the last round they
    were in. Who did not go on keeps the marks they have, and has no rank.
    """
    rounds, judges = rounds_of(session), list(Judge.objects.filter(session=session).select_related("person"))
    entries = [Entry(row) for row in entrants(session)]
    among = entries
    for one in rounds:
        marks = _marks(one, judges, [entry.row for entry in among])
        for entry in among:
            entry.marks[one.pk] = marks[entry.row.pk]
        if one.closed_at is None:
            break
        among = _through(among, one)
    closed = bool(rounds) and all(one.closed_at is not None for one in rounds)
    if closed:
        _rank([entry for entry in entries if len(entry.marks) == len(rounds)], rounds)
    return sorted(entries, key=lambda entry: (entry.rank or 1_000_000, -len(entry.marks), -_last(entry), entry.row.pk))


def field_of(one: Round) -> list[Participation]:
    """Who is in a round: everybody in the first, then who went on."""
    return [
        entry.row for entry in sorted(table(one.session_id), key=lambda entry: entry.row.pk) if one.pk in entry.marks
    ]


def sheet_of(one: Round, judge: Judge) -> list[Line]:
    """A judge's sheet of a round."""
    return sheets_of(one, [judge])[judge.pk]


def sheets_of(one: Round, judges: Sequence[Judge]) -> dict[int, list[Line]]:
    """The sheets of a round, by judge: who is in it is found once for all of them."""
    rows = field_of(one)
    turns = {row.pk: turn for turn, row in enumerate(entrants(one.session_id), 1)}
    given = {(row.judge_id, row.participation_id): row for row in Sheet.objects.filter(round=one.pk)}
    return {judge.pk: _lines(judge, rows, turns, given) for judge in judges}


def _lines(
    judge: Judge, rows: Sequence[Participation], turns: Mapping[int, int], given: Mapping[tuple[int, int], Sheet]
) -> list[Line]:
    why = barred(judge, rows)
    lines = []
    for row in rows:
        said = given.get((judge.pk, row.pk))
        recused = why.get(row.pk) or (said.recused if said else "")
        lines.append(Line(row, turns[row.pk], said.points if said and not recused else None, recused))
    return lines


def barred(judge: Judge, rows: Iterable[Participation]) -> dict[int, str]:
    """Whom a judge may not judge by the record: themselves, and people of the employers they are a member at today."""
    if judge.person_id is None:
        return {}
    held = Membership.objects.on(timezone.localdate()).filter(person=judge.person_id, employer__isnull=False)
    employers = set(held.values_list("employer", flat=True))
    return {
        row.pk: ONESELF if row.person_id == judge.person_id else EMPLOYER
        for row in rows
        if row.person_id == judge.person_id or row.employer in employers
    }


def missing(sheets: Iterable[Sequence[Line]]) -> int:
    """How many marks are still to be given on these sheets."""
    return sum(line.points is None and not line.recused for lines in sheets for line in lines)


def _marks(one: Round, judges: Sequence[Judge], rows: Sequence[Participation]) -> dict[int, Mark | None]:
    """The marks of a round; None where a judge who may judge has not."""
    points: dict[int, list[int]] = {row.pk: [] for row in rows}
    declared: dict[int, set[int]] = {judge.pk: set() for judge in judges}
    owed = {row.pk: len(judges) for row in rows}
    for judge in judges:
        for number in barred(judge, rows) if one.closed_at is None else ():
            declared[judge.pk].add(number)
    for sheet in Sheet.objects.filter(round=one.pk, participation__in=list(points)):
        if sheet.recused:
            declared[sheet.judge_id].add(sheet.participation_id)
        elif sheet.participation_id not in declared[sheet.judge_id]:
            points[sheet.participation_id].append(sheet.points or 0)
    for numbers in declared.values():
        for number in numbers & set(owed):
            owed[number] -= 1
    return {
        number: Mark((2 * sum(some) + len(some)) // (2 * len(some)), len(some))
        if some and len(some) == owed[number]
        else None
        for number, some in points.items()
    }


def _through(entries: Sequence[Entry], one: Round) -> list[Entry]:
    """Who goes on: the best, and whoever has the same mark as the last of them."""
    if one.advance is None or len(entries) <= one.advance:
        return list(entries)
    best = sorted((_mean(entry, one) for entry in entries), reverse=True)
    return [entry for entry in entries if _mean(entry, one) >= best[one.advance - 1]]


def _rank(entries: Sequence[Entry], rounds: Sequence[Round]) -> None:
    """The final mark, weighted, and the rank: the same mark, the same rank."""
    for entry in entries:
        entry.total = (2 * sum(_mean(entry, one) * one.weight for one in rounds) + 100) // 200
    for entry in entries:
        entry.rank = 1 + sum(1 for other in entries if (other.total or 0) > (entry.total or 0))


def _mean(entry: Entry, one: Round) -> int:
    mark = entry.marks.get(one.pk)
    return mark.mean if mark is not None else -1


def _last(entry: Entry) -> int:
    known = [mark.mean for mark in entry.marks.values() if mark is not None]
    return known[-1] if known else -1
