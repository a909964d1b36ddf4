"""Goods at the desk: the plan, the sheet pasted from Excel, a delivery, signatures ticked from paper, and what is missing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.desk_business.conftest import page, send
from tests.offers.cast import an_offer
from tests.world import World
from unionhall.kernel.actor import SYSTEM
from unionhall.ledger.actions import FundRow, open_funds
from unionhall.offers.goods_models import Allotment, Delivery
from unionhall.offers.models import Participation
from unionhall.offers.terms_moves import Terms, set_terms
from unionhall.organisations.actions import UnionRow, record_unions

pytestmark = pytest.mark.django_db

AtDesk = Callable[..., Client]


@pytest.fixture
def packs(here: World) -> int:
    (fund,) = open_funds([FundRow("送清凉", "送清凉专项", here.root)], by=SYSTEM)
    number = an_offer(here, "清凉包", service="goods.cooling")
    set_terms(number, Terms(fen_each=4_000, fund=fund), by=SYSTEM)
    return number


def test_from_the_plan_to_the_last_signature(here: World, packs: int, at_desk: AtDesk) -> None:
    client, finance = at_desk("labour", here.root), at_desk("finance", here.root)
    sheet = f"/desk/offers/{packs}/goods/"
    assert "先定下一共多少份" in page(client, sheet) and "物品分配与签收" in page(client, f"/desk/offers/{packs}/")
    answer = client.post(f"{sheet}plan/", {"units": "10", "budget_fen": "399.99"})
    assert answer.status_code == 422 and "超过预算" in answer.content.decode()
    send(client, f"{sheet}plan/", units="10", budget_fen="400")
    answer = client.post(f"{sheet}allot/", {"parts": "U01\t6\n没有这个工会 3"})
    text = answer.content.decode()
    assert (
        answer.status_code == 422 and "第 2 行" in text and "没有这个工会 3" in text and not Allotment.objects.exists()
    )
    assert "改了 2 个工会" in send(client, f"{sheet}allot/", parts="U01\t6\n石桥东社区联合工会　４")
    text = page(client, sheet)
    assert "还有 2 个工会没有对上" in text and "6 份没有送达" in text
    first, second = Allotment.objects.order_by("-units")
    for row, receiver in ((first, "工会主席"), (second, "工会委员")):
        send(client, f"/desk/allotments/{row.pk}/deliver/", units=str(row.units), receiver=receiver, on=today())
    members = [world.a_member(here, f"工友{n}", at=here.own_union) for n in range(3)]
    ticked = [one.person for one in members]
    signing = f"/desk/allotments/{first.pk}/sign/"
    assert page(client, signing).count('name="sel"') == 3
    answer = client.post(signing, {"sel": ticked, "on": today(), "units": "3"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "只有 6 份" in text and text.count("checked") == 3, (
        "who was ticked stays ticked"
    )
    assert "登记了 3 人签收" in send(client, signing, sel=ticked, on=today(), units="2")
    assert "4 份没有签收" in page(client, sheet)
    assert "没有还没签收的" in page(client, signing) or page(client, signing).count('name="sel"') == 0
    for made in Delivery.objects.order_by("pk"):
        send(finance, f"/desk/deliveries/{made.pk}/pay/", on=today())
    assert "已结清" in page(client, f"/desk/allotments/{first.pk}/")
    last = world.a_member(here, "孙小红")
    send(client, f"/desk/allotments/{second.pk}/sign/", sel=[last.person], on=today(), units="4")
    assert "份数、签收、款项都对上了" in page(client, sheet)
    assert Participation.objects.count() == 4


def today() -> str:
    return timezone.localdate().isoformat()


def test_a_delivery_is_taken_back_with_a_reason(here: World, packs: int, at_desk: AtDesk) -> None:
    client = at_desk("labour", here.root)
    send(client, f"/desk/offers/{packs}/goods/plan/", units="10", budget_fen="400")
    send(client, f"/desk/offers/{packs}/goods/allot/", parts="U01 6")
    row = Allotment.objects.get()
    send(client, f"/desk/allotments/{row.pk}/deliver/", units="6", receiver="主席", on=today())
    made = Delivery.objects.get()
    assert client.post(f"/desk/deliveries/{made.pk}/void/", {"reason": ""}).status_code == 422
    assert "已作废" in send(client, f"/desk/deliveries/{made.pk}/void/", reason="送错了单位")
    assert "6 份没有送达" in page(client, f"/desk/offers/{packs}/goods/")
    assert client.get(f"/desk/deliveries/{made.pk}/pay/").status_code == 403


@pytest.mark.parametrize(
    "parts", ["", "U01", "U01 六份", "U01 -1", "U01 1\nU01 2", "U01 99999999", "石桥 1", "U01 11", "\x00 1"]
)
def test_a_line_nobody_can_read_changes_nothing(here: World, packs: int, at_desk: AtDesk, parts: str) -> None:
    client = at_desk("labour", here.root)
    send(client, f"/desk/offers/{packs}/goods/plan/", units="10", budget_fen="400")
    answer = client.post(f"/desk/offers/{packs}/goods/allot/", {"parts": parts})
    assert answer.status_code == 422 and not Allotment.objects.exists()


def test_a_street_sees_its_own_unions_and_another_item_has_no_goods(here: World, packs: int, at_desk: AtDesk) -> None:
    client = at_desk("labour", here.root)
    send(client, f"/desk/offers/{packs}/goods/plan/", units="10", budget_fen="400")
    send(client, f"/desk/offers/{packs}/goods/allot/", parts="U01 6\nU02 4")
    street = at_desk("station_worker", here.willow)
    text = page(street, f"/desk/offers/{packs}/goods/")
    assert "红星机械厂工会" in text and "石桥东社区联合工会" not in text
    theirs = Allotment.objects.get(units=4)
    assert street.get(f"/desk/allotments/{theirs.pk}/").status_code == 404
    assert street.post(f"/desk/allotments/{theirs.pk}/deliver/", {"units": "1"}).status_code == 404
    assert client.get(f"/desk/offers/{an_offer(here)}/goods/").status_code == 404


def test_the_sheet_of_forty_unions_asks_the_database_little(
    here: World, packs: int, at_desk: AtDesk, django_assert_max_num_queries: Any
) -> None:
    rows = [
        UnionRow(f"Q{n:02d}", f"第{n}工会", "independent", here.drum_tower, "U00", date(2010, 1, 1)) for n in range(40)
    ]
    record_unions(rows, by=SYSTEM)
    client = at_desk("labour", here.root)
    send(client, f"/desk/offers/{packs}/goods/plan/", units="80", budget_fen="3200")
    send(client, f"/desk/offers/{packs}/goods/allot/", parts="\n".join(f"Q{n:02d} 2" for n in range(40)))
    with django_assert_max_num_queries(14):
        page(client, f"/desk/offers/{packs}/goods/")
    with django_assert_max_num_queries(20):
        page(client, f"/desk/allotments/{Allotment.objects.earliest('pk').pk}/")
