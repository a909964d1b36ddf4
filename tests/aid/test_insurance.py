"""Mutual insurance: enrolled by lists, claimed by event; asked, approved and paid are three sums; one event is paid once."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tests import world
from tests.aid.cast import Family, a_family
from unionhall import catalogue
from unionhall.cases import case_moves, claims
from unionhall.cases.models import Case
from unionhall.exchange.run import run_import
from unionhall.exchange.templates import by_name
from unionhall.exchange.withdrawal import withdraw
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.kernel.period import Period
from unionhall.ledger import order_moves, payables
from unionhall.ledger.fund_moves import take_in
from unionhall.messages.models import Notice
from unionhall.offers.actions import OfferRow, open_offers
from unionhall.offers.policy_models import Policy
from unionhall.offers.policy_moves import PolicyRow, record_policies
from unionhall.people import payee_moves

YEAR = Period.year(2015)
PLAN, MEDICAL = "BF2015-01", "YL2015"
INSURED = "编号,计划编号,姓名,证件号码,缴费方,保费,保障起始日期\n"
PAID = "编号,计划编号,姓名,证件号码,出险日期,报案日期,核定日期,赔付日期,申请金额,核定金额,赔付金额,资金来源\n"


def plans(here: world.World) -> tuple[int, int]:
    rows = [
        OfferRow("insurance.plans", code, title, here.root, date(2015, 1, 1), date(2016, 1, 1), kind=kind)
        for code, title, kind in ((PLAN, "住院医疗互助", "premium"), (MEDICAL, "在职职工医疗互助", "medical"))
    ]
    one, other = open_offers(rows, by=SYSTEM)
    return one, other


def insured(here: world.World, family: Family) -> None:
    plan, _medical = plans(here)
    row = PolicyRow(plan, family.sun.person, family.sun.path, "1", date(2015, 1, 1), date(2016, 1, 1), "union", 3_000)
    record_policies([row], by=family.aid)


def claimed(
    family: Family, *, event_on: date = date(2015, 3, 2), service: str = "insurance.premium", plan: str = PLAN, fen: int = 400_000,
    on: date = date(2015, 3, 20),
) -> Case:  # fmt: skip
    values = {"event": "孩子住院", "event_on": event_on, "fen_claimed": fen}
    return case_moves.open_one(
        service,
        path=family.sun.path,
        on=on,
        values=values,
        by=family.clerk,
        person=family.sun.person,
        employer=None,
        cause=plan,
    )


def stepped(case: Case, name: str, family: Family, *, on: date = date(2015, 3, 25), **values: object) -> Case:
    who = {"verify": family.clerk, "pay": family.finance}.get(name, family.aid)
    return case_moves.take_on(case.pk, name, on=on, values=values, by=who)


def test_asked_approved_and_paid_are_three_sums(here: world.World) -> None:
    family = a_family(here)
    insured(here, family)
    world.a_fund(here, "互助保障")
    case = stepped(claimed(family), "verify", family)
    with pytest.raises(Refused, match="不能超过申请金额"):
        stepped(case, "approve", family, fen_agreed=400_001)
    stepped(case, "approve", family, fen_agreed=320_000)
    (owed,) = payables.owed(family.finance)
    assert (owed.subject, owed.fen, owed.person) == (case.subject, 320_000, family.sun.person)
    case = stepped(case, "pay", family, on=date(2015, 4, 1), fund="互助保障")
    assert (case.fen_claimed, case.fen_agreed, case.fen_paid, case.state) == (400_000, 320_000, 320_000, "paid")
    assert catalogue.figure("insurance.premium.people").value(here.root, YEAR) == 1
    assert catalogue.figure("insurance.premium.amount").value(here.root, YEAR) == 320_000
    assert catalogue.figure("insurance.medical.people").value(here.root, YEAR) == 0
    assert Notice.objects.filter(person=family.sun.person).exists()


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2016, 1, 1)])
def test_the_plan_must_hold_on_the_day_it_happened(here: world.World, day: date) -> None:
    family = a_family(here)
    insured(here, family)
    case = claimed(family, event_on=day, on=date(2016, 3, 1))
    with pytest.raises(Refused, match="不在“住院医疗互助”的保障期内"):
        stepped(case, "verify", family, on=date(2016, 3, 2))
    assert stepped(
        claimed(family, event_on=date(2015, 12, 31), on=date(2016, 3, 1)), "verify", family, on=date(2016, 3, 2)
    )


def test_who_is_not_insured_is_told_so(here: world.World) -> None:
    family = a_family(here)
    plans(here)
    with pytest.raises(Refused, match="没有投保“住院医疗互助”"):
        stepped(claimed(family), "verify", family)
    medical = claimed(family, service="insurance.medical", plan=MEDICAL)
    with pytest.raises(Refused, match="没有有效的京卡"):
        stepped(medical, "verify", family)
    world.a_card(family.sun)
    stepped(medical, "verify", family)


def test_one_event_is_paid_once_under_a_plan(here: world.World) -> None:
    family = a_family(here)
    insured(here, family)
    first, again = (stepped(claimed(family), "verify", family) for _ in range(2))
    stepped(first, "approve", family, fen_agreed=100_000)
    with pytest.raises(Refused, match="不能再赔"):
        stepped(again, "approve", family, fen_agreed=100_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=again.pk).update(state="approved")
    other = stepped(claimed(family, event_on=date(2015, 3, 3)), "verify", family)
    stepped(other, "approve", family, fen_agreed=100_000)
    stepped(first, "drop", family, reject="R03")
    stepped(again, "approve", family, fen_agreed=100_000)


def test_a_claim_is_refused_by_a_code_that_holds(here: world.World) -> None:
    family = a_family(here)
    insured(here, family)
    case = claimed(family)
    for code in ("", "R99", "R07"):
        with pytest.raises(Refused):
            stepped(case, "reject", family, reject=code)
    case = stepped(case, "reject", family, reject="R03")
    assert (case.state, case.details["reject"]) == ("refused", "R03")
    assert "R07" in claims.rejects_on(date(2014, 12, 31)) and "R07" not in claims.rejects_on(date(2015, 1, 1))
    assert claims.reject_title("R07") == "R07 等待期内患病"


def test_claims_go_to_the_bank_like_other_grants(here: world.World) -> None:
    family = a_family(here)
    insured(here, family)
    fund = world.a_fund(here, "互助保障")
    case = stepped(claimed(family), "verify", family)
    stepped(case, "approve", family, fen_agreed=320_000, fund="互助保障")
    take_in(fund, 900_000, voucher="B1", source="市总拨款", on=date(2015, 1, 5), by=family.finance)
    payee_moves.set_account(
        family.sun.membership,
        world.a_card_number(4321),
        bank="北京银行",
        holder="孙彩贺",
        on=date(2015, 1, 5),
        by=family.clerk,
    )
    order = order_moves.make(fund, [case.subject], by=family.finance)
    assert order
    with pytest.raises(Refused):
        stepped(case, "pay", family, fund="互助保障")


def test_lists_and_past_claims_come_in_and_go_out(here: world.World, tmp_path: Path) -> None:
    li, wang = world.a_member(here, "小李"), world.a_member(here, "王芳")
    world.a_card(wang)
    plans(here)
    world.a_fund(here, "互助保障")
    lists = tmp_path / "投保.csv"
    lists.write_text(
        INSURED
        + f"1,{PLAN},小李,{li.number},工会,30,2015-01-01\n"
        + f"2,{PLAN},小李,{li.number},工会,30,2015-01-01\n"
        + f"3,{PLAN},王芳,{wang.number},本人,30,2014-12-31\n"
        + f"4,BF2099,王芳,{wang.number},本人,30,2015-01-01\n",
        "utf-8",
    )
    outcome = run_import(by_name("policies"), lists, by=SYSTEM)
    assert (outcome.counts["new"], outcome.counts["refused"]) == (1, 3)
    assert catalogue.figure("insurance.plans.insured").value(here.root, YEAR) == 1
    assert catalogue.figure("insurance.plans.premiums").value(here.root, YEAR) == 3_000
    assert run_import(by_name("policies"), lists, by=SYSTEM).counts["unchanged"] == 1

    paid = tmp_path / "理赔.csv"
    paid.write_text(
        PAID
        + f"1,{PLAN},小李,{li.number},2015-03-02,2015-03-05,2015-03-09,2015-03-20,500,400,400,互助保障\n"
        + f"2,{PLAN},小李,{li.number},2015-03-02,2015-03-05,2015-03-09,2015-03-20,500,400,400,互助保障\n"
        + f"3,{PLAN},王芳,{wang.number},2015-03-02,2015-03-05,2015-03-09,2015-03-20,500,400,400,互助保障\n"
        + f"4,{MEDICAL},王芳,{wang.number},2015-03-02,2015-03-05,2015-03-09,2015-03-20,253,253,253,互助保障\n"
        + f"5,{MEDICAL},小李,{li.number},2015-03-02,2015-03-05,2015-03-09,2015-03-20,253,253,253,互助保障\n"
        + f"6,{PLAN},小李,{li.number},2015-05-02,2015-05-05,2015-05-09,2015-05-20,300,400,400,互助保障\n",
        "utf-8",
    )
    outcome = run_import(by_name("claims"), paid, by=SYSTEM)
    assert (outcome.counts["new"], outcome.counts["refused"]) == (2, 4), outcome.faults
    assert catalogue.figure("insurance.medical.amount").value(here.root, YEAR) == 25_300
    claim = Case.objects.get(service="insurance.premium")
    assert (claim.fen_claimed, claim.fen_agreed, claim.fen_paid, claim.event_on) == (
        50_000,
        40_000,
        40_000,
        date(2015, 3, 2),
    )

    withdraw(outcome.batch, by=SYSTEM, reason="试一试")
    assert catalogue.figure("insurance.medical.amount").value(here.root, YEAR) == 0
    assert not Case.objects.filter(service__startswith="insurance.").exists()
    assert Policy.objects.count() == 1 and Line.objects.standing().filter(act="insured").count() == 1
