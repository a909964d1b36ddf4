"""Items and uses, disputes, aid, hardship files, agreements and honours as the union's registers bring them in."""

from datetime import date

import pytest

from tests.exchange_registers.answers import only_reason, reasons, verdicts
from tests.exchange_registers.conftest import Bring
from tests.world import World, a_card, a_fund, a_member, a_number, a_uscc, an_item
from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.cases.models import Case
from unionhall.exchange.withdrawal import withdraw
from unionhall.honours.models import Honour
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.ledger import actions as ledger
from unionhall.offers.models import Offer, Participation
from unionhall.people.models import Person
from unionhall.storage.sealed import keys

pytestmark = pytest.mark.django_db


def use(serial: str = "LS1", item: str = "XM001", **more: str) -> dict[str, str]:
    return {"流水号": serial, "项目编号": item, "使用日期": "2015-06-01", **more}


def dispute(code: str = "AJ1", number: str = "", name: str = "孙工", **more: str) -> dict[str, str]:
    return {
        "案号": code, "申请人姓名": name, "证件号码": number or a_number(300), "用人单位代码": a_uscc(2), "地方代码": "W02", "案由": "劳动报酬",
        "申请日期": "2015-03-02", "受理日期": "2015-03-04", "结案日期": "2015-03-12", "结果": "达成协议", "请求金额": "8000",
        "协议金额": "6500.50", **more,
    }  # fmt: skip


OPEN = {"受理日期": "", "结案日期": "", "结果": "", "协议金额": ""}


def aid(code: str = "JZ1", number: str = "", name: str = "孙工", **more: str) -> dict[str, str]:
    return {
        "编号": code, "救助类别": "医疗救助", "姓名": name, "证件号码": number or a_number(300), "用人单位代码": a_uscc(2),
        "申请日期": "2015-08-01", "批准日期": "2015-08-20", "发放日期": "2015-09-01", "申请金额": "5000", "发放金额": "3000",
        "资金来源": "送温暖", **more,
    }  # fmt: skip


def agreement(code: str = "GZ1", **more: str) -> dict[str, str]:
    return {
        "编号": code, "种类": "工资专项协议", "名称": f"{code}协议", "层级": "区域", "工会编号": "U02", "签订日期": "2015-01-20",
        "备案日期": "2015-01-25", "生效日期": "2015-02-01", "届满日期": "2016-01-31", **more,
    }  # fmt: skip


def covered(code: str = "GZ1", serial: int = 2, **more: str) -> dict[str, str]:
    return {
        "编号": code,
        "种类": "工资专项协议",
        "统一社会信用代码": a_uscc(serial),
        "覆盖起始日期": "2015-02-01",
        **more,
    }


def honour(code: str = "RY1", **more: str) -> dict[str, str]:
    return {
        "编号": code, "荣誉名称": "劳动奖章", "级别": "区", "对象类别": "个人", "获得者": "小李", "授予日期": "2015-04-29", "地方代码": "W00", **more,
    }  # fmt: skip


# --- items and uses ---------------------------------------------------------------------------------------------------


def test_items_are_opened_and_ended(here: World, bring: Bring) -> None:
    row = {
        "项目编号": "XM9",
        "项目名称": "电影票",
        "类别": "文化",
        "服务商": "某影院",
        "地方代码": "W00",
        "开始日期": "2015/1/5",
    }
    assert verdicts(bring("items", row)) == {"new": 1}
    assert verdicts(bring("items", row | {"结束日期": "2015年12月1日"})) == {"changed": 1}
    item = Offer.objects.get(code="XM9")
    assert (item.service, item.since, item.until) == ("card.items", date(2015, 1, 5), date(2015, 12, 1))
    assert Line.objects.standing().filter(subject=f"offer:{item.pk}", act="opened").count() == 1


def test_a_use_by_card_and_one_by_document_are_the_same_persons(here: World, bring: Bring) -> None:
    li, _ = a_member(here, "小李"), an_item(here)
    card = a_card(li)
    number = _plain_card(card)
    outcome = bring("uses", use("LS1", 卡号=number), use("LS2", 证件号码=li.number, 数量="2", 核验方式="名册"))
    assert verdicts(outcome) == {"new": 2}
    found = Participation.objects.order_by("number")
    assert [(one.person_id, one.quantity, one.verified_by) for one in found] == [
        (li.person, 1, ""),
        (li.person, 2, "roster"),
    ]
    assert Line.objects.filter(act="used", person=li.person, path=li.path).count() == 2
    assert verdicts(bring("uses", use("LS1", 卡号=number))) == {"unchanged": 1}


def _plain_card(card: int) -> str:
    from_row = Participation._meta.apps.get_model("people.Card")._default_manager.get(pk=card)
    return keys().open("people_card.number", card, from_row.number.envelope).decode()


