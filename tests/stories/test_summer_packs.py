"""2,500 summer packs from the budget to the last signature: a station's forty unions, and the one signature that is missing."""

from datetime import date

import pytest
from django.utils import timezone

from tests import world
from tests.audit.test_rows import faults
from tests.world import FOUNDED, World
from unionhall import catalogue
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.ledger.actions import FundRow, open_funds
from unionhall.ledger.models import Entry
from unionhall.offers import goods, goods_moves, use_moves
from unionhall.offers.actions import OfferRow, open_offers
from unionhall.offers.goods_models import Allotment, Delivery
from unionhall.offers.goods_moves import Part
from unionhall.offers.models import Offer, Participation
from unionhall.offers.terms_moves import Terms, set_terms
from unionhall.organisations.actions import UnionRow, record_unions
from unionhall.people.actions import At, Standing, admit

pytestmark = pytest.mark.django_db

JULY = date(2015, 7, 20)
UNITS, UNIONS, PRICE = 2_500, 40, 4_000


@pytest.fixture
def packs(here: World) -> Offer:
    assert catalogue.SERVICES  # declared by being imported
    (fund,) = open_funds([FundRow("送清凉", "送清凉专项", here.root)], by=SYSTEM)
    (number,) = open_offers(
        [OfferRow("goods.cooling", "QL01", "清凉包", here.willow, date(2015, 6, 1), kind="migrant")], by=SYSTEM
    )
    set_terms(number, Terms("毛巾、花露水、绿豆。", fen_each=PRICE, fund=fund), by=SYSTEM)
    return Offer.objects.get(pk=number)


@pytest.fixture
def unions(here: World) -> list[int]:
    rows = [
        UnionRow(f"Q{n:02d}", f"第{n}工地工会", "independent", here.drum_tower, "U00", FOUNDED) for n in range(UNIONS)
    ]
    return record_unions(rows, by=SYSTEM)


@pytest.fixture
def station(here: World) -> Actor:
    return world.an_officer("station_worker", here.willow, today=timezone.localdate())


def members(here: World, union: int, count: int) -> list[int]:
    """So many members of a union since last year; their ids."""
    people = [world.a_person(f"工友{n}")[0] for n in range(count)]
    at = At(union, here.drum_tower, "independent")
    admit([Standing(one, at, here.courier, "active", "", "", date(2014, 3, 8)) for one in people], by=SYSTEM)
    return people


def test_from_the_budget_to_the_last_signature_and_the_one_that_is_missing(
    here: World, packs: Offer, unions: list[int], station: Actor
) -> None:
    finance = world.an_officer("finance", here.root, today=timezone.localdate())
    goods_moves.plan(packs.pk, UNITS, UNITS * PRICE, by=station)
    shares = [Part(union, 62 if n % 2 else 63) for n, union in enumerate(unions)]
    assert goods_moves.allot(packs.pk, shares, by=station) == UNIONS
    sheet = goods.sheet(Offer.objects.get(pk=packs.pk), station)
    assert (sheet.allotted, sheet.unallotted, sheet.delivered, sheet.signed) == (UNITS, 0, 0, 0)
    assert len(sheet.missing) == UNIONS and not sheet.settled

    for row in list(Allotment.objects.order_by("pk")):
        goods_moves.deliver(row.pk, row.units, "工会主席", on=JULY, by=station)
        people = members(here, row.union_id, 3)
        # Each union gives its packs to three who sign for theirs and their shift's; one man at the last has not signed yet.
        each, rest = divmod(row.units, 3)
        for n, person in enumerate(people):
            if row.union_id == unions[-1] and n == 2:
                continue
            goods_moves.sign(row.pk, [person], units=each + (rest if n == 0 else 0), on=JULY, by=station)
    for made in Delivery.objects.order_by("pk"):
        goods_moves.pay(made.pk, on=JULY, by=finance)

    packs.refresh_from_db()
    sheet = goods.sheet(packs, station)
    (short,) = sheet.missing
    assert short.allotment.union_id == unions[-1] and (short.unsigned, short.undelivered, short.unpaid) == (20, 0, 0)
    assert sheet.delivered == UNITS and sheet.signed == UNITS - 20 and sheet.signers == UNIONS * 3 - 1
    assert sheet.paid == sheet.cost == UNITS * PRICE == packs.budget_fen
    assert not sheet.settled

    goods_moves.sign(short.allotment.pk, [people[2]], units=20, on=JULY, by=station)
    assert goods.sheet(packs, station).settled
    assert faults() == [], "every row stands as the chain of the audit last saw it"
    summer = Period.year(2015)
    assert catalogue.figure("goods.cooling.packs").value(here.root, summer) == UNITS
    assert catalogue.figure("goods.cooling.money").value(here.root, summer) == UNITS * PRICE
    assert sum(Entry.objects.filter(account="paid:goods.cooling").values_list("fen", flat=True)) == UNITS * PRICE
    assert sum(Line.objects.standing().filter(act="delivered").values_list("quantity", flat=True)) == UNITS


