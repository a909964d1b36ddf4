"""The only code that writes people: admission, changes, the end of a membership, confirmation, merging, cards.

Everything is done in bulk, inside the caller's transaction; one person is a list of one. A row id is reserved before the
row is written, because sealed columns are bound to it. Numbers arrive settled (kernel.identifiers) and leave sealed.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import name_key
from unionhall.people.models import Card, Duplicate, Membership, Person
from unionhall.storage import bulk
from unionhall.storage.sealed import indexer, sealer

ENDS = ("transferred", "left", "deceased")
"""Why a membership ends for good at this union."""

_PERSON = ("id", "name", "name_key", "document", "number", "number_index", "mobile", "mobile_index", "sex", "birth",
           "ethnicity", "education", "hukou", "batch", "digest")  # fmt: skip
_MEMBERSHIP = ("id", "person_id", "union_id", "path", "employer_id", "state", "job", "contract", "since", "until",
               "confirmed_on", "ended_because", "follows_id", "batch", "digest")  # fmt: skip


class Identity(NamedTuple):
    """A person as a form states them. `number_index` and `mobile_index` are the blind indexes of the two numbers."""

    name: str
    document: str
    number: str
    number_index: bytes
    mobile: str
    mobile_index: bytes | None
    sex: str
    birth: date | None
    ethnicity: str = ""
    education: str = ""
    hukou: str = ""


class At(NamedTuple):
    """The union a membership is at: its id, digit path and kind, as every line of it needs them."""

    id: int
    path: str
    kind: str


class Standing(NamedTuple):
    """A membership as a form states it; `digest` is the keyed digest of the row it came from, if from a file."""

    person: int
    union: At
    employer: int | None
    state: str
    job: str
    contract: str
    since: date
    digest: bytes | None = None


def add_persons(identities: Sequence[Identity], *, by: Actor, batch: int | None = None) -> list[int]:
    """New persons; their ids, in order. The caller has looked them up by `number_index` and found none."""
    if not identities:
        return []
    numbers = bulk.ids(Person, len(identities))
    seal_number, seal_mobile = sealer(Person, "number"), sealer(Person, "mobile")
    bulk.insert(Person, _PERSON, (
        (number, name, name_key(name), document, seal_number(number, stated), number_index,
         seal_mobile(number, mobile) if mobile else None, mobile_index, sex, birth, ethnicity, education, hukou, batch, None)
        for number, (name, document, stated, number_index, mobile, mobile_index, sex, birth, ethnicity, education, hukou)
        in zip(numbers, identities, strict=True)
    ))  # fmt: skip
    return numbers


def change_persons(changes: Sequence[tuple[int, Identity]], *, by: Actor) -> None:
    """Persons stated anew: everything but the number itself, which is who they are. No mobile stated: it stays."""
    seal_mobile = sealer(Person, "mobile")
    bulk.update(Person, ("name", "name_key", "sex", "birth", "ethnicity", "education", "hukou"), [
        (number, p.name, name_key(p.name), p.sex, p.birth, p.ethnicity, p.education, p.hukou) for number, p in changes
    ])  # fmt: skip
    bulk.update(Person, ("mobile", "mobile_index"), [
        (number, seal_mobile(number, p.mobile), p.mobile_index) for number, p in changes if p.mobile
    ])  # fmt: skip


def admit(standings: Sequence[Standing], *, by: Actor, batch: int | None = None) -> list[int]:
    """Memberships approved by the committee on `since`; their ids. One line "admitted" each, by kind of union."""
    numbers = _open(standings, [None] * len(standings), batch)
    journal.write_many([
        Entry("member", "admitted", at.path, since, f"membership:{number}", at.kind, person, employer)
        for number, (person, at, employer, _, _, _, since, _) in zip(numbers, standings, strict=True)
    ], by=by, batch=batch)  # fmt: skip
    return numbers


def restate(changes: Sequence[tuple[int, Standing]], *, by: Actor, on: date, batch: int | None = None) -> None:
    """Open memberships stated anew at the same union: employer, job, contract, day of admission, state.

    A corrected day of admission voids the admission's line and writes another. A change between active and retained, or
    of employer, closes the row on `on` and opens the next one, so that earlier days keep what held then; an employer
    stated for the first time only fills the gap.
    """
    before = {m.pk: m for m in Membership.objects.filter(pk__in=[number for number, _ in changes])}
    stay = [(number, s) for number, s in changes if not _moves_on(before[number], s)]
    bulk.update(Membership, ("employer_id", "job", "contract", "since", "digest"), [
        (number, s.employer, s.job, s.contract, _since(before[number], s), s.digest) for number, s in stay
    ])  # fmt: skip
    redated = [(n, s) for n, s in stay if before[n].follows_id is None and before[n].since != s.since]
    _redate(redated, by=by, batch=batch)
    moved = [(number, s._replace(since=on)) for number, s in changes if _moves_on(before[number], s)]
    _close([number for number, _ in moved], on, "")
    numbers = _open([s for _, s in moved], [number for number, _ in moved], batch)
    journal.write_many([
        Entry("member", "reassigned" if before[old].state == s.state else s.state, s.union.path, on,
              f"membership:{number}", s.union.kind, s.person, s.employer)
        for number, (old, s) in zip(numbers, moved, strict=True)
    ], by=by, batch=batch)  # fmt: skip


def transfer(moves: Sequence[tuple[int, Standing]], *, by: Actor, on: date, batch: int | None = None) -> list[int]:
    """Members who go on at another union: the open row is closed on `on`, the next one follows it. Ids of the new rows.

    A person's open row that began after `on` closes the day it began.
    """
    moved = [(number, s._replace(since=on)) for number, s in moves]
    _close([number for number, _ in moved], on, "transferred")
    numbers = _open([s for _, s in moved], [number for number, _ in moved], batch)
    journal.write_many([
        Entry("member", "transferred", s.union.path, on, f"membership:{number}", s.union.kind, s.person, s.employer)
        for number, (_, s) in zip(numbers, moved, strict=True)
    ], by=by, batch=batch)  # fmt: skip
    return numbers


def end(memberships: Iterable[int], *, by: Actor, on: date, because: str, batch: int | None = None) -> int:
    """Open memberships end on `on`: "transferred" (out of the district), "left" or "deceased". How many ended."""
    if because not in ENDS:
        raise Refused("会籍终止的原因应为转出、退会或去世。")
    numbers = list(memberships)
    rows = list(Membership.objects.filter(pk__in=numbers, until=None).select_related("union"))
    if len(rows) != len(set(numbers)):
        raise Refused("有会籍已经终止，不能再次终止，请刷新后再试。")
    _close(numbers, on, because)
    journal.write_many([
        Entry("member", "left", m.path, on, f"membership:{m.pk}", because, m.person_id, m.employer_id) for m in rows
    ], by=by, batch=batch)  # fmt: skip
    return len(rows)


def confirm(memberships: Iterable[int], *, by: Actor, on: date, source: str, batch: int | None = None) -> int:
    """Someone confirmed that these memberships stand as they are written: worker, officer, HR file, card swipe."""
    rows = list(Membership.objects.filter(pk__in=list(memberships), until=None))
    bulk.update(Membership, ("confirmed_on",), [(m.pk, on) for m in rows])
    journal.write_many([
        Entry("member", "confirmed", m.path, on, f"membership:{m.pk}", source, m.person_id, m.employer_id) for m in rows
    ], by=by, batch=batch)  # fmt: skip
    return len(rows)


def offer_duplicates(pairs: Iterable[tuple[int, int]], *, by: Actor, because: str) -> int:
    """Two persons who may be one, for an officer to decide; a pair offered before is not offered again."""
    ordered = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    known = Duplicate.objects.filter(one__in=[one for one, _ in ordered]).values_list("one", "other")
    fresh = sorted(ordered - set(known))
    Duplicate.objects.bulk_create([Duplicate(one_id=one, other_id=other, because=because) for one, other in fresh])
    return len(fresh)


@transaction.atomic
def merge(duplicate: int, *, by: Actor, on: date, keep: int | None = None) -> int:
    """Two persons are one: the memberships and cards of one go to the other. The id of the person kept.

    Lines stay as they were written; figures of distinct persons follow `merged_into`. Two open memberships or two open
    cards must be settled first, by people.
    """
    pair = Duplicate.objects.select_for_update().get(pk=duplicate)
    if pair.state != "offered":
        raise Refused("这一对已经处理过了。")
    kept = keep if keep is not None else pair.one_id
    if kept not in (pair.one_id, pair.other_id):
        raise Refused("请在这两个人中选择保留哪一个。")
    gone = pair.other_id if kept == pair.one_id else pair.one_id
    if Person.objects.filter(pk__in=(kept, gone)).exclude(merged_into=None).exists():
        raise Refused("其中一人已经并入别人，请与保留下来的那个人合并。")
    if Membership.objects.filter(person__in=(kept, gone), until=None).count() > 1:
        raise Refused("两人都有正在生效的会籍，请先终止其中一个再合并。")
    if Card.objects.filter(person__in=(kept, gone), until=None).exclude(state="rejected").count() > 1:
        raise Refused("两人都有正在使用的卡，请先注销其中一张再合并。")
    Membership.objects.filter(person=gone).update(person=kept, digest=None)
    Card.objects.filter(person=gone).update(person=kept, digest=None)
    Person.objects.filter(pk=gone).update(merged_into=kept)
    Duplicate.objects.filter(pk=duplicate).update(state="merged", decided_by=by.account, decided_on=on)
    path = Membership.objects.filter(person=kept).order_by("-since").values_list("path", flat=True).first() or ""
    journal.write(Entry("member", "merged", path, on, f"person:{gone}", person=kept), by=by)
    return kept


def keep_apart(duplicate: int, *, by: Actor, on: date) -> None:
    """An officer decided that the two are two."""
    if not Duplicate.objects.filter(pk=duplicate, state="offered").update(
        state="apart", decided_by=by.account, decided_on=on
    ):
        raise Refused("这一对已经处理过了。")


def _open(standings: Sequence[Standing], follows: Sequence[int | None], batch: int | None) -> list[int]:
    if not standings:
        return []
    numbers = bulk.ids(Membership, len(standings))
    bulk.insert(Membership, _MEMBERSHIP, (
        (number, person, at.id, at.path, employer, state, job, contract, since, None, None, "", earlier, batch, digest)
        for number, (person, at, employer, state, job, contract, since, digest), earlier
        in zip(numbers, standings, follows, strict=True)
    ))  # fmt: skip
    return numbers


def _close(memberships: Sequence[int], on: date, because: str) -> None:
    starts = dict(Membership.objects.filter(pk__in=memberships).values_list("id", "since"))
    bulk.update(Membership, ("until", "ended_because", "digest"), [
        (number, max(on, starts[number]), because, None) for number in memberships
    ])  # fmt: skip


def _moves_on(before: Membership, stated: Standing) -> bool:
    """Does what is stated begin a new row, rather than correct this one?"""
    other_employer = before.employer_id is not None and stated.employer not in (None, before.employer_id)
    return before.state != stated.state or other_employer


def _since(before: Membership, stated: Standing) -> date:
    """A row that follows another began when the change was made, not when the person first joined."""
    return stated.since if before.follows_id is None else before.since


def _redate(rows: Sequence[tuple[int, Standing]], *, by: Actor, batch: int | None) -> None:
    """The day of admission was wrong: the standing line is voided, and one of the right day is written."""
    if not rows:
        return
    subjects = [f"membership:{number}" for number, _ in rows]
    journal.void(
        Line.objects.standing().filter(service="member", act="admitted", subject__in=subjects),
        by=by,
        batch=batch,
        reason="更正批准入会日期",
    )
    journal.write_many([
        Entry("member", "admitted", s.union.path, s.since, f"membership:{number}", s.union.kind, s.person, s.employer)
        for number, s in rows
    ], by=by, batch=batch)  # fmt: skip


# --- cards ------------------------------------------------------------------------------------------------------------

_CARD = ("id", "person_id", "path", "state", "consented_on", "requested_on", "rejected_because", "replaces_id", "batch",
         "digest")  # fmt: skip
_REPLY = ("state", "number", "number_index", "made_on", "delivered_on", "activated_on", "until", "rejected_because",
          "digest")  # fmt: skip


class Request(NamedTuple):
    """A card asked for: the person agreed on one day, the union asked the bank on another."""

    person: int
    path: str
    kind: str
    consented_on: date
    requested_on: date
    digest: bytes | None = None


class Reply(NamedTuple):
    """What the bank said of a card: made (with its number) or rejected (with a reason), and what happened since."""

    card: int
    person: int
    path: str
    number: str
    made_on: date | None
    delivered_on: date | None
    activated_on: date | None
    rejected_on: date | None
    because: str = ""
    digest: bytes | None = None


def request_cards(requests: Sequence[Request], *, by: Actor, batch: int | None = None) -> list[int]:
    """Cards asked for with consent; their ids. One line "requested" each."""
    if any(r.consented_on > r.requested_on for r in requests):
        raise Refused("同意办卡日期不能晚于申请日期。")
    numbers = bulk.ids(Card, len(requests))
    bulk.insert(Card, _CARD, [
        (number, r.person, r.path, "requested", r.consented_on, r.requested_on, "", None, batch, r.digest)
        for number, r in zip(numbers, requests, strict=True)
    ])  # fmt: skip
    journal.write_many([
        Entry("card", "requested", r.path, r.requested_on, f"card:{number}", r.kind, r.person)
        for number, r in zip(numbers, requests, strict=True)
    ], by=by, batch=batch)  # fmt: skip
    return numbers


def record_replies(replies: Sequence[Reply], *, by: Actor, batch: int | None = None) -> None:
    """The bank's answers. Lines only for what is new: a later file that adds the delivery writes only "delivered"."""
    seal, index = sealer(Card, "number"), indexer(Card, "number")
    stood = Card.objects.filter(pk__in=[reply.card for reply in replies])
    before = {card.id: card for card in map(_Stood._make, stood.values_list(*_Stood._fields).iterator(10_000))}
    rows: list[tuple[object, ...]] = []
    entries: list[Entry] = []
    for reply in replies:
        card = before[reply.card]
        state = ("rejected" if reply.rejected_on else "active" if reply.activated_on
                 else "delivered" if reply.delivered_on else "made")  # fmt: skip
        rows.append((
            reply.card, state, seal(reply.card, reply.number) if reply.number else None,
            index(reply.number) if reply.number else None, reply.made_on, reply.delivered_on, reply.activated_on,
            reply.rejected_on, reply.because, reply.digest,
        ))  # fmt: skip
        entries += _what_happened(card, reply)
    bulk.update(Card, _REPLY, rows)
    journal.write_many(entries, by=by, batch=batch)


