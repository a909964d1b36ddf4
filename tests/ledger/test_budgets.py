"""Earmarks, budgets and promises: what a fund may be spent on, and that nobody spends what was promised to another."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests import world
from tests.desk_business.conftest import page, refused, send, words_of
from tests.ledger.conftest import APPROVED, PAID, Treasury, approved, asked, paid, somebody
from unionhall.cases.actions import move
from unionhall.cases.case_moves import Corrected, correct_one
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.ledger import budget_moves, budgets, fund_moves
from unionhall.ledger.budgets import Room
from unionhall.ledger.models import Budget, Commitment, Posting
from unionhall.ledger.undo_moves import take_back

MEDICAL, LIVING = "aid.medical", "aid.living"
AtDesk = Callable[..., Client]


def limit(here: Treasury, fen: int, service: str = MEDICAL, *, year: int = 2015, reason: str = "年度预算") -> int:
    return budget_moves.set_budget(
        here.fund,
        year,
        service,
        fen,
        title="医疗救助" if service else "",
        reason=reason,
        on=date(2015, 1, 5),
        by=here.keeper,
    )


def set_aside(here: Treasury, **services: str) -> None:
    given = {key.replace("_", "."): title for key, title in services.items()}
    budget_moves.set_earmarks(here.fund, given, on=date(2015, 1, 5), by=here.keeper)


def room(here: Treasury, service: str = MEDICAL, year: int = 2015) -> Room:
    return next(one for one in budgets.rooms(here.fund, year) if one.service == service)


def test_what_a_fund_is_not_set_aside_for_it_does_not_pay(treasury: Treasury) -> None:
    set_aside(treasury, aid_living="生活救助")
    with pytest.raises(Refused, match="送温暖”是专款，只能用于：生活救助"):
        approved(treasury.here)
    with pytest.raises(Refused, match="专款"):
        fund_moves.pay_out(treasury.fund, 100, voucher="P2", to="办公用品", on=PAID, by=treasury.keeper)
    assert Posting.objects.count() == 1 and not Commitment.objects.exists()
    set_aside(treasury, aid_living="生活救助", aid_medical="医疗救助")
    paid(treasury.here, approved(treasury.here, "王芳"))
    assert Posting.objects.count() == 2


def test_a_fund_without_earmarks_pays_any_service(treasury: Treasury) -> None:
    assert budgets.earmarks(treasury.fund, PAID) == {}
    paid(treasury.here, approved(treasury.here))


def test_earmarks_hold_from_their_day_and_past_days_keep_what_stood(treasury: Treasury) -> None:
    set_aside(treasury, aid_living="生活救助")
    budget_moves.set_earmarks(treasury.fund, {MEDICAL: "医疗救助"}, on=date(2015, 6, 1), by=treasury.keeper)
    assert list(budgets.earmarks(treasury.fund, date(2015, 5, 31))) == [LIVING]
    assert list(budgets.earmarks(treasury.fund, date(2015, 6, 1))) == [MEDICAL]
    with pytest.raises(Refused, match="早于上一次"):
        set_aside(treasury, aid_living="生活救助")


def test_the_last_fen_of_a_budget_is_spent_and_the_next_is_not(treasury: Treasury) -> None:
    limit(treasury, 300_000)
    with pytest.raises(Refused, match=r"还可用 3,000\.00 元，这次要 3,000\.01 元"):
        approved(treasury.here, fen=300_001)
    case = approved(treasury.here, "王芳", fen=300_000)
    assert room(treasury) == Room(MEDICAL, 300_000, 0, 300_000, 0)
    with pytest.raises(Refused, match="超出"):
        approved(treasury.here, "赵建国", fen=1)
    paid(treasury.here, case)
    assert room(treasury) == Room(MEDICAL, 300_000, 0, 0, 300_000)
    assert room(treasury).left == 0


def test_the_budget_of_the_whole_fund_binds_every_service_and_every_voucher(treasury: Treasury) -> None:
    limit(treasury, 300_000, "")
    approved(treasury.here, fen=200_000)
    with pytest.raises(Refused, match=r"还可用 1,000\.00 元"):
        fund_moves.pay_out(treasury.fund, 100_001, voucher="P2", to="慰问品", on=PAID, by=treasury.keeper)
    fund_moves.pay_out(treasury.fund, 100_000, voucher="P2", to="慰问品", on=PAID, by=treasury.keeper)
    assert room(treasury, "").left == 0
    # Another year has a budget of its own, or none.
    fund_moves.pay_out(treasury.fund, 100_000, voucher="P3", to="慰问品", on=date(2016, 1, 4), by=treasury.keeper)


def test_only_a_leader_allows_more_and_says_why(treasury: Treasury) -> None:
    limit(treasury, 100_000)
    with pytest.raises(NotYours):
        budget_moves.allow_more(treasury.fund, 2015, MEDICAL, 200_000, reason="大病", by=treasury.keeper)
    with pytest.raises(Refused, match="理由"):
        budget_moves.allow_more(treasury.fund, 2015, MEDICAL, 200_000, reason=" ", by=treasury.leader)
    with pytest.raises(Refused, match="没有这项预算"):
        budget_moves.allow_more(treasury.fund, 2015, LIVING, 200_000, reason="大病", by=treasury.leader)
    budget_moves.allow_more(treasury.fund, 2015, MEDICAL, 200_000, reason="大病", by=treasury.leader)
    approved(treasury.here, fen=300_000)
    assert room(treasury) == Room(MEDICAL, 100_000, 200_000, 300_000, 0)
    assert AuditEntry.objects.get(act="fund.allow").account == treasury.leader.account


def test_a_budget_is_revised_with_a_reason_and_never_below_what_is_spent(treasury: Treasury) -> None:
    limit(treasury, 500_000)
    approved(treasury.here, fen=300_000)
    with pytest.raises(Refused, match=r"已经占用和支付 3,000\.00 元"):
        limit(treasury, 299_999)
    with pytest.raises(Refused, match="理由"):
        limit(treasury, 300_000, reason="")
    limit(treasury, 300_000, reason="年中调减")
    assert [row.fen for row in Budget.objects.order_by("pk")] == [500_000, 300_000]
    assert budgets.current(treasury.fund, 2015) == {MEDICAL: 300_000}


def test_what_is_not_paid_after_all_is_free_again(treasury: Treasury) -> None:
    limit(treasury, 300_000)
    case = approved(treasury.here)
    dropped = move(case.pk, "drop", on=PAID, values={"reason": "已由保险支付"}, by=somebody(treasury.here, "aid"))
    assert (dropped.state, room(treasury).committed) == ("declined", 0)
    assert Commitment.objects.get().ended_because == "dropped"
    approved(treasury.here, "王芳")


def test_a_payment_taken_back_is_promised_again(treasury: Treasury) -> None:
    limit(treasury, 300_000)
    case = paid(treasury.here, approved(treasury.here))
    posting = Posting.objects.get(cause__endswith=":paid")
    take_back(posting.pk, reason="账号有误", by=treasury.keeper)
    assert room(treasury) == Room(MEDICAL, 300_000, 0, 300_000, 0)
    with pytest.raises(Refused, match="超出"):
        approved(treasury.here, "王芳", fen=1)
    paid(treasury.here, case)
    assert room(treasury) == Room(MEDICAL, 300_000, 0, 0, 300_000)
    assert [row.ended_because for row in Commitment.objects.order_by("pk")] == ["paid", "paid"]


def test_a_corrected_sum_is_what_is_promised(treasury: Treasury) -> None:
    limit(treasury, 300_000)
    case = approved(treasury.here, fen=100_000)
    right = Corrected(case.cause, case.channel, 1, None, None, 300_000)
    correct_one(case.pk, right, reason="漏算住院费", by=somebody(treasury.here, "aid"))
    assert room(treasury).committed == 300_000
    with pytest.raises(Refused, match="超出"):
        correct_one(case.pk, right._replace(fen_agreed=300_001), reason="再加", by=somebody(treasury.here, "aid"))
    assert room(treasury).committed == 300_000


def test_a_grant_is_kept_back_in_the_fund_set_aside_for_it(treasury: Treasury) -> None:
    set_aside(treasury, aid_medical="医疗救助")
    approved(treasury.here, fund="")
    assert Commitment.objects.get().fund_id == treasury.fund
    with pytest.raises(Refused, match="没有“别的”这项资金"):
        approved(treasury.here, "王芳", fund="别的")


def test_without_a_fund_of_its_own_a_grant_keeps_nothing_back(treasury: Treasury) -> None:
    approved(treasury.here, fund="")
    assert not Commitment.objects.exists()


def test_an_import_stays_within_the_budget_too(treasury: Treasury) -> None:
    limit(treasury, 299_999)
    with pytest.raises(Refused, match="超出"):
        world.some_aid(treasury.fund, world.a_member(treasury.here, "王芳"), fen=300_000)
    limit(treasury, 300_000)
    world.some_aid(treasury.fund, world.a_member(treasury.here, "赵建国"), fen=300_000)


def test_the_funds_page_says_what_is_left_and_who_decided(treasury: Treasury, at_desk: AtDesk) -> None:
    finance, leader = at_desk("finance", treasury.here.root), at_desk("leader", treasury.here.root)
    at = f"/desk/funds/{treasury.fund}/"
    send(finance, f"{at}earmarks/", services=[MEDICAL, LIVING], on="2015-01-05")
    send(finance, f"{at}budget/", year="2015", service=MEDICAL, amount="3000", reason="委员会通过")
    assert "已经占用和支付" not in page(finance, f"{at}?year=2015")
    approved(treasury.here, fen=250_000)
    said = words_of(page(finance, f"{at}?year=2015"))
    assert "医疗救助 3,000.00 0.00 2,500.00 0.00 500.00" in said
    assert "医疗救助 预算定为 3,000.00 元：委员会通过" in said
    text = refused(finance, f"{at}budget/", year="2015", service=MEDICAL, amount="2499.99", reason="调减")
    assert "预算不能比这少" in text and 'value="2499.99"' in text
    page(finance, f"{at}allow/", 403)
    page(leader, f"{at}budget/", 403)
    send(leader, f"{at}allow/", year="2015", service=MEDICAL, amount="100", reason="多了一户")
    assert "多了一户" in page(finance, f"{at}?year=2015")


def test_who_approves_sees_why_there_is_no_money(treasury: Treasury, at_desk: AtDesk) -> None:
    limit(treasury, 100_000)
    case = asked(treasury.here)
    aid = at_desk("aid", treasury.here.root)
    text = refused(aid, f"/desk/cases/{case.pk}/step/approve/", on=str(APPROVED), fen_agreed="1000.01", fund="送温暖")
    assert "还可用 1,000.00 元" in text and 'value="1000.01"' in text
    assert "请向财务部核对名称" in refused(
        aid, f"/desk/cases/{case.pk}/step/approve/", on=str(APPROVED), fen_agreed="1000", fund="送温暧"
    )
    send(aid, f"/desk/cases/{case.pk}/step/approve/", on=str(APPROVED), fen_agreed="1000", fund="送温暖")
    assert room(treasury).left == 0
    with pytest.raises(NotYours):
        budget_moves.set_earmarks(treasury.fund, {}, on=PAID, by=world.an_officer("finance", treasury.here.bridge))
    assert SYSTEM.account is None
