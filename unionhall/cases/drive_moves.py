"""Donations for one matter: a drive is opened, gifts are booked to it, the family is handed what was given, mistakes are voided.

Every yuan lies in the drive's own fund: given = handed over + balance, in the tables and in the ledger alike.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhall.cases.drive_models import WAYS, Drive, Gift, Handover
from unionhall.cases.helped import AID
from unionhall.cases.models import Case
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.ledger import actions as ledger
from unionhall.ledger import fund_moves, undoing
from unionhall.ledger.actions import CASH, FundRow
from unionhall.ledger.models import Fund, Posting
from unionhall.organisations.roles import holders
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

SERVICE, TITLE = "donations", "募捐"
_MOST = 10**12


def open_drive(case: int, title: str, fen_target: int, *, on: date, by: Actor) -> Drive:
    """Ask the public for money for one matter. Refused: for anything but aid, twice, or in words that name whom it is for."""
    with transaction.atomic():
        row: Case | None = Case.objects.select_for_update().visible_to(by).filter(pk=case).first()
        if row is None or not by.reaches(row.path, *holders("drives.change")):
            raise NotYours(f"case:{case}")
        if not row.service.startswith(AID) or row.person is None:
            raise Refused("只能为救助事项发起募捐。")
        if Drive.objects.filter(case=row).exists():
            raise Refused("这件事项已经发起过募捐，一件事项只募捐一次。")
        title = title.strip()
        if not title or len(title) > 60:
            raise Refused("请写公开用的名称，最多 60 个字。", code="title")
        if row.person.name in title:
            raise Refused("公开用的名称不能写受助人的姓名。", code="title")
        _check_sum(fen_target, "fen_target")
        _check_day(on, row.opened_on)
        (new,) = bulk.ids(Drive, 1)
        number = f"MJ{on.year}-{new:04d}"
        purpose = FundRow(f"{TITLE} {number}", title, row.path)
        fund = fund_moves.open_earmarked(purpose, SERVICE, TITLE, on=on, by=by)
        drive = Drive(
            pk=new,
            case=row,
            number=number,
            title=title,
            fund_id=fund,
            fen_target=fen_target,
            opened_on=on,
            path=row.path,
        )
        drive.save(force_insert=True)
        journal.write(Entry(SERVICE, "opened", row.path, on, drive.subject, person=row.person_id), by=by)
        audit.write("drive.open", by=by, subject=drive.subject, path=row.path, rows=[drive], about=row.person_id)
        return drive


def receive(
    drive: int, fen: int, *, way: str, voucher: str, donor: str, anonymous: bool, on: date, by: Actor
) -> int:  # fmt: skip
    """A gift came, by that voucher; its id. Refused: a drive that is closed, a voucher used before, no donor's name."""
    with transaction.atomic():
        row = _held(drive, by, "drives.receive")
        if row.closed_on is not None:
            raise Refused("这次募捐已经结束，不再收款。")
        _check_sum(fen, "fen")
        _check_day(on, row.opened_on)
        if way not in WAYS:
            raise Refused("请选择现金或转账。", code="way")
        donor = donor.strip()
        if (not donor and not anonymous) or len(donor) > 64:
            raise Refused("请填写捐赠人，最多 64 个字；不愿留名的，选“不公开姓名”。", code="donor")
        voucher = _voucher(voucher)
        if Gift.objects.filter(drive=row, voucher=voucher).exists():
            raise Refused("这个凭证号已经登记过一笔捐款。", code="voucher")
        (new,) = bulk.ids(Gift, 1)
        posting = ledger.post(
            f"gift:{new}", row.fund_id, ((f"in:{way}", -fen), (CASH, fen)), on=on, path=row.path, by=by
        )
        gift = Gift(
            pk=new, drive=row, path=row.path, on=on, fen=fen, way=way, voucher=voucher, anonymous=anonymous, posting=posting,
            donor=sealer(Gift, "donor")(new, donor) if donor else None,
        )  # fmt: skip
        gift.save(force_insert=True)
        journal.write(Entry(SERVICE, "given", row.path, on, gift.subject, kind=way, fen=fen), by=by)
        audit.write("drive.gift", by=by, subject=row.subject, path=row.path, rows=[gift])
        return gift.pk


