"""The training record on a worker's telephone, the sheet an officer fills for it, and the page where anybody checks a certificate."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests import world
from tests.desk_business.conftest import page, send
from tests.desk_business.test_goods import today
from tests.offers.cast import an_offer
from tests.offers.test_results import came
from tests.portal.conftest import a_slot
from tests.shop.conftest import signed_in
from tests.world import Member, World
from unionhall.kernel.actor import SYSTEM
from unionhall.offers.models import Outcome
from unionhall.offers.terms_moves import Terms, set_terms
from unionhall.organisations.models import Employer

pytestmark = pytest.mark.django_db

Phones = Callable[[Member], Client]


@pytest.fixture
def class_(here: World) -> int:
    offer = an_offer(here, "焊工班", service="training.classes")
    set_terms(offer, Terms(details={"hours": "40", "ordered_by": "望河机械厂"}), by=SYSTEM)
    return a_slot(offer, 10, hours=1)


@pytest.fixture
def desk(here: World) -> Client:
    return signed_in(world.an_officer("labour", here.root))


def test_the_desk_fills_the_sheets_and_the_worker_reads_her_record(
    here: World, class_: int, desk: Client, li: Member, wang: Member, phone_of: Phones
) -> None:
    mine, hers = came(class_, li), came(class_, wang)
    sheet = f"/desk/sessions/{class_}/results/"
    assert sheet in page(desk, f"/desk/sessions/{class_}/") and "还没有登记结果" in page(desk, sheet)
    bad = desk.post(f"{sheet}tested/", {"on": today(), f"choice-{mine}": "passed", f"amount-{mine}": "八十"})
    text = bad.content.decode()
    assert bad.status_code == 422 and "不是数字" in text and 'value="八十"' in text, "what was typed still stands"
    assert "登记了 2 人的结果" in send(
        desk, f"{sheet}tested/", on=today(),
        **{f"choice-{mine}": "passed", f"amount-{mine}": "86.5", f"choice-{hers}": "failed", f"amount-{hers}": "41"},
    )  # fmt: skip
    assert desk.post(f"{sheet}certified/", {"on": today()}).status_code == 422, "nobody was ticked"
    send(desk, f"{sheet}certified/", on=today(), **{f"tick-{mine}": "1"})
    number = Outcome.objects.get(kind="certified").proof
    assert number in page(desk, sheet)
    phone = phone_of(li)
    assert "/me/record/" in page(phone, "/me/data/")
    text = page(phone, "/me/record/")
    for word in ("焊工班", "40", "望河机械厂", "考试 合格 · 86.50 分", number, f"/certificates/?number={number}"):
        assert word in text, word
    assert number not in (other := page(phone_of(wang), "/me/record/")) and "考试 不合格 · 41 分" in other
    text = page(Client(), f"/certificates/?number={number}")
    assert "有效" in text and "李**" in text
    for hidden in ("李秀英", "焊工班", "86.5", li.number):
        assert hidden not in text
    one = Outcome.objects.get(kind="certified").pk
    assert desk.post(f"/desk/results/{one}/void/", {"reason": ""}).status_code == 422
    send(desk, f"/desk/results/{one}/void/", reason="考试作弊")
    assert "已作废" in page(Client(), f"/certificates/?number={number}") and "已作废" in page(desk, sheet)
    assert f"/certificates/?number={number}" not in page(phone, "/me/record/")


def test_numbers_are_not_tried_one_after_the_other(here: World) -> None:
    client = Client()
    assert "没有这个编号" in page(client, "/certificates/?number=ZS2026-000001-000000")
    for at in range(19):
        client.get("/certificates/", {"number": f"ZS2026-000001-{at:06d}"})
    assert "查得太频繁" in page(client, "/certificates/?number=ZS2026-000001-000020", status=429)
    assert page(client, "/certificates/"), "the form itself is always there"


def test_a_record_begins_empty_and_says_what_to_do(phone: Client) -> None:
    assert "还没有参加过培训或竞赛" in page(phone, "/me/record/")


def test_there_is_no_sheet_for_what_nothing_comes_of(here: World, desk: Client, class_: int) -> None:
    outing = a_slot(an_offer(here), 3, hours=1)
    assert desk.get(f"/desk/sessions/{outing}/results/").status_code == 404
    assert "/results/" not in page(desk, f"/desk/sessions/{outing}/")
    for kind in ("ranked", "nothing"):
        assert desk.get(f"/desk/sessions/{class_}/results/{kind}/").status_code == 404


def test_a_placement_names_the_employer_by_its_code_or_its_name(here: World) -> None:
    women = signed_in(world.an_officer("aid", here.root))
    fair = a_slot(an_offer(here, "春风招聘会", service="employment.fairs"), 10, hours=1)
    row = came(fair, world.a_member(here, "钱大海"))
    sheet = f"/desk/sessions/{fair}/results/placed/"
    said = {"on": today(), f"choice-{row}": "fair", f"employer-{row}": "没有这家", f"proof-{row}": "合同 1"}
    bad = women.post(sheet, said)
    assert bad.status_code == 422 and "单位名册里没有" in bad.content.decode()
    code = Employer.objects.order_by("pk")[0].uscc
    send(women, sheet, **(said | {f"employer-{row}": code}))
    assert Outcome.objects.get(kind="placed").proof == "合同 1"
