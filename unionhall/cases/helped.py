"""Everything a household was given through its matters: what was paid, and what is approved and still owed. Nothing here writes."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from unionhall.cases import service as services
from unionhall.cases.aid_models import AidRule
from unionhall.cases.income import Lines
from unionhall.cases.models import Case
from unionhall.cases.promise_moves import APPROVED, PAID, cause_of
from unionhall.ledger.paid_from import funds_of

AID, CLAIMS = "aid.", "insurance."
"""Beginnings of the services of grants that caps hold for, and of claims, which are a right and are only shown."""
WHOLE = ""
"""The cap over all aid together."""


class Help(NamedTuple):
    """One grant. `on` is the day it was paid, or brought when it is only owed; `fund` "" while none is known."""

    case: Case
    on: date
    fen: int
    fund: str

    @property
    def paid(self) -> bool:
        return self.case.state == PAID


class Cap(NamedTuple):
    """What a household may be given in a year of one aid, or of all (`WHOLE`), and what it was given already. Fen."""

    service: str
    most: int
    used: int

    @property
    def left(self) -> int:
        return max(self.most - self.used, 0)


def grants() -> list[str]:
    """The aids that give money, as they are declared."""
    return [one.key for one in services.everyone() if one.key.startswith(AID) and PAID in one.workflow.states]


def looked_at(service: str) -> bool:
    """Is a household's whole help looked at before this service gives?"""
    return service.startswith((AID, CLAIMS)) and PAID in services.find(service).workflow.states


def given(people: Sequence[int], *, but: int | None = None) -> list[Help]:
    """Aid and claims these people were given or are owed, they or through them, the latest first; `but`: without this matter.
    A bonus is no help, and nobody's business here.

    Three questions to the database, however much it was.
    """
    mine = Q(person__in=people) | Q(beneficiary__in=people) | Q(person__merged_into__in=people)
    help_ = Q(service__startswith=AID) | Q(service__startswith=CLAIMS)
    rows = Case.objects.filter(mine, help_, Q(state=PAID) | Q(state=APPROVED), fen_agreed__gt=0).exclude(pk=but)
    found = list(rows.select_related("person", "beneficiary"))
    funds = funds_of([cause_of(row) for row in found])
    told = [
        Help(
            row, (row.closed_on if row.state == PAID else None) or row.opened_on,
            (row.fen_paid if row.state == PAID else None) or row.fen_agreed or 0, funds.get(cause_of(row), ""),
        )
        for row in found
    ]  # fmt: skip
    return sorted(told, key=lambda one: (one.on, one.case.pk), reverse=True)


def in_year(helps: Sequence[Help], year: int) -> list[Help]:
    """Of these, what counts in a year: what was paid in it, and what is owed, since it will be."""
    return [one for one in helps if (one.on.year == year if one.paid else one.on.year <= year)]


def caps(helps: Sequence[Help], on: date, *, service: str = WHOLE) -> list[Cap]:
    """The caps that hold on a day, over all aid and over every one, or `service` only; with what was used of each that year."""
    held = {
        key: most
        for key, most in amounts("cap", on).items()
        if most is not None and (not service or key in (WHOLE, service))
    }
    year = in_year(helps, on.year)
    known = set(grants())
    used = dict.fromkeys(held, 0)
    for one in year:
        for key in {WHOLE, one.case.service} & held.keys():
            used[key] += one.fen if one.case.service in known else 0
    return [Cap(key, most, used[key]) for key, most in sorted(held.items())]


def amounts(kind: str, on: date) -> dict[str, int | None]:
    """service -> what was laid down and holds on a day; None: that there is no such rule any more."""
    rows = AidRule.objects.filter(kind=kind, since__lte=on).order_by("since", "pk")
    return dict(rows.values_list("service", "amount"))


def overlap(helps: Sequence[Help], service: str, cause: str, year: int) -> Help | None:
    """The same aid for the same cause in the same year; a cause nobody wrote down is the same as none."""
    if not cause:
        return None
    same = [one for one in in_year(helps, year) if (one.case.service, one.case.cause) == (service, cause)]
    return same[0] if same else None


def lines_on(on: date) -> Lines:
    """The lines of hardship that hold on a day."""
    return Lines(*(amounts(kind, on).get("") for kind in ("allowance", "relative", "loss")))
