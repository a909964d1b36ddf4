"""The second factor: a device set up, confirmed, proved and reset; recovery codes in its place."""

import secrets
from base64 import b32decode, b32encode
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django_otp.oath import TOTP

from unionhall.access import standing
from unionhall.access.actions import sessions, tries
from unionhall.access.entry import RecoveryCode, SecondFactor
from unionhall.access.tries import SECOND
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations import places
from unionhall.organisations.models import Account
from unionhall.organisations.roles import holders
from unionhall.storage import bulk
from unionhall.storage.sealed import keys, sealer

STEP = 30
"""Seconds a code stands."""
TOLERANCE = 1
"""Steps a device's clock may be off, either way."""
SEED_BYTES = 20
CODES = 10
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of recovery codes: what can be read from paper, no 0/O and 1/I. Ten of them are 50 bits."""


class Proved(NamedTuple):
    """`right`, and with what; `wait` seconds when no try was left."""

    right: bool
    wait: int = 0
    recovery: bool = False


def begin(account: int, *, by: Actor, now: datetime) -> None:
    """Set up a device, to be confirmed with a code of it. One set up a moment ago and not confirmed stays."""
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account)
        if standing.device_to_confirm(account, now) is not None:
            return
        given_up = _taken_away(account, confirmed=False)
        (number,) = bulk.ids(SecondFactor, 1)
        seed = b32encode(secrets.token_bytes(SEED_BYTES)).decode()
        sealed = sealer(SecondFactor, "seed")(number, seed)
        SecondFactor.objects.create(pk=number, account_id=account, seed=sealed, created_at=now)
        written = [(SecondFactor, [*given_up, number])]
        audit.write("account.device_begun", by=by, subject=f"account:{account}", keys=written)


def seed_to_show(account: int, *, by: Actor, now: datetime) -> str | None:
    """The seed of the device being set up, in base32, for its owner's eyes; None when there is none, or it is confirmed."""
    factor = standing.device_to_confirm(account, now)
    return None if factor is None else _opened(factor, "seed", by)


def confirm(account: int, typed: str, *, by: Actor, now: datetime) -> Proved:
    """A code of the device being set up: from now on it counts, the one before no more, and ten recovery codes wait."""
    tried = tries.reserve(SECOND, str(account), by=by, now=now)
    if tried.at is None:
        return Proved(False, tried.wait)
    factor = standing.device_to_confirm(account, now)
    step = None if factor is None else _step_of(factor, typed, by, now)
    if factor is None or step is None:
        _refused(account, by=by)
        return Proved(False)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account)
        replaced = _taken_away(account, confirmed=True)
        SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=now, last_step=step)
        _renew_codes(factor.pk)
        written = [(SecondFactor, [*replaced, factor.pk])]
        audit.write("account.second_factor", by=by, subject=f"account:{account}", keys=written)
    tries.forget(SECOND, str(account), by=by)
    return Proved(True)


def prove(account: int, typed: str, *, by: Actor, now: datetime) -> Proved:
    """Is this a code of the account's device, or one of its recovery codes? Each is taken once; 5 tries in 15 minutes."""
    tried = tries.reserve(SECOND, str(account), by=by, now=now)
    if tried.at is None:
        return Proved(False, tried.wait)
    factor = standing.device(account)
    recovery = not _is_code(typed)
    if factor is None or not (_recovers(factor, typed, by, now) if recovery else _takes(factor, typed, by, now)):
        _refused(account, by=by)
        return Proved(False)
    tries.forget(SECOND, str(account), by=by)
    return Proved(True, recovery=recovery)


def codes_to_show(account: int, *, by: Actor) -> list[str]:
    """Recovery codes their owner has not yet said to have kept; empty afterwards."""
    factor = standing.device(account)
    return [] if factor is None or factor.unseen is None else _opened(factor, "unseen", by).splitlines()


def codes_kept(account: int, *, by: Actor) -> None:
    """Their owner has them on paper: they are shown no more."""
    SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).update(unseen=None)