def test_wrong_uses_come_back(here: World, bring: Bring) -> None:
    li, other = a_member(here, "小李"), a_member(here, "王芳")
    an_item(here, since=date(2015, 5, 1))
    number = _plain_card(a_card(li))
    outcome = bring(
        "uses",
        use("LS1"),
        use("LS2", "NO", 证件号码=li.number),
        use("LS3", 证件号码=a_number(333)),
        use("LS4", 卡号=number, 证件号码=other.number),
        use("LS5", 证件号码=li.number, 使用日期="2015-04-30"),
        use("LS6", 证件号码=li.number, 使用日期="2016-06-01"),
        use("LS7", 卡号="6217000000999999990"[:18] + "0"),
    )
    assert only_reason(outcome, 2) == ("卡号", "卡号和证件号码要填一个")
    assert only_reason(outcome, 3) == ("项目编号", "没有编号为 NO 的服务项目，请核对，或先导入服务项目")
    assert only_reason(outcome, 4) == ("证件号码", "会员名册里没有这个人，请先导入会员")
    assert only_reason(outcome, 5) == ("卡号", "卡号与证件号码不是同一个人，请核对")
    assert only_reason(outcome, 6) == ("使用日期", "项目自 2015-05-01 起才提供，请核对使用日期")
    assert only_reason(outcome, 7) == ("使用日期", "2016-06-01 还没有到，请核对日期")
    assert reasons(outcome, 8)[0][0] == "卡号"
    assert verdicts(outcome) == {"refused": 7}


# --- disputes, aid, hardship ------------------------------------------------------------------------------------------


def test_a_dispute_of_someone_who_is_no_member_records_the_person_once(here: World, bring: Bring) -> None:
    before = Person.objects.count()
    outcome = bring("disputes", dispute("AJ1", 人数="12"), dispute("AJ2", **OPEN))
    assert verdicts(outcome) == {"new": 2}
    assert Person.objects.count() == before + 1
    case = Case.objects.get(number="AJ1")
    assert (case.state, case.headcount, case.fen_claimed, case.fen_agreed) == ("agreed", 12, 800_000, 650_050)
    lines = Line.objects.filter(subject=f"case:{case.pk}").order_by("pk")
    assert [(line.act, line.on.day, line.fen) for line in lines] == [
        ("received", 2, 0), ("accepted", 4, 0), ("agreed", 12, 650_050), ("settled_claim", 12, 800_000),
    ]  # fmt: skip
    assert Case.objects.get(number="AJ2").state == "received"


def test_a_dispute_that_ends_later_is_changed_and_its_withdrawal_opens_it_again(here: World, bring: Bring) -> None:
    bring("disputes", dispute(**OPEN))
    outcome = bring("disputes", dispute())
    assert verdicts(outcome) == {"changed": 1}
    assert Line.objects.standing().filter(act="agreed").count() == 1
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="还没有结案")
    assert Case.objects.get().state == "received"
    assert [line.act for line in Line.objects.standing().filter(service="mediation")] == ["received"]


@pytest.mark.parametrize(
    ("row", "because"),
    [
        (dispute(结果="", 协议金额=""), ("结果", "结果和结案日期要一起填；未结的都不填")),
        (dispute(受理日期=""), ("受理日期", "“达成协议”的案件要有受理日期")),
        (dispute(结案日期="2015-03-01"), ("结案日期", "2015-03-01 早于受理日期 2015-03-04，请核对")),
        (dispute(结果="未达成"), ("协议金额", "只有达成协议的案件才填协议金额")),
        (
            dispute(案由="吵架"),
            ("案由", "没有“吵架”这一项，请从列表中选：劳动报酬、解除终止、工伤、社会保险、经济补偿、劳动合同、其他"),
        ),
        (dispute(请求金额="-1", 协议金额=""), ("请求金额", "金额不能是负数，请核对")),
        (dispute(协议金额="9000"), ("协议金额", "协议金额大于请求金额，请核对单位是否为元")),
    ],
)
def test_a_wrong_dispute_comes_back(here: World, bring: Bring, row: dict[str, str], because: tuple[str, str]) -> None:
    assert only_reason(bring("disputes", row)) == because
    assert not Case.objects.exists()


def test_another_name_for_a_known_number_is_doubtful_until_accepted(here: World, bring: Bring) -> None:
    li = a_member(here, "小李")
    row = dispute(number=li.number, name="李四")
    outcome = bring("disputes", row)
    assert verdicts(outcome) == {"doubtful": 1}
    assert only_reason(outcome) == ("申请人姓名", "姓名与已登记的这个证件号码的姓名不同，请核对")
    assert verdicts(bring("disputes", row, accept=True)) == {"new": 1}
    assert Case.objects.get().person_id == li.person


