"""The only code that writes cases: matters moved live through their workflow, and those a union's registers tell of.

Each writes its journal lines and its payment in the same transaction.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import models, transaction

from unionhall.cases import (
    chain_moves,
    clock_moves,
    deciding_moves,
    giving_moves,
    note_moves,
    notices,
    parties,
    promise_moves,
    reach,
)
from unionhall.cases import service as services
from unionhall.cases.clock_models import Deadline, Note
from unionhall.cases.models import Case
from unionhall.cases.promise_moves import PAID, cause_of
from unionhall.cases.service import CaseService
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.workflow import Move
from unionhall.ledger import actions as ledger
from unionhall.ledger.models import Fund
from unionhall.messages import actions as messages
from unionhall.organisations.roles import holders
from unionhall.storage import bulk, registered
from unionhall.storage.sealed import sealer

WRITERS = tuple(holders("cases.change"))
"""Posts that may bring in registers of past matters; a live matter is moved by the post its workflow names."""

NOTED = {
    "answer": "answered",
    "finding": "found",
    "minutes": "minuted",
    "means_basis": "means",
    "report": "report",
    "contact": "contacted",
}
"""Values of a move in somebody's own words, which the matter's notes keep sealed, each under its kind of note; the answer is
said to the worker."""

_COLUMNS = frozenset({"result", "cause", "channel", "headcount", "event_on", "fen_claimed", "fen_agreed", "fen_paid"})
"""Values of a move that have a column; the others are details."""
_TOLD_ELSEWHERE = ("fund", *NOTED, deciding_moves.OVERRIDE)
"""Values that are no details: the ledger, a note and the journal keep them."""


class CaseRow(NamedTuple):
    """One matter as its columns; amounts are fen, `details` is JSON text."""

    service: str
    number: str
    path: str
    state: str
    opened_on: date
    result: str = ""
    cause: str = ""
    channel: str = ""
    person_id: int | None = None
    beneficiary_id: int | None = None
    employer_id: int | None = None
    headcount: int = 1
    accepted_on: date | None = None
    closed_on: date | None = None
    fen_claimed: int | None = None
    fen_agreed: int | None = None
    fen_paid: int | None = None
    details: str = "{}"
    event_on: date | None = None
    digest: bytes | None = None


class Happening(NamedTuple):
    """Something that was done in a matter: one journal line. `person` None: the matter's own."""

    act: str
    on: date
    kind: str = ""
    fen: int = 0
    person: int | None = None


class Matter(NamedTuple):
    """A matter with what was done in it, and the fund it was paid from (an id), if it was."""

    row: CaseRow
    happened: tuple[Happening, ...]
    fund: int | None = None


def record(matters: Sequence[Matter], *, by: Actor, batch: int | None = None) -> list[int]:
    """Bring in matters as the registers tell of them; the ids of the cases, in order. A cause is paid once."""
    _must_reach(by, (matter.row.path for matter in matters))
    with transaction.atomic():
        numbers = registered.add(Case, [matter.row for matter in matters], batch)
        told = list(zip(numbers, matters, strict=True))
        journal.write_many([entry for one in told for entry in _entries(*one)], by=by, batch=batch)
        ledger.post_many([paid for matter in matters for paid in _payment(matter)], by=by, batch=batch)
        audit.wrote("case.record", Case, numbers, by=by, paths=[matter.row.path for matter in matters], batch=batch)
        clock_moves.begin_many([_as_case(*one) for one in told if one[1].row.closed_on is None], by=by, batch=batch)
        _recount(numbers, by, batch)
        return numbers


def correct(matters: Sequence[tuple[int, Matter]], *, by: Actor, batch: int | None = None) -> None:
    """Make cases say what a corrected register says; journal lines and payments follow, the old ones stay to be seen."""
    _must_reach(by, (matter.row.path for _, matter in matters))
    with transaction.atomic():
        registered.change(Case, [(number, matter.row) for number, matter in matters])
        wanted = {f"case:{number}": _entries(number, matter) for number, matter in matters}
        journal.correct(wanted, by=by, batch=batch, reason="更正登记")
        _recount([number for number, _ in matters], by, batch)
        ledger.repost(
            [paid for _, matter in matters for paid in _payment(matter)], by=by, batch=batch, reason="更正登记"
        )
        ended = clock_moves.told_anew([_as_case(*told) for told in matters], by=by, batch=batch)
        audit.wrote(
            "case.correct", Case, [number for number, _ in matters], by=by, batch=batch, keys=[(Deadline, ended)],
            paths=[matter.row.path for _, matter in matters],
        )  # fmt: skip


