"""What a changed row changes: column by column, as it stands and as it would be."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from unionhall.cases import service as case_services
from unionhall.exchange.cells import said
from unionhall.exchange.keyed import KeyedLoader
from unionhall.exchange.template import Judged, Loader, Template
from unionhall.kernel.identifiers import mask_mobile
from unionhall.organisations.models import Employer, Place
from unionhall.people.models import Card, Membership, Person
from unionhall.storage.dated import Placed

Differences = dict[str, tuple[str, str]]
"""Column key -> (as it stands, as it would be), in words, numbers of people masked."""

Was = Callable[[Any], Any]


def differences(template: Template, loader: Loader, judged: Sequence[Judged]) -> dict[int, Differences]:
    """Sheet row -> differences, for CHANGED rows this loader has just judged; only what can be said of the template."""
    if template.name == "members":
        was = _members(loader, judged)
    elif template.name == "card_reply":
        was = _cards(judged)
    elif template.name == "employers":
        was = _employers(judged)
    elif isinstance(loader, KeyedLoader):
        was = _keyed(template, loader, judged)
    else:
        return {}
    return {one.row.number: _compared(template, one, was.get(one.row.number, {})) for one in judged}


def _compared(template: Template, one: Judged, was: Mapping[str, Any]) -> Differences:
    found: Differences = {}
    keeps = template.name in ("members", "card_reply", "employers")  # forms whose empty cells change nothing
    for column in template.columns:
        if column.key not in was:
            continue
        before, after = said(column, was[column.key]), said(column, getattr(one.row, column.key))
        if before != after and (after or not (keeps or column.keeps)):
            found[column.key] = (before, after)
    return found


def _members(loader: Any, judged: Sequence[Judged]) -> dict[int, dict[str, Any]]:
    people = Person.objects.in_bulk([one.note.known.id for one in judged])
    held = [one.note.known.membership for one in judged]
    employers = Employer.objects.in_bulk([membership.employer_id for membership in held if membership is not None])
    return {
        one.row.number: _member(one, people[one.note.known.id], membership, loader, employers)
        for one, membership in zip(judged, held, strict=True)
    }


def _member(one: Judged, person: Person, held: Membership | None, loader: Any, employers: Any) -> dict[str, Any]:
    same_mobile = one.note.mobile_index == one.note.known.mobile_index
    was: dict[str, Any] = {
        "name": person.name, "sex": person.sex, "birth": person.birth, "ethnicity": person.ethnicity,
        "education": person.education, "hukou": person.hukou,
        # Two numbers may have one mask: that they differ is said all the same.
        "mobile": one.row.mobile if same_mobile else _Masked(str(person.mobile or ""), one.row.mobile),
    }  # fmt: skip
    if held is not None and held.until is None:
        employer = employers.get(held.employer_id)
        same_union = held.union_id == one.note.union.id
        was |= {
            "union": one.row.union if same_union else loader.names[held.union_id],
            "uscc": one.row.uscc if held.employer_id == one.note.employer else (employer.uscc if employer else ""),
            "job": held.job, "contract": held.contract, "state": held.state,
            "since": held.since if held.follows_id is None and same_union else one.row.since,
        }  # fmt: skip
    return was


class _Masked(str):
    """A mask that is not taken for the value it hides."""

    __slots__ = ()

    def __new__(cls, mask: str, after: str) -> "_Masked":
        return super().__new__(cls, f"{mask}（原号）" if mask and mask == mask_mobile(after) else mask)


def _cards(judged: Sequence[Judged]) -> dict[int, dict[str, Any]]:
    cards = Card.objects.in_bulk([one.note.card for one in judged])
    return {
        one.row.number: {
            "card": str(card.number or ""), "made_on": card.made_on, "delivered_on": card.delivered_on,
            "activated_on": card.activated_on, "because": card.rejected_because,
        }
        for one in judged
        if (card := cards.get(one.note.card)) is not None
    }  # fmt: skip


def _employers(judged: Sequence[Judged]) -> dict[int, dict[str, Any]]:
    found = {one.uscc: one for one in Employer.objects.filter(uscc__in=[one.row.uscc for one in judged])}
    names = _place_names(found.values())
    return {
        one.row.number: {"name": was.name, "ownership": was.ownership, "industry": was.industry, "workers": was.workers,
                         "place": names.get(was.path, "")}
        for one in judged
        if (was := found.get(one.row.uscc)) is not None
    }  # fmt: skip


def _keyed(template: Template, loader: KeyedLoader, judged: Sequence[Judged]) -> dict[int, dict[str, Any]]:
    numbers = {one.row.number: one.note[0] for one in judged if one.note is not None and one.note[0] is not None}
    records = loader.model._default_manager.in_bulk(list(numbers.values()))
    names = _place_names(records.values())
    found = {}
    for row, number in numbers.items():
        record = records.get(number)
        if record is None:
            continue
        was: dict[str, Any] = {}
        for column in template.columns:
            read = _READ.get(template.name, {}).get(column.key)
            if read is not None:
                was[column.key] = read(record)
            elif column.key == "place" and isinstance(record, Placed):
                was["place"] = names.get(record.path, "")
            elif column.key in {field.attname for field in record._meta.concrete_fields}:
                was[column.key] = getattr(record, column.key)
        found[row] = was
    return found


def _place_names(records: Any) -> dict[str, str]:
    """Path -> code, as the forms write it."""
    paths = {record.path for record in records if isinstance(record, Placed)}
    return dict(Place.objects.filter(path__in=paths).values_list("path", "code"))


def _last(until: date | None) -> date | None:
    return None if until is None else until - timedelta(days=1)


_CODE: dict[str, Was] = {"code": lambda record: record.number}
_CASE: dict[str, Was] = _CODE | {
    "uscc": lambda case: case.employer.uscc if case.employer else "",
    "claimed": lambda case: case.fen_claimed,
}
_READ: dict[str, dict[str, Was]] = {
    "unions": {"upper": lambda union: union.upper.code if union.upper else "", "place": lambda union: ""},
    "staff": _CODE | {"station": lambda staff: staff.station.code},
    "uses": {"serial": lambda use: use.number, "verified": lambda use: use.verified_by},
    "sessions": {
        "session": lambda slot: slot.number, "on": lambda slot: timezone.localdate(slot.starts_at),
        "last": lambda slot: timezone.localdate(slot.ends_at), "spent": lambda slot: slot.fen_spent or None,
        "fund": lambda slot: slot.fund.name if slot.fund else "",
    },
    "attendance": {
        "serial": lambda came: came.number, "verified": lambda came: came.verified_by,
        "session": lambda came: came.session.number if came.session else "",
        "on": lambda came: came.on if came.state == "attended" else None,
        "signed_on": lambda came: timezone.localdate(came.asked_at) if came.asked_at else None,
    },
    "booths": {"uscc": lambda booth: booth.employer.uscc},
    "outcomes": _CODE | {
        "result": lambda outcome: outcome.kind, "serial": lambda outcome: outcome.participation.number,
        "uscc": lambda outcome: outcome.employer.uscc if outcome.employer else "",
    },
    "rooms": {"uscc": lambda room: room.employer.uscc if room.employer else ""},
    "hardship": _CASE | {"filed_on": lambda case: case.opened_on},
    "aid": _CASE | {"paid": lambda case: case.fen_paid},
    "disputes": _CASE | {"agreed": lambda case: case.fen_agreed},
    "matters": _CASE | {
        "kind": lambda case: case.service, "cause": lambda case: case_services.find(case.service).causes.get(case.cause, ""),
        "reached": lambda case: case_services.find(case.service).workflow.title(case.state),
        "reached_on": lambda case: case.closed_on or case.accepted_on,
    },
    "agreements": _CODE | {
        "kind": lambda agreement: agreement.service, "last": lambda agreement: _last(agreement.until),
        "union": lambda agreement: agreement.union.code if agreement.union else "",
        "renews": lambda agreement: agreement.renews.number if agreement.renews else "",
    },
    "agreement_cover": {"last": lambda cover: _last(cover.until)},
    "honours": _CODE | {"name": lambda honour: honour.recipient_name},
}  # fmt: skip
"""Template -> column -> how the record says it, where record and form use different words."""
