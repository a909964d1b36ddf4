"""Duty rosters run: hours given to an account, signed in and out by it, handed to a colleague who agrees, called off.

Signing out writes the line "on_duty" with the minutes between arrival and leaving, within the hours of the duty and no more.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers.duties import may_be_given, minutes
from unionhall.offers.duty_models import KINDS, Duty
from unionhall.organisations.models import Account, Station
from unionhall.organisations.roles import holders
from unionhall.storage import bulk

SERVICE = "duty"
EARLY = timedelta(minutes=30)
"""How long before a duty begins one may sign in; and after it ends, still sign out as on time."""
LONGEST = timedelta(hours=12)


def give_duty(
    station: int, kind: str, account: int, starts_at: datetime, ends_at: datetime, *, window: str = "", by: Actor
) -> int:
    """Give an account some hours at a station's window; the duty's id.

    Refused: who has no post for it ("account"), hours that overlap others of theirs ("starts_at"), or make no sense ("ends_at").
    """
    with transaction.atomic():
        place = Station.objects.filter(pk=station, until=None).first()
        if place is None:
            raise NotYours(f"station:{station}")
        by.must_reach(place.path, *holders("cases.change"))
        if kind not in KINDS:
            raise Refused("请选择律师或调解员。", code="kind")
        if not starts_at < ends_at <= starts_at + LONGEST:
            raise Refused("结束要晚于开始，一次值班最多 12 小时。", code="ends_at")
        _must_be_free(account, kind, place.path, starts_at, ends_at)
        number = bulk.ids(Duty, 1)[0]
        row = Duty.objects.create(
            pk=number, station=place, path=place.path, kind=kind, window=window.strip()[:32], account=account, starts_at=starts_at,
            ends_at=ends_at, called_off="",
        )  # fmt: skip
        audit.write("duty.give", by=by, subject=row.subject, path=row.path, rows=(row,))
        return number


def call_off(duty: int, *, reason: str, by: Actor) -> None:
    """A duty that is not to be. Refused once somebody signed in."""
    if not reason.strip():
        raise Refused("请写明取消的原因。", code="reason")
    with transaction.atomic():
        row = _locked(duty)
        by.must_reach(row.path, *holders("cases.change"))
        if row.arrived_at is not None:
            raise Refused("已经签到的值班不能取消。")
        row.called_off, row.asked = reason.strip()[:200], None
        row.save()
        audit.write("duty.call_off", by=by, subject=row.subject, path=row.path, rows=(row,))


def sign_in(duty: int, *, now: datetime, by: Actor) -> None:
    """I am here. Refused: too early, or the hours are over ("time"). Said again, the first arrival stands."""
    with transaction.atomic():
        row = _own(duty, by)
        if row.arrived_at is not None:
            return
        if not row.starts_at - EARLY <= now < row.ends_at:
            raise Refused("值班前半小时起、结束以前才能签到。", code="time")
        row.arrived_at, row.asked = now, None
        row.save()
        audit.write("duty.sign_in", by=by, subject=row.subject, path=row.path, rows=(row,))


def sign_out(duty: int, *, now: datetime, by: Actor) -> int:
    """I leave; the minutes that count: from arrival until now, within the hours of the duty. Said again, the first stands."""
    with transaction.atomic():
        row = _own(duty, by)
        if row.arrived_at is None:
            raise Refused("还没有签到，不能签退。", code="time")
        if row.left_at is None:
            row.left_at = now
            row.save()
            entry = Entry(
                SERVICE, "on_duty", row.path, timezone.localdate(row.starts_at), row.subject, kind=row.kind, headcount=1,
                quantity=minutes(row),
            )  # fmt: skip
            lines = journal.put([entry], by=by)
            audit.write("duty.sign_out", by=by, subject=row.subject, path=row.path, rows=(row,), parts=[lines])
        return minutes(row)


def ask_swap(duty: int, account: int, *, now: datetime, by: Actor) -> None:
    """Ask a colleague to take a duty of mine over; asked again, the other one is asked no longer."""
    with transaction.atomic():
        row = _own(duty, by)
        _must_be_ahead(row, now)
        if account == by.account:
            raise Refused("请选择另一位同事。", code="account")
        _must_be_free(account, row.kind, row.path, row.starts_at, row.ends_at)
        row.asked = account
        row.save()
        audit.write("duty.ask", by=by, subject=row.subject, path=row.path, rows=(row,))


def answer_swap(duty: int, *, yes: bool, now: datetime, by: Actor) -> None:
    """Take a duty over that one was asked for, or not."""
    with transaction.atomic():
        row = _locked(duty)
        if by.account is None or row.asked != by.account:
            raise NotYours(f"duty:{duty}")
        if yes:
            _must_be_ahead(row, now)
            _must_be_free(by.account, row.kind, row.path, row.starts_at, row.ends_at)
            row.account = by.account
        row.asked = None
        row.save()
        audit.write("duty.swap" if yes else "duty.decline", by=by, subject=row.subject, path=row.path, rows=(row,))


def _must_be_free(account: int, kind: str, path: str, starts_at: datetime, ends_at: datetime) -> None:
    # The account is locked, so that nobody gives it two duties at once.
    list(Account.objects.select_for_update(no_key=True).filter(pk=account).values_list("pk"))
    if account not in dict(may_be_given(kind, path, timezone.localdate(starts_at))):
        raise Refused("这个账号在这里没有{kind}的岗位。", code="account", kind=KINDS[kind])
    theirs = Duty.objects.standing().filter(account=account, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if theirs.exists():
        raise Refused("这段时间已经排了值班，请换一个时间或另一位。", code="starts_at")


def _must_be_ahead(row: Duty, now: datetime) -> None:
    if row.arrived_at is not None or now >= row.starts_at or row.called_off:
        raise Refused("值班已经开始或取消，不能换班。")


def _own(duty: int, by: Actor) -> Duty:
    row = _locked(duty)
    if by.account is None or row.account != by.account or row.called_off:
        raise NotYours(f"duty:{duty}")
    return row


def _locked(duty: int) -> Duty:
    row: Duty | None = Duty.objects.select_for_update(of=("self",)).filter(pk=duty).first()
    if row is None:
        raise NotYours(f"duty:{duty}")
    return row
