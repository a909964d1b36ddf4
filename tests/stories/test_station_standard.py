"""石桥工会服务站 from a plan to the city's standard: set up, checked by itself, by the district and by the city; sent back on the
way, taken from it in the end; and the figures move by that and by nothing else.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.audit.test_rows import faults
from tests.world import World
from unionhall import catalogue
from unionhall.cases import case_moves, handling_moves, station_moves, station_rules
from unionhall.cases.models import Case
from unionhall.cases.station_models import ItemCheck
from unionhall.cases.station_moves import Found
from unionhall.exchange.casefile_models import CaseFile
from unionhall.exchange.run import run_import
from unionhall.exchange.templates import by_name
from unionhall.exchange.withdrawal import withdraw
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.organisations.actions import station_life
from unionhall.organisations.actions.station_life import Stated
from unionhall.organisations.models import Account, PastAcceptance, Station
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

pytestmark = pytest.mark.django_db

assert catalogue.SERVICES  # declared by being imported

OPEN = {"address": "石桥大街8号", "hours": "周一至周五 9:00—17:30", "windows": ("综合窗口", "法律援助窗口")}


@pytest.fixture
def head(here: World) -> Actor:
    return world.an_officer("station_head", here.bridge, today=timezone.localdate())


@pytest.fixture
def district(here: World) -> Actor:
    return world.an_officer("organisation", here.root, today=timezone.localdate())


@pytest.fixture
def station(here: World) -> Station:
    return Station.objects.get(pk=here.stations[1])


def tell(station: Station, by: Actor, **told: Any) -> None:
    """Put into the register what everybody is to know of a station."""
    kept = Stated(station.name, station.path, station.since, area=station.area)
    station_life.correct_station(station.pk, kept._replace(**told), by=by)


def a_plan(station: Station, by: Actor, on: date | None = None) -> Case:
    return case_moves.open_one(
        "station.standard", path=station.path, on=on or timezone.localdate(), values={}, by=by, person=None, employer=None,
        station=station.pk,
    )  # fmt: skip


def go(case: Case, name: str, by: Actor, on: date | None = None, **values: Any) -> Case:
    return case_moves.take_on(case.pk, name, on=on or timezone.localdate(), values=values, by=by)


def every_item(met: bool = True, words: str = "照片在档", **otherwise: Found) -> Mapping[str, Found]:
    items = station_rules.items_on(timezone.localdate())
    return {item.key: otherwise.get(item.key, Found(met, words)) for item in items}


def value(key: str, path: str, day: date | None = None) -> Any:
    return catalogue.figure(key).value(path, Period.day(day or timezone.localdate()))


def accepted(station: Station, head: Actor, district: Actor) -> Case:
    """A station that reached the standard today."""
    tell(station, head, **OPEN)
    case = a_plan(station, head)
    go(case, "set_up", head)
    station_moves.check(case.pk, every_item(), by=head)
    go(case, "self_check", head)
    station_moves.check(case.pk, every_item(words=""), by=district)
    go(case, "district_check", district)
    return go(case, "accept", district, accepted_no="京工验〔2026〕12号")


def test_a_station_is_brought_to_the_standard_and_counted_once(
    here: World, station: Station, head: Actor, district: Actor
) -> None:
    keys = ("station.open", "station.accepted")
    before = {key: value(key, here.root) for key in keys}
    case = a_plan(station, head)
    with pytest.raises(Refused, match=r"开放时间.*服务窗口"):
        go(case, "set_up", head)
    tell(station, head, **OPEN)
    go(case, "set_up", head)
    with pytest.raises(Refused, match=r"还有 16 项没有自查：门牌标识"):
        go(case, "self_check", head)
    missing = Found(False, "制度牌还在制作")
    station_moves.check(case.pk, every_item(board_rules=missing), by=head)
    go(case, "self_check", head)
    station_moves.check(case.pk, every_item(words="", board_rules=missing), by=district)
    with pytest.raises(Refused, match=r"还有 1 项必备条件没有达到：上墙：工作制度"):
        go(case, "district_check", district)
    go(case, "send_back", district, reason="制度牌没有上墙")
    with pytest.raises(Refused, match=r"还有 1 项没有自查：上墙：工作制度"):
        go(case, "self_check", head)
    station_moves.check(case.pk, {"board_rules": Found(True, "六月三日上墙，照片在档")}, by=head)
    go(case, "self_check", head)
    with pytest.raises(Refused, match="上墙：工作制度"):
        go(case, "district_check", district)  # what the district found before is no answer to what the station says now
    station_moves.check(case.pk, {"board_rules": Found(True)}, by=district)
    go(case, "district_check", district)
    assert Station.objects.get(pk=station.pk).accepted_on is None
    case = go(case, "accept", district, accepted_no="京工验〔2026〕12号")

    today = timezone.localdate()
    assert Station.objects.get(pk=station.pk).accepted_on == today and case.closed_on == today
    told = Line.objects.standing().filter(service="station", act="accepted", subject=f"station:{station.pk}")
    assert [(line.on, line.path, line.by) for line in told] == [(today, here.bridge, district.account)]
    assert {key: value(key, here.root) - before[key] for key in keys} == {"station.open": 0, "station.accepted": 1}
    figure, day = catalogue.figure("station.accepted"), Period.day(today)
    assert figure.value(here.root, day) == len(figure.lines(here.root, day)) == 2
    assert value("station.accepted", here.root, today - timedelta(days=1)) == before["station.accepted"]
    year = Period.year(today.year)
    assert catalogue.figure("station.standard.self_checked").value(here.bridge, year) == 2
    assert ItemCheck.objects.filter(case=case, item="board_rules").count() == 4, (
        "what was found before stays to be read"
    )
    assert faults() == [], "every row stands as the chain of the audit last saw it"


def test_an_acceptance_taken_back_stays_counted_for_the_days_it_held(
    here: World, station: Station, head: Actor, district: Actor
) -> None:
    first = date(2015, 3, 2)
    tell(station, head, **OPEN, accepted_on=first)
    with pytest.raises(Refused, match="已于 2015-03-02 通过验收"):
        a_plan(station, head)
    assert value("station.accepted", here.bridge, date(2016, 1, 1)) == 1

    end = date(2018, 5, 7)
    station_life.withdraw_acceptance(station.pk, on=end, reason="迁址后没有复验", by=district)
    assert [
        value("station.accepted", here.bridge, day) for day in (date(2016, 1, 1), end - timedelta(days=1), end)
    ] == [1, 1, 0]
    figure, then = catalogue.figure("station.accepted"), Period.day(date(2016, 1, 1))
    assert figure.cells(figure.lines(here.bridge, then))[0][-1] == first, "its records say since when"  # type: ignore[attr-defined]
    lines = Line.objects.standing().filter(subject=f"station:{station.pk}").order_by("on")
    assert [(line.act, line.on) for line in lines] == [("accepted", first), ("acceptance_withdrawn", end)]
    with pytest.raises(Refused, match="2018-05-07 才取消"):
        station_life.accept_station(station.pk, on=date(2017, 1, 1), by=district)
    tell(station, head, **(OPEN | {"address": "石桥大街9号"}))
    assert Line.objects.standing().filter(subject=f"station:{station.pk}", act="accepted").count() == 1, (
        "it was accepted all the same"
    )

    case = accepted(Station.objects.get(pk=station.pk), head, district)
    assert value("station.accepted", here.bridge) == 1 and value("station.accepted", here.bridge, date(2016, 1, 1)) == 1
    case = go(case, "withdraw", district, reason="登记错了站")
    assert (case.state, value("station.accepted", here.bridge)) == ("lapsed", 0)
    assert list(PastAcceptance.objects.filter(station=station).values_list("since", "until")) == [(first, end)], (
        "it never was"
    )
    assert faults() == []


def test_the_stations_word_the_districts_and_the_approval_are_never_one_persons(
    here: World, station: Station, head: Actor, district: Actor
) -> None:
    both = Actor(head.account, head.name, (*head.posts, *district.posts))
    tell(station, head, **OPEN)
    case = a_plan(station, both)
    go(case, "set_up", both)
    station_moves.check(case.pk, every_item(), by=both)
    go(case, "self_check", both)
    with pytest.raises(Refused, match="不能由您自己核查"):
        station_moves.check(case.pk, every_item(words=""), by=both)
    station_moves.check(case.pk, every_item(words=""), by=district)
    with pytest.raises(Refused, match="不能由您自己批准"):
        go(case, "district_check", both)
    go(case, "district_check", district)
    with pytest.raises(Refused, match="不能由您自己批准"):
        go(case, "accept", both, accepted_no="1号")
    with pytest.raises(NotYours):
        go(case, "accept", head, accepted_no="1号")
    assert go(case, "accept", district, accepted_no="1号").state == "met"


def test_what_shows_an_item_is_asked_for_and_only_by_whose_turn_it_is(
    here: World, station: Station, head: Actor, district: Actor
) -> None:
    tell(station, head, **OPEN)
    case = a_plan(station, head)
    with pytest.raises(NotYours):
        station_moves.check(case.pk, every_item(), by=head)  # not set up yet: there is nothing to check
    go(case, "set_up", head)
    for said, words in (
        (Found(True), "达标的，请写明依据"), (Found(False), "请写明缺什么"), (Found(True, "长" * 201), "最多 200 个字"),
        (Found(True, "", 999), "这件事项的材料"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            station_moves.check(case.pk, {"sign": said}, by=head)
    with pytest.raises(Refused, match="清单里没有这一项"):
        station_moves.check(case.pk, {"nothing": Found(True, "x")}, by=head)
    with pytest.raises(NotYours):
        station_moves.check(case.pk, every_item(), by=district)
    with pytest.raises(NotYours):
        station_moves.check(
            case.pk, every_item(), by=world.an_officer("station_head", here.willow, today=timezone.localdate())
        )
    assert station_moves.check(case.pk, {"sign": Found(True, "照片")}, by=head) == 1
    with pytest.raises(Refused, match="没有任何改动"):
        station_moves.check(case.pk, {"sign": Found(True, "照片")}, by=head)


def test_a_photo_of_the_matter_shows_an_item_while_it_is_there(
    here: World, station: Station, head: Actor, client: Client
) -> None:
    tell(station, head, **OPEN)
    case, other = a_plan(station, head), a_plan(other_station(here), SYSTEM)
    go(case, "set_up", head)
    mine, theirs, gone = (a_photo(one, token) for one, token in ((case, "t1"), (other, "t2"), (case, "")))
    for file in (theirs, gone):
        with pytest.raises(Refused, match="这件事项的材料"):
            station_moves.check(case.pk, {"sign": Found(True, "", file)}, by=head)
    client.force_login(Account.objects.get(pk=head.account))
    at = f"/desk/cases/{case.pk}/check/"
    offered = client.get(at).content.decode()
    assert f'value="{mine}"' in offered and f'value="{theirs}"' not in offered and f'value="{gone}"' not in offered
    sent = client.post(
        at, {"met_sign": "yes", "evidence_sign": "", "file_sign": str(mine), "met_office": "no", "evidence_office": ""}
    )
    assert sent.status_code == 422 and "请写明缺什么" in sent.content.decode()
    assert client.post(at, {"met_sign": "yes", "file_sign": str(mine)}).status_code == 302
    assert ItemCheck.objects.get(case=case).file == mine
    page = client.get(f"/desk/cases/{case.pk}/").content.decode()
    assert f"材料 {mine}" in page and "未查" in page


def a_photo(case: Case, token: str) -> int:
    """A file of a matter; without a token it was taken away."""
    (number,) = bulk.ids(CaseFile, 1)
    CaseFile.objects.create(
        pk=number,
        case=case,
        name=sealer(CaseFile, "name")(number, "门牌.jpg"),
        form="jpg",
        size=1,
        token=token,
        at=timezone.now(),
    )
    return number


def other_station(here: World) -> Station:
    """The other station, which the register tells to be accepted, as one that is not."""
    row = Station.objects.get(pk=here.stations[0])
    tell(row, SYSTEM, address="柳荫街1号")
    return Station.objects.get(pk=row.pk)


def test_the_list_is_an_officers_and_dated(here: World, station: Station, head: Actor, district: Actor) -> None:
    today = timezone.localdate()
    later = today + timedelta(days=30)
    shipped = [item.key for item in station_rules.items_on(today)]
    lay_down = station_moves.lay_down_item
    key = lay_down(
        "",
        "母婴关爱室",
        "有独立的母婴关爱室：照片",
        required=True,
        since=today,
        reason="京工发〔2026〕3号",
        by=district,
    )
    lay_down(
        "sign", "统一门头", "门头按新样式做：照片", required=True, since=later, reason="京工发〔2026〕3号", by=district
    )
    station_moves.end_item("office", since=later, reason="京工发〔2026〕3号", by=district)
    now, then = ({item.key: item for item in station_rules.items_on(day)} for day in (today, later))
    assert list(now) == [*shipped, key] and now["sign"].title == "门牌标识" and now["sign"].since is None
    assert then["sign"].title == "统一门头" and "office" not in then and then[key].required
    assert [item.key for item in station_rules.items_on(today - timedelta(days=1))] == shipped
    for given, words in (
        ({"since": today - timedelta(days=1)}, "从今天或以后起施行"), ({"title": " "}, "请填写这一项"), ({"title": "长" * 61}, "最多 60 个字"),
        ({"key": "office"}, "不再要求"), ({"key": "sign"}, "起已有这一项的规定"),
    ):  # fmt: skip
        said = {
            "key": "area",
            "title": "站面积",
            "evidence": "平面图",
            "required": True,
            "since": today,
            "reason": "文号",
        } | given
        with pytest.raises(Refused, match=words):
            lay_down(said.pop("key"), said.pop("title"), said.pop("evidence"), **said, by=district)
    with pytest.raises(NotYours):
        lay_down("", "私加一项", "照片", required=False, since=today, reason="无", by=head)
    with pytest.raises(NotYours):
        station_moves.end_item("sign", since=today, reason="无", by=world.an_officer("rights", here.root, today=today))

    tell(station, head, **OPEN)
    case = a_plan(station, head)
    go(case, "set_up", head)
    station_moves.check(case.pk, {one: Found(True, "照片") for one in shipped}, by=head)
    with pytest.raises(Refused, match="还有 1 项没有自查：母婴关爱室"):
        go(case, "self_check", head)
    assert faults() == []


def test_nobody_writes_another_day_than_the_matter_found(
    here: World, station: Station, head: Actor, district: Actor, tmp_path: Path
) -> None:
    case = accepted(station, head, district)
    station.refresh_from_db()
    for day in (None, timezone.localdate() - timedelta(days=1)):
        with pytest.raises(Refused, match=f"由事项 {case.number} 定"):
            station_life.correct_station(
                station.pk, Stated(station.name, station.path, station.since, **OPEN, accepted_on=day), by=head
            )
    sheet = tmp_path / "服务站.csv"
    sheet.write_text("站编号,站名,地方代码,地址,成立日期\nZ02,石桥街道工会服务站,W02,石桥大街8号,2012-05-01\n", "utf-8")
    outcome = run_import(by_name("stations"), sheet, by=SYSTEM)
    assert (outcome.counts["changed"], outcome.faults) == (1, [])
    station.refresh_from_db()
    told = (station.name, station.accepted_on, station.hours, station.windows)
    assert told == ("石桥街道工会服务站", case.closed_on, OPEN["hours"], list(OPEN["windows"])), (
        "an older list does not tell it"
    )
    with pytest.raises(Refused, match="不能重新办理"):
        handling_moves.reopen(case.pk, on=timezone.localdate(), reason="x", by=district)


def test_a_stations_matter_begins_once_and_stays_where_it_stands(
    here: World, station: Station, head: Actor, district: Actor
) -> None:
    case = a_plan(station, head)
    with pytest.raises(Refused, match=f"正在办理，编号 {case.number}"):
        a_plan(station, head)
    with pytest.raises(Refused, match="只在站所在的地方办理"):
        handling_moves.pass_on(case.pk, here.willow, reason="x", by=district)
    twin = a_plan(other_station(here), district)
    with pytest.raises(Refused, match="不能转走"):
        handling_moves.merge(case.pk, twin.pk, reason="x", by=district)
    with pytest.raises(Refused, match="请选择服务站"):
        case_moves.open_one(
            "station.standard", path=here.willow, on=timezone.localdate(), values={}, by=district, person=None, employer=None,
            station=station.pk,
        )  # fmt: skip
    with pytest.raises(Refused, match="不是服务站的事项"):
        case_moves.open_one(
            "speakup", path=here.bridge, on=timezone.localdate(), values={"matter": "x", "hide": "no"}, by=SYSTEM, person=None, employer=None,
            station=station.pk,
        )  # fmt: skip
    go(case, "stop", head, reason="另选地址")
    gone = a_plan(station, head)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="不能晚于今天"):
        go(gone, "stop", head, on=tomorrow, reason="x")


def test_a_list_that_brought_a_station_is_not_taken_back_under_its_matter(
    here: World, district: Actor, tmp_path: Path
) -> None:
    sheet = tmp_path / "服务站.csv"
    sheet.write_text(
        "站编号,站名,地方代码,成立日期,开放时间,服务窗口\nZ77,新站,W02,2012-05-01,每天 9:00—17:00,综合窗口、帮扶窗口\n",
        "utf-8",
    )
    outcome = run_import(by_name("stations"), sheet, by=SYSTEM)
    new = Station.objects.get(code="Z77")
    assert (new.hours, new.windows) == ("每天 9:00—17:00", ["综合窗口", "帮扶窗口"]) and outcome.batch is not None
    case = a_plan(new, district)
    with pytest.raises(Refused, match="用到了这一批的内容"):
        withdraw(outcome.batch, by=SYSTEM, reason="重来")
    assert Case.objects.get(pk=case.pk).station_id == new.pk