def open_case(
    key: str, *, path: str, on: date, values: Mapping[str, Any], by: Actor, person: int | None = None,
    employer: int | None = None, station: int | None = None, number: str = "", cause: str = "", sent: str = "",
) -> Case:  # fmt: skip
    """Open a matter of the service `key` at a place. `values` are columns (cause, channel, headcount, fen_claimed) and
    the answers to the service's form; its sealed answers are sealed. Without a number it gets one of its own.

    A service whose form asks for the cause in words is given the key it is counted by as `cause`. A worker opens only their
    own, of a service that says workers may; `sent` is the key of the form they sent, once.
    """
    service = services.find(key)
    if by.person is None:
        by.must_reach(path)
    elif person != by.person or not service.from_workers:
        raise NotYours(key)
    _answered(service, values)
    if station is not None and not (service.making and service.making.stays):
        raise Refused("这项业务不是服务站的事项。", code="station")
    with transaction.atomic():
        new = bulk.ids(Case, 1)[0]
        sealed = {field.key: str(values[field.key]) for field in service.form if field.sealed and values.get(field.key)}
        asked = {field.key for field in service.form}
        columns = {name: values[name] for name in values if name in _COLUMNS and name not in asked}
        case = Case(
            pk=new, service=key, number=number or f"{on.year}-{new:06d}", path=path, state=service.workflow.initial,
            person_id=person, employer_id=employer, station_id=station, opened_on=on,
            details={name: values[name] for name in values if name in asked and name not in sealed} | ({"sent": sent} if sent else {}),
            **({"cause": cause} | columns),
        )  # fmt: skip
        if service.making is not None:
            service.making.begins(case)
        if sealed:
            case.sealed_details = sealer(Case, "sealed_details")(new, json.dumps(sealed, ensure_ascii=False))
        if Case.objects.filter(service=key, number=case.number).exists():
            raise Refused("编号 {number} 已经用过，请换一个。", number=case.number)
        case.save(force_insert=True)
        clocks = clock_moves.turn(case, on, by=by)
        case.save(update_fields=["due_on"])
        journal.write(_entry(case, Happening(case.state, on, case.cause)), by=by)
        audit.wrote("case.open", Case, [new], by=by, paths=[path], about=person, note=key, keys=[(Deadline, clocks)])
        giving_moves.land(case, by=by)
        return case


def _answered(service: CaseService, values: Mapping[str, Any]) -> None:
    """Refused: a question of the form without its answer, or with one that is none of its choices."""
    missing = [field.title for field in service.form if field.required and values.get(field.key) in (None, "")]
    if missing:
        raise Refused("还要填写：{missing}。", missing=list(missing))
    for field in service.form:
        if field.choices and values.get(field.key, "") not in ("", *field.choices):
            raise Refused("“{title}”请从列出的选项里选择。", code=field.key, title=field.title)


def move(number: int, name: str, *, on: date, values: Mapping[str, Any], by: Actor) -> Case:
    """Take a matter one step on: locked, checked against its workflow, the actor's post over the place and the guard,
    saved, told in the journal and, when the step pays, posted to the ledger; all or nothing.
    """
    with transaction.atomic():
        case: Case | None = Case.objects.select_for_update().filter(pk=number).first()
        if case is None or not (by.reaches(case.path) or reach.speaks(by, case)):
            raise NotYours(f"case:{number}")
        service = services.find(case.service)
        step = service.workflow.find(case.state, name)
        if not reach.may_step(by, case, step):
            raise NotYours(f"case:{number}")
        service.workflow.check(step, case, values)
        parties.check_told(case, values)
        if on < max(day for day in (case.opened_on, case.accepted_on) if day is not None):
            raise Refused("办理日期不能早于上一步。")
        deciding_moves.decide(case, step, values, on=on, by=by)
        again = case.closed_on is not None and step.target not in service.workflow.closing
        if again:
            open_again(case, service, by=by)
        _take(case, step, service, on, values)
        if step.target == PAID:
            _pay(case, str(values["fund"]), on, by)
        if step.then is not None:
            step.then(case, values)
        if service.making is not None:
            service.making.follows(case, step, values, on=on, by=by)
        clocks = clock_moves.turn(case, on, by=by)
        promise_moves.follow(case, step, on=on, fund=str(values.get("fund") or ""), by=by)
        case.digest = None
        case.save()
        happened = [_entry(case, happening) for happening in _happened(case, step, on)]
        # What a matter was counted as on its way is not counted again when it comes that way again.
        if not (again and Line.objects.standing().filter(subject=case.subject, act=step.target).exists()):
            journal.write_many(happened, by=by)
        chain_moves.recount(case, by=by)
        keys: list[tuple[type[models.Model], list[int]]] = [(Deadline, clocks)]
        said = {kind: str(values.get(name, "")).strip() for name, kind in NOTED.items()}
        keys += [(Note, [note_moves.take_down(case, kind, text=text, by=by).pk]) for kind, text in said.items() if text]
        about, told = case.person_id, f"{case.service} {name}"
        audit.wrote("case.move", Case, [number], by=by, paths=[case.path], about=about, note=told, keys=keys)
        _tell(case, on, by)
        return case


