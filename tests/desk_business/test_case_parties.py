"""Many people's matter at the desk and on the telephone: pasted, named, given amounts, paid in part, taken on elsewhere."""

import re
from collections.abc import Callable

from django.test import Client

from tests import world
from tests.desk_business.conftest import figure, page, refused, send, words_of
from tests.desk_business.test_cases import AtDesk, a_dispute
from tests.world import Member, World
from unionhall.cases import parties
from unionhall.cases.models import Case
from unionhall.cases.party_models import Outside, Party

Worker = Callable[[int], Client]


def a_crowd(here: World, client: Client, more: int) -> tuple[Case, list[Member]]:
    """A dispute of 钱大海 and so many colleagues, each found by their mobile number."""
    world.a_member(here, "钱大海")
    case = a_dispute(here, client, headcount="1", fen_claimed="800")
    others = [world.a_member(here, f"王{'一二三四五六七八九十'[at % 10]}") for at in range(more)]
    pasted = "\n".join(f"{one.mobile}\t500.50" for one in others)
    send(client, f"/desk/cases/{case.pk}/parties/", who=pasted, role="applicant", on="2015-04-01")
    return Case.objects.get(pk=case.pk), others


def test_pasted_numbers_are_written_down_and_each_that_is_not_says_why(here: World, at_desk: AtDesk) -> None:
    client = at_desk("station_worker", here.bridge)
    case, others = a_crowd(here, client, 2)
    assert (case.headcount, case.fen_claimed) == (3, 180_100)
    third = world.a_member(here, "赵四")
    pasted = f"{others[0].mobile} 1\n13900009999\n\n{third.number} 1,000元\n外地来的老周 20"
    text = words_of(send(client, f"/desk/cases/{case.pk}/parties/", who=pasted, role="applicant", on="2015-04-01"))
    assert "登记了 1 人" in text
    assert "第 1 行：已经是这个事项的当事人" in text and "第 2 行：您的岗位范围内没有" in text and "第 4 行" in text
    assert "13900009999" not in text
    send(
        client,
        f"/desk/cases/{case.pk}/parties/",
        who="外地来的老周 20",
        role="applicant",
        by_name="on",
        on="2015-04-01",
    )
    case.refresh_from_db()
    assert (case.headcount, case.fen_claimed) == (5, 180_100 + 100_000 + 2_000)


def test_when_nobody_could_be_written_down_what_was_typed_stays(here: World, at_desk: AtDesk) -> None:
    client = at_desk("station_worker", here.bridge)
    case, _others = a_crowd(here, client, 1)
    text = refused(client, f"/desk/cases/{case.pk}/parties/", who="没有这个人", role="applicant", on="2015-04-01")
    assert "没有这个人" in text
    for unseen in ("\u200b", " \u200b \n\u3000"):
        text = refused(client, f"/desk/cases/{case.pk}/parties/", who=unseen, role="applicant", on="2015-04-01")
        assert "这一项不能空着，请填写。" in text


def test_ten_are_flagged_and_taken_up_when_some_speak_for_them(here: World, at_desk: AtDesk) -> None:
    client = at_desk("station_worker", here.bridge)
    case, _others = a_crowd(here, client, 10)
    text = words_of(page(client, f"/desk/cases/{case.pk}/"))
    assert "集体 · 11 人" in text and "推举 3 至 5 名代表" in text
    assert "集体 · 11 人" in words_of(page(client, "/desk/cases/?many=collective"))
    assert "请先在“当事人”里登记职工" in refused(client, f"/desk/cases/{case.pk}/step/accept/", on="2015-04-02")
    named = [party.pk for party in parties.applicants(case)]
    assert "3 至 5" in refused(client, f"/desk/cases/{case.pk}/speakers/", named=named[:2])
    send(client, f"/desk/cases/{case.pk}/speakers/", named=named[:3])
    send(client, f"/desk/cases/{case.pk}/step/accept/", on="2015-04-02")
    assert (figure("mediation.accepted", here.bridge), figure("mediation.workers", here.bridge)) == (1, 11)
    assert figure("rights.workers", here.bridge) == 11


