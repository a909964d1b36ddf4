"""What was held in past years, as the registers tell of it: sessions, people, employers at fairs, what came of it; and back."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange_registers.answers import only_reason, reasons, verdicts
from tests.exchange_registers.conftest import Bring
from tests.offers.cast import a_session
from tests.world import TODAY, World, a_fund, a_member, a_number, a_person, a_uscc, an_item, an_officer
from unionhall import catalogue
from unionhall.exchange.run import run_import
from unionhall.exchange.templates import by_name
from unionhall.exchange.withdrawal import withdraw
from unionhall.indicators.figures import Counted
from unionhall.jobs.verification import ledger_balances, len_of, places_counted
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.kernel.period import Period
from unionhall.offers.actions import Use, record_uses
from unionhall.offers.models import Booth, Offer, Outcome, Participation, Session
from unionhall.organisations.models import CareRoom, SocialOrganisation
from unionhall.people.models import Person

pytestmark = pytest.mark.django_db
YEAR = Period.year(2015)
CLASS, FAIR, PACKS = "订单式培训", "招聘会", "送清凉"


def an_activity(code: str = "HD1", service: str = CLASS, kind: str = "定向岗位培训", **more: str) -> dict[str, str]:
    return {
        "业务": service,
        "项目编号": code,
        "项目名称": "护理员班",
        "类别": kind,
        "地方代码": "W00",
        "开始日期": "2015-01-05",
        **more,
    }


def held(session: str = "C1", code: str = "HD1", service: str = CLASS, **more: str) -> dict[str, str]:
    return {"业务": service, "项目编号": code, "场次编号": session, "举办日期": "2015-03-02", **more}


def came(
    serial: str, number: str, session: str = "C1", code: str = "HD1", service: str = CLASS, **more: str
) -> dict[str, str]:
    return {
        "业务": service, "项目编号": code, "场次编号": session, "流水号": serial, "证件号码": number, "参加日期": "2015-03-02", **more,
    }  # fmt: skip


def result(serial: str, what: str, number: str, code: str = "HD1", service: str = CLASS, **more: str) -> dict[str, str]:
    return {
        "业务": service, "项目编号": code, "流水号": serial, "结果": what, "结果编号": number, "日期": "2015-03-20", **more,
    }  # fmt: skip


def value(key: str, place: str, period: Period = YEAR) -> int:
    """A figure, held against its records."""
    figure = catalogue.figure(key)
    assert isinstance(figure, Counted)
    found = figure.value(place, period)
    assert found == len_of(figure, place, period)
    return found


def all_right() -> bool:
    return not [told for told, right in (*places_counted(), *ledger_balances()) if not right]


# --- a class, from the order to the follow-up ---------------------------------------------------------------------------


def test_a_class_comes_in_with_its_people_its_tests_and_certificates_and_goes_again(here: World, bring: Bring) -> None:
    li, wang = a_member(here, "小李"), a_member(here, "王芳", employer=here.diner)
    assert verdicts(bring("items", an_activity())) == {"new": 1}
    assert Offer.objects.get(code="HD1").kind == "order"
    assert verdicts(bring("sessions", held())) == {"new": 1}
    attendance = bring("attendance", came("L1", li.number), came("L2", wang.number, 随行儿童="1"))
    assert verdicts(attendance) == {"new": 2}
    outcomes = bring(
        "outcomes",
        result("L1", "考试", "K1", 类别="合格", 数值="81.5"), result("L2", "考试", "K2", 类别="不合格", 数值="40"),
        result("L1", "证书", "Z1", 凭证="培证0001"), result("L1", "培训后回访", "F1", 类别="使用且待遇提高", 日期="2015-09-01"),
    )  # fmt: skip
    assert (verdicts(outcomes), outcomes.faults) == ({"new": 4}, [])

    told = (
        "order_runs",
        "attendances",
        "people",
        "passed",
        "certificates",
        "in_use",
        "raised",
        "general",
        "startup_runs",
    )
    assert [value(f"training.classes.{name}", here.root) for name in told] == [1, 2, 2, 1, 1, 1, 1, 0, 0]
    assert value("training.classes.attendances", here.bridge) == 2
    assert value("training.classes.attendances", here.willow) == 0
    assert Outcome.objects.get(number="K1").amount == 8150
    session = Session.objects.get()
    assert (session.taken, session.held_at is not None) == (3, True)
    assert all_right()

    with pytest.raises(Refused, match="后来的记录用到了"):
        withdraw(attendance.batch, by=SYSTEM, reason="传错了")
    assert verdicts(bring("attendance", came("L1", li.number), came("L2", wang.number, 随行儿童="1"))) == {
        "unchanged": 2
    }
    assert verdicts(bring("attendance", came("L2", wang.number))) == {"changed": 1}
    session.refresh_from_db()
    assert session.taken == 2

    with pytest.raises(Refused, match="又改了这一批"):
        withdraw(attendance.batch, by=SYSTEM, reason="传错了")
    withdraw(outcomes.batch, by=SYSTEM, reason="传错了")
    assert value("training.classes.certificates", here.root) == 0
    assert not Outcome.objects.exists()


def test_a_list_taken_back_gives_its_places_back(here: World, bring: Bring) -> None:
    li, wang, zhao = (a_member(here, name) for name in ("小李", "王芳", "赵建国"))
    items = bring("items", an_activity())
    bring("sessions", held(), held("C2"))
    with pytest.raises(Refused, match="后来的记录用到了"):
        withdraw(items.batch, by=SYSTEM, reason="传错了")
    bring("attendance", came("L1", li.number))
    second = bring("attendance", came("L1", li.number, "C2"), came("L2", wang.number), came("L3", zhao.number))
    assert verdicts(second) == {"changed": 1, "new": 2}
    assert list(Session.objects.order_by("number").values_list("taken", flat=True)) == [2, 1]
    withdraw(second.batch, by=SYSTEM, reason="传错了")
    assert list(Session.objects.order_by("number").values_list("taken", flat=True)) == [1, 0]
    assert value("training.classes.attendances", here.root) == 1
    assert all_right()


def test_wrong_rows_of_a_class_come_back(here: World, bring: Bring) -> None:
    li = a_member(here, "小李")
    outcome = bring(
        "items", an_activity(kind="插花"), an_activity("HD2", kind=""), an_activity("HD3", "社会组织活动", "文化")
    )
    assert only_reason(outcome, 2)[1].startswith("没有“插花”这个类别，请从中选一个：通用能力培训、定向岗位培训")
    assert only_reason(outcome, 3)[0] == "类别"
    assert only_reason(outcome, 4) == ("服务商", "社会组织登记里没有这个组织，请核对，或先导入社会组织")

    bring("items", an_activity(结束日期="2015-12-01"))
    outcome = bring(
        "sessions",
        held(code="NO"), held(举办日期="2015-01-04"), held("C2", 举办日期="2015-12-01"), held("C3", 举办日期="2016-03-01"),
        held("C4", 结束日期="2015-03-01"), held("C5", 支出金额="10"), held("C6", 支出金额="10", 资金来源="没有"),
    )  # fmt: skip
    told = [reasons(outcome, row)[0][0] for row in range(2, 9)]
    assert told == ["项目编号", "举办日期", "举办日期", "举办日期", "结束日期", "资金来源", "资金来源"]
    bring("sessions", held())
    outcome = bring(
        "attendance",
        came("L1", ""), came("L2", a_number(301)), came("L3", li.number, "C9"), came("L4", li.number, 参加日期=""),
        came("L5", li.number), came("L6", li.number), came("L7", li.number, 报名日期="2015-03-05"),
    )  # fmt: skip
    assert only_reason(outcome, 2) == ("证件号码", "证件号码和卡号要填一个")
    assert only_reason(outcome, 3) == ("姓名", "会员名册里没有这个人，请填写姓名，或先导入会员")
    assert only_reason(outcome, 4)[0] == "场次编号"
    assert ("参加日期", "参加日期和报名日期至少填一个") in reasons(outcome, 5)
    assert ("流水号", "这个人在这一场已有一条（流水号 L4），请只留一条") in reasons(outcome, 6)
    bring("attendance", came("L5", li.number))
    assert (
        only_reason(bring("attendance", came("L8", li.number)))[1] == "这个人在这一场已有一条（流水号 L5），请只留一条"
    )

    outcome = bring(
        "outcomes",
        result("L9", "考试", "K1", 类别="合格", 数值="60"), result("L5", "考试", "K2", 类别="优秀", 数值="60"),
        result("L5", "考试", "K3", 类别="合格"), result("L5", "证书", "Z1"), result("L5", "安置", "A1"),
        result("L5", "证书", "Z2", 凭证="证", 类别="合格"), result("L5", "证书", "Z3", 凭证="证", 日期="2015-03-01"),
    )  # fmt: skip
    assert [only_reason(outcome, row)[0] for row in range(2, 9)] == [
        "流水号",
        "类别",
        "数值",
        "凭证",
        "结果",
        "类别",
        "日期",
    ]


def test_who_is_no_member_is_recorded_by_name_and_counts_where_it_was_held(here: World, bring: Bring) -> None:
    bring("items", an_activity(地方代码="W01"))
    bring("sessions", held())
    number = a_number(302)
    assert verdicts(bring("attendance", came("L1", number, 姓名="路人"))) == {"new": 1}
    row = Participation.objects.get()
    assert (row.path, str(Person.objects.get(pk=row.person_id)), row.employer) == (here.willow, "路*", None)
    assert value("training.classes.people", here.willow) == 1
    outside, _, _ = a_person("另一人")
    with pytest.raises(Refused, match="会员名册里没有这个人"):
        record_uses([Use(an_item(here), outside, date(2015, 6, 1), "X1")], by=SYSTEM)


def test_a_session_opened_here_is_not_filled_from_a_table(here: World, bring: Bring) -> None:
    li = a_member(here, "小李")
    bring("items", an_activity())
    number = Session.objects.get(pk=a_session(Offer.objects.get().pk, 2)).number
    answer = bring("attendance", came("L1", li.number, number))
    assert only_reason(answer) == ("场次编号", "这一场是在系统里开的，请在场次页面上签到，不能用表格补录")
    assert only_reason(bring("sessions", held(number)))[0] == "场次编号"


# --- given out and come, money ------------------------------------------------------------------------------------------


def test_a_card_given_out_is_not_a_woman_screened(here: World, bring: Bring) -> None:
    wang, sun = a_member(here, "王芳"), a_member(here, "孙敏")
    bring("items", an_activity(service="女职工两癌筛查", kind=""))
    bring("sessions", held(service="女职工两癌筛查"))
    told = {"service": "女职工两癌筛查", "发卡": "2015-03-02"}
    rows = [
        came("L1", wang.number, service=told["service"], 报名日期=told["发卡"], 参加日期="2015-04-01"),
        came("L2", sun.number, service=told["service"], 报名日期=told["发卡"], 参加日期=""),
    ]
    assert verdicts(bring("attendance", *rows)) == {"new": 2}
    assert [value(f"womens.screening.{name}", here.root) for name in ("cards", "issued", "screened")] == [2, 2, 1]
    assert all_right()


def test_what_a_delivery_cost_leaves_its_fund_once_and_comes_back_when_it_is_corrected(
    here: World, bring: Bring
) -> None:
    li, fund = a_member(here, "小李"), a_fund(here, "送清凉")
    del fund
    bring("items", an_activity(service=PACKS, kind="农民工"), an_activity("HD2", PACKS, "出租车司机"))
    spent: dict[str, Any] = {"支出金额": "1200.50", "资金来源": "送清凉"}
    first = bring("sessions", held(service=PACKS, **spent))
    bring("attendance", came("L1", li.number, service=PACKS, 数量="40"))
    told = ("money", "packs", "signatures", "groups", "deliveries", "units")
    assert [value(f"goods.cooling.{name}", here.root) for name in told] == [120_050, 40, 1, 2, 1, 1]
    assert verdicts(bring("sessions", held(service=PACKS, **spent))) == {"unchanged": 1}
    assert verdicts(bring("sessions", held(service=PACKS, **(spent | {"支出金额": "900"})))) == {"changed": 1}
    assert value("goods.cooling.money", here.root) == 90_000
    last = bring("sessions", held(service=PACKS))
    assert value("goods.cooling.money", here.root) == 0
    assert all_right()
    withdraw(last.batch, by=SYSTEM, reason="传错了")
    assert value("goods.cooling.money", here.root) == 90_000
    assert all_right()
    assert first.counts


def test_items_of_other_services_are_no_items_on_the_card(here: World, bring: Bring) -> None:
    an_item(here)
    bring("items", an_activity())
    assert value("card.items.items", here.root) == 1


# --- fairs --------------------------------------------------------------------------------------------------------------


def test_a_fair_counts_employers_twice_when_they_came_twice_and_a_person_placed_twice_once(
    here: World, bring: Bring
) -> None:
    li = a_member(here, "小李")
    bring("items", an_activity(service=FAIR, kind="大型招聘会"), an_activity("HD2", FAIR, "洽谈会"))
    bring("sessions", held(service=FAIR), held("C1", "HD2", FAIR, 举办日期="2015-05-04"))
    stands = [
        {"业务": FAIR, "项目编号": code, "场次编号": "C1", "单位代码": a_uscc(serial), "岗位数": posts}
        for code, serial, posts in (("HD1", 1, "5"), ("HD1", 2, "3"), ("HD2", 1, "4"))
    ]
    assert verdicts(bring("booths", *stands)) == {"new": 3}
    bring(
        "attendance",
        came("L1", li.number, service=FAIR),
        came("L1", li.number, code="HD2", service=FAIR, 参加日期="2015-05-04"),
    )
    where = {"类别": "招聘会录用", "凭证": "合同1", "单位代码": a_uscc(2)}
    placed = bring(
        "outcomes",
        result("L1", "安置", "A1", service=FAIR, **where), result("L1", "安置", "A2", "HD2", FAIR, 日期="2015-06-01", **where),
        result("L1", "求职意向", "Y1", service=FAIR, 单位代码=a_uscc(1)),
        result("L1", "安置", "A3", service=FAIR, **(where | {"凭证": ""})),
        result("L1", "安置", "A4", service=FAIR, **(where | {"单位代码": ""})),
    )  # fmt: skip
    assert verdicts(placed) == {"new": 3, "refused": 2}
    told = (
        "fairs",
        "large",
        "talks",
        "booths",
        "employers",
        "posts",
        "visits",
        "seekers",
        "intents",
        "placements",
        "placed",
    )
    assert [value(f"employment.fairs.{name}", here.root) for name in told] == [2, 1, 1, 3, 2, 12, 2, 1, 1, 2, 1]
    assert Line.objects.filter(act="placed", employer=here.diner).count() == 2
    assert verdicts(bring("booths", stands[0] | {"岗位数": "9"})) == {"changed": 1}
    assert value("employment.fairs.posts", here.root) == 16
    assert Booth.objects.count() == 3


def test_graduates_channels_are_told_apart(here: World, bring: Bring) -> None:
    service = "毕业生就业帮扶"
    bring("items", an_activity(service=service, kind="就业对接"))
    bring("sessions", held(service=service))
    number = a_number(303)
    bring("attendance", came("L1", number, service=service, 姓名="小毕"))
    bring(
        "outcomes",
        result("L1", "安置", "A1", service=service, 类别="优先吸纳", 凭证="合同"),
        result("L1", "安置", "A2", service=service, 类别="结对帮扶", 凭证="合同"),
    )
    told = ("priority", "batch", "startup", "pairing", "people", "training")
    assert [value(f"employment.graduates.{name}", here.root) for name in told] == [1, 0, 0, 1, 1, 0]


# --- the base and the rooms ---------------------------------------------------------------------------------------------


def test_the_base_counts_who_is_there_on_the_day(here: World, bring: Bring) -> None:
    def org(code: str, name: str, kind: str = "协会", **more: str) -> dict[str, str]:
        return {"编号": code, "名称": name, "类别": kind, "入驻日期": "2014-03-01", **more}

    rows = [
        org("S1", "体测中心", "中心"), org("S2", "文体协会", 领域="体育"), org("S3", "体联", 领域="体育"),
        org("S4", "律师协会", 领域="维权", 退出日期="2015-06-01"),
    ]  # fmt: skip
    outcome = bring(
        "social", *rows, org("S5", "无领域"), org("S6", "体联", 领域="体育"), org("S7", "中心二", "中心", 领域="体育")
    )
    assert verdicts(outcome) == {"new": 4, "refused": 3}
    assert [only_reason(outcome, row)[0] for row in (6, 7, 8)] == ["领域", "名称", "领域"]
    may, end = Period.day(date(2015, 5, 1)), YEAR
    told = ("centres", "associations", "fields")
    assert [value(f"social.base.{name}", here.root, may) for name in told] == [1, 3, 2]
    assert [value(f"social.base.{name}", here.root, end) for name in told] == [1, 2, 1]
    assert verdicts(bring("social", *rows)) == {"unchanged": 4}
    assert verdicts(bring("items", an_activity("HD3", "社会组织活动", "文化", 服务商="体联"))) == {"new": 1}
    withdraw(outcome.batch, by=SYSTEM, reason="传错了")
    assert not SocialOrganisation.objects.exists()


def test_rooms_are_counted_where_they_are(here: World, bring: Bring) -> None:
    row = {
        "编号": "M1",
        "名称": "红星母婴室",
        "类别": "母婴关爱室",
        "单位代码": a_uscc(1),
        "地方代码": "W01",
        "启用日期": "2014-05-01",
    }
    assert verdicts(bring("rooms", row, row | {"编号": "M2", "单位代码": a_uscc(777)})) == {"new": 1, "refused": 1}
    assert [value("womens.rooms.rooms", place) for place in (here.root, here.willow, here.bridge)] == [1, 1, 0]
    assert verdicts(bring("rooms", row | {"停用日期": "2015-02-01"})) == {"changed": 1}
    assert value("womens.rooms.rooms", here.root) == 0
    assert CareRoom.objects.count() == 1


# --- whose it is --------------------------------------------------------------------------------------------------------


def test_a_department_brings_in_its_own_services_only(here: World, bring: Bring, tmp_path: Any) -> None:
    labour = an_officer("labour", here.root)
    path = tmp_path / "items.csv"
    header = "业务,项目编号,项目名称,类别,地方代码,开始日期\n"
    path.write_text(
        f"{header}女职工课程,HD8,讲座,法律知识,W00,2015-01-05\n竞赛练兵,HD9,比武,烹饪,W00,2015-01-05\n", "utf-8"
    )
    outcome = run_import(by_name("items"), path, by=labour, on=TODAY)
    assert only_reason(outcome, 2) == ("业务", "这项业务不由您的岗位办理，请由主管的部门导入")
    assert list(Offer.objects.values_list("service", flat=True)) == ["contests"]
    bring("items", an_activity("HD8", "女职工课程", "法律知识"))
    path.write_text(
        "业务,项目编号,场次编号,举办日期\n女职工课程,HD8,C1,2015-03-02\n竞赛练兵,HD9,C1,2015-03-02\n", "utf-8"
    )
    outcome = run_import(by_name("sessions"), path, by=labour, on=TODAY)
    assert only_reason(outcome, 2)[0] == "业务"
    assert Session.objects.get().offer.service == "contests"


# --- parts add up -------------------------------------------------------------------------------------------------------

_PEOPLE = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 50), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_PEOPLE)
def test_parts_add_up_and_distinct_people_do_not(here: World, rows: list[tuple[int, int, bool]]) -> None:
    """Whoever takes how many packs, at either street: packs and signatures of the parts are those of the whole."""
    with transaction.atomic():
        members = [a_member(here, f"职工{at}", at=here.own_union if at % 2 else here.joint_union) for at in range(4)]
        (offer,) = [an_item(here)]
        Offer.objects.filter(pk=offer).update(service="goods.cooling", kind="taxi")
        uses = [
            Use(offer, members[who].person, date(2015, 7, 1 + at), f"L{at}", quantity)
            for at, (who, quantity, kept) in enumerate(rows)
            if kept
        ]
        if uses:
            record_uses(uses, by=SYSTEM)
        for name, total in (("packs", sum(use.quantity for use in uses)), ("signatures", len(uses))):
            figure = catalogue.figure(f"goods.cooling.{name}")
            assert figure.value(here.root, YEAR) == total
            assert figure.together(part for _, part in figure.by_place(here.root, YEAR)) == total
        transaction.set_rollback(True)
