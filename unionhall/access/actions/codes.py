"""Workers come in as themselves: a mobile, a one-time code sent to it and, the first time, who they are."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from unionhall.access.actions import tries
from unionhall.access.entry import OneTimeCode, WorkerAccount
from unionhall.access.tries import ADDRESS, CODE, SENT, SENT_A_DAY, WHO_A_DAY
from unionhall.journal import audit
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import parse_mobile
from unionhall.messages import actions as messages
from unionhall.organisations import actions as organisations
from unionhall.organisations.models import Account
from unionhall.people.models import Person
from unionhall.storage import bulk
from unionhall.storage.sealed import indexer, keys

GOOD_FOR = timedelta(minutes=5)
TRIES = 5
TO_SAY_WHO = timedelta(minutes=10)
"""After the code was right: to say who one is."""
KNOWN_FOR = timedelta(days=180)
"""Carriers give numbers away again after months without use: who has not come in for so long says again who they are."""


class Asked(NamedTuple):
    """The code asked for; `at` to give the address's try back by. `wait` seconds when no code may be asked for now."""

    code: int | None
    at: int = 0
    wait: int = 0


class Answer(NamedTuple):
    """`right`; or `over`: the code is used, too old or was tried five times; or `wait` seconds."""

    right: bool
    over: bool = False
    wait: int = 0


class Found(NamedTuple):
    """The account of who it is; None: it must be asked who (`asks`), or nobody here is that (`wait` when tried too often)."""

    account: Account | None
    asks: bool = False
    wait: int = 0


def ask(mobile: str, binding: str, address: str, *, by: Actor, now: datetime) -> Asked:
    """Send a code to a mobile of somebody here; to any other, nothing, and the answer is the same.

    `binding` is a random word only the asking browser's session knows. Refused: it is no mobile.
    """
    number = parse_mobile(mobile)
    whence = tries.reserve(ADDRESS, address, by=by, now=now)
    if whence.at is None:
        return Asked(None, wait=whence.wait)
    index = indexer(Person, "mobile")(number)
    for bucket in (SENT, SENT_A_DAY):
        asked = tries.reserve(bucket, index.hex(), by=by, now=now)
        if asked.at is None:
            return Asked(None, wait=asked.wait)
    code = f"{secrets.randbelow(1_000_000):06d}"
    known = Person.objects.filter(mobile_index=index, merged_into=None).exists()
    with transaction.atomic():
        (pk,) = bulk.ids(OneTimeCode, 1)
        message = _send(pk, number if known else "", code, by, now)
        # Nobody's code: a digest nothing leads to.
        digest = _digest(pk, code) if known else secrets.token_bytes(16)
        OneTimeCode.objects.create(
            pk=pk, mobile_index=index, bound_to=_bound(binding), digest=digest, message=message, created_at=now,
            until=now + GOOD_FOR,
        )  # fmt: skip
        audit.write("code.asked", by=by, subject=f"code:{pk}")
    return Asked(pk, whence.at)


def answer(code: int, typed: str, binding: str, *, by: Actor, now: datetime) -> Answer:
    """Is this the code? Five tries a code and five a mobile in 15 minutes, each counted before it is checked; taken once."""
    row = OneTimeCode.objects.filter(pk=code, bound_to=_bound(binding)).first()
    if row is None:
        return Answer(False, over=True)
    mobile = bytes(row.mobile_index).hex()
    tried = tries.reserve(CODE, mobile, by=by, now=now)
    if tried.at is None:
        return Answer(False, wait=tried.wait)
    open_ = OneTimeCode.objects.filter(pk=code, used_at=None, until__gt=now)
    if not open_.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        return Answer(False, over=True)
    digits = "".join(typed.split())
    right = hmac.compare_digest(_digest(code, digits), bytes(row.digest))
    if right and open_.update(used_at=now) == 1:
        tries.forget(CODE, mobile, by=by)
        return Answer(True)
    with transaction.atomic():
        audit.write("session.refused", by=by, subject=f"code:{code}", note="code")
    return Answer(False)