def test_nothing_passes_the_step_before_it(here: World, packs: Offer, unions: list[int], station: Actor) -> None:
    with pytest.raises(Refused, match="请先定下份数"):
        goods_moves.allot(packs.pk, [Part(unions[0], 1)], by=station)
    with pytest.raises(Refused, match="超过预算"):
        goods_moves.plan(packs.pk, 11, 10 * PRICE, by=station)
    goods_moves.plan(packs.pk, 10, 10 * PRICE, by=station)
    with pytest.raises(Refused, match="多 1 份"):
        goods_moves.allot(packs.pk, [Part(unions[0], 6), Part(unions[1], 5)], by=station)
    assert not Allotment.objects.exists(), "all or none"
    goods_moves.allot(packs.pk, [Part(unions[0], 6), Part(unions[1], 4)], by=station)
    with pytest.raises(Refused, match="不能少于"):
        goods_moves.plan(packs.pk, 9, 10 * PRICE, by=station)
    row = Allotment.objects.get(union=unions[0])
    with pytest.raises(Refused, match="还有 6 份没有送达"):
        goods_moves.deliver(row.pk, 7, "主席", on=JULY, by=station)
    with pytest.raises(Refused, match="由谁签收"):
        goods_moves.deliver(row.pk, 5, " ", on=JULY, by=station)
    made = goods_moves.deliver(row.pk, 5, "主席", on=JULY, by=station)
    with pytest.raises(Refused, match="已经送达 5 份"):
        goods_moves.allot(packs.pk, [Part(unions[0], 4)], by=station)
    first, second = members(here, unions[0], 2)
    with pytest.raises(Refused, match="只有 5 份"):
        goods_moves.sign(row.pk, [first, second], units=3, on=JULY, by=station)
    goods_moves.sign(row.pk, [first], units=3, on=JULY, by=station)
    with pytest.raises(Refused, match="已经签收过"):
        goods_moves.sign(row.pk, [first], units=1, on=JULY, by=station)
    with pytest.raises(Refused, match="不是这个工会会员"):
        goods_moves.sign(row.pk, members(here, unions[1], 1), on=JULY, by=station)
    with pytest.raises(Refused, match="已有职工签收"):
        goods_moves.take_back(made, reason="送错了", by=station)
    use_moves.void(Participation.objects.get().pk, by=station, reason="签错人")
    goods_moves.take_back(made, reason="送错了", by=station)
    assert goods.sheet(packs, station).delivered == 0
    assert not Line.objects.standing().filter(act="delivered").exists()


def test_a_delivery_is_paid_once_and_not_before_its_price_is_known(
    here: World, packs: Offer, unions: list[int], station: Actor
) -> None:
    finance = world.an_officer("finance", here.root, today=timezone.localdate())
    goods_moves.plan(packs.pk, 10, 10 * PRICE, by=station)
    goods_moves.allot(packs.pk, [Part(unions[0], 10)], by=station)
    made = goods_moves.deliver(Allotment.objects.get().pk, 10, "主席", on=JULY, by=station)
    with pytest.raises(NotYours):
        goods_moves.pay(made, on=JULY, by=station)
    assert goods_moves.pay(made, on=JULY, by=finance) == 10 * PRICE
    with pytest.raises(Refused, match="已经付款"):
        goods_moves.pay(made, on=JULY, by=finance)
    with pytest.raises(Refused, match="请先由财务冲销"):
        goods_moves.take_back(made, reason="送错了", by=station)


def test_another_street_neither_gives_nor_sees(here: World, packs: Offer, unions: list[int], station: Actor) -> None:
    other = world.an_officer("station_worker", here.bridge, today=timezone.localdate())
    goods_moves.plan(packs.pk, 10, 10 * PRICE, by=station)
    goods_moves.allot(packs.pk, [Part(unions[0], 10)], by=station)
    row = Allotment.objects.get()
    for deed in (
        lambda: goods_moves.plan(packs.pk, 10, 10 * PRICE, by=other),
        lambda: goods_moves.allot(packs.pk, [Part(unions[0], 1)], by=other),
        lambda: goods_moves.deliver(row.pk, 1, "主席", on=JULY, by=other),
        lambda: goods_moves.sign(row.pk, [1], on=JULY, by=other),
    ):
        with pytest.raises(NotYours):
            deed()
    assert goods.sheet(packs, other).lines == []
    with pytest.raises(Refused, match="只能分给本项目所在地方"):
        goods_moves.allot(packs.pk, [Part(here.joint_union.id, 1)], by=station)
