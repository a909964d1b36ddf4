"""What a station does with the account somebody is paid to: writes it down, sealed at once; ends it."""

from datetime import UTC, date, datetime

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.identifiers import parse_bankcard
from unionhall.organisations.roles import holders
from unionhall.people.models import Membership
from unionhall.people.payee_models import PayeeAccount
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer


def set_account(membership: int, number: str, *, bank: str, holder: str, on: date, by: Actor) -> int:
    """Where the member is paid from `on`; the row's id. The account before ends that day.

    Refused: a number whose check digit is wrong, no bank, or a day before the last change.
    """
    digits = parse_bankcard(number)
    if not bank.strip() or len(bank) > 64:
        raise Refused("请填写开户银行，最多 64 个字。", code="bank")
    if not holder.strip() or len(holder) > 64:
        raise Refused("请填写户名，最多 64 个字。", code="holder")
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。", code="on")
    with transaction.atomic():
        held = _held(membership, by)
        ended = _end(held, on)
        (new,) = bulk.ids(PayeeAccount, 1)
        row = PayeeAccount(
            pk=new, person_id=held.person_id, path=held.path, bank=bank.strip(), holder=holder.strip(), since=on, by=by.account,
            at=datetime.now(UTC), number=sealer(PayeeAccount, "number")(new, digits),
        )  # fmt: skip
        row.save(force_insert=True)
        subject = f"person:{held.person_id}"
        audit.write("payee.set", by=by, subject=subject, path=held.path, rows=[*ended, row], about=held.person_id)
        return new


def end_account(membership: int, *, on: date, by: Actor) -> None:
    """The account holds no longer, and there is none to take its place. Refused: when there is none."""
    with transaction.atomic():
        held = _held(membership, by)
        ended = _end(held, on)
        if not ended:
            raise Refused("这位会员没有登记收款账户。")
        subject = f"person:{held.person_id}"
        audit.write("payee.end", by=by, subject=subject, path=held.path, rows=ended, about=held.person_id)


def _held(membership: int, by: Actor) -> Membership:
    """The membership, locked: two who write down an account of one person wait for each other."""
    held: Membership | None = Membership.objects.select_for_update(of=("self",)).filter(pk=membership).first()
    if held is None:
        raise NotYours(f"membership:{membership}")
    by.must_reach(held.path, *holders("payees.change"))
    return held


def _end(held: Membership, on: date) -> list[PayeeAccount]:
    rows = list(PayeeAccount.objects.select_for_update().filter(person=held.person_id, until=None))
    for row in rows:
        if on < row.since:
            raise Refused("日期不能早于上一次登记收款账户的日期。", code="on")
        row.until = on
        row.save(update_fields=["until"])
    return rows