def test_settled_paid_in_part_and_broken_it_goes_on_before_arbitration(here: World, at_desk: AtDesk) -> None:
    client = at_desk("station_worker", here.bridge)
    case, _others = a_crowd(here, client, 1)
    at = f"/desk/cases/{case.pk}"
    send(client, f"{at}/step/accept/", on="2015-04-02")
    first, second = (party.pk for party in parties.applicants(case))
    text = refused(client, f"{at}/step/settle/", on="2015-04-10", **{f"agreed_{first}": "600"})
    assert "请填写“应得（元）”" in text
    text = send(client, f"{at}/step/settle/", on="2015-04-10", **{f"agreed_{first}": "600", f"agreed_{second}": "400"})
    assert "1,000.00 元" in words_of(text)
    text = send(client, f"{at}/paid/", on="2015-04-20", **{f"paid_{first}": "600", f"paid_{second}": "100"})
    assert "还有 300.00 元没有付" in text
    assert "不能少于已经支付" in refused(client, f"{at}/amounts/", reason="x", **{
        f"claimed_{first}": "800", f"agreed_{first}": "500", f"claimed_{second}": "500", f"agreed_{second}": "400",
    })  # fmt: skip
    text = words_of(send(client, f"{at}/step/breach/", on="2015-05-04", reason="不付"))
    assert "还没有支付 300.00 元" in text
    assert figure("rights.recovered", here.bridge) == 70_000
    send(
        client,
        f"{at}/outside/",
        way="out",
        kind="arbitration",
        body="望河区仲裁委",
        number="望劳仲1号",
        on="2015-05-05",
    )
    outside = Outside.objects.get(case=case)
    assert "不能比已经支付的还少" in refused(
        client, f"/desk/outside/{outside.pk}/result/", result="won", on="2015-06-20", fen="699"
    )
    text = words_of(send(client, f"/desk/outside/{outside.pk}/result/", result="won", on="2015-06-20", fen="1000"))
    assert "望劳仲1号" in text and "挽回损失" in text, text[text.find("下一步") :][:900]
    assert "支持职工" in text
    assert figure("rights.recovered", here.bridge) == 100_000


def test_turned_into_legal_aid_nothing_sealed_is_shown_and_it_is_linked(here: World, at_desk: AtDesk) -> None:
    client = at_desk("station_worker", here.bridge)
    case, _others = a_crowd(here, client, 1)
    assert "转为…" in page(client, f"/desk/cases/{case.pk}/")
    assert "工会法律援助" in page(client, f"/desk/cases/{case.pk}/turn/")
    form = page(client, f"/desk/cases/{case.pk}/turn/legal/")
    assert "不填就沿用" in form and "去年十月" not in form
    text = send(client, f"/desk/cases/{case.pk}/turn/legal/", on="2015-04-03", form_wants="represent")
    aid = Case.objects.get(service="legal")
    assert aid.chain_id == case.pk and aid.sealed_details is not None and case.number in text
    assert aid.number in page(client, f"/desk/cases/{case.pk}/")
    assert client.get(f"/desk/cases/{case.pk}/turn/legal/").status_code == 404


def test_somebody_is_taken_out_with_a_reason(here: World, at_desk: AtDesk) -> None:
    client = at_desk("station_worker", here.bridge)
    case, _others = a_crowd(here, client, 1)
    party = parties.applicants(case)[1]
    refused(client, f"/desk/parties/{party.pk}/remove/", reason="")
    text = send(client, f"/desk/parties/{party.pk}/remove/", reason="登记错了人")
    assert "已移出" in text and Party.objects.get(pk=party.pk).until is not None
    assert client.get(f"/desk/parties/{party.pk}/remove/").status_code == 404
    assert re.search("移出当事人：申请人", words_of(text))
