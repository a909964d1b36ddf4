"""Something in my record is wrong: said on the telephone, settled at the station, read on the telephone again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.portal.test_offers import page
from tests.world import Member, World
from unionhall import catalogue
from unionhall.cases import actions, intake_moves
from unionhall.cases.models import Case
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.messages.models import Notice
from unionhall.people.models import Membership

pytestmark = pytest.mark.django_db

ASK = "/me/data/correct/"
RIGHT = "手机号早换了，新号尾数 7788"


def test_she_asks_the_station_settles_it_and_the_figure_moves(here: World, phone: Client, li: Member) -> None:
    assert ASK in page(phone, "/me/data/")
    assert phone.post(ASK, {"cause": "mobile", "right": RIGHT}).status_code == 302
    case = Case.objects.get()
    assert (case.service, case.cause, case.person_id, case.path) == ("correction", "mobile", li.person, li.path)
    assert "手机号" in page(phone, ASK) and "待核实" in page(phone, ASK)
    assert RIGHT not in page(phone, ASK) and RIGHT not in str(case.details), "what she wrote is sealed"
    today = timezone.localdate()
    station = world.an_officer("station_worker", here.bridge, today=today)
    assert Case.objects.visible_to(station).filter(pk=case.pk).exists(), "it waits at her own station"
    figure = catalogue.figure("correction.corrected")
    assert figure.value(here.root, Period.year(today.year)) == 0
    actions.move(case.pk, "correct", on=today, values={}, by=station)
    assert figure.value(here.root, Period.year(today.year)) == 1
    assert "已更正</em>" in page(phone, ASK)
    assert Notice.objects.filter(person=li.person, subject=case.subject).exists()


def test_a_refusal_says_why(here: World, phone: Client, li: Member) -> None:
    phone.post(ASK, {"cause": "number", "right": "末位是 X"})
    today = timezone.localdate()
    station = world.an_officer("station_worker", here.bridge, today=today)
    actions.move(Case.objects.get().pk, "decline", on=today, values={"reason": "与身份证一致"}, by=station)
    text = page(phone, ASK)
    assert "不予更正" in text and "与身份证一致" in text


def test_sent_twice_it_is_one_and_after_an_answer_another_may_be_asked(here: World, phone: Client) -> None:
    sent = {"cause": "name", "right": "秀瑛"}
    assert [phone.post(ASK, sent).status_code for _ in range(2)] == [302, 302]
    assert Case.objects.count() == 1
    station = world.an_officer("station_worker", here.bridge, today=timezone.localdate())
    actions.move(Case.objects.get().pk, "correct", on=timezone.localdate(), values={}, by=station)
    phone.post(ASK, sent)
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"cause": "", "right": RIGHT}, "请从列表中选择"),
        ({"cause": "salary", "right": RIGHT}, "请从列表中选择"),
        ({"cause": "name", "right": "  "}, "请填写“正确的应该是什么”"),
        ({"cause": "name", "right": "长" * 501}, "最多 500 个字"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_kept(phone: Client, sent: dict[str, str], said: str) -> None:
    answer = phone.post(ASK, sent)
    text = answer.content.decode()
    assert answer.status_code == 422 and said in text and sent["right"] in text
    assert not Case.objects.exists()


def test_who_belongs_nowhere_is_sent_to_a_station(phone: Client, li: Member) -> None:
    Membership.objects.filter(person=li.person).update(until=timezone.localdate())
    answer = phone.post(ASK, {"cause": "name", "right": "秀瑛"})
    assert answer.status_code == 422 and "请带证件到就近的工会服务站" in answer.content.decode()


def test_nobody_asks_for_somebody_else_nor_brings_what_workers_may_not(
    here: World, li: Member, wang: Member, phone_of: Callable[[Member], Client]
) -> None:
    me, now = Actor(None, li.name, person=li.person), timezone.now()
    with pytest.raises(NotYours):
        actions.open_case("correction", path=li.path, on=now.date(), values={"right": "x"}, by=me, person=wang.person)
    with pytest.raises(NotYours):
        intake_moves.bring("aid.file", "deep", {"income": "x", "cause": "x"}, now=now, by=me)
    with pytest.raises(NotYours):
        intake_moves.bring("correction", "name", {"right": "x"}, now=now, by=SYSTEM)
    with pytest.raises(Refused):
        intake_moves.bring("correction", "pay", {"right": "x"}, now=now, by=me)
    intake_moves.bring("correction", "name", {"right": "x"}, now=now, by=me)
    assert "我申请过的" not in page(phone_of(wang), ASK)
