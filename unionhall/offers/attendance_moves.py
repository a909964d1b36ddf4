"""Who came: by the code at the door, by the roster, at a merchant's counter; and taking a redemption back.

Coming writes the line "used", which every figure of uses counts, and one "accompanied" for the adults and for the children
who came along. Nothing is written twice: who came already is left alone.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from unionhall.access.actions import tries
from unionhall.access.tries import DOOR
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.digests import digest_written
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import service
from unionhall.offers.at_counter import look, use_up
from unionhall.offers.codes import DIGITS, is_door_code
from unionhall.offers.eligibility import asked_always, asked_of, must_have_left, must_meet
from unionhall.offers.models import ABSENT, ATTENDED, SIGNED, UNDONE, Counter, Offer, Participation, Session, ShownCode
from unionhall.offers.rush import facts_of
from unionhall.offers.standing import entries_of, stands_at
from unionhall.people.models import Person
from unionhall.storage import bulk

UNDO_WITHIN = timedelta(minutes=5)
EARLY = timedelta(hours=2)
"""How long before a session begins one may check in."""
SHOWN_FOR = timedelta(minutes=2)
_TRIES = 5
_NEW = (
    "id", "offer_id", "person_id", "path", "on", "number", "quantity", "verified_by", "verified_at", "verifier", "state", "adults",
    "children", "employer", "key", "used_key", "asked_at", "fen",
)  # fmt: skip
"""What is written of a use without a session; the rest is as the database says."""


def attend(session: int, participations: Sequence[int], *, verified_by: str, now: datetime, by: Actor) -> int:
    """The officer's roster: these came; how many had not been marked before. Also for who was taken for absent."""
    with transaction.atomic():
        slot = Session.objects.select_related("offer").filter(pk=session).first()
        if slot is None:
            raise NotYours(f"session:{session}")
        declared = service.find(slot.offer.service)
        by.must_reach(slot.path, *declared.runs())
        if verified_by not in declared.verified:
            raise Refused("这项业务不用这种核验方式。", code="verified_by")
        _must_have_begun(slot, now)
        rows = list(_locked().filter(session=session, pk__in=list(participations)).order_by("pk"))
        if len(rows) != len(set(participations)):
            raise NotYours(f"session:{session}")
        if wrong := [row for row in rows if row.state not in (SIGNED, ATTENDED, ABSENT)]:
            raise Refused("{get} 在这一场没有名额，不能签到。", get=Person.objects.get(pk=wrong[0].person_id))
        came = [row for row in rows if row.state != ATTENDED]
        _came(came, slot.fen_each, verified_by, now, by)
        return len(came)


