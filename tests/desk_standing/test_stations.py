"""Stations and the people on post there, as the desk keeps them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from tests import world
from tests.desk_standing.test_unions import form
from tests.world import World
from unionhall import catalogue
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.organisations.actions import staffing, station_life
from unionhall.organisations.actions.staffing import Post
from unionhall.organisations.actions.stations import StationRow, change_stations
from unionhall.organisations.models import Establishment, Staff, Station

pytestmark = pytest.mark.django_db
AsOfficer = Callable[[str, str], Client]


def workers(path: str, day: date) -> object:
    return catalogue.figure("staff.social_workers").value(path, Period.day(day))


def test_a_station_is_opened_granted_posts_and_closed_when_nobody_is_left(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    client = as_officer("organisation", here.root)
    page = form(client, "/desk/stations/new/", name="鼓楼服务站", path=here.willow, since=date(2016, 3, 1), area=80,
                rooms="调解室、书屋，茶室", accepted_on=date(2016, 9, 1))  # fmt: skip
    row = Station.objects.get(name="鼓楼服务站")
    assert (row.code, row.rooms) == ("Z0003", ["调解室", "书屋", "茶室"])
    form(client, f"{page}grant/", kind="social_worker", posts=2, since=date(2016, 3, 1))
    someone = form(
        client,
        f"/desk/staff/new/?station={row.pk}",
        name="孙立",
        kind="social_worker",
        station=row.pk,
        since=date(2016, 4, 1),
    )
    shown = client.get(page).content.decode()
    assert "1 / 2" in client.get("/desk/stations/").content.decode()
    assert "还有 1 人在岗" in shown and "服务站达标" in shown
    assert client.get(f"{page}close/").status_code == 422
    form(client, f"{someone}leave/", on=today, reason="退休")
    form(client, f"{page}close/", on=today, reason="合并办公")
    assert not Establishment.objects.on(today).filter(station=row).exists()
    assert catalogue.figure("station.open").value(here.root, Period.day(today)) == 2
    (undo, *_rest) = client.get("/desk/undo/").context["rows"]
    form(client, f"/desk/undo/{undo.key}/")
    assert Establishment.objects.on(today).get(station=row).posts == 2
    assert catalogue.figure("station.open").value(here.root, Period.day(today)) == 3


def test_whoever_is_on_post_goes_where_the_station_goes_and_who_left_stays(here: World, today: date) -> None:
    first = Station.objects.get(pk=here.stations[0])
    day = date(2015, 1, 1)
    before = [workers(path, day) for path in (here.willow, here.bridge)]
    row = StationRow(
        first.code, first.name, here.bridge, first.since, rooms=tuple(first.rooms), accepted_on=first.accepted_on
    )
    change_stations([(first.pk, row)], by=SYSTEM)
    assert Staff.objects.get(number="G001").path == here.bridge
    assert Staff.objects.get(number="G002").path == here.willow, "left before the move"
    assert [workers(path, today) for path in (here.willow, here.bridge)] == [0, 2]
    assert workers(here.root, day) == sum(before)  # type: ignore[arg-type]
    seen = Staff.objects.visible_to(world.an_officer("street", here.bridge)).values_list("number", flat=True)
    assert set(seen) == {"G001", "G003"}


def test_a_head_of_station_sees_to_their_own_station_only(here: World, as_officer: AsOfficer, today: date) -> None:
    client = as_officer("station_head", here.willow)
    one = Staff.objects.get(number="G001")
    other = Staff.objects.get(number="G003")
    assert client.get(f"/desk/staff/{other.pk}/").status_code == 404
    assert client.post(f"/desk/staff/{other.pk}/leave/", {"on": today}).status_code == 404
    page = client.post(f"/desk/staff/{one.pk}/transfer/", {"station": here.stations[1], "on": today})
    assert page.status_code == 422, "the other station is not among the choices"
    officer = world.an_officer("station_head", here.willow)
    with pytest.raises(NotYours):
        staffing.transfer_staff(one.pk, here.stations[1], on=today, by=officer)
    assert as_officer("leader", here.root).get(f"/desk/staff/{one.pk}/leave/").status_code == 403


def test_someone_goes_to_another_station_and_comes_back_with_the_undo(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    client = as_officer("organisation", here.root)
    one = Staff.objects.get(number="G001")
    page = form(client, f"/desk/staff/{one.pk}/transfer/", station=here.stations[1], on=today)
    assert (workers(here.willow, today), workers(here.bridge, today)) == (0, 2)
    assert workers(here.willow, today - timedelta(days=1)) == 1
    assert "柳荫工会服务站" in client.get(page).content.decode()
    (undo,) = client.get("/desk/undo/").context["rows"]
    form(client, f"/desk/undo/{undo.key}/")
    assert (workers(here.willow, today), workers(here.bridge, today)) == (1, 1)
    again = form(client, f"/desk/staff/{one.pk}/transfer/", station=here.stations[1], on=today)
    assert again == page, "the same step on the same day is the same record"
    assert (workers(here.willow, today), workers(here.bridge, today)) == (0, 2)


def test_a_change_of_kind_is_a_post_of_its_own(here: World, as_officer: AsOfficer, today: date) -> None:
    client = as_officer("organisation", here.root)
    one = Staff.objects.get(number="G001")
    form(client, f"/desk/staff/{one.pk}/kind/", kind="assistant", on=today)
    assert workers(here.willow, today) == 0
    assert catalogue.figure("staff.assistants").value(here.willow, Period.day(today)) == 1
    assert [row.kind for row in Staff.objects.filter(number="G001").order_by("since")] == ["social_worker", "assistant"]


def test_nobody_is_on_post_twice(here: World, today: date) -> None:
    with pytest.raises(Refused, match="时间重叠"):
        staffing.take_post(Post("周敏", "social_worker", here.stations[1], today, "G001"), by=SYSTEM)
    with pytest.raises(Refused, match="还没有到"):
        staffing.take_post(Post("周敏", "social_worker", here.stations[1], today + timedelta(days=1)), by=SYSTEM)
    with pytest.raises(Refused, match="早于"):
        staffing.take_post(Post("周敏", "social_worker", here.stations[1], date(2009, 1, 1)), by=SYSTEM)
    one = Staff.objects.get(number="G001")
    with pytest.raises(Refused, match="要晚于到岗日期"):
        staffing.transfer_staff(one.pk, here.stations[1], on=one.since, by=SYSTEM)


def test_a_leaving_is_not_taken_back_when_the_number_is_on_post_again(here: World, today: date) -> None:
    gone = Staff.objects.get(number="G002")
    staffing.take_post(Post("吴刚", "assistant", here.stations[1], today, "G002"), by=SYSTEM)
    with pytest.raises(Refused, match="时间重叠"):
        staffing.return_to_post(gone.pk, by=SYSTEM)


def test_the_list_shows_who_was_on_post_on_a_day(here: World, as_officer: AsOfficer) -> None:
    client = as_officer("leader", here.root)

    def named(query: str) -> set[str]:
        text = client.get(f"/desk/staff/?{query}").content.decode()
        return {name for name in ("周敏", "吴刚", "郑洁") if f">{name}</a>" in text}

    assert named("reset=1") == {"周敏", "郑洁"}
    assert named("on=2015-01-01") == {"周敏", "吴刚"}
    assert named("on=all") == {"周敏", "吴刚", "郑洁"}
    assert named(f"on=2015-03-01&place={here.bridge}") == {"郑洁"}
    assert named("on=nonsense") == {"周敏", "郑洁"}


def test_posts_granted_and_missing_are_said(here: World, as_officer: AsOfficer) -> None:
    client = as_officer("leader", here.root)
    text = client.get("/desk/stations/").content.decode()
    assert "1 / 3，缺 2" in text and "1 / 1" in text
    with pytest.raises(NotYours):
        station_life.grant_posts(
            here.stations[0], "lawyer", 1, since=date(2016, 1, 1), by=world.an_officer("leader", here.root)
        )
    station_life.grant_posts(here.stations[0], "social_worker", 0, since=date(2016, 1, 1), by=SYSTEM)
    assert "超编 1" in client.get(f"/desk/stations/{here.stations[0]}/").content.decode()
