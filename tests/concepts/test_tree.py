"""The tree of places: paths, mergers, names; and which list of employers counts on a day."""

from datetime import date

import pytest

from tests.world import World, an_actor
from unionhall.indicators.territory import moves, of_place
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations import places
from unionhall.organisations.actions import PlaceRow, change_places, merge_places, open_register, record_places, rename
from unionhall.organisations.models import Cover, Place

pytestmark = pytest.mark.django_db
SINCE = date(2010, 1, 1)


def test_a_child_may_stand_before_its_parent_and_siblings_keep_their_order() -> None:
    rows = [
        PlaceRow("C2", "二社区", "community", "S1", SINCE),
        PlaceRow("S1", "一街道", "street", "D", SINCE),
        PlaceRow("C1", "一社区", "community", "S1", SINCE),
        PlaceRow("D", "某区", "district", "", SINCE),
    ]
    ids = record_places(rows, by=SYSTEM)
    paths = {place.code: place.path for place in Place.objects.all()}
    assert paths == {"D": "101", "S1": "101001", "C2": "101001001", "C1": "101001002"}
    assert [Place.objects.get(pk=number).code for number in ids] == ["C2", "S1", "C1", "D"]


def test_places_that_come_later_go_on_counting(here: World) -> None:
    record_places([PlaceRow("W0103", "新社区", "community", "W01", SINCE)], by=SYSTEM)
    assert Place.objects.get(code="W0103").path == here.willow + "003"


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        ([PlaceRow("X", "某社区", "community", "NOWHERE", SINCE)], "上级代码 NOWHERE 不在区划树里"),
        ([PlaceRow("A", "甲", "street", "B", SINCE), PlaceRow("B", "乙", "street", "A", SINCE)], "绕回了自己"),
        ([PlaceRow("D2", "另一个区", "district", "", SINCE)], "只能有一个最上级"),
    ],
)
def test_a_tree_that_does_not_hold_together_is_refused(here: World, rows: list[PlaceRow], because: str) -> None:
    before = Place.objects.count()
    with pytest.raises(Refused, match=because):
        record_places(rows, by=SYSTEM)
    assert Place.objects.count() == before


def test_the_place_above_cannot_be_changed(here: World) -> None:
    lane = Place.objects.get(code="W0101")
    with pytest.raises(Refused, match="上级不能改"):
        change_places([(lane.pk, PlaceRow("W0101", "柳荫里社区", "community", "W02", SINCE))], by=SYSTEM)


def test_a_street_officer_does_not_change_the_neighbours_tree(here: World) -> None:
    officer = an_actor("organisation", here.willow)
    with pytest.raises(NotYours):
        record_places([PlaceRow("W0203", "石桥西社区", "community", "W02", SINCE)], by=officer)
    assert record_places([PlaceRow("W0104", "柳荫外社区", "community", "W01", SINCE)], by=officer)


def test_after_a_merger_figures_count_to_the_new_place_what_lay_in_the_old_one(here: World) -> None:
    on = date(2015, 7, 1)
    merge_places("W02", "W01", on=on, reason="街道合并", by=SYSTEM)
    assert not Place.objects.on(on).filter(code="W02").exists()
    assert Place.objects.on(date(2015, 6, 30)).filter(code="W02").exists()

    def covered(path: str, day: date) -> int:
        return Cover.objects.on(day).filter(of_place(path, moves(), day=day)).count()

    assert (covered(here.willow, date(2015, 6, 30)), covered(here.bridge, date(2015, 6, 30))) == (1, 1)
    assert (covered(here.willow, on), covered(here.bridge, on), covered(here.root, on)) == (2, 0, 2)
    line = Line.objects.get(service="place", act="merged")
    assert (line.path, line.on, line.kind, line.reason) == (here.bridge, on, "W01", "街道合并")


def test_a_community_may_go_to_another_street(here: World) -> None:
    merge_places("W0201", "W0102", on=date(2015, 7, 1), reason="划界", by=SYSTEM)
    assert Cover.objects.filter(of_place(here.willow, moves(), day=date(2015, 7, 1))).count() == 2


@pytest.mark.parametrize(
    ("old", "into", "on", "reason", "because"),
    [
        ("W02", "NOWHERE", date(2015, 7, 1), "并", "找不到代码 NOWHERE"),
        ("W02", "W01", date(2015, 7, 1), "", "要写明原因"),
        ("W02", "W01", date(1999, 7, 1), "并", "不存在"),
        ("W02", "W0201", date(2015, 7, 1), "并", "里面"),
    ],
)
def test_a_merger_that_cannot_be_is_refused(
    here: World, old: str, into: str, on: date, reason: str, because: str
) -> None:
    with pytest.raises(Refused, match=because):
        merge_places(old, into, on=on, reason=reason, by=SYSTEM)
    assert Place.objects.get(code="W02").until is None


def test_a_place_merges_once_and_never_into_one_that_is_gone(here: World) -> None:
    merge_places("W0101", "W0102", on=date(2015, 7, 1), reason="并", by=SYSTEM)
    with pytest.raises(Refused, match="已经并入别处"):
        merge_places("W0101", "W0201", on=date(2015, 7, 1), reason="并", by=SYSTEM)
    with pytest.raises(Refused, match="不能并入"):
        merge_places("W0102", "W0101", on=date(2015, 8, 1), reason="并", by=SYSTEM)


def test_a_new_name_keeps_the_old_one_in_the_journal(here: World) -> None:
    rename("W01", "柳荫路街道", on=date(2015, 5, 1), by=SYSTEM)
    assert Place.objects.get(code="W01").name == "柳荫路街道"
    assert Line.objects.get(act="renamed").reason == "柳荫街道 → 柳荫路街道"
    with pytest.raises(Refused, match="新的名称"):
        rename("W01", "柳荫路街道", on=date(2015, 6, 1), by=SYSTEM)


def test_the_newest_list_by_the_day_is_the_base(here: World) -> None:
    later = open_register("法人单位名册", date(2016, 12, 31), "unionisation", by=SYSTEM)
    found = [
        places.newest_register("unionisation", day).first()
        for day in (date(2016, 12, 30), date(2016, 12, 31), date(2001, 1, 1))
    ]
    assert found[0] is not None and found[0].pk == here.registers["unionisation"]
    assert found[1] is not None and found[1].pk == later
    assert found[2] is None


def test_one_list_a_day_for_one_use(here: World) -> None:
    day = date(2016, 12, 31)
    first = open_register("一号名单", day, "bargaining", by=SYSTEM)
    assert open_register("一号名单", day, "bargaining", by=SYSTEM) == first
    with pytest.raises(Refused, match="已有名单“一号名单”"):
        open_register("二号名单", day, "bargaining", by=SYSTEM)
    with pytest.raises(Refused, match="不能作为比率的基数"):
        open_register("只登记", day, "none", by=SYSTEM)