def test_aid_is_paid_once_from_its_fund_and_counts_to_the_beneficiary(here: World, bring: Bring) -> None:
    fund = a_fund(here, "送温暖")
    student = aid("JZ2", 救助类别="助学", 受益人姓名="孙小妹", 受益人证件号码=a_number(301, sex="female"), 形式="实物")
    rows = [aid(), student]
    assert verdicts(bring("aid", *rows)) == {"new": 2}
    assert ledger.balance(fund) == -600_000
    lines = {line.service: line for line in Line.objects.filter(act="paid")}
    assert (lines["aid.medical"].fen, lines["aid.medical"].kind) == (300_000, "cash")
    assert lines["aid.study"].kind == "goods"
    assert lines["aid.study"].person_id == Person.objects.get(name="孙小妹").pk
    assert verdicts(bring("aid", *rows)) == {"unchanged": 2}
    assert ledger.balance(fund) == -600_000


def test_a_corrected_payment_is_reversed_and_its_withdrawal_puts_the_money_back(here: World, bring: Bring) -> None:
    fund = a_fund(here, "送温暖")
    first = bring("aid", aid())
    second = bring("aid", aid(发放金额="2800"))
    assert verdicts(second) == {"changed": 1}
    assert ledger.balance(fund) == -280_000
    assert [line.fen for line in Line.objects.standing().filter(act="paid")] == [280_000]
    assert first.batch is not None and second.batch is not None
    withdraw(second.batch, by=SYSTEM, reason="第一次对")
    assert ledger.balance(fund) == -300_000
    assert [line.fen for line in Line.objects.standing().filter(act="paid")] == [300_000]
    withdraw(first.batch, by=SYSTEM, reason="全部撤回")
    assert ledger.balance(fund) == 0
    assert not Case.objects.exists()
    assert verdicts(bring("aid", aid())) == {"new": 1}
    assert ledger.balance(fund) == -300_000


@pytest.mark.parametrize(
    ("row", "because"),
    [
        (aid(资金来源="小金库"), ("资金来源", "没有“小金库”这项资金，请核对，或先导入资金")),
        (aid(发放金额="0"), ("发放金额", "发放金额应大于零")),
        (aid(发放日期="2015-08-01"), ("发放日期", "2015-08-01 早于批准日期 2015-08-20，请核对")),
        (aid(发放日期="2016-01-20"), ("发放日期", "2016-01-20 还没有到，请核对日期")),
        (aid(受益人证件号码=a_number(301)), ("受益人姓名", "填了受益人证件号码就要填受益人姓名")),
        (aid(发放金额="50000"), ("发放金额", "发放金额大于申请金额，请核对单位是否为元")),
    ],
)
def test_a_wrong_payment_comes_back(here: World, bring: Bring, row: dict[str, str], because: tuple[str, str]) -> None:
    a_fund(here, "送温暖")
    assert only_reason(bring("aid", row)) == because
    assert not Case.objects.exists()


def test_hardship_files_count_persons_and_their_employers(here: World, bring: Bring) -> None:
    row = {
        "档案编号": "KN1", "姓名": "孙工", "证件号码": a_number(300), "用人单位代码": a_uscc(2), "地方代码": "W02", "困难类别": "1",
        "建档日期": "2015-03-02",
    }  # fmt: skip
    assert verdicts(bring("hardship", row)) == {"new": 1}
    line = Line.objects.get(service="aid.file", act="filed")
    assert (line.kind, line.employer_id) == ("deep", here.diner)
    assert verdicts(bring("hardship", row | {"撤档日期": "2015-11-20"})) == {"changed": 1}
    assert Case.objects.get().state == "closed"
    early = bring("hardship", row | {"档案编号": "KN2", "撤档日期": "2015-01-01"})
    assert only_reason(early) == ("撤档日期", "2015-01-01 早于建档日期 2015-03-02，请核对")


# --- agreements -------------------------------------------------------------------------------------------------------


def test_an_agreement_holds_on_its_last_day_and_not_on_the_next(here: World, bring: Bring) -> None:
    assert verdicts(bring("agreements", agreement())) == {"new": 1}
    assert verdicts(bring("agreement_cover", covered())) == {"new": 1}
    for register in (Agreement.objects, AgreementCover.objects):
        assert [register.on(day).count() for day in (date(2016, 1, 31), date(2016, 2, 1))] == [1, 0]
    found = Agreement.objects.get()
    assert (found.path, found.union_id, found.level) == (here.bridge_east, here.joint_union.id, "area")
    acts = Line.objects.filter(subject=f"agreement:{found.pk}").order_by("on").values_list("act", "kind")
    assert list(acts) == [("signed", "area"), ("filed", "area")]


