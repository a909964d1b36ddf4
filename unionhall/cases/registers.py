"""What the registers of past years say of a matter: which lines a row of the union's own book stands for."""

import json
from datetime import date
from typing import NamedTuple

from unionhall.cases import service as services
from unionhall.cases.actions import CaseRow, Happening, Matter, agreed
from unionhall.cases.promise_moves import PAID


class Dispute(NamedTuple):
    """A row of the mediation register. Without a result the dispute is still open; amounts are fen."""

    number: str
    path: str
    cause: str
    opened_on: date
    person: int
    employer: int | None = None
    headcount: int = 1
    channel: str = ""
    accepted_on: date | None = None
    closed_on: date | None = None
    result: str = ""
    fen_claimed: int | None = None
    fen_agreed: int | None = None


class Grant(NamedTuple):
    """A row of the register of payments: aid of any kind, a bonus. `form` is cash or goods, `fund` an id.

    `beneficiary_name`: of someone without a number; with one, `beneficiary` is their id.
    """

    service: str
    number: str
    path: str
    paid_on: date
    fen_paid: int
    fund: int
    person: int
    beneficiary: int | None = None
    employer: int | None = None
    requested_on: date | None = None
    approved_on: date | None = None
    fen_claimed: int | None = None
    form: str = "cash"
    beneficiary_name: str = ""


class Claim(NamedTuple):
    """A row of the register of claims that were paid: by plan and event; what was asked, approved and paid apart, in fen."""

    service: str
    number: str
    path: str
    plan: str
    event_on: date
    paid_on: date
    fen_paid: int
    fund: int
    person: int
    employer: int | None = None
    filed_on: date | None = None
    approved_on: date | None = None
    fen_claimed: int | None = None
    fen_agreed: int | None = None


class HardshipFile(NamedTuple):
    """A row of the register of hardship files: filed on a day, perhaps closed on another."""

    number: str
    path: str
    cause: str
    filed_on: date
    person: int
    employer: int
    closed_on: date | None = None


class PlainMatter(NamedTuple):
    """A row of any other register of matters: brought on a day, and how far it came on another. `reached` is a state of the
    service's workflow, the initial one for a matter nobody took up.
    """

    service: str
    number: str
    path: str
    opened_on: date
    reached: str
    reached_on: date | None = None
    cause: str = ""
    person: int | None = None
    employer: int | None = None
    headcount: int = 1


def plain(told: PlainMatter, digest: bytes | None = None) -> Matter:
    """Brought, and come to a state, each on its day; what lay between was not written down and is not counted."""
    workflow = services.find(told.service).workflow
    happened = [Happening(workflow.initial, told.opened_on, told.cause)]
    on = told.reached_on
    if on is not None and told.reached != workflow.initial:
        happened.append(Happening(told.reached, on, told.cause))
    over = told.reached in workflow.closing
    row = CaseRow(
        service=told.service, number=told.number, path=told.path, state=told.reached, opened_on=told.opened_on,
        result=told.reached if over else "", cause=told.cause, person_id=told.person, employer_id=told.employer,
        headcount=told.headcount, accepted_on=on if told.reached == "accepted" else None, closed_on=on if over else None,
        digest=digest,
    )  # fmt: skip
    return Matter(row, tuple(happened))


def dispute(told: Dispute, digest: bytes | None = None) -> Matter:
    """Received, accepted, and closed with a result, each on its day."""
    happened = [Happening("received", told.opened_on, told.cause)]
    if told.accepted_on is not None:
        happened.append(Happening("accepted", told.accepted_on, told.cause))
    if told.result == "agreed" and told.closed_on is not None:
        happened += agreed(told.closed_on, told.cause, told.fen_agreed, told.fen_claimed)
    elif told.closed_on is not None:
        happened.append(Happening(told.result, told.closed_on, told.cause))
    state = told.result or ("accepted" if told.accepted_on is not None else "received")
    row = CaseRow(
        service="mediation", number=told.number, path=told.path, state=state, opened_on=told.opened_on,
        result=told.result, cause=told.cause, channel=told.channel, person_id=told.person, employer_id=told.employer,
        headcount=told.headcount, accepted_on=told.accepted_on, closed_on=told.closed_on, fen_claimed=told.fen_claimed,
        fen_agreed=told.fen_agreed, digest=digest,
    )  # fmt: skip
    return Matter(row, tuple(happened))


def grant(told: Grant, digest: bytes | None = None) -> Matter:
    """Received and approved on the days that are known, and paid from the fund to the one it was meant for."""
    happened = []
    if told.requested_on is not None:
        happened.append(Happening("received", told.requested_on, fen=told.fen_claimed or 0))
    if told.approved_on is not None:
        happened.append(Happening("approved", told.approved_on, fen=told.fen_paid))
    happened.append(Happening(PAID, told.paid_on, told.form, told.fen_paid, told.beneficiary))
    details = {"form": told.form}
    if told.beneficiary_name and told.beneficiary is None:
        details["beneficiary"] = told.beneficiary_name
    row = CaseRow(
        service=told.service, number=told.number, path=told.path, state=PAID, result=PAID,
        opened_on=told.requested_on or told.approved_on or told.paid_on, person_id=told.person,
        beneficiary_id=told.beneficiary, employer_id=told.employer, accepted_on=told.approved_on, closed_on=told.paid_on,
        fen_claimed=told.fen_claimed, fen_agreed=told.fen_paid, fen_paid=told.fen_paid, details=json.dumps(details, ensure_ascii=False),
        digest=digest,
    )  # fmt: skip
    return Matter(row, tuple(happened), told.fund)


def claim(told: Claim, digest: bytes | None = None) -> Matter:
    """Filed and approved on the days that are known, and paid."""
    happened = []
    if told.filed_on is not None:
        happened.append(Happening("received", told.filed_on, told.plan, told.fen_claimed or 0))
    if told.approved_on is not None:
        happened.append(Happening("approved", told.approved_on, told.plan, told.fen_agreed or told.fen_paid))
    happened.append(Happening(PAID, told.paid_on, "cash", told.fen_paid))
    row = CaseRow(
        service=told.service, number=told.number, path=told.path, state=PAID, result=PAID,
        opened_on=told.filed_on or told.approved_on or told.paid_on, cause=told.plan, person_id=told.person,
        employer_id=told.employer, accepted_on=told.approved_on, closed_on=told.paid_on, fen_claimed=told.fen_claimed,
        fen_agreed=told.fen_agreed or told.fen_paid, fen_paid=told.fen_paid, event_on=told.event_on, digest=digest,
    )  # fmt: skip
    return Matter(row, tuple(happened), told.fund)


def hardship_file(told: HardshipFile, digest: bytes | None = None) -> Matter:
    """Filed on a day; closed on another, if it was."""
    happened = [Happening("filed", told.filed_on, told.cause)]
    if told.closed_on is not None:
        happened.append(Happening("closed", told.closed_on, told.cause))
    row = CaseRow(
        service="aid.file", number=told.number, path=told.path, state="closed" if told.closed_on else "filed",
        opened_on=told.filed_on, cause=told.cause, person_id=told.person, employer_id=told.employer,
        closed_on=told.closed_on, digest=digest,
    )  # fmt: skip
    return Matter(row, tuple(happened))
