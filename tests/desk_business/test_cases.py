"""A matter at the desk, from the door to its end: each step by the post it belongs to, and the figures after it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.desk_business.conftest import figure, page, refused, send, words_of
from tests.world import World
from unionhall.cases.models import Case
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.ledger.actions import balance
from unionhall.ledger.fund_moves import take_in
from unionhall.ledger.models import Fund, Posting
from unionhall.web.desk.cases import STATES, state_title

AtDesk = Callable[..., Client]
DISPUTE = {
    "member": "钱大海", "cause_key": "pay", "channel": "visit", "headcount": "3", "fen_claimed": "8,000.00",
    "form_claim": "支付拖欠的工资", "form_facts": "去年十月起未发工资",
}  # fmt: skip


def a_dispute(here: World, client: Client, on: str = "2015-04-01", **said: str) -> Case:
    send(client, "/desk/cases/add/mediation/", **(DISPUTE | {"place": here.bridge, "on": on} | said))
    return Case.objects.order_by("-pk")[0]


def test_a_dispute_from_the_door_to_its_settlement(here: World, at_desk: AtDesk) -> None:
    world.a_member(here, "钱大海")
    client = at_desk("station_worker", here.bridge)
    case = a_dispute(here, client)
    assert (case.cause, case.headcount, case.fen_claimed, case.employer_id) == ("pay", 3, 800_000, here.diner)
    assert figure("mediation.accepted", here.bridge) == 0
    send(client, f"/desk/cases/{case.pk}/step/accept/", on="2015-04-02")
    assert (figure("mediation.accepted", here.bridge), figure("mediation.workers", here.bridge)) == (1, 3)
    text = send(client, f"/desk/cases/{case.pk}/step/settle/", on="2015-04-10", fen_agreed="5000")
    assert "达成协议" in text
    assert figure("mediation.agreed", here.bridge) == 1
    assert (figure("mediation.agreed_amount", here.bridge), figure("mediation.amount", here.bridge)) == (
        500_000,
        800_000,
    )
    assert "5,000.00 元" in text and "成功调解劳动争议" in text


def test_what_was_told_is_sealed_and_masked(here: World, at_desk: AtDesk) -> None:
    world.a_member(here, "钱大海")
    client = at_desk("station_worker", here.bridge)
    case = a_dispute(here, client)
    text = page(client, f"/desk/cases/{case.pk}/")
    assert "支付拖欠的工资" not in text and "钱大海" not in text
    assert "钱**" in text
    assert b"\xe6\x8b\x96\xe6\xac\xa0" not in bytes(Case.objects.get(pk=case.pk).sealed_details.envelope)
    assert case.details == {}


def test_a_hardship_files_cause_in_words_stays_sealed(here: World, at_desk: AtDesk) -> None:
    world.a_member(here, "钱大海")
    client = at_desk("street", here.bridge)
    send(
        client, "/desk/cases/add/aid.file/", member="钱大海", place=here.bridge, on="2015-04-01", cause_key="deep", form_income="12000",
        form_cause="母亲患病",
    )  # fmt: skip
    case = Case.objects.get()
    assert (case.cause, case.details) == ("deep", {})
    send(client, f"/desk/cases/{case.pk}/step/file/", on="2015-04-03")
    assert figure("aid.file.workers", here.bridge) == 1


def test_each_step_belongs_to_its_post_and_money_is_paid_once(here: World, at_desk: AtDesk) -> None:
    world.a_member(here, "钱大海")
    fund = world.a_fund(here)
    take_in(fund, 1_000_000, voucher="P1", source="区财政", on=date(2015, 1, 5), by=SYSTEM)
    station, aid, finance = (
        at_desk(role, at) for role, at in (("station_worker", here.bridge), ("aid", here.root), ("finance", here.root))
    )
    send(
        station,
        "/desk/cases/add/aid.medical/",
        member="钱大海",
        place=here.bridge,
        on="2015-05-01",
        form_reason="住院",
        cause_key="illness",
    )
    case = Case.objects.get()
    at = f"/desk/cases/{case.pk}/"
    send(station, f"{at}step/verify/", on="2015-05-02")
    said = words_of(page(station, at))
    assert "批准 由帮扶部办理" in said
    page(station, f"{at}step/approve/", 404)
    send(aid, f"{at}step/approve/", on="2015-05-03", fen_agreed="3000", fund="送温暖")
    assert "由财务部办理" in words_of(page(aid, at))
    assert figure("aid.medical.people", here.bridge) == 0
    send(finance, f"{at}step/pay/", on="2015-05-04", fund="送温暖")
    assert (figure("aid.medical.people", here.bridge), figure("aid.medical.amount", here.bridge)) == (1, 300_000)
    assert balance(fund) == 700_000
    page(finance, f"{at}step/pay/", 404)
    assert Posting.objects.filter(cause__startswith="aid.medical").count() == 1


def test_a_reversed_payment_takes_the_figure_back_with_it(here: World, at_desk: AtDesk) -> None:
    li = world.a_member(here, "钱大海")
    case = world.some_aid(world.a_fund(here), li)
    finance = at_desk("finance", here.root)
    assert figure("aid.medical.amount", here.bridge) == 300_000
    rows = page(finance, "/desk/entries/")
    entry = re.search(r"/desk/entries/(\d+)/", rows)
    assert entry
    assert "医疗救助" in rows
    refused(finance, f"/desk/entries/{entry[1]}/reverse/", reason="")
    assert "退回待发放" in send(finance, f"/desk/entries/{entry[1]}/reverse/", reason="账号有误")
    assert (figure("aid.medical.amount", here.bridge), figure("aid.medical.people", here.bridge)) == (0, 0)
    assert Case.objects.get(pk=case).state == "approved"
    send(finance, f"/desk/cases/{case}/step/pay/", on="2015-07-01", fund="送温暖")
    assert figure("aid.medical.amount", here.bridge) == 300_000
    assert balance(Fund.objects.get().pk) == -300_000


def test_a_correction_moves_the_figures_and_keeps_what_stood(here: World, at_desk: AtDesk) -> None:
    case = world.a_dispute(here, world.a_member(here, "钱大海"))
    client = at_desk("rights", here.root)
    form = {
        "cause": "injury",
        "channel": "",
        "headcount": "4",
        "employer": world.a_uscc(2),
        "fen_claimed": "9000",
        "fen_agreed": "6000",
    }
    refused(client, f"/desk/cases/{case}/correct/", **form, reason="")
    assert figure("mediation.agreed_amount", here.bridge) == 500_000
    send(client, f"/desk/cases/{case}/correct/", **form, reason="录入有误")
    assert figure("mediation.agreed_amount", here.bridge) == 600_000
    assert figure("mediation.amount", here.bridge) == 900_000
    assert figure("mediation.workers", here.bridge) == 4
    assert figure("mediation.agreed", here.bridge) == 1
    assert Line.objects.filter(subject=f"case:{case}", voided_by__reason="录入有误").exists()
    assert AuditEntry.objects.filter(subject=f"case:{case}", act="case.correct").exists()
    assert "没有改动" in refused(client, f"/desk/cases/{case}/correct/", **form, reason="再改一次")


def test_paid_money_is_not_corrected_on_paper(here: World, at_desk: AtDesk) -> None:
    case = world.some_aid(world.a_fund(here), world.a_member(here, "钱大海"))
    form = {"channel": "", "headcount": "1", "employer": "", "fen_claimed": "", "fen_agreed": "1"}
    text = refused(at_desk("aid", here.root), f"/desk/cases/{case}/correct/", **form, reason="改小")
    assert "已经发放" in text


def test_a_department_sees_its_own_services(here: World, at_desk: AtDesk) -> None:
    li = world.a_member(here, "钱大海")
    dispute, grant = world.a_dispute(here, li), world.some_aid(world.a_fund(here), li)
    for role, seen, unseen in (("rights", dispute, grant), ("aid", grant, dispute), ("finance", grant, dispute)):
        client = at_desk(role, here.root)
        page(client, f"/desk/cases/{seen}/")
        page(client, f"/desk/cases/{unseen}/", 404)
        listed = page(client, "/desk/cases/")
        assert f"/desk/cases/{seen}/" in listed and f"/desk/cases/{unseen}/" not in listed
    offered = page(at_desk("aid", here.root), "/desk/cases/")
    assert 'value="aid.medical"' in offered and 'value="mediation"' not in offered
    assert "/desk/cases/add/mediation/" not in page(at_desk("aid", here.root), "/desk/cases/add/")
    page(at_desk("aid", here.root), "/desk/cases/add/mediation/", 404)
    page(at_desk("publicity", here.root), "/desk/cases/", 403)


def test_another_streets_matter_does_not_exist(here: World, at_desk: AtDesk) -> None:
    case = world.a_dispute(here, world.a_member(here, "钱大海"), agreed=None)
    client = at_desk("station_worker", here.willow)
    for way in ("", "step/settle/", "correct/"):
        page(client, f"/desk/cases/{case}/{way}", 404)
    assert "没有这位在册会员" in refused(
        client, "/desk/cases/add/mediation/", **DISPUTE, place=here.willow, on="2015-04-01"
    )


def test_a_member_is_found_by_number_and_never_by_a_shared_name(here: World, at_desk: AtDesk) -> None:
    one = world.a_member(here, "钱大海")
    world.a_member(here, "钱大海")
    client = at_desk("station_worker", here.bridge)
    said = DISPUTE | {"place": here.bridge, "on": "2015-04-01"}
    assert "同名的会员不止一位" in refused(client, "/desk/cases/add/mediation/", **said)
    for number in (one.mobile, one.number):
        send(client, "/desk/cases/add/mediation/", **(said | {"member": number}))
        assert Case.objects.order_by("-pk")[0].person_id == one.person
    assert Case.objects.count() == 2


def test_the_legal_clock_is_said(here: World, at_desk: AtDesk) -> None:
    world.a_member(here, "钱大海")
    client = at_desk("station_worker", here.bridge)
    today = timezone.localdate()
    case = a_dispute(here, client, on=today.isoformat())
    assert "企业劳动争议协商调解规定 第二十二条" in page(client, f"/desk/cases/{case.pk}/")
    late = a_dispute(here, client, on="2015-04-01")
    assert "已超期" in page(client, f"/desk/cases/{late.pk}/")
    assert figure("mediation.accepted", here.bridge, Period.day(today)) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"fen_claimed": "一千"}, "不是金额"),
        ({"on": "2099-01-01"}, "不能晚于今天"),
        ({"form_claim": ""}, "请求事项"),
        ({"headcount": "0"}, "1"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(here: World, at_desk: AtDesk, wrong: dict[str, str], said: str) -> None:
    world.a_member(here, "钱大海")
    form = DISPUTE | {"place": here.bridge, "on": "2015-04-01"} | wrong
    text = refused(at_desk("station_worker", here.bridge), "/desk/cases/add/mediation/", **form)
    assert said in text and "去年十月起未发工资" in text
    assert not Case.objects.exists()


def test_a_list_names_the_state_as_the_matters_own_service_does(here: World, at_desk: AtDesk) -> None:
    """A state is called otherwise in other services; the list once wrote all those words beside each matter."""
    row = Case.objects.get(pk=world.a_dispute(here, world.a_member(here, "钱大海"), agreed=None))
    badges = re.findall(
        r'<span class="st st-\w+">([^<]*)</span>', page(at_desk("station_worker", here.bridge), "/desk/cases/")
    )
    assert badges == [state_title(row)]
    assert str(STATES[row.state]) != state_title(row), "several services know this state"


def test_few_queries(here: World, at_desk: AtDesk, django_assert_max_num_queries: Any) -> None:
    cases = [world.a_dispute(here, world.a_member(here, f"钱大海{at}")) for at in "一二三四五六"]
    client = at_desk("station_worker", here.bridge)
    for address in (
        "/desk/cases/",
        f"/desk/cases/{cases[0]}/",
        f"/desk/cases/{cases[0]}/correct/",
        "/desk/cases/add/mediation/",
    ):
        # The page of a matter also shows its parties, its chain, the bodies outside, what was referred, its papers and files.
        with django_assert_max_num_queries(23 if address.endswith(f"{cases[0]}/") else 15):
            page(client, address)


def test_the_desk_opens_with_what_is_due_first_in_few_queries(
    here: World, at_desk: AtDesk, django_assert_max_num_queries: Any
) -> None:
    """However many matters wait: the page shows twelve, late ones first, and asks the database as often for twenty as for one."""
    client = at_desk("station_worker", here.bridge)
    member = world.a_member(here, "钱大海")
    for day in range(1, 21):
        world.a_dispute(here, member, opened_on=date(2026, 3, day), agreed=None)
    page(client, "/desk/")
    with django_assert_max_num_queries(15):
        text = page(client, "/desk/")
    assert text.count('class="what"') == 12
    assert re.search(r"全部 20 件", text)
    days = [int(found) for found in re.findall(r"超期 (\d+) 天", text)]
    assert days == sorted(days, reverse=True) and len(days) == 12


def test_who_may_only_see_matters_has_no_inbox_of_them(here: World, at_desk: AtDesk) -> None:
    world.a_dispute(here, world.a_member(here, "钱大海"), agreed=None)
    assert "先办这些" not in page(at_desk("leader", here.root), "/desk/")
    assert "先办这些" in page(at_desk("station_worker", here.bridge), "/desk/")