class _Stood(NamedTuple):
    """A card before the bank's answer, as far as it says what the answer adds."""

    id: int
    state: str
    made_on: date | None
    delivered_on: date | None
    activated_on: date | None
    until: date | None


def _what_happened(card: _Stood, reply: Reply) -> Iterable[Entry]:
    steps = (("made", card.made_on, reply.made_on), ("delivered", card.delivered_on, reply.delivered_on),
             ("activated", card.activated_on, reply.activated_on),
             ("rejected", card.until if card.state == "rejected" else None, reply.rejected_on))  # fmt: skip
    for act, was, now in steps:
        if now is not None and was is None:
            yield Entry("card", act, reply.path, now, f"card:{reply.card}", person=reply.person, reason=reply.because)


@transaction.atomic
def replace_card(card: int, *, by: Actor, on: date) -> int:
    """A lost or broken card is replaced: this one ends on `on`, a new request stands in its place. The new card's id."""
    old = _ended(card, "replaced", "", by=by, on=on)
    (number,) = bulk.ids(Card, 1)
    bulk.insert(Card, _CARD, [
        (number, old.person_id, old.path, "requested", old.consented_on, on, "", card, None, None)
    ])  # fmt: skip
    journal.write(Entry("card", "requested", old.path, on, f"card:{number}", person=old.person_id), by=by)
    return number


@transaction.atomic
def cancel_card(card: int, *, by: Actor, on: date, reason: str) -> None:
    """The card ends on `on` and none follows."""
    if not reason:
        raise Refused("注销卡必须写明原因。")
    _ended(card, "cancelled", reason, by=by, on=on)


def _ended(card: int, state: str, reason: str, *, by: Actor, on: date) -> Card:
    old: Card = Card.objects.select_for_update().get(pk=card)
    if old.until is not None:
        raise Refused("这张卡已经停用。")
    Card.objects.filter(pk=card).update(state=state, until=max(on, old.made_on or on), digest=None)
    journal.write(Entry("card", state, old.path, on, f"card:{card}", person=old.person_id, reason=reason), by=by)
    return old
