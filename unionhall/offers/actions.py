"""The only code that writes offers: items opened, and the uses people make of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.offers.models import Offer, Participation
from unionhall.organisations.roles import holders
from unionhall.people.models import Membership
from unionhall.storage import registered

WRITERS = tuple(holders("offers.change"))
_AT_ONCE = 10_000


class OfferRow(NamedTuple):
    """One item, open from a day until a day."""

    service: str
    code: str
    title: str
    path: str
    since: date
    until: date | None = None
    provider: str = ""
    kind: str = ""
    digest: bytes | None = None


class Use(NamedTuple):
    """One person's one use of an item. `number` is the register's own; `verified_by` is card, code or roster."""

    offer: int
    person: int
    on: date
    number: str
    quantity: int = 1
    verified_by: str = ""
    digest: bytes | None = None


class _UseRow(NamedTuple):
    offer_id: int
    person_id: int
    path: str
    on: date
    number: str
    quantity: int
    verified_by: str
    digest: bytes | None


def open_offers(rows: Sequence[OfferRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Open items; their ids, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(Offer, rows, batch)
        opened = [_opened(number, row) for number, row in zip(numbers, rows, strict=True)]
        journal.write_many(opened, by=by, batch=batch)
        audit.wrote("offer.open", Offer, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_offers(rows: Sequence[tuple[int, OfferRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct items, or end them; the journal's lines follow."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        registered.change(Offer, rows)
        wanted = {f"offer:{number}": [_opened(number, row)] for number, row in rows}
        journal.correct(wanted, by=by, batch=batch, reason="更正服务项目")
        paths = [row.path for _, row in rows]
        audit.wrote("offer.change", Offer, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def record_uses(uses: Sequence[Use], *, by: Actor, batch: int | None = None) -> list[int]:
    """Record uses at the place of the person's membership on the day (the latest one, if none held then); their ids.

    Refused: a person who never was a member.
    """
    rows = _placed(uses)
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(Participation, rows, batch)
        journal.write_many([entry for _, entry in _used(zip(numbers, rows, strict=True))], by=by, batch=batch)
        audit.wrote("offer.use", Participation, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_uses(uses: Sequence[tuple[int, Use]], *, by: Actor, batch: int | None = None) -> None:
    """Correct uses; the journal's lines follow."""
    rows = _placed([use for _, use in uses])
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        pairs = [(number, row) for (number, _), row in zip(uses, rows, strict=True)]
        registered.change(Participation, pairs)
        wanted = {subject: [entry] for subject, entry in _used(pairs)}
        journal.correct(wanted, by=by, batch=batch, reason="更正使用记录")
        paths = [row.path for row in rows]
        audit.wrote("offer.correct", Participation, [number for number, _ in pairs], by=by, paths=paths, batch=batch)


def _opened(number: int, row: OfferRow) -> journal.Entry:
    return journal.Entry(row.service, "opened", row.path, row.since, f"offer:{number}", kind=row.code)


def _used(rows: Iterable[tuple[int, _UseRow]]) -> Iterable[tuple[str, journal.Entry]]:
    offers = {number: (service, code) for number, service, code in Offer.objects.values_list("pk", "service", "code")}
    for number, row in rows:
        service, code = offers[row.offer_id]
        subject = f"participation:{number}"
        yield (
            subject,
            journal.Entry(
                service, "used", row.path, row.on, subject, kind=code, person=row.person_id, quantity=row.quantity
            ),
        )


def _placed(uses: Sequence[Use]) -> list[_UseRow]:
    people = sorted({use.person for use in uses})
    held: dict[int, list[tuple[date, date | None, str]]] = {}
    for at in range(0, len(people), _AT_ONCE):
        rows = Membership.objects.filter(person__in=people[at : at + _AT_ONCE]).order_by("since", "pk")
        for person, since, until, path in rows.values_list("person_id", "since", "until", "path"):
            held.setdefault(person, []).append((since, until, path))
    placed = []
    for use in uses:
        memberships = held.get(use.person)
        if memberships is None:
            raise Refused("会员名册里没有这个人，请先导入会员。")
        path = _path_on(memberships, use.on)
        placed.append(
            _UseRow(use.offer, use.person, path, use.on, use.number, use.quantity, use.verified_by, use.digest)
        )
    return placed


def _path_on(memberships: Sequence[tuple[date, date | None, str]], day: date) -> str:
    for since, until, path in memberships:
        if since <= day and (until is None or day < until):
            return path
    return memberships[-1][2]


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
