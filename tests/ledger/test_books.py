"""The books: closed months stay as they were, they open again by two, and no matter is paid without its posting."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.desk_business.conftest import page, refused, send, words_of
from tests.ledger.conftest import PAID, Treasury, approved, asked, paid, somebody
from unionhall.cases import actions as cases
from unionhall.cases.models import Case
from unionhall.jobs import verification
from unionhall.journal import audit
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.ledger import actions, books, closing_moves, fund_moves
from unionhall.ledger.guard import MoneyWithoutPosting
from unionhall.ledger.models import Closing, Entry, Fund, Posting
from unionhall.ledger.undo_moves import take_back
from unionhall.offers.statement_models import Statement

AtDesk = Callable[..., Client]


def spend(here: Treasury, on: date, voucher: str, fen: int = 100) -> int:
    return fund_moves.pay_out(here.fund, fen, voucher=voucher, to="慰问品", on=on, by=here.keeper)


def close(here: Treasury, year: int = 2015, month: int = 3) -> int:
    return closing_moves.close_month(here.here.root, year, month, by=here.keeper)


def wrong() -> list[str]:
    return [found.what for found in verification.verify(Period.year(2015)) if not found.right]


def test_a_closed_month_takes_no_posting_and_the_day_after_does(treasury: Treasury) -> None:
    close(treasury)
    with pytest.raises(Refused, match="2015 年 03 月已经结账"):
        spend(treasury, date(2015, 3, 31), "P2")
    with pytest.raises(Refused, match="已经结账"):
        fund_moves.take_in(treasury.fund, 1, voucher="P2", source="捐款", on=date(2015, 1, 1), by=treasury.keeper)
    with pytest.raises(Refused, match="已经结账"):
        paid(treasury.here, approved(treasury.here), on=PAID)
    spend(treasury, date(2015, 4, 1), "P2")
    assert not Case.objects.filter(state="paid").exists()


def test_an_import_of_a_payment_in_a_closed_month_is_refused(treasury: Treasury) -> None:
    close(treasury)
    with pytest.raises(Refused, match="已经结账"):
        world.some_aid(treasury.fund, world.a_member(treasury.here), paid_on=date(2015, 3, 2))


def test_what_is_closed_is_taken_back_by_a_reversal_of_today(treasury: Treasury) -> None:
    old = spend(treasury, date(2015, 3, 31), "P2")
    young = spend(treasury, date(2015, 4, 1), "P3")
    close(treasury)
    back = actions.reverse(old, reason="重复", by=treasury.keeper)
    assert Posting.objects.get(pk=back).on == timezone.localdate()
    assert Posting.objects.get(pk=actions.reverse(young, reason="重复", by=treasury.keeper)).on == date(2015, 4, 1)
    assert books.changed_since_closed() == []


def test_a_month_that_is_not_over_or_closed_already_is_not_closed(treasury: Treasury) -> None:
    today = timezone.localdate()
    with pytest.raises(Refused, match="还没有过完"):
        close(treasury, today.year, today.month)
    close(treasury)
    for month in (2, 3):
        with pytest.raises(Refused, match="已经结账"):
            close(treasury, month=month)
    close(treasury, month=4)
    assert [(row.since, row.until) for row in Closing.objects.order_by("pk")] == [
        (None, date(2015, 4, 1)),
        (date(2015, 4, 1), date(2015, 5, 1)),
    ]


def test_a_street_closes_its_own_books_and_the_districts_stay_open(treasury: Treasury) -> None:
    below = actions.open_funds([actions.FundRow("街道资金", "", treasury.here.bridge)], by=SYSTEM)[0]
    street = world.an_officer("finance", treasury.here.bridge)
    with pytest.raises(NotYours):
        closing_moves.close_month(treasury.here.root, 2015, 3, by=street)
    closing_moves.close_month(treasury.here.bridge, 2015, 3, by=street)
    with pytest.raises(Refused, match="已经结账"):
        fund_moves.take_in(below, 5, voucher="S1", source="拨款", on=PAID, by=street)
    spend(treasury, PAID, "P2")
    close(treasury)
    assert books.closed_until(treasury.here.bridge) == date(2015, 4, 1)


def test_books_open_again_by_another_and_for_a_reason(treasury: Treasury) -> None:
    first = close(treasury)
    last = close(treasury, month=4)
    with pytest.raises(Refused, match="从最后一个月"):
        closing_moves.ask_to_reopen(first, reason="漏记", by=treasury.keeper)
    with pytest.raises(Refused, match="理由"):
        closing_moves.ask_to_reopen(last, reason=" ", by=treasury.keeper)
    with pytest.raises(Refused, match="还没有人申请"):
        closing_moves.reopen(last, by=treasury.other)
    closing_moves.ask_to_reopen(last, reason="漏记一笔捐款", by=treasury.keeper)
    with pytest.raises(Refused, match="自己的申请"):
        closing_moves.reopen(last, by=treasury.keeper)
    closing_moves.keep_closed(last, by=treasury.leader)
    with pytest.raises(Refused, match="已经结账"):
        spend(treasury, date(2015, 4, 5), "P2")
    closing_moves.ask_to_reopen(last, reason="漏记一笔捐款", by=treasury.keeper)
    closing_moves.reopen(last, by=treasury.other)
    spend(treasury, date(2015, 4, 5), "P2")
    with pytest.raises(Refused, match="已经结账"):
        spend(treasury, date(2015, 3, 5), "P3")
    close(treasury, month=4)


def test_a_posting_slipped_into_a_closed_month_is_found(treasury: Treasury) -> None:
    spend(treasury, PAID, "P2")
    close(treasury)
    assert not [what for what in wrong() if what.startswith("结账")]
    Posting.objects.filter(cause="desk:P2").update(on=date(2015, 4, 2))
    assert [what for what in wrong() if what.startswith("结账")]


def test_debits_equal_credits_on_any_day_and_the_workbook_says_the_same(treasury: Treasury, at_desk: AtDesk) -> None:
    paid(treasury.here, approved(treasury.here))
    assert [line[:3] for line in books.trial(Fund.objects.all(), PAID)] == [
        ("cash", 1_000_000, 300_000),
        ("in:区财政", 0, 1_000_000),
        ("paid:aid.medical", 300_000, 0),
    ]
    assert books.together(books.trial(Fund.objects.all(), date(2015, 3, 19)))[1:] == (1_000_000, 1_000_000)
    finance = at_desk("finance", treasury.here.root)
    said = words_of(page(finance, f"/desk/trial/?on=2015-12-31&fund={treasury.fund}"))
    assert "支出：医疗救助 3,000.00 0.00 3,000.00" in said
    assert "合计 13,000.00 13,000.00 0.00" in said and "借贷相等" in said
    answer = finance.get(f"/desk/trial/file/?on=2015-12-31&fund={treasury.fund}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[sheet.max_row]] == ["合计", 13_000, 13_000, 0]
    page(finance, "/desk/trial/?fund=99999", 404)
    page(at_desk("aid", treasury.here.root), "/desk/trial/", 403)


def test_entries_changed_behind_the_actions_are_found(treasury: Treasury) -> None:
    paid(treasury.here, approved(treasury.here))
    assert wrong() == []
    Entry.objects.filter(account="paid:aid.medical").update(fen=300_001)
    assert any(what.startswith("试算平衡") for what in wrong())
    with pytest.raises(Refused, match="账不平"):
        close(treasury)


def test_money_paid_by_voucher_is_no_fault(treasury: Treasury) -> None:
    number = spend(treasury, PAID, "P2")
    spend(treasury, PAID, "P3")
    actions.reverse(number, reason="重复", by=treasury.keeper)
    assert wrong() == []


def test_a_matter_cannot_end_as_paid_without_its_posting(treasury: Treasury, monkeypatch: pytest.MonkeyPatch) -> None:
    case = approved(treasury.here)
    monkeypatch.setattr(cases, "_pay", lambda *_said: None)
    with pytest.raises(MoneyWithoutPosting, match=r"cases\.Case: nothing was posted for aid\.medical:"):
        paid(treasury.here, case)
    assert Case.objects.get(pk=case.pk).state == "approved"


def test_any_action_that_says_paid_without_a_posting_falls(treasury: Treasury) -> None:
    case = asked(treasury.here)
    Case.objects.filter(pk=case.pk).update(state="paid")
    with pytest.raises(MoneyWithoutPosting):
        audit.write("case.move", by=SYSTEM, rows=(case,))
    assert any(what.startswith("已发放的事项：1 件") for what in wrong())


def test_a_statement_cannot_end_as_paid_without_its_posting(treasury: Treasury) -> None:
    item = world.an_item(treasury.here)
    told = Statement.objects.create(
        offer_id=item, path=treasury.here.root, month=date(2015, 3, 1), state="paid", uses=1, fen=5, put_by=1,
        put_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(MoneyWithoutPosting, match=f"offer:{item}:2015-03"):
        audit.write("offer.statement.paid", by=SYSTEM, rows=(told,))


def test_a_payment_taken_back_leaves_nothing_that_says_paid(treasury: Treasury) -> None:
    case = paid(treasury.here, approved(treasury.here))
    take_back(Posting.objects.get(cause__endswith=":paid").pk, reason="账号有误", by=treasury.keeper)
    assert Case.objects.get(pk=case.pk).state == "approved"
    assert wrong() == []
    assert somebody(treasury.here, "finance").holds("finance")


def test_months_are_closed_and_opened_at_the_desk(treasury: Treasury, at_desk: AtDesk) -> None:
    one, other, leader = (at_desk(role, treasury.here.root) for role in ("finance", "finance", "leader"))
    assert "2015-06 这样" in refused(one, "/desk/closings/close/", month="六月")
    assert "还没有过完" in refused(one, "/desk/closings/close/", month="2099-01")
    text = send(one, "/desk/closings/close/", month="2015-03")
    assert "已结账" in text
    number = Closing.objects.get().pk
    at = f"/desk/closings/{number}/"
    assert "由财务部办理" in words_of(page(leader, at))
    send(one, f"{at}ask/", reason="漏记")
    assert "自己的申请要由另一位同事办理" in refused(one, f"{at}reopen/")
    assert "反结账待同意" in page(other, "/desk/") and "反结账待同意" not in page(one, "/desk/")
    assert "可以补记" in send(other, f"{at}reopen/")
    assert "已反结账" in page(leader, "/desk/closings/")
