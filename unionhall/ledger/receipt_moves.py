"""Noting that a payment was signed for. The receipt itself is printed from the posting, and says the same whenever it is."""

from datetime import UTC, date, datetime

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.ledger.actions import CASH
from unionhall.ledger.models import Entry, Posting, Receipt
from unionhall.ledger.receipts import number_of
from unionhall.organisations.roles import holders


def collected(entry: int, *, on: date, proxy: str, by: Actor) -> int:
    """The payment of this entry was signed for on a day, by its payee or for them; the receipt's id.

    Refused: no payment or one taken back, signed for already, or on a day before it was paid or to come ("on").
    """
    with transaction.atomic():
        row = Entry.objects.filter(pk=entry, account=CASH).first()
        if row is None:
            raise NotYours(f"entry:{entry}")
        by.must_reach(row.path, *holders("funds.change"))
        # Whoever takes the payment back holds it too, so nothing is signed for that came back.
        posting = Posting.objects.select_for_update().get(pk=row.posting_id)
        if row.fen >= 0 or posting.reverses_id is not None:
            raise Refused("这不是支出，没有收据。")
        if Posting.objects.filter(reverses=posting.pk).exists():
            raise Refused("这笔款已经冲销，没有收据可签。")
        if Receipt.objects.filter(posting=posting).exists():
            raise Refused("这张收据已经登记签收。")
        if not posting.on <= on <= timezone.localdate():
            raise Refused("签收日期不能早于支付日期，也不能晚于今天。", code="on")
        receipt = Receipt.objects.create(
            posting=posting, number=number_of(posting), path=row.path, signed_on=on, proxy=proxy.strip()[:64], by=by.account,
            at=datetime.now(UTC),
        )  # fmt: skip
        audit.write("receipt.signed", by=by, subject=f"posting:{posting.pk}", path=row.path, rows=[receipt])
        return receipt.pk