def who(code: int, binding: str, last_four: str | None, *, by: Actor, now: datetime) -> Found:
    """Whose mobile it is, after the code was right: the account they come in with, opened when it is the first time.

    The last four characters of the document are asked for the first time, after half a year, and where several people
    have one mobile. Two who have even these in common are told to come to the station.
    """
    since = now - TO_SAY_WHO
    row = OneTimeCode.objects.filter(pk=code, bound_to=_bound(binding), used_at__gt=since).first()
    if row is None:
        return Found(None)
    people = list(Person.objects.filter(mobile_index=row.mobile_index, merged_into=None).order_by("pk"))
    if last_four is None:
        known = WorkerAccount.objects.filter(person__in=people, seen_at__gt=now - KNOWN_FOR)
        if len(people) != 1 or not known.exists():
            return Found(None, asks=True)
        return Found(_account_of(people[0], by, now))
    mobile = bytes(row.mobile_index).hex()
    for bucket in (CODE, WHO_A_DAY):
        tried = tries.reserve(bucket, mobile, by=by, now=now)
        if tried.at is None:
            return Found(None, wait=tried.wait)
    same = _ending(people, last_four, by)
    if len(same) != 1:
        with transaction.atomic():
            audit.write("session.refused", by=by, subject=f"code:{code}", note="who")
        return Found(None, asks=True)
    for bucket in (CODE, WHO_A_DAY):
        tries.forget(bucket, mobile, by=by)
    return Found(_account_of(same[0], by, now))


def came(at: int, address: str, *, by: Actor, now: datetime) -> None:
    """Somebody came in with a code: the try of their address does not count."""
    tries.give_back(ADDRESS, address, at, by=by, now=now)


def shown(code: int, binding: str, *, by: Actor) -> str | None:
    """What was sent, on a demonstration, where nothing is: to the browser that asked for it."""
    if not settings.DEMO:
        raise Refused("短信内容只在演示中显示。")
    row = OneTimeCode.objects.filter(pk=code, bound_to=_bound(binding), used_at=None).first()
    return None if row is None or row.message is None else messages.text_of(row.message, by=by)


def _send(code: int, number: str, text: str, by: Actor, now: datetime) -> int:
    """No number: a message to nobody, which takes as long to write."""
    return messages.post(
        messages.Letter("sms", "sign_in", number, f"登录验证码 {text}，5 分钟内有效。工会工作人员不会向您要验证码。"),
        key=f"code:{code}", until=now + GOOD_FOR, by=by, now=now,
    )  # fmt: skip


def _account_of(person: Person, by: Actor, now: datetime) -> Account:
    """Their account, seen now; the first time, a new one."""
    mine = WorkerAccount.objects.select_related("account")
    known = mine.filter(person=person).first()
    if known is None:
        try:
            with transaction.atomic():
                account = organisations.open_account(f"worker:{person.pk}", person.masked, by=SYSTEM)
                known = WorkerAccount.objects.create(account_id=account, person=person, created_at=now, seen_at=now)
                audit.write("account.worker", by=by, subject=f"account:{account}", rows=[known], about=person.pk)
        except IntegrityError:  # their other telephone was a moment faster
            known = mine.get(person=person)
    if not known.account.is_active:
        raise Refused("您的账号已停用，请到工会服务站办理。")
    WorkerAccount.objects.filter(pk=known.pk).update(seen_at=now)
    return known.account


def _ending(people: Sequence[Person], last_four: str, by: Actor) -> list[Person]:
    """Those whose document ends so."""
    wanted = "".join(last_four.split()).upper()
    if len(wanted) != 4:
        return []
    found = []
    for person in people:
        number: str = person.number.reveal(by, "本人登录核对", _unwitnessed) if person.number is not None else ""
        if hmac.compare_digest(number[-4:].upper().encode(), wanted.encode()):
            found.append(person)
    return found


def _unwitnessed(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Compared by the machine and shown to nobody."""


def _digest(code: int, digits: str) -> bytes:
    return keys().mac("access/code")(f"{code}:{digits}".encode())


def _bound(binding: str) -> bytes:
    return keys().mac("access/code-binding")(binding.encode())