def check_in(session: int, code: str, *, now: datetime, by: Actor) -> Participation:
    """The worker types or scans the code at the door. Refused: a wrong or old code ("code"), no place here ("place"), or
    too many wrong ones ("tries"). Not inside a transaction: a try counts even when it is refused.
    """
    if by.person is None:
        raise NotYours(f"session:{session}")
    tried = tries.reserve(DOOR, str(by.person), by=by, now=now)
    if tried.at is None:
        minutes = -(-tried.wait // 60)
        raise Refused("试错太多次了，请 {minutes} 分钟后再试，或请现场工作人员签到。", code="tries", minutes=minutes)
    row = _checked_in(session, code, now, by)
    tries.give_back(DOOR, str(by.person), tried.at, by=by, now=now)
    return row


def _checked_in(session: int, code: str, now: datetime, by: Actor) -> Participation:
    with transaction.atomic():
        slot = Session.objects.select_related("offer").filter(pk=session).first()
        row = _locked().filter(session__pk=session, person=by.person, state__in=(SIGNED, ATTENDED)).first()
        if slot is None or row is None:
            raise Refused("您在这一场没有名额。", code="place")
        if row.state == ATTENDED:
            return row
        if "code" not in service.find(slot.offer.service).verified:
            raise Refused("这项活动由工作人员签到。", code="place")
        _must_have_begun(slot, now)
        if not is_door_code(session, code, now):
            raise Refused("签到码不对或已经换了，请看现场屏幕上的最新签到码。", code="code")
        _came([row], slot.fen_each, "code", now, by)
        return row


def show_code(person: int, *, now: datetime, by: Actor) -> str:
    """The eight digits for somebody's own e-card, good for two minutes; no two cards show the same at once."""
    if by.person != person:
        raise NotYours(f"person:{person}")
    for _ in range(_TRIES):
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        try:
            with transaction.atomic():
                row = ShownCode(person_id=person, code=code, until=now + SHOWN_FOR)
                ShownCode.objects.bulk_create(
                    [row], update_conflicts=True, unique_fields=["person"], update_fields=["code", "until"]
                )
        except IntegrityError:
            continue
        return code
    raise Refused("现在生成不了动态码，请稍后再试。")


def person_of(code: str, *, now: datetime, by: Actor) -> int:
    """Whose e-card shows this code now. For accounts that stand at a counter, and officers who write. Refused: nobody's."""
    if not (Counter.objects.of(by).on(timezone.localdate(now)).exists() or by.holds(*service.every_role())):
        raise NotYours("code")
    shown = ShownCode.objects.filter(code=code.strip(), until__gt=now).values_list("person", flat=True).first()
    if shown is None:
        raise Refused("动态码无效或已过期，请会员刷新电子卡。", code="code")
    return shown


def redeem(offer: int, person: int, *, key: str, now: datetime, by: Actor, quantity: int = 1) -> Participation:
    """A person uses an item at a counter: the place they hold at a session under way, or a use of an item without sessions.

    `key` is the tap's own; the same again is the same use. Refused: not met ("eligibility"), used up ("limit"), no place
    ("place"), not open ("closed").
    """
    if not key:
        raise Refused("请刷新页面后重试。", code="key")
    try:
        with transaction.atomic():
            _alone_with(person)
            item = Offer.objects.filter(pk=offer).first()
            if item is None or not stands_at(item, now, by):
                raise NotYours(f"offer:{offer}")
            done = _by_key(person, key)
            return done if done is not None else _used(item, person, key, quantity, now, by)
    except IntegrityError:
        done = _by_key(person, key)
        if done is None:
            raise
        return done


def redeem_shown(offer: int, code: str, *, key: str, now: datetime, by: Actor, quantity: int = 1) -> Participation:
    """`redeem` for whoever's e-card shows this code, which is then used up: nobody redeems twice with one look at a card.

    The same key with the same code is the same use, also after the code has run out. Refused besides: nobody's ("code").
    """
    if not key:
        raise Refused("请刷新页面后重试。", code="key")
    code = code.strip()
    tap = f"{key}:{code}"
    with transaction.atomic():
        found = look(offer, code, tap, now, by.account)
        if found is None or not (
            found.counter or by.reaches(found.item.path, *service.find(found.item.service).runs())
        ):
            raise NotYours(f"offer:{offer}")
        if found.done is None and (found.shown is None or not use_up(found.shown, code)):
            # The same tap may have come twice at once: whoever came second finds here what the first one got.
            found = look(offer, code, tap, now, by.account) or found
            if found.done is None:
                raise Refused("动态码无效或已过期，请会员刷新电子卡。", code="code")
        if found.done is not None:
            done: Participation = Participation.objects.get(pk=found.done)
            return done
        assert found.person is not None
        _alone_with(found.person)
        return _used(found.item, found.person, tap, quantity, now, by, sessions=found.sessions, asks=found.asks)


def undo(participation: int, *, now: datetime, by: Actor) -> None:
    """Take back what was redeemed or checked in within the last five minutes, by who did it: its lines are voided.

    A place somebody had signed up for is theirs again; any other use stays its verifier's to look at. Refused: later than
    that, or paid for already.
    """
    with transaction.atomic():
        row = _locked().filter(pk=participation).first()
        if row is None or row.verifier is None or row.verifier != by.account:
            raise NotYours(f"participation:{participation}")
        if row.state != ATTENDED or row.verified_at is None:
            raise Refused("这次核销已经撤销。")
        if now - row.verified_at > UNDO_WITHIN:
            raise Refused("核销超过 5 分钟，不能撤销；请联系主办单位作废。", code="late")
        if row.posting is not None:
            raise Refused("这次核销已经结算，不能撤销。", code="paid")
        lines = list(Line.objects.standing().filter(subject=row.subject, act__in=("used", "accompanied")))
        journal.void(lines, by=by, reason="五分钟内撤销核销")
        row.state, row.ended_at = UNDONE, now
        if row.session is not None:
            row.on = timezone.localdate(row.session.starts_at)
            row.state, row.ended_at = (SIGNED, None) if row.session.held_at is None else (ABSENT, now)
            row.verified_at, row.verified_by, row.verifier = None, "", None
        row.fen, row.digest, row.used_key = 0, None, ""
        row.save()
        audit.write("offer.undo", by=by, subject=row.subject, path=row.path, rows=(row,), about=row.person_id)


def _by_key(person: int, key: str) -> Participation | None:
    return Participation.objects.filter(person=person, used_key=key).first()


def _alone_with(person: int) -> None:
    """The person is locked, so that one whose last use it is cannot have it at two counters at once."""
    if not Person.objects.lock(person):
        raise NotYours(f"person:{person}")


def _used(
    item: Offer, person: int, key: str, quantity: int, now: datetime, by: Actor, *, sessions: bool | None = None, asks: bool = True
) -> Participation:  # fmt: skip
    """`sessions`, `asks`: whether the item has sessions, and conditions an officer set, where that was asked before."""
    day = timezone.localdate(now)
    if day < item.since or (item.until is not None and day >= item.until):
        raise Refused("“{title}”今天没有开放。", code="closed", title=item.title)
    if not 1 <= quantity <= 1_000:
        raise Refused("数量应在 1 到 1000 之间。", code="quantity")
    if sessions is None:
        sessions = Session.objects.filter(offer=item.pk, cancelled_at=None).exists()
    if sessions:
        under_way = {"session__starts_at__lte": now + EARLY, "session__held_at": None}
        row = _locked().filter(offer=item.pk, person=person, state=SIGNED, **under_way).order_by("on", "pk").first()
        if row is None:
            raise Refused("这位会员现在没有可核销的名额。", code="place")
        assert row.session is not None
        row.used_key = key
        _came([row], row.session.fen_each, "code", now, by)
        return row
    facts = facts_of(person, day)
    must_meet(item, facts, asked_of(item, day) if asks else asked_always(item))
    must_have_left(item, person, day)
    number, line, entry = bulk.one_id_of(Participation, Line, AuditEntry)
    row = Participation(
        pk=number, offer=item, person_id=person, path=facts.path or item.path, on=day, number=f"HX-{number}",
        quantity=quantity, verified_by="code", verified_at=now, verifier=by.account, state=ATTENDED, adults=0, children=0,
        employer=facts.employer, key="", used_key=key, asked_at=now, fen=item.fen_each,
    )  # fmt: skip
    values = [tuple(row.__dict__[name] for name in _NEW)]
    bulk.insert(Participation, _NEW, values)
    told = [digest_written(Participation, _NEW, values), journal.put(entries_of(row), by=by, numbers=[line])]
    audit.write("offer.attend", by=by, subject=row.subject, path=row.path, about=person, parts=told, number=entry)
    return row


def _came(rows: Sequence[Participation], fen_each: int, verified_by: str, now: datetime, by: Actor) -> None:
    """Mark rows, which are locked, as attended; their lines, one audit entry."""
    if not rows:
        return
    day = timezone.localdate(now)
    entries = []
    for row in rows:
        row.state, row.on, row.verified_by, row.verified_at, row.verifier = ATTENDED, day, verified_by, now, by.account
        row.ended_at, row.digest, row.fen = None, None, fen_each * row.needs
        entries += entries_of(row)
    names = ("state", "on", "verified_by", "verified_at", "verifier", "ended_at", "digest", "fen", "used_key")
    bulk.update(Participation, names, [(row.pk, *(getattr(row, name) for name in names)) for row in rows])
    lines = journal.put(entries, by=by)
    numbers = [row.pk for row in rows]
    audit.wrote(
        "offer.attend", Participation, numbers, by=by, paths=[row.path for row in rows], parts=[lines],
        about=rows[0].person_id if len(rows) == 1 else None,
    )  # fmt: skip


def _locked() -> "QuerySet[Participation]":
    return Participation.objects.select_for_update(no_key=True, of=("self",)).select_related("offer", "session")


def _must_have_begun(slot: Session, now: datetime) -> None:
    if slot.cancelled_at is not None:
        raise Refused("这一场已经取消。", code="closed")
    if now < slot.starts_at - EARLY:
        raise Refused("开始前两小时内才能签到。", code="closed")
