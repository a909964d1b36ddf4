"""Money that came into the funds, by its voucher: once, corrected by reversal, withdrawn without a trace in the balance."""

from datetime import date

import pytest

from tests import world
from tests.exchange_registers.answers import only_reason, verdicts
from tests.exchange_registers.conftest import Bring
from tests.world import World
from unionhall.exchange import permits
from unionhall.exchange.withdrawal import withdraw
from unionhall.kernel.actor import SYSTEM
from unionhall.ledger import fund_moves
from unionhall.ledger.actions import balance
from unionhall.ledger.models import Entry, Posting

pytestmark = pytest.mark.django_db


@pytest.fixture
def warming(here: World) -> int:
    return world.a_fund(here)


def income(voucher: str = "2015-拨-1", amount: str = "100000", **more: str) -> dict[str, str]:
    told = {"凭证号": voucher, "资金名称": "送温暖", "日期": "2015-01-05", "来源": "市总拨款", "金额": amount}
    return {**told, **more}


def test_an_income_is_in_the_fund_once_however_often_it_is_brought(warming: int, bring: Bring) -> None:
    rows = [income(), income("2015-拨-2", "2000.50")]
    assert verdicts(bring("incomes", *rows)) == {"new": 2}
    assert (balance(warming), balance(warming, "in:市总拨款")) == (10_200_050, -10_200_050)
    assert verdicts(bring("incomes", *rows)) == {"unchanged": 2}
    assert Posting.objects.count() == 2
    assert set(Posting.objects.values_list("on", flat=True)) == {date(2015, 1, 5)}


def test_a_corrected_income_is_reversed_and_entered_anew(warming: int, bring: Bring) -> None:
    bring("incomes", income())
    corrected = bring("incomes", income(amount="90000"))
    assert verdicts(corrected) == {"changed": 1}
    assert (balance(warming), Posting.objects.count()) == (9_000_000, 3)
    assert verdicts(bring("incomes", income(amount="90000"))) == {"unchanged": 1}
    assert corrected.batch is not None
    withdraw(corrected.batch, by=SYSTEM, reason="改错了")
    assert balance(warming) == 10_000_000
    assert verdicts(bring("incomes", income())) == {"unchanged": 1}


def test_a_withdrawn_file_leaves_nothing_in_the_fund(warming: int, bring: Bring) -> None:
    outcome = bring("incomes", income(), income("2015-拨-2"))
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="重来")
    assert balance(warming) == 0
    assert verdicts(bring("incomes", income())) == {"new": 1}
    assert balance(warming) == 10_000_000


def test_what_was_entered_on_the_page_of_the_fund_is_not_changed_by_a_file(warming: int, bring: Bring) -> None:
    fund_moves.take_in(warming, 500, voucher="A-1", source="市总拨款", on=date(2015, 1, 5), by=SYSTEM)
    same = income("A-1", "5")
    assert verdicts(bring("incomes", same)) == {"unchanged": 1}
    said = "这个凭证号已在资金页面上登记，内容不同；请核对，写错了的在资金页面冲销"
    assert only_reason(bring("incomes", income("A-1", "6"))) == ("凭证号", said)
    assert (balance(warming), Entry.objects.count()) == (500, 2)


@pytest.mark.parametrize(
    ("row", "because"),
    [
        (income(资金名称="送凉快"), ("资金名称", "没有“送凉快”这项资金，请先登记资金")),
        (income(amount="0"), ("金额", "金额应大于零")),
        (income("拨:1"), ("凭证号", "凭证号不含冒号和井号，请改写")),
        (income("拨#2"), ("凭证号", "凭证号不含冒号和井号，请改写")),
        (income(日期="2099-01-05"), ("日期", "2099-01-05 还没有到，请核对日期")),
    ],
)
def test_a_wrong_row_comes_back(warming: int, bring: Bring, row: dict[str, str], because: tuple[str, str]) -> None:
    assert only_reason(bring("incomes", row)) == because
    assert balance(warming) == 0


def test_only_who_keeps_money_brings_it_in(here: World) -> None:
    assert permits.places(world.an_actor("finance", here.root), "incomes") == (here.root,)
    assert permits.places(world.an_actor("station_worker", here.bridge), "incomes") == ()
