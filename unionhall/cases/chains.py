"""What a dispute counts as over all its matters, reckoned from them. Nothing here writes; `chain_moves` keeps it in the journal."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.party_models import Outside, Party
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line

RIGHTS, HELPS = "rights", "helps"
"""The service the lines of a chain belong to; what a service declares whose matters count in it."""
BEGUN, HELPED, AIDED, RECOVERED = "begun", "helped", "aided", "recovered"
BROKEN = "breached"
"""The state of a matter whose agreement was not kept: only what was paid was won."""
_TAKEN_UP = ("accepted", "agreed")


class Result(NamedTuple):
    """From a day on the workers have this much in all by a result of the chain; those of one day stand in `order`."""

    on: date
    order: tuple[int, int]
    path: str
    kind: str
    case: Case
    fen: int


class Chain:
    """What is known of one chain: its matters that help, each with the line that took it up, its people, its results."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.cases: list[tuple[Case, Line]] = []
        self.people: dict[int, list[int]] = {}
        self.results: list[Result] = []

    def entries(self) -> Iterator[Entry]:
        """The lines of this chain as they should stand."""
        if not self.cases:
            return
        subject, seen = subject_of(self.root), set[int]()
        self.cases.sort(key=lambda one: (one[1].on, one[1].pk))
        begun, line = self.cases[0]
        most = max(case.headcount for case, _ in self.cases)
        yield Entry(
            RIGHTS, BEGUN, line.path, line.on, subject, kind=begun.service, person=begun.person_id, employer=begun.employer_id,
            headcount=most,
        )  # fmt: skip
        for case, line in self.cases:
            for person in self.people[case.pk]:
                for act in (AIDED,) if person in seen else (HELPED, AIDED):
                    yield Entry(
                        RIGHTS, act, line.path, line.on, subject, kind=case.service, person=person, employer=case.employer_id
                    )  # fmt: skip
                seen.add(person)
        yield from won(subject, sorted(self.results, key=lambda one: (one.on, one.order)))


def subject_of(root: int) -> str:
    return f"chain:{root}"


def won(subject: str, results: Sequence[Result]) -> Iterator[Entry]:
    """What each result, in order, adds to what stood before it. Where a later one says less, what stood before is lowered to
    it: the lines add up to the last result, and each yuan lies on the day from which it has held ever since.
    """
    before = 0
    for at, result in enumerate(results):
        holds = min(later.fen for later in results[at:])
        if holds > before:
            case = result.case
            yield Entry(
                RIGHTS, RECOVERED, result.path, result.on, subject, kind=result.kind, person=case.person_id, employer=case.employer_id,
                headcount=case.headcount, fen=holds - before,
            )  # fmt: skip
            before = holds


def chains_of(roots: Sequence[int]) -> list[Chain]:
    found = {root: Chain(root) for root in roots}
    rows = Case.objects.filter(Q(pk__in=roots) | Q(chain__in=roots)).filter(merged_into=None).order_by("pk")
    cases = {row.pk: row for row in rows}
    helping = {row.subject: row for row in cases.values() if services.find(row.service).chain == HELPS}
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in Line.objects.standing().filter(subject__in=list(helping)).order_by("on", "pk"):
        lines[line.subject].append(line)
    people = _people(list(helping.values()))
    for subject, case in helping.items():
        chain = found[case.root]
        first = next((line for line in lines[subject] if line.act in _TAKEN_UP), None)
        if first is not None:
            chain.cases.append((case, first))
            chain.people[case.pk] = people[case.pk]
            chain.results += _results(case, lines[subject])
    for row in Outside.objects.filter(case__in=list(cases), fen__isnull=False).order_by("pk"):
        case, day = cases[row.case_id], row.result_on
        if day is not None:
            found[case.root].results.append(Result(day, (1, row.pk), row.path, row.kind, case, row.fen or 0))
    return list(found.values())


def _people(cases: Sequence[Case]) -> dict[int, list[int]]:
    """The persons of the roster whose matter each is: those who claim in it, or who brought it."""
    found: dict[int, list[int]] = {case.pk: [] for case in cases}
    told = Party.objects.applicants().filter(case__in=list(found), person__isnull=False)
    for case, person in told.values_list("case", "person"):
        found[case].append(person)
    for case in cases:
        if not found[case.pk] and case.person_id is not None:
            found[case.pk].append(case.person_id)
    return found


def _results(case: Case, lines: Sequence[Line]) -> Iterator[Result]:
    """What a closed matter says the workers get; of a broken agreement, what they were paid."""
    if not case.fen_agreed or case.closed_on is None:
        return
    ends = services.find(case.service).workflow.states
    for line in lines:
        if line.act == BROKEN == case.state:
            yield Result(line.on, (0, line.pk), line.path, case.service, case, case.fen_paid or 0)
        # How it ended, where that is a state of its own; or that it did, where its report says how (won, partly, …).
        elif line.act == case.result or (line.act == case.state and case.result not in ends):
            yield Result(line.on, (0, line.pk), line.path, case.service, case, case.fen_agreed)
