"""The public page of stations: what it tells of each, what it leaves out, and what has run out is not shown as held."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.world import World
from unionhall.cases import case_moves
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.actions import TagRow, UnionRow, record_unions, station_life, tag_unions
from unionhall.organisations.actions.station_life import Stated
from unionhall.organisations.models import Station

pytestmark = pytest.mark.django_db


def test_everybody_reads_where_a_station_is_and_when_it_is_open_and_nobodys_name(here: World, client: Client) -> None:
    first = Station.objects.get(pk=here.stations[0])
    told = Stated(first.name, first.path, first.since, address="柳荫街1号", rooms=("调解室",), accepted_on=first.accepted_on,
                  hours="周一至周五 9:00—17:30", windows=("综合窗口", "法律援助窗口"))  # fmt: skip
    station_life.correct_station(first.pk, told, by=SYSTEM)
    page = client.get("/stations/").content.decode()
    for text in (
        "柳荫街1号",
        "周一至周五 9:00—17:30",
        "综合窗口、法律援助窗口",
        "调解室",
        "2015-05-20 通过验收",
        "石桥工会服务站",
        "还没有验收",
        "柳荫街道",
    ):
        assert text in page, text
    assert "没有登记，请打职工服务热线问" in page, "the other station has told neither"
    for secret in ("周敏", "吴刚", "郑洁", "G001"):
        assert secret not in page, "who works there is nobody's business here"
    assert "会站家合一" not in page
    assert '/stations/"' in client.get("/").content.decode(), "the front page leads there"


def test_stars_are_shown_while_they_hold(here: World, client: Client) -> None:
    today = timezone.localdate()
    day = today - timedelta(days=30)
    head = world.an_officer("station_head", here.willow, today=today)
    district = world.an_officer("organisation", here.root, today=today)
    case = case_moves.open_one(
        "station.star",
        path=here.willow,
        on=day,
        values={},
        by=head,
        person=None,
        employer=None,
        station=here.stations[0],
    )
    case_moves.take_on(case.pk, "declare", on=day, values={}, by=head)
    case_moves.take_on(case.pk, "review", on=day, values={"review_no": "1号"}, by=district)
    assert "星，有效期至" not in client.get("/stations/").content.decode(), "declared is not awarded"
    runs_out = {"stars": 3, "star_until": today.isoformat(), "award_no": "2号"}
    case_moves.take_on(case.pk, "award", on=day, values=runs_out, by=district)
    assert "星，有效期至" not in client.get("/stations/").content.decode(), "what ran out today is not held"
    until = (today + timedelta(days=365)).isoformat()
    case_moves.take_on(case.pk, "keep", on=today, values={"star_until": until, "award_no": "3号"}, by=district)
    page = client.get("/stations/").content.decode()
    assert f"3 星，有效期至 {until}" in page and "★★★☆☆" in page


def test_a_closed_station_and_another_unions_mark_are_not_shown(here: World, client: Client) -> None:
    unions = [
        UnionRow("X1", "柳荫街道总工会", "street_federation", here.willow, None, world.FOUNDED),
        UnionRow("X2", "石桥联合工会二", "joint", here.bridge, None, world.FOUNDED),
    ]
    street, joint = record_unions(unions, by=SYSTEM)
    tag_unions([TagRow(joint, "three_in_one", here.bridge, world.FOUNDED)], by=SYSTEM)
    assert "会站家合一" not in client.get("/stations/").content.decode()
    tag_unions([TagRow(street, "three_in_one", here.willow, world.FOUNDED)], by=SYSTEM)
    assert client.get("/stations/").content.decode().count("会站家合一") == 1
    for one in Station.objects.get(pk=here.stations[1]).staff.filter(until=None):
        one.until = timezone.localdate()
        one.save()
    station_life.close_station(here.stations[1], on=timezone.localdate(), reason="并站", by=SYSTEM)
    assert "石桥工会服务站" not in client.get("/stations/").content.decode()
