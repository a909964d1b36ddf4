"""A dispute goes on: as a matter of another service with the same people, or before a body that is not the union's.

All its matters are one chain, named by the first; what the chain counts is counted once (chain_moves).
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.cases import actions, chain_moves, note_moves, parties, reach
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.party_models import Outside, Party
from unionhall.cases.service import CaseService
from unionhall.cases.turning import BODIES, RESULTS, carried, may_become
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.storage.sealed import keys


class Taken(NamedTuple):
    """A dispute taken to a body outside the union, or come from one."""

    kind: str
    body: str
    on: date
    number: str = ""
    came_in: bool = False


def turn(case: int, key: str, *, on: date, values: Mapping[str, Any], by: Actor) -> Case:
    """Open a matter of the service `key` that goes on with a dispute: at the same place, with the same people and employer,
    the cause where the other service knows it, and the sealed answers its form asks for again. `values` answer its form.

    Refused: a service it cannot become, one that is under way in the chain already, a question without an answer.
    """
    with transaction.atomic():
        row = _mine(case, by)
        service = next((one for one in may_become(row, by) if one.key == key), None)
        if service is None:
            raise Refused("这个事项现在不能转为这项业务；同一争议已经有一件正在办的，请在那一件里办。", code="key")
        if on < row.opened_on or on > timezone.localdate():
            raise Refused("日期应在登记之后、今天之前。", code="on")
        told = _answers_carried(row, service) | {
            name: value for name, value in values.items() if value not in (None, "")
        }
        cause = row.cause if row.cause in service.causes else str(told.pop("cause", "") or "")
        if service.causes and cause not in service.causes:
            raise Refused("请选择类别。", code="cause")
        columns = {"headcount": row.headcount, "channel": row.channel}
        if row.fen_claimed is not None and "agreed" in service.workflow.states:
            columns["fen_claimed"] = row.fen_claimed
        asked = {field.key for field in service.form}
        opened = actions.open_case(
            key, path=row.path, on=on, values=columns | {name: told[name] for name in told if name in asked}, by=by,
            person=row.person_id, employer=row.employer_id, cause=cause,
        )  # fmt: skip
        opened.chain_id = row.root
        opened.save(update_fields=["chain"])
        _same_people(row, opened)
        notes = [
            note_moves.take_down(row, "turned_into", said={"number": opened.number, "service": key}, by=by),
            note_moves.take_down(opened, "turned_from", said={"number": row.number, "service": row.service}, by=by),
        ]
        rows = (opened, *notes, *Party.objects.filter(case=opened))
        audit.write("case.turned", by=by, subject=row.subject, path=row.path, rows=rows, about=row.person_id, note=key)
        return opened


def take_outside(case: int, taken: Taken, *, by: Actor) -> int:
    """The dispute was taken to arbitration, a court or another body, or came from one; the row's id."""
    if taken.kind not in BODIES:
        raise Refused("请从列表中选择是哪一种机构。", code="kind")
    if not taken.body.strip():
        raise Refused("请写明机构的名称。", code="body")
    with transaction.atomic():
        row = _mine(case, by)
        if not services.find(row.service).chain:
            raise Refused("这项业务不是争议，没有转出转入。")
        if taken.on > timezone.localdate() or (not taken.came_in and taken.on < row.opened_on):
            raise Refused("日期不能晚于今天；转出的，不能早于登记。", code="on")
        if (
            taken.number.strip()
            and Outside.objects.filter(
                case__in=Case.objects.of_chain(row.root), kind=taken.kind, number=taken.number.strip()
            ).exists()
        ):
            raise Refused("这个案号已经登记过。", code="number")
        outside = Outside.objects.create(
            case=row, path=row.path, kind=taken.kind, body=taken.body.strip(), number=taken.number.strip(), on=taken.on,
            came_in=taken.came_in,
        )  # fmt: skip
        said = {"body": outside.body, "number": outside.number or "—", "on": taken.on.isoformat()}
        note = note_moves.take_down(row, "came_from" if taken.came_in else "taken_to", said=said, by=by)
        audit.write(
            "case.outside", by=by, subject=row.subject, path=row.path, rows=(outside, note), about=row.person_id
        )
        return outside.pk


def hear_result(outside: int, result: str, *, on: date, fen: int | None, by: Actor, number: str = "") -> None:
    """What the body decided: on which day, and what the workers get by it in all, with what they had been paid before.

    Said again, the last word holds. Refused: less than was paid, a day before it was taken there or after today.
    """
    if result not in RESULTS:
        raise Refused("请从列表中选择结果。", code="result")
    with transaction.atomic():
        found = Outside.objects.filter(pk=outside).first()
        if found is None:
            raise NotYours(f"outside:{outside}")
        row = _mine(found.case_id, by)
        if on < found.on or on > timezone.localdate():
            raise Refused("结果的日期应在转出（转入）之后、今天之前。", code="on")
        paid = sum(one.fen_paid or 0 for one in Case.objects.of_chain(row.root))
        if fen is not None and fen < paid:
            raise Refused("总额包括以前已经付给职工的，不能比已经支付的还少。", code="fen")
        found.result, found.result_on, found.fen = result, on, fen
        found.number = number.strip() or found.number
        found.save()
        chain_moves.recount(row, by=by, reason=f"{found.body}：{RESULTS[result]}"[:200])
        said = {"body": found.body, "on": on.isoformat(), "result": result}
        note = note_moves.take_down(row, "result_heard", said=said, by=by)
        audit.write("case.result", by=by, subject=row.subject, path=row.path, rows=(found, note), about=row.person_id)


def _same_people(row: Case, opened: Case) -> None:
    """Whoever is party to the one is party to the other; what was promised and paid in the one stays there."""
    now = opened.opened_on
    Party.objects.bulk_create(
        Party(
            case=opened, path=opened.path, role=party.role, person_id=party.person_id, name=party.name, employer_id=party.employer_id,
            fen_claimed=party.fen_claimed if opened.fen_claimed is not None else None, representative=party.representative, since=now,
        )
        for party in Party.objects.standing().filter(case=row).order_by("pk")
    )  # fmt: skip
    opened.headcount = len(parties.applicants(opened)) or row.headcount
    opened.save(update_fields=["headcount"])


def _answers_carried(row: Case, service: CaseService) -> dict[str, Any]:
    """Sealed answers on their way from one row to another: nobody reads them, and they are sealed again at once."""
    wanted = carried(row, service)
    if not wanted:
        return {}
    column = Case._meta.get_field("sealed_details").sealed_as
    opened = json.loads(keys().open(column, row.pk, bytes(row.sealed_details.envelope)).decode())
    return {key: opened[key] for key in wanted if opened.get(key)}


def _mine(case: int, by: Actor) -> Case:
    row: Case | None = Case.objects.select_for_update().visible_to(by).filter(pk=case).first()
    if row is None or not reach.may_handle(by, row.service, row.path):
        raise NotYours(f"case:{case}")
    return row