def open_again(case: Case, service: CaseService, *, by: Actor) -> None:
    """What closed it, and what was said of it since, counts no more; what it was counted as on its way stays."""
    ended = Line.objects.standing().filter(subject=case.subject).exclude(act__in=service.workflow.under_way)
    journal.void(ended, by=by, reason="重新办理")
    case.closed_on, case.result = None, ""


def _tell(case: Case, on: date, by: Actor) -> None:
    """Word to whose matter it is. A state may be reached again after it was taken back: the journal line is what is told of."""
    fields = notices.about(case) | {"on": on.isoformat()}
    reached = Line.objects.filter(subject=case.subject).order_by("-pk").values_list("pk", flat=True).first()
    for person in parties.people(case):
        key = f"case:{case.pk}:{reached}" + (f":{person}" if person != case.person_id else "")
        messages.queue(notices.MOVED, person=person, key=key, fields=fields, subject=case.subject, by=by)


def _take(case: Case, step: Move, service: CaseService, on: date, values: Mapping[str, Any]) -> None:
    case.state = step.target
    for name in _COLUMNS & values.keys():
        setattr(case, name, values[name])
    details = {name: values[name] for name in values if name not in _COLUMNS and name not in _TOLD_ELSEWHERE}
    case.details = {**case.details, **details}
    if step.target == "accepted":
        case.accepted_on = on
    if step.target in service.workflow.closing and case.closed_on is None:
        case.closed_on, case.waiting_since = on, None
        case.result = case.result or step.target


def _pay(case: Case, fund: str, on: date, by: Actor) -> None:
    purse = Fund.objects.filter(name=fund).first()
    if purse is None:
        raise Refused("没有“{fund}”这项资金，请先登记资金。", fund=fund)
    if case.fen_paid is None:
        case.fen_paid = case.fen_agreed
    if not case.fen_paid:
        raise Refused("发放金额应大于零，请先批准金额。")
    ledger.post_many([ledger.payment(cause_of(case), purse.pk, case.fen_paid, case.service, on, case.path)], by=by)


def _happened(case: Case, step: Move, on: date) -> list[Happening]:
    if step.target == PAID:
        return [Happening(PAID, on, "cash", case.fen_paid or 0, case.beneficiary_id)]
    if step.target == "agreed":
        return agreed(on, case.cause, case.fen_agreed, case.fen_claimed)
    return [Happening(step.target, on, case.cause)]


def agreed(on: date, cause: str, fen_agreed: int | None, fen_claimed: int | None) -> list[Happening]:
    """A dispute settled: the amount agreed, and on a line of its own the amount that had been claimed; both count."""
    lines = [Happening("agreed", on, cause, fen_agreed or 0)]
    if fen_claimed:
        lines.append(Happening("settled_claim", on, cause, fen_claimed))
    return lines


def _entries(number: int, matter: Matter) -> list[journal.Entry]:
    row = matter.row
    return [
        journal.Entry(
            row.service, one.act, row.path, one.on, f"case:{number}", kind=one.kind, person=one.person or row.person_id,
            employer=row.employer_id, headcount=row.headcount, fen=one.fen,
        )
        for one in matter.happened
    ]  # fmt: skip


def _entry(case: Case, one: Happening) -> journal.Entry:
    return journal.Entry(
        case.service, one.act, case.path, one.on, case.subject, kind=one.kind, person=one.person or case.person_id,
        employer=case.employer_id, headcount=case.headcount, fen=one.fen,
    )  # fmt: skip


def _payment(matter: Matter) -> Iterable[ledger.Movement]:
    row = matter.row
    paid = next((one for one in matter.happened if one.act == PAID), None)
    if paid is not None and matter.fund is not None:
        yield ledger.payment(cause_of(row), matter.fund, paid.fen, row.service, paid.on, row.path)


def _as_case(number: int, matter: Matter) -> Case:
    """As much of a matter just written as its clocks ask for."""
    row = matter.row
    return Case(
        pk=number,
        service=row.service,
        path=row.path,
        state=row.state,
        opened_on=row.opened_on,
        accepted_on=row.accepted_on,
        closed_on=row.closed_on,
    )


def _recount(numbers: Sequence[int], by: Actor, batch: int | None) -> None:
    """The chains of matters a register told of; only of services that count over one."""
    counted = [one.key for one in services.everyone() if one.chain]
    for at in range(0, len(numbers), 500):
        rows = Case.objects.filter(pk__in=numbers[at : at + 500], service__in=counted).only("pk", "chain")
        chain_moves.recount_many([row.root for row in rows], by=by, batch=batch)


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