def hand_over(drive: int, fen: int, *, voucher: str, on: date, by: Actor) -> int:
    """Hand money of the drive to the family, by that voucher; its id. Refused: more than is there, a voucher used before."""
    with transaction.atomic():
        row = _held(drive, by, "funds.change")
        _check_sum(fen, "fen")
        _check_day(on, row.opened_on)
        voucher = _voucher(voucher)
        if Handover.objects.filter(drive=row, voucher=voucher).exists():
            raise Refused("这个凭证号已经登记过一次转交。", code="voucher")
        if fen > _balance(row):
            raise Refused("转交金额超过这次募捐的余额，请核对。", code="fen")
        (new,) = bulk.ids(Handover, 1)
        paid = ledger.payment(f"handover:{new}", row.fund_id, fen, SERVICE, on, row.path)
        (posting,) = ledger.post_many([paid], by=by)
        made = Handover(pk=new, drive=row, path=row.path, on=on, fen=fen, voucher=voucher, posting=posting)
        made.save(force_insert=True)
        subject = f"handover:{new}"
        journal.write(Entry(SERVICE, "handed", row.path, on, subject, person=row.case.person_id, fen=fen), by=by)
        audit.write("drive.handed", by=by, subject=row.subject, path=row.path, rows=[made], about=row.case.person_id)
        return new


def close_drive(drive: int, *, reason: str, on: date, by: Actor) -> None:
    """No more gifts are taken; what is left is still handed over."""
    if not reason.strip():
        raise Refused("请写明为什么结束。", code="reason")
    with transaction.atomic():
        row = _held(drive, by, "drives.change")
        if row.closed_on is not None:
            raise Refused("这次募捐已经结束。")
        _check_day(on, row.opened_on)
        row.closed_on, row.closed_because = on, reason.strip()[:200]
        row.save(update_fields=["closed_on", "closed_because"])
        journal.write(Entry(SERVICE, "closed", row.path, on, row.subject, reason=row.closed_because), by=by)
        audit.write("drive.close", by=by, subject=row.subject, path=row.path, rows=[row])


def void_gift(gift: int, *, reason: str, by: Actor) -> None:
    """A gift was written down wrong: it is reversed in the ledger and counts no more. Refused: its money was handed over."""
    with transaction.atomic():
        row = Gift.objects.filter(pk=gift).first()
        drive = _held(row.drive_id if row is not None else 0, by, "funds.change")
        row = Gift.objects.select_for_update().get(pk=gift)
        if not row.void_because and row.fen > _balance(drive):
            raise Refused("这笔捐款已经转交给家庭，要先作废那次转交。")
        _void(row, row.subject, drive, reason, by)


def void_handover(handover: int, *, reason: str, by: Actor) -> None:
    """Money that was to be handed over came back, or was written down wrong: it lies in the drive's fund again."""
    with transaction.atomic():
        row = Handover.objects.filter(pk=handover).first()
        drive = _held(row.drive_id if row is not None else 0, by, "funds.change")
        row = Handover.objects.select_for_update().get(pk=handover)
        _void(row, f"handover:{handover}", drive, reason, by)


def _void(row: Gift | Handover, subject: str, drive: Drive, reason: str, by: Actor) -> None:
    reason = reason.strip()[:200]
    if not reason:
        raise Refused("作废必须写明理由。", code="reason")
    if row.void_because:
        raise Refused("已经作废。")
    row.void_because = reason
    row.save(update_fields=["void_because"])
    ledger.reverse(row.posting, reason=reason, by=by)
    journal.void(Line.objects.standing().filter(subject=subject), by=by, reason=reason)
    audit.write("drive.void", by=by, subject=drive.subject, path=drive.path, rows=[row], about=drive.case.person_id)


def _held(drive: int, by: Actor, right: str) -> Drive:
    """The drive and its fund, locked: whoever moves its money waits for the one before."""
    row: Drive | None = (
        Drive.objects.select_for_update(of=("self",)).select_related("case").visible_to(by).filter(pk=drive).first()
    )
    if row is None or not by.reaches(row.path, *holders(right)):
        raise NotYours(f"drive:{drive}")
    Fund.objects.select_for_update().get(pk=row.fund_id)
    return row


def _balance(drive: Drive) -> int:
    return ledger.balance(drive.fund_id)


def _check_sum(fen: int | None, code: str) -> None:
    if not fen or not 0 < fen <= _MOST:
        raise Refused("金额应大于零。", code=code)


def _check_day(on: date, first: date) -> None:
    if not first <= on <= timezone.localdate():
        raise Refused("日期不能早于发起的那一天，也不能晚于今天。", code="on")


def _voucher(text: str) -> str:
    text = text.strip()
    if not text or len(text) > 24 or ":" in text:
        raise Refused("请填写凭证号，最多 24 个字，不含冒号。", code="voucher")
    return text


def _not_here(posting: Posting) -> None:
    """Refused: a gift or a hand-over, which is voided at its drive, so that the drive's sums follow."""
    if posting.cause.partition(":")[0] in ("gift", "handover"):
        raise Refused("这是募捐的款项，请到那次募捐的页面作废这笔捐款或转交。")


undoing.declare("drive", _not_here)
