"""Registers of matters that have no form of their own: when each came, and how far it came."""

import pytest

from tests import world
from tests.exchange_registers.answers import only_reason, verdicts
from tests.exchange_registers.conftest import Bring
from tests.world import World, a_number, a_uscc
from unionhall import catalogue
from unionhall.cases.models import Case
from unionhall.exchange import permits
from unionhall.exchange.withdrawal import withdraw
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period

pytestmark = pytest.mark.django_db


def matter(code: str = "SF1", kind: str = "三方会议", **more: str) -> dict[str, str]:
    return {"业务": kind, "编号": code, "登记日期": "2015-02-11", "办理到": "已召开", "办理日期": "2015-03-18", **more}


def squad(code: str = "JC1", **more: str) -> dict[str, str]:
    return matter(
        code,
        "劳动监察",
        **{"地方代码": "W02", "用人单位代码": a_uscc(2), "类别": "工资支付", "办理到": "单位已改正", **more},
    )


def test_meetings_of_past_years_are_counted_by_their_day(here: World, bring: Bring) -> None:
    rows = [
        matter(),
        matter("SF2", 办理日期="2015-09-18"),
        matter("SF3", 办理到="议题已商定"),
        matter("SF4", 登记日期="2014-01-08", 办理日期="2014-03-18"),
    ]
    assert verdicts(bring("matters", *rows)) == {"new": 4}
    held = catalogue.figure("tripartite.held")
    assert (held.value(here.root, Period.year(2015)), held.value(here.root, Period.year(2014))) == (2, 1)
    assert verdicts(bring("matters", *rows)) == {"unchanged": 4}
    assert verdicts(bring("matters", rows[2] | {"办理到": "已召开"})) == {"changed": 1}
    assert held.value(here.root, Period.year(2015)) == 3


def test_a_matter_of_a_worker_and_an_employer(here: World, bring: Bring) -> None:
    row = squad(职工姓名="孙工", 证件号码=a_number(300), 人数="12")
    outcome = bring("matters", row)
    case = Case.objects.get()
    assert (case.service, case.state, case.cause, case.headcount) == ("inspection", "corrected", "pay", 12)
    assert (case.employer_id, case.closed_on is None) == (here.diner, False)
    assert [line.act for line in Line.objects.filter(service="inspection").order_by("pk")] == ["received", "corrected"]
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="重来")
    assert not Case.objects.exists() and not Line.objects.standing().filter(service="inspection").exists()


@pytest.mark.parametrize(
    ("row", "because"),
    [
        (matter(办理到="开过了"), ("办理到", "“三方会议”的环节有：议题征集中、议题已商定、不再召开、已召开、纪要已签")),
        (matter(办理日期=""), ("办理日期", "写明办到这一环节的日期；刚登记、还没有办理的不填")),
        (matter(办理到="议题征集中"), ("办理日期", "写明办到这一环节的日期；刚登记、还没有办理的不填")),
        (matter(办理日期="2015-01-18"), ("办理日期", "2015-01-18 早于登记日期 2015-02-11，请核对")),
        (matter(类别="工资支付"), ("类别", "“三方会议”不分类别，请不要填")),
        (
            matter("JH1", "组建工会", 地方代码="W0102", 办理到="已联系"),
            ("用人单位代码", "组建工会是一家单位的事项，请填单位"),
        ),
        (
            matter("JH1", "组建工会", 地方代码="W0102", 用人单位代码=a_uscc(3), 办理到="已登记成立"),
            ("办理到", "办到“已登记成立”的不从这里导入：工会、覆盖单位、会员各有登记表"),
        ),
        (
            matter("RH1", "入会申请", 地方代码="W0201", 用人单位代码=a_uscc(2), 办理到="已批准入会"),
            ("办理到", "办到“已批准入会”的不从这里导入：工会、覆盖单位、会员各有登记表"),
        ),
        (matter(职工姓名="孙工"), ("证件号码", "姓名和证件号码要一起填，或者都不填")),
    ],
)
def test_a_wrong_row_comes_back(here: World, bring: Bring, row: dict[str, str], because: tuple[str, str]) -> None:
    assert only_reason(bring("matters", row)) == because
    assert not Case.objects.exists()


def test_a_department_brings_in_matters_of_its_own_services_only(here: World) -> None:
    rights, women = world.an_officer("rights", here.root), world.an_officer("women", here.root)
    assert permits.places(rights, "matters", "inspection") == (here.root,)
    assert permits.places(women, "matters", "inspection") == ()
