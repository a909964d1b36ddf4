"""Receipts: the sum in capitals, the payee masked, signed for once."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests import world
from tests.desk_business.conftest import page, refused, send, words_of
from tests.ledger.conftest import PAID, Treasury, approved, paid
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.money import capitals
from unionhall.ledger import actions, receipt_moves
from unionhall.ledger.models import Entry, Posting, Receipt

AtDesk = Callable[..., Client]


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (1, "壹分"), (10, "壹角整"), (11, "壹角壹分"), (100, "壹元整"), (101, "壹元零壹分"), (110, "壹元壹角整"),
        (1_000, "壹拾元整"), (10_050, "壹佰元零伍角整"), (10_105, "壹佰零壹元零伍分"), (300_050, "叁仟元零伍角整"), (140_950, "壹仟肆佰零玖元伍角整"),
        (1_000_000, "壹万元整"), (1_000_100, "壹万零壹元整"), (10_700_053, "壹拾万柒仟元零伍角叁分"), (10_000_000_000, "壹亿元整"),
        (10_000_000_100, "壹亿零壹元整"), (600_714, "陆仟零柒元壹角肆分"), (168_032, "壹仟陆佰捌拾元零叁角贰分"), (1_640_932, "壹万陆仟肆佰零玖元叁角贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
    ],
)  # fmt: skip
def test_a_sum_in_capitals(fen: int, words: str) -> None:
    assert capitals(fen) == words


@pytest.mark.parametrize("fen", [-1, 10**18])
def test_what_no_receipt_is_written_for_has_no_capitals(fen: int) -> None:
    with pytest.raises(ValueError, match="no capitals"):
        capitals(fen)


@pytest.fixture
def entry(treasury: Treasury) -> int:
    paid(treasury.here, approved(treasury.here, "钱大海", fen=140_950))
    return Entry.objects.get(account="cash", fen=-140_950).pk


def test_a_receipt_says_what_was_paid_and_hides_to_whom(treasury: Treasury, entry: int, at_desk: AtDesk) -> None:
    client = at_desk("finance", treasury.here.root)
    number = f"2015-{Posting.objects.get(cause__endswith=':paid').pk:06d}"
    said = words_of(page(client, f"/desk/entries/{entry}/receipt/"))
    for words in (
        number,
        "送温暖",
        "医疗救助",
        "钱**",
        "1,409.50",
        "壹仟肆佰零玖元伍角整",
        "经手人（签名）",
        "收款人（签名）",
    ):
        assert words in said, words
    assert "钱大海" not in said
    assert number in page(client, f"/desk/entries/{entry}/") or "收据" in page(client, f"/desk/entries/{entry}/")
    answer = client.get(f"/desk/entries/{entry}/receipt.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    page(at_desk("aid", treasury.here.root), f"/desk/entries/{entry}/receipt/", 403)


def test_money_that_came_in_or_was_taken_back_has_no_receipt(treasury: Treasury, entry: int, at_desk: AtDesk) -> None:
    client = at_desk("finance", treasury.here.root)
    came = Entry.objects.get(account="cash", fen=1_000_000).pk
    page(client, f"/desk/entries/{came}/receipt/", 404)
    with pytest.raises(Refused, match="不是支出"):
        receipt_moves.collected(came, on=PAID, proxy="", by=treasury.keeper)
    actions.reverse(Entry.objects.get(pk=entry).posting_id, reason="重复", by=treasury.keeper)
    page(client, f"/desk/entries/{entry}/receipt/", 404)
    with pytest.raises(Refused, match="已经冲销"):
        receipt_moves.collected(entry, on=PAID, proxy="", by=treasury.keeper)


def test_a_receipt_is_signed_for_once_and_on_a_day_that_can_be(treasury: Treasury, entry: int, at_desk: AtDesk) -> None:
    client = at_desk("finance", treasury.here.root)
    at = f"/desk/entries/{entry}/receipt/signed/"
    assert "不能早于支付日期" in refused(client, at, on="2015-03-19", proxy="")
    assert "不能早于支付日期" in refused(client, at, on="2099-01-01", proxy="")
    with pytest.raises(NotYours):
        receipt_moves.collected(entry, on=PAID, proxy="", by=world.an_officer("finance", treasury.here.willow))
    send(client, at, on="2015-03-20", proxy="钱小川")
    receipt = Receipt.objects.get()
    assert (receipt.signed_on, receipt.proxy) == (date(2015, 3, 20), "钱小川")
    assert "2015-03-20 钱小川 代领" in words_of(page(client, f"/desk/entries/{entry}/receipt/"))
    assert "已经登记签收" in refused(client, at, on="2015-03-20", proxy="")
