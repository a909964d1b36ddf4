"""A contest walked through the doors: the organiser sets it up, two judges fill their sheets, the ranks become honours."""

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.desk_business.conftest import page, send
from tests.desk_business.test_goods import today
from tests.offers.cast import an_offer
from tests.offers.test_results import came
from tests.portal.conftest import a_slot
from tests.shop.conftest import signed_in
from tests.world import Member, World
from unionhall.honours.models import Honour
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.offers import contests
from unionhall.offers.contest_models import Judge, Sheet
from unionhall.organisations.actions import EmployerRow, record_employers

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest(here: World) -> int:
    return a_slot(an_offer(here, "烹饪技能大赛", service="contests"), 30, hours=1)


@pytest.fixture
def desk(here: World) -> Client:
    return signed_in(world.an_officer("labour", here.root))


def a_scorer(here: World, name: str) -> Actor:
    return world.an_officer("scorer", here.root, name=name, today=timezone.localdate())


@pytest.fixture
def cooks(here: World, contest: int) -> list[int]:
    return [came(contest, a_cook(here, name, at)) for at, name in enumerate(("赵一", "钱二", "孙三"))]


def a_cook(here: World, name: str, at: int) -> Member:
    row = EmployerRow(world.a_uscc(70 + at), f"{name}饭庄", here.willow, "private", "H62", 9)
    return world.a_member(here, name, employer=record_employers([row], by=SYSTEM)[0])


def test_the_whole_contest(here: World, contest: int, cooks: list[int], desk: Client) -> None:
    board = f"/desk/sessions/{contest}/contest/"
    assert board in page(desk, f"/desk/sessions/{contest}/") and "还没有设轮次" in page(desk, board)
    bad = desk.post(f"{board}rounds/", {"top_preliminary": "100", "weight_preliminary": "50"})
    assert bad.status_code == 422 and "等于 100" in bad.content.decode()
    rounds = {
        "top_preliminary": "100",
        "weight_preliminary": "0",
        "advance_preliminary": "2",
        "top_practice": "100",
        "weight_practice": "100",
    }
    send(desk, f"{board}rounds/", **rounds)
    colleague = world.a_member(here, "郑评委", employer=contests.entrants(contest)[0].employer)
    one, two = a_scorer(here, "郑评委"), a_scorer(here, "王评委")
    send(desk, f"{board}judge/", account=str(one.account), member=colleague.number)
    send(desk, f"{board}judge/", account=str(two.account), member="")
    first, second = contests.rounds_of(contest)
    phones = [signed_in(one), signed_in(two)]
    sheet = f"/judge/rounds/{first.pk}/"
    for phone in phones:
        assert sheet in page(phone, "/judge/")
    text = page(phones[0], sheet)
    assert "与您同一单位" in text and f"points-{cooks[0]}" not in text and "赵一" not in text and "赵*" in text
    wrong = phones[0].post(sheet, {f"points-{cooks[1]}": "九十", f"points-{cooks[2]}": "80"})
    text = wrong.content.decode()
    assert wrong.status_code == 422 and "不是分数" in text and 'value="九十"' in text and not Sheet.objects.exists()
    assert phones[0].post(sheet, {f"points-{cooks[0]}": "100"}).status_code == 422, "not even by a forged form"
    phones[0].post(sheet, {f"points-{cooks[1]}": "90", f"points-{cooks[2]}": "80"})
    assert "已评 3 / 3" in page(phones[0], sheet) and 'value="90"' not in page(phones[1], sheet), (
        "nobody sees another's sheet"
    )
    assert "还差 3 个分数" in page(desk, board)
    phones[1].post(sheet, {f"points-{cooks[0]}": "85", f"points-{cooks[1]}": "88.5", f"points-{cooks[2]}": "60"})
    send(desk, f"{board}close/")
    assert "89.25（2）" in page(desk, board) and "85.00（1）" in page(desk, board)
    assert phones[1].post(sheet, {f"points-{cooks[0]}": "100"}).status_code == 422 and "评分表只能看" in page(
        phones[1], sheet
    )
    final = f"/judge/rounds/{second.pk}/"
    phones[0].post(final, {f"points-{cooks[1]}": "91"})
    phones[1].post(final, {f"points-{cooks[0]}": "95", f"recused-{cooks[1]}": "1"})
    send(desk, f"{board}close/")
    assert "公布了 2 人的名次" in send(desk, f"{board}rank/", places="3")
    said = {"title": "技术能手", "level": "district", "places": "1", "on": today(), "document_no": "望工发 1 号"}
    assert "已授予 1 人" in send(desk, f"{board}honours/", **said)
    honour = Honour.objects.get()
    assert (honour.title, honour.recipient_name, honour.person_id) == (
        "技术能手",
        "赵一",
        contests.entrants(contest)[0].person_id,
    )
    again = desk.post(f"{board}honours/", said)
    assert again.status_code == 422 and "已经按这场竞赛授予过" in again.content.decode() and Honour.objects.count() == 1


def test_somebody_elses_contest_is_not_there(here: World, contest: int, cooks: list[int], desk: Client) -> None:
    send(desk, f"/desk/sessions/{contest}/contest/rounds/", top_theory="100", weight_theory="100")
    (first,) = contests.rounds_of(contest)
    stranger = signed_in(a_scorer(here, "外人"))
    assert stranger.get(f"/judge/rounds/{first.pk}/").status_code == 404
    assert "还没有请您评分的竞赛" in page(stranger, "/judge/")
    assert desk.get("/judge/").status_code == 403
    outing = a_slot(an_offer(here), 3, hours=1)
    assert desk.get(f"/desk/sessions/{outing}/contest/").status_code == 404


def test_a_judge_who_has_not_begun_is_taken_off(here: World, contest: int, cooks: list[int], desk: Client) -> None:
    one = a_scorer(here, "周评委")
    board = f"/desk/sessions/{contest}/contest/"
    assert "周评委" in page(desk, f"{board}judge/")
    send(desk, f"{board}judge/", account=str(one.account))
    (row,) = Judge.objects.all()
    send(desk, f"/desk/judges/{row.pk}/dismiss/")
    assert not Judge.objects.exists()
