"""What came of taking part, read: what stands of it, one's own record, and whether a certificate holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.offers import service
from unionhall.offers.models import ATTENDED, Offer, Outcome, Participation
from unionhall.storage.sealed import keys

LONGEST = 64
"""Characters of a certificate's number."""


class OutcomeRow(NamedTuple):
    """What came of a participation, whose `path` it has; see `models.Outcome`."""

    service: str
    kind: str
    number: str
    participation_id: int
    path: str
    on: date
    choice: str = ""
    amount: int | None = None
    employer_id: int | None = None
    proof: str = ""
    digest: bytes | None = None


@dataclass(frozen=True)
class Attended:
    """One class, course or contest somebody came to, with what came of it, the earliest first."""

    row: Participation
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class Certificate:
    """A certificate by its number: whose, by a masked name, and whether it holds."""

    number: str
    holder: str
    holds: bool


def standing(rows: Iterable[Outcome]) -> list[Outcome]:
    """Those of the outcomes nobody declared void: whose line of the journal stands."""
    found = list(rows)
    told = Line.objects.standing().filter(subject__in=[row.subject for row in found])
    subjects = set(told.values_list("subject", flat=True))
    return [row for row in found if row.subject in subjects]


def record_of(by: Actor) -> list[Attended]:
    """What a worker came to that belongs on their training record, the latest first."""
    rows = Participation.objects.filter(person=by.person, state=ATTENDED)
    rows = rows.filter(offer__service__in=service.on_record()).select_related("offer", "session")
    told = {row.pk: Attended(row) for row in rows.order_by("-on", "-pk")}
    for one in standing(Outcome.objects.filter(participation__in=list(told)).order_by("on", "pk")):
        told[one.participation_id].outcomes.append(one)
    return list(told.values())


def check(number: str) -> Certificate | None:
    """The certificate of this number; None when there is none."""
    wanted = number.strip().upper()
    if not wanted or len(wanted) > LONGEST or "\x00" in wanted:
        return None
    rows = Outcome.objects.filter(proof=wanted).select_related("participation__person")
    row = next((one for one in rows if _is_certificate(one)), None)
    if row is None:
        return None
    return Certificate(row.proof, row.participation.person.masked, bool(standing([row])))


def _is_certificate(row: Outcome) -> bool:
    result = service.find(row.service).results.get(row.kind)
    return result is not None and result.certificate


def told_of(number: int, row: OutcomeRow, person: int, item: Offer) -> Entry:
    """The journal's line about an outcome."""
    return Entry(
        row.service, row.kind, row.path, row.on, f"outcome:{number}", kind=row.choice or service.kind_of(item),
        person=person, employer=row.employer_id, quantity=row.amount or 0,
    )  # fmt: skip


def certificate_number(outcome: int, on: date) -> str:
    """ "ZS2026-000017-482913": the year, the row, and six digits nobody can guess."""
    digest = keys().mac("offers/certificate")(f"{outcome}|{on.year}".encode())
    return f"ZS{on.year}-{outcome:06d}-{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def stands(rows: Sequence[Participation], kind: str) -> bool:
    """Has one of these a result of this kind that stands?"""
    return bool(standing(Outcome.objects.filter(participation__in=[row.pk for row in rows], kind=kind)))