def test_a_renewal_may_stand_before_what_it_renews(here: World, bring: Bring) -> None:
    later = agreement("GZ2", 续签自编号="GZ1", 生效日期="2015-06-01", 届满日期="2016-05-31")
    assert verdicts(bring("agreements", later, agreement("GZ1", 届满日期="2015-05-31"))) == {"new": 2}
    assert Agreement.objects.get(number="GZ2").renews == Agreement.objects.get(number="GZ1")
    assert only_reason(bring("agreements", agreement("GZ3", 续签自编号="GZ9"))) == (
        "续签自编号", "没有编号为 GZ9 的工资专项协议，请核对",
    )  # fmt: skip


def test_an_agreement_ended_early_takes_its_cover_along_and_back(here: World, bring: Bring) -> None:
    bring("agreements", agreement())
    bring("agreement_cover", covered())
    outcome = bring("agreements", agreement(届满日期="2015-09-30", 终止原因="双方协商终止"))
    assert verdicts(outcome) == {"changed": 1}
    assert AgreementCover.objects.get().until == date(2015, 10, 1)
    assert Line.objects.standing().filter(act="ended").count() == 1
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="没有终止")
    assert AgreementCover.objects.get().until == date(2016, 2, 1)
    assert not Line.objects.standing().filter(act="ended").exists()


def test_wrong_agreement_covers_come_back(here: World, bring: Bring) -> None:
    bring("agreements", agreement())
    outcome = bring(
        "agreement_cover", covered("NO"), covered(serial=77), covered(覆盖起始日期="2015-01-31"), covered(覆盖起始日期="2015-03-01", 覆盖终止日期="2016-02-01"),
        covered(覆盖起始日期="2016-02-01"), covered(), covered(覆盖起始日期="2015-05-01"),
    )  # fmt: skip
    assert verdicts(outcome) == {"refused": 6, "new": 1}
    assert only_reason(outcome, 2) == ("编号", "没有编号为 NO 的工资专项协议，请核对，或先导入集体合同与工资协议")
    assert only_reason(outcome, 3) == ("统一社会信用代码", f"单位名册里没有 {a_uscc(77)}，请核对，或先导入法人单位名册")
    assert ("覆盖起始日期", "覆盖起始日期早于协议的生效日期 2015-02-01，请核对") in reasons(outcome, 4)
    assert ("覆盖终止日期", "覆盖终止日期晚于协议的届满日期 2016-01-31，请核对") in reasons(outcome, 5)
    assert ("覆盖起始日期", "协议已于 2016-01-31 届满，请核对") in reasons(outcome, 6)
    assert ("覆盖起始日期", "这份协议自 2015-02-01 起已覆盖这家单位，时间重叠，请核对") in reasons(outcome, 8)


# --- honours ----------------------------------------------------------------------------------------------------------


def test_an_honour_is_granted_and_revoked(here: World, bring: Bring) -> None:
    li = a_member(here, "小李")
    row = honour(证件号码=li.number, 单位代码=a_uscc(2))
    assert verdicts(bring("honours", row)) == {"new": 1}
    assert verdicts(bring("honours", row | {"撤销日期": "2015-11-01"})) == {"changed": 1}
    lines = Line.objects.standing().filter(service="honour").order_by("on")
    assert [(line.act, line.kind, line.person_id, line.employer_id) for line in lines] == [
        ("granted", "district:劳动奖章", li.person, here.diner), ("revoked", "district:劳动奖章", li.person, here.diner),
    ]  # fmt: skip


def test_a_title_as_long_as_its_column_is_whole_in_the_journal(here: World, bring: Bring) -> None:
    li, title = a_member(here, "小李"), "长" * 64
    bring("honours", honour(荣誉名称=title, 证件号码=li.number))
    assert Line.objects.get(service="honour").kind == f"district:{title}"


def test_honours_that_need_a_look_come_back(here: World, bring: Bring) -> None:
    li = a_member(here, "小李")
    outcome = bring(
        "honours", honour("RY1"), honour("RY2", 证件号码=a_number(333)), honour("RY3", 证件号码=li.number, 获得者="李四"),
        honour("RY4", 对象类别="单位", 证件号码=li.number), honour("RY5", 对象类别="班组", 获得者="一班"),
    )  # fmt: skip
    assert verdicts(outcome) == {"doubtful": 2, "refused": 2, "new": 1}
    assert only_reason(outcome, 2) == ("证件号码", "个人荣誉没有证件号码，按人数计数时不会计入，请补填")
    assert only_reason(outcome, 3) == ("证件号码", "会员名册里没有这个人，请先导入会员")
    assert only_reason(outcome, 4) == ("获得者", "姓名与会员名册中这个证件号码的姓名不同，请核对")
    assert only_reason(outcome, 5) == ("证件号码", "对象类别是单位，不填证件号码")
    assert Honour.objects.get().recipient_name == "一班"
