"""Duty rosters: hours given, signed in and out, handed over with consent; what counts is the time somebody was there."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import world
from tests.world import World
from unionhall import catalogue
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.offers.duties import minutes
from unionhall.offers.duty_models import LAWYER, MEDIATOR, Duty
from unionhall.offers.duty_moves import answer_swap, ask_swap, call_off, give_duty, sign_in, sign_out
from unionhall.organisations.actions import StationRow, record_stations

pytestmark = pytest.mark.django_db

NINE = datetime(2015, 9, 7, 1, 0, tzinfo=UTC)
"""Nine o'clock here."""


def at(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


@pytest.fixture
def station(here: World) -> int:
    return record_stations([StationRow("ZB9", "柳荫街道法律服务站", here.willow, world.FOUNDED)], by=SYSTEM)[0]


def a_lawyer(here: World, name: str) -> Actor:
    return world.an_officer("lawyer", here.root, name=name)


def a_duty(station: int, by: Actor, *, hours: float = 0, kind: str = LAWYER) -> int:
    assert by.account is not None
    return give_duty(station, kind, by.account, at(hours), at(hours + 3), window="法律援助窗口", by=SYSTEM)


def figure(here: World, slug: str) -> str:
    one = catalogue.figure(f"duty.{slug}")
    return one.show(one.value(here.root, Period.month(2015, 9)))


def test_the_hours_count_from_arrival_to_leaving_within_the_duty(here: World, station: int) -> None:
    zhou = a_lawyer(here, "周律师")
    first, second, third = (a_duty(station, zhou, hours=hours) for hours in (0, 24, 48))
    sign_in(first, now=at(-0.5), by=zhou)
    assert sign_out(first, now=at(5), by=zhou) == 180, "early and late do not count"
    sign_in(second, now=at(24.5), by=zhou)
    assert sign_out(second, now=at(26), by=zhou) == 90
    assert (figure(here, "lawyers"), figure(here, "lawyer_hours"), figure(here, "mediators")) == ("2", "4.5", "0")
    assert sign_out(second, now=at(27), by=zhou) == 90 and figure(here, "lawyer_hours") == "4.5", "once"
    sign_in(third, now=at(48), by=zhou)
    sign_in(third, now=at(49), by=zhou)
    assert Duty.objects.get(pk=third).arrived_at == at(48) and minutes(Duty.objects.get(pk=third)) == 0


@pytest.mark.parametrize(("hours", "may"), [(-0.51, False), (-0.5, True), (2.99, True), (3, False)])
def test_one_signs_in_when_it_is_time(here: World, station: int, hours: float, may: bool) -> None:
    zhou = a_lawyer(here, "周律师")
    duty = a_duty(station, zhou)
    if may:
        sign_in(duty, now=at(hours), by=zhou)
    else:
        with pytest.raises(Refused, match="半小时"):
            sign_in(duty, now=at(hours), by=zhou)
    assert (Duty.objects.get(pk=duty).arrived_at is not None) is may


def test_a_duty_is_handed_over_to_who_agrees(here: World, station: int) -> None:
    zhou, wu, zheng = (a_lawyer(here, name) for name in ("周律师", "吴律师", "郑律师"))
    duty, busy = a_duty(station, zhou), a_duty(station, zheng, hours=1)
    assert wu.account is not None and zheng.account is not None and zhou.account is not None
    with pytest.raises(Refused, match="已经排了值班"):
        ask_swap(duty, zheng.account, now=at(-24), by=zhou)
    with pytest.raises(Refused, match="另一位"):
        ask_swap(duty, zhou.account, now=at(-24), by=zhou)
    with pytest.raises(NotYours):
        ask_swap(busy, wu.account, now=at(-24), by=zhou)
    ask_swap(duty, wu.account, now=at(-24), by=zhou)
    with pytest.raises(NotYours):
        answer_swap(duty, yes=True, now=at(-23), by=zheng)
    answer_swap(duty, yes=False, now=at(-23), by=wu)
    assert (Duty.objects.get(pk=duty).account, Duty.objects.get(pk=duty).asked) == (zhou.account, None)
    ask_swap(duty, wu.account, now=at(-22), by=zhou)
    with pytest.raises(Refused, match="已经开始"):
        answer_swap(duty, yes=True, now=at(0), by=wu)
    answer_swap(duty, yes=True, now=at(-21), by=wu)
    assert (Duty.objects.get(pk=duty).account, Duty.objects.get(pk=duty).asked) == (wu.account, None)
    with pytest.raises(NotYours):
        sign_in(duty, now=at(0), by=zhou)
    sign_in(duty, now=at(0), by=wu)
    with pytest.raises(Refused, match="已经开始"):
        ask_swap(duty, zhou.account, now=at(-0.1), by=wu)


def test_nobody_is_given_what_cannot_be(here: World, station: int) -> None:
    zhou, mediator = a_lawyer(here, "周律师"), world.an_officer("station_worker", here.willow, name="调解")
    elsewhere = world.an_officer("lawyer", here.bridge, name="外街律师")
    merchant = world.an_officer("merchant", here.root, name="商户")
    a_duty(station, zhou)
    assert a_duty(station, mediator, kind=MEDIATOR)
    for by, kind in ((elsewhere, LAWYER), (merchant, LAWYER), (merchant, MEDIATOR), (mediator, LAWYER)):
        with pytest.raises(Refused, match=r"没有.*的岗位"):
            a_duty(station, by, hours=48, kind=kind)
    for hours in (-2.9, 0, 2.9):
        with pytest.raises(Refused, match="已经排了值班"):
            a_duty(station, zhou, hours=hours)
    assert a_duty(station, zhou, hours=3) and a_duty(station, zhou, hours=-3), "one after the other"
    assert zhou.account is not None
    for ends in (at(24), at(36.1), at(23)):
        with pytest.raises(Refused, match="最多 12 小时"):
            give_duty(station, LAWYER, zhou.account, at(24), ends, by=SYSTEM)


def test_who_arranges_is_who_handles_matters_there(here: World, station: int) -> None:
    zhou = a_lawyer(here, "周律师")
    assert zhou.account is not None
    for role, path in (("finance", here.root), ("rights", here.bridge), ("lawyer", here.root)):
        by = world.an_officer(role, path)
        with pytest.raises(NotYours):
            give_duty(station, LAWYER, zhou.account, at(0), at(3), by=by)
    duty = give_duty(station, LAWYER, zhou.account, at(0), at(3), by=world.an_officer("rights", here.root))
    with pytest.raises(NotYours):
        call_off(duty, reason="x", by=zhou)
    with pytest.raises(Refused, match="写明"):
        call_off(duty, reason=" ", by=SYSTEM)
    call_off(duty, reason="台风", by=world.an_officer("station_head", here.willow))
    with pytest.raises(NotYours):
        sign_in(duty, now=at(0), by=zhou)
    assert a_duty(station, zhou), "the hours are free again"
