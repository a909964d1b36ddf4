"""Legal aid through a lawyer's hands: the means decided, given to who is on duty, minutes, report; another's is not there."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.desk_business.conftest import at_desk, page, refused, send
from tests.world import Member, World
from unionhall.access.models import AccessRow
from unionhall.cases import inbox, lawyer_moves, paper_moves
from unionhall.cases.actions import move, open_case
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case, IssuedPaper
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers.duty_moves import give_duty
from unionhall.organisations.models import Account
from unionhall.web.sudo import PROVED_AT

__all__ = ["at_desk"]
AtDesk = Callable[..., Client]
TODAY = timezone.localdate()
OPENED = TODAY - timedelta(days=2)
MEANS = {"means": "migrant_pay", "means_basis": "居住证、工资欠条"}


def a_lawyer(here: World, name: str, at: str = "") -> Actor:
    return world.an_officer("lawyer", at or here.root, name=name, today=TODAY)


@pytest.fixture
def li(here: World) -> Member:
    return world.a_member(here, "钱大海")


@pytest.fixture
def clerk(here: World) -> Actor:
    return world.an_officer("station_worker", here.bridge)


@pytest.fixture
def asked(here: World, li: Member) -> Case:
    told = {"facts": "两年没有签合同，欠薪四个月", "wants": "represent"}
    return open_case(
        "legal",
        path=here.bridge_east,
        on=OPENED,
        values=told,
        by=SYSTEM,
        person=li.person,
        employer=here.diner,
        cause="pay",
    )


@pytest.fixture
def wang(here: World) -> Actor:
    return a_lawyer(here, "王律师")


@pytest.fixture
def given(asked: Case, clerk: Actor, wang: Actor) -> Case:
    move(asked.pk, "accept", on=TODAY, values=MEANS, by=clerk)
    return move(asked.pk, "assign", on=TODAY, values={"lawyer": str(wang.account)}, by=clerk)


def door(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    session = client.session
    session[PROVED_AT] = int(timezone.now().timestamp())
    session.save()
    return client


def test_an_exemption_is_decided_with_its_reason_and_stands_in_the_decision(asked: Case, clerk: Actor) -> None:
    with pytest.raises(Refused, match="还要填写"):
        move(asked.pk, "accept", on=TODAY, values={"means": "migrant_pay"}, by=clerk)
    with pytest.raises(Refused, match="只用于“工伤”"):
        move(asked.pk, "accept", on=TODAY, values=MEANS | {"means": "migrant_injury"}, by=clerk)
    with pytest.raises(Refused, match="从列表中选择"):
        move(asked.pk, "accept", on=TODAY, values=MEANS | {"means": "rich"}, by=clerk)
    case = move(asked.pk, "accept", on=TODAY, values=MEANS, by=clerk)
    assert case.details["means"] == "migrant_pay" and "欠条" not in str(case.details)
    assert Note.objects.get(case=case, kind="means").text._open() == MEANS["means_basis"]
    paper = paper_moves.issue(case.pk, "legal.decided", {"援助方式和范围": "代理劳动仲裁"}, by=clerk)
    body = json.loads(IssuedPaper.objects.get(pk=paper.pk).content._open())["body"]
    assert "免予核查经济困难状况（《法律援助法》第四十二条第三项）" in body and "代理劳动仲裁" in body


def test_who_is_on_duty_is_offered_first(here: World, asked: Case, clerk: Actor, at_desk: AtDesk) -> None:
    off, on = a_lawyer(here, "安律师"), a_lawyer(here, "张律师")
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    assert on.account is not None
    give_duty(here.stations[1], "lawyer", on.account, noon, noon + timedelta(hours=2), by=SYSTEM)
    move(asked.pk, "accept", on=TODAY, values=MEANS, by=clerk)
    client, at = at_desk("station_worker", here.bridge), f"/desk/cases/{asked.pk}/step/assign/"
    text = page(client, at)
    assert text.index("张律师（今天在石桥工会服务站值班）") < text.index("安律师")
    assert "请在列出的选项里选择" in refused(client, at, on=TODAY.isoformat(), lawyer="999999")
    send(client, at, on=TODAY.isoformat(), lawyer=str(off.account))
    case = Case.objects.get(pk=asked.pk)
    assert (case.lawyer_id, case.details["lawyer"], case.state) == (off.account, "安律师", "assigned")


def test_only_who_holds_the_post_there_is_given_a_matter(here: World, asked: Case, clerk: Actor) -> None:
    move(asked.pk, "accept", on=TODAY, values=MEANS, by=clerk)
    elsewhere = a_lawyer(here, "远律师", here.willow)
    for wrong in (str(elsewhere.account), str(clerk.account), "王律师", "9" * 30):
        with pytest.raises(Refused, match="律师岗位"):
            move(asked.pk, "assign", on=TODAY, values={"lawyer": wrong}, by=clerk)


def test_a_lawyer_sees_what_was_given_to_them_and_nothing_else(here: World, given: Case, wang: Actor) -> None:
    other = a_lawyer(here, "李律师")
    world.a_dispute(here, world.a_member(here, "欧阳晓"))
    assert list(Case.objects.visible_to(wang)) == [given] == list(inbox.mine(wang))
    assert not Case.objects.visible_to(other).exists()
    shown = page(door(wang), "/lawyer/")
    assert given.number in shown and "钱**" in shown and "钱大海" not in shown
    stranger = door(other)
    assert given.number not in page(stranger, "/lawyer/") and "现在没有指派给您的案件" in page(stranger, "/lawyer/")
    page(stranger, f"/lawyer/{given.pk}/", 404)
    for way in ("read", "write", "close"):
        assert stranger.post(f"/lawyer/{given.pk}/{way}/", {"purpose": "x"}).status_code == 404
    with pytest.raises(NotYours):
        lawyer_moves.write(given.pk, "work", "x", on=TODAY, by=other)
    with pytest.raises(NotYours):
        lawyer_moves.close(given.pk, "won", 1, "x", on=TODAY, by=other)
    with pytest.raises(NotYours):
        move(given.pk, "close", on=TODAY, values={"result": "won", "fen_agreed": 1, "report": "x"}, by=other)
    assert door(wang).get(f"/desk/cases/{given.pk}/").status_code == 403


def test_what_was_told_is_read_for_a_reason_its_worker_learns_of(given: Case, wang: Actor, li: Member) -> None:
    client, at = door(wang), f"/lawyer/{given.pk}/"
    assert "两年没有签合同" not in page(client, at)
    answer = client.post(f"{at}read/", {"purpose": " "})
    assert answer.status_code == 422 and "请写明查看原因" in answer.content.decode()
    assert not AccessRow.objects.exists()
    text = client.post(f"{at}read/", {"purpose": "代理仲裁"}).content.decode()
    assert "两年没有签合同" in text and "居住证、工资欠条" in text and "钱大海" in text
    looks = AccessRow.objects.about(li.person)
    assert (
        {look.name for look in looks} == {"王律师"}
        and {look.purpose for look in looks} == {"代理仲裁"}
        and looks.count() == 2
    )


def test_minutes_a_hearing_and_the_closing_report(here: World, given: Case, wang: Actor, clerk: Actor) -> None:
    client, at = door(wang), f"/lawyer/{given.pk}/"
    soon = (TODAY + timedelta(days=9)).isoformat()
    for kind, on, text in (("interview", TODAY.isoformat(), "当事人有考勤照片"), ("hearing", soon, "区仲裁委二庭")):
        assert client.post(f"{at}write/", {"kind": kind, "on": on, "text": text}).status_code == 302
    assert client.post(f"{at}write/", {"kind": "interview", "on": soon, "text": "x"}).status_code == 422
    assert client.post(f"{at}write/", {"kind": "interview", "on": "x", "text": "x"}).status_code == 422
    assert client.post(f"{at}write/", {"kind": "interview", "on": soon, "text": ""}).status_code == 422
    shown = page(client, at)
    assert "当事人有考勤照片" in shown and f"开庭：{soon}" in shown
    assert f"{soon} 开庭" in page(client, "/lawyer/")

    report = {"result": "partly", "amount": "12,000.50", "on": TODAY.isoformat(), "report": "裁决支付欠薪。"}
    for wrong in ({"result": ""}, {"amount": ""}, {"amount": "-1"}, {"report": " "}, {"result": "lost"}, {"on": soon}):
        answer = client.post(f"{at}close/", report | wrong)
        assert answer.status_code == 422, wrong
        assert "裁决支付欠薪" in answer.content.decode() or "report" in wrong
    assert client.post(f"{at}close/", report).status_code == 302
    case = Case.objects.get(pk=given.pk)
    assert (case.state, case.result, case.fen_agreed, case.closed_on) == ("closed", "partly", 1_200_050, TODAY)
    assert "裁决支付欠薪" not in str(case.details)
    assert Note.objects.get(case=case, kind="report").text._open() == "裁决支付欠薪。"
    assert "12,000.50 元" in page(client, at) and "已结案" in page(client, "/lawyer/")
    with pytest.raises(Refused, match="已经结案"):
        lawyer_moves.write(given.pk, "work", "x", on=TODAY, by=wang)


def test_the_station_does_not_close_for_the_lawyer_and_may_give_it_to_another(
    here: World, given: Case, wang: Actor, clerk: Actor
) -> None:
    told = {"result": "won", "fen_agreed": 5, "report": "x"}
    with pytest.raises(NotYours):
        move(given.pk, "close", on=TODAY, values=told, by=clerk)
    other = a_lawyer(here, "李律师")
    with pytest.raises(Refused, match="已经指派给这位律师"):
        move(given.pk, "replace", on=TODAY, values={"lawyer": str(wang.account)}, by=clerk)
    move(given.pk, "replace", on=TODAY, values={"lawyer": str(other.account)}, by=clerk)
    assert not Case.objects.visible_to(wang).exists()
    with pytest.raises(NotYours):
        lawyer_moves.close(given.pk, "won", 5, "x", on=TODAY, by=wang)
    assert lawyer_moves.close(given.pk, "won", 5, "x", on=TODAY, by=other).state == "closed"


def test_a_lawyer_whose_post_ended_sees_nothing_more(given: Case, wang: Actor) -> None:
    gone = Actor(wang.account, wang.name)
    assert not Case.objects.visible_to(gone).exists()
    with pytest.raises(NotYours):
        lawyer_moves.write(given.pk, "work", "x", on=TODAY, by=gone)


def test_a_matter_whose_lawyer_has_no_account_is_closed_by_the_station(given: Case, clerk: Actor) -> None:
    Case.objects.filter(pk=given.pk).update(lawyer=None)
    told = {"result": "settled", "fen_agreed": 5, "report": "x"}
    assert move(given.pk, "close", on=TODAY, values=told, by=clerk).state == "closed"


def test_the_steps_of_the_desk_say_whose_they_are(here: World, given: Case, at_desk: AtDesk) -> None:
    text = page(at_desk("station_worker", here.bridge), f"/desk/cases/{given.pk}/")
    assert "由律师办理" in text and "更换律师" in text and "制作法律援助决定书" in text
