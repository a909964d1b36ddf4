"""The only code that writes offers: items opened, and the uses people make of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.offers import service
from unionhall.offers.models import ABSENT, ATTENDED, HOLDING, Offer, Participation, Session
from unionhall.offers.standing import at_midnight
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
    """One person's one use of an item, or place at a session of it as a register tells of it. `number` is the register's own;
    `verified_by` is card, code or roster. `signed_on`: the day the place was given, where it is known; `came`: they came.
    """

    offer: int
    person: int
    on: date
    number: str
    quantity: int = 1
    verified_by: str = ""
    digest: bytes | None = None
    session: int | None = None
    signed_on: date | None = None
    came: bool = True
    adults: int = 0
    children: int = 0


class _UseRow(NamedTuple):
    offer_id: int
    person_id: int
    path: str
    on: date
    number: str
    quantity: int
    verified_by: str
    session_id: int | None
    state: str
    adults: int
    children: int
    employer: int | None
    asked_at: datetime | None
    digest: bytes | None


def open_offers(rows: Sequence[OfferRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Open items; their ids, in order."""
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        rows = [_with_kind(row) for row in rows]
        numbers = registered.add(Offer, rows, batch)
        opened = [_opened(number, row) for number, row in zip(numbers, rows, strict=True)]
        journal.write_many(opened, by=by, batch=batch)
        audit.wrote("offer.open", Offer, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_offers(rows: Sequence[tuple[int, OfferRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct items, or end them; the journal's lines follow."""
    _must_reach(by, (row.path for _, row in rows))
    with transaction.atomic():
        rows = [(number, _with_kind(row)) for number, row in rows]
        registered.change(Offer, rows)
        wanted = {f"offer:{number}": [_opened(number, row)] for number, row in rows}
        journal.correct(wanted, by=by, batch=batch, reason="更正服务项目")
        paths = [row.path for _, row in rows]
        audit.wrote("offer.change", Offer, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def record_uses(uses: Sequence[Use], *, by: Actor, batch: int | None = None) -> list[int]:
    """Record uses at the place of the person's membership on the day (the latest one, if none held then); their ids.

    Refused: a person who never was a member, unless they were at a session: that may be whoever it was opened to, and is
    counted at the item's place.
    """
    rows = _placed(uses)
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        numbers = registered.add(Participation, rows, batch)
        told = _used(zip(numbers, rows, strict=True))
        journal.write_many([entry for entries in told.values() for entry in entries], by=by, batch=batch)
        recount({row.session_id for row in rows}, by=by)
        audit.wrote("offer.use", Participation, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_uses(uses: Sequence[tuple[int, Use]], *, by: Actor, batch: int | None = None) -> None:
    """Correct uses; the journal's lines follow."""
    rows = _placed([use for _, use in uses])
    _must_reach(by, (row.path for row in rows))
    with transaction.atomic():
        pairs = [(number, row) for (number, _), row in zip(uses, rows, strict=True)]
        stood = set(
            Participation.objects.filter(pk__in=[number for number, _ in pairs]).values_list("session", flat=True)
        )
        registered.change(Participation, pairs)
        journal.correct(_used(pairs), by=by, batch=batch, reason="更正使用记录")
        recount(stood | {row.session_id for row in rows}, by=by)
        paths = [row.path for row in rows]
        audit.wrote("offer.correct", Participation, [number for number, _ in pairs], by=by, paths=paths, batch=batch)


def _opened(number: int, row: OfferRow) -> journal.Entry:
    return journal.Entry(row.service, "opened", row.path, row.since, f"offer:{number}", kind=row.code)


def recount(sessions: Iterable[int | None], *, by: Actor) -> None:
    """Count again what these sessions count as taken, after rows of theirs were written, or taken away, in bulk."""
    numbers = sorted(number for number in set(sessions) if number is not None)
    held = Participation.objects.filter(session=OuterRef("pk"), state__in=HOLDING).order_by().values("session")
    heads = held.annotate(n=Sum(F("adults") + F("children") + 1)).values("n")
    for at in range(0, len(numbers), _AT_ONCE):
        part = Session.objects.filter(pk__in=numbers[at : at + _AT_ONCE])
        part.update(taken=Coalesce(Subquery(heads), 0))


def _with_kind(row: OfferRow) -> OfferRow:
    """The item with its kind's key, where its service has kinds; by its title it is known, too."""
    kinds = service.find(row.service).kinds
    if not kinds:
        return row
    by_title = {title: key for key, title in kinds.items()}
    kind = by_title.get(row.kind, row.kind)
    if kind not in kinds:
        raise Refused("请选择类别：{by_title}。", code="kind", by_title=list(by_title))
    return row._replace(kind=kind)


def _used(rows: Iterable[tuple[int, _UseRow]]) -> dict[str, list[journal.Entry]]:
    """The lines of each row: the place given, the use, who came along."""
    offers = {item.pk: item for item in Offer.objects.only("pk", "service", "code", "kind")}
    kinds = {number: (item.service, service.kind_of(item)) for number, item in offers.items()}
    told: dict[str, list[journal.Entry]] = {}
    for number, row in rows:
        key, kind = kinds[row.offer_id]
        subject = f"participation:{number}"
        heads = 1 + row.adults + row.children

        def line(act: str, on: date) -> journal.Entry:
            return journal.Entry(
                key, act, row.path, on, subject, kind=kind, person=row.person_id, employer=row.employer,  # noqa: B023
                headcount=heads, quantity=row.quantity,  # noqa: B023
            )  # fmt: skip

        entries = told[subject] = []
        if row.asked_at is not None:
            entries.append(line("signed", timezone.localdate(row.asked_at)))
        if row.state == ATTENDED:
            entries.append(line("used", row.on))
            for who, count in (("adult", row.adults), ("child", row.children)):
                if count:
                    entries.append(
                        journal.Entry(
                            key,
                            "accompanied",
                            row.path,
                            row.on,
                            subject,
                            kind=who,
                            person=row.person_id,
                            headcount=count,
                        )
                    )
    return told


_Held = Sequence[tuple[date, date | None, str, int | None]]


def _placed(uses: Sequence[Use]) -> list[_UseRow]:
    people = sorted({use.person for use in uses})
    held: dict[int, list[tuple[date, date | None, str, int | None]]] = {}
    for at in range(0, len(people), _AT_ONCE):
        rows = Membership.objects.filter(person__in=people[at : at + _AT_ONCE]).order_by("since", "pk")
        for person, *rest in rows.values_list("person_id", "since", "until", "path", "employer_id"):
            held.setdefault(person, []).append(tuple(rest))
    at_items = _paths_of({use.offer for use in uses if use.session is not None and use.person not in held})
    placed = []
    for use in uses:
        path, employer = _where(held, at_items, use)
        asked = None if use.signed_on is None else at_midnight(use.signed_on)
        placed.append(
            _UseRow(
                use.offer, use.person, path, use.on, use.number, use.quantity, use.verified_by, use.session,
                ATTENDED if use.came else ABSENT, use.adults, use.children, employer, asked, use.digest,
            )
        )  # fmt: skip
    return placed


def _paths_of(offers: Iterable[int]) -> Mapping[int, str]:
    return dict(Offer.objects.filter(pk__in=list(offers)).values_list("pk", "path"))


def _where(held: Mapping[int, _Held], at_items: Mapping[int, str], use: Use) -> tuple[str, int | None]:
    """The place a use counts at, and the person's employer then."""
    memberships = held.get(use.person)
    if memberships is not None:
        return _on(memberships, use.on)
    if use.session is None:
        raise Refused("会员名册里没有这个人，请先导入会员。")
    return at_items[use.offer], None


def _on(memberships: _Held, day: date) -> tuple[str, int | None]:
    for since, until, path, employer in memberships:
        if since <= day and (until is None or day < until):
            return path, employer
    return memberships[-1][2], memberships[-1][3]


def _must_reach(by: Actor, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must_reach(path, *WRITERS)