def renew_codes(account: int, *, by: Actor) -> None:
    """Ten new recovery codes; the old ones open nothing any more. One's own only."""
    factor = standing.device(account)
    if factor is None or by.account != account:
        raise Refused("这个账号还没有绑定验证器，请先绑定。")
    with transaction.atomic():
        _renew_codes(factor.pk)
        audit.write("account.recovery_codes", by=by, subject=f"account:{account}")


def reset(account: int, *, by: Actor) -> None:
    """The device is lost: it counts no more, whoever is signed in is out, and the owner sets up another when coming in.

    By those who keep the accounts, and never for themselves.
    """
    by.must_reach(places.top(), *holders("accounts.change"))
    if by.account == account:
        raise Refused("不能重置自己的验证器，请另一位系统管理员来办。")
    with transaction.atomic():
        gone = [*_taken_away(account, confirmed=True), *_taken_away(account, confirmed=False)]
        if not gone:
            raise Refused("这个账号没有绑定验证器。")
        sessions.end_all(account, by=by, because="reset")
        audit.write("account.factor_reset", by=by, subject=f"account:{account}", keys=[(SecondFactor, gone)])
    tries.forget(SECOND, str(account), by=by)


def _taken_away(account: int, *, confirmed: bool) -> list[int]:
    """Devices of the account deleted, with their codes; their ids, for the audit to know that they are gone."""
    rows = SecondFactor.objects.filter(account=account, confirmed_at__isnull=not confirmed)
    numbers = list(rows.values_list("pk", flat=True))
    rows.filter(pk__in=numbers).delete()
    return numbers


def _renew_codes(factor: int) -> None:
    words = set[str]()
    while len(words) < CODES:
        words.add("".join(secrets.choice(LETTERS) for _place in range(10)))
    RecoveryCode.objects.filter(factor=factor).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(factor_id=factor, digest=_digest(factor, word)) for word in words])
    shown = "\n".join(f"{word[:5]}-{word[5:]}" for word in sorted(words))
    SecondFactor.objects.filter(pk=factor).update(unseen=sealer(SecondFactor, "unseen")(factor, shown))


def _takes(factor: SecondFactor, typed: str, by: Actor, now: datetime) -> bool:
    """A code of the device; of several who send the same code at the same moment, the first."""
    step = _step_of(factor, typed, by, now)
    if step is None:
        return False
    return SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step) == 1


def _recovers(factor: SecondFactor, typed: str, by: Actor, now: datetime) -> bool:
    word = "".join(one for one in typed.upper() if one.isalnum())
    with transaction.atomic():
        unused = RecoveryCode.objects.filter(factor=factor, digest=_digest(factor.pk, word), used_at=None)
        if unused.update(used_at=now) != 1:
            return False
        audit.write("account.recovered", by=by, subject=f"account:{factor.account_id}")
    return True


def _step_of(factor: SecondFactor, typed: str, by: Actor, now: datetime) -> int | None:
    """The time step whose code this is, within the tolerance and after the last one taken."""
    if not _is_code(typed):
        return None
    clock = TOTP(b32decode(_opened(factor, "seed", by)), STEP)
    clock.time = now.timestamp()
    right = clock.verify(int(_digits(typed)), TOLERANCE, factor.last_step + 1)
    return int(clock.t()) if right else None


def _digits(typed: str) -> str:
    return "".join(typed.split())


def _is_code(typed: str) -> bool:
    digits = _digits(typed)
    return len(digits) == 6 and digits.isascii() and digits.isdigit()


@transaction.atomic
def _refused(account: int, *, by: Actor) -> None:
    audit.write("session.refused", by=by, subject=f"account:{account}", note="second")


def _opened(factor: SecondFactor, column: str, by: Actor) -> str:
    """A seed is no data about a person, and only the machine reads it: no reading is written down."""
    text: str = getattr(factor, column).reveal(by, "第二步验证", _unwitnessed)
    return text


def _unwitnessed(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """For what the machine reads for itself."""


def _digest(factor: int, word: str) -> bytes:
    return keys().mac("access/recovery")(f"{factor}:{word}".encode())
