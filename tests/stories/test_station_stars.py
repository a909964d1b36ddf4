"""石桥工会服务站 from the standard to two stars and to one: declared once, reviewed by others, given until a day, kept, lowered,
withdrawn; what has run out is not held, and every figure moves by exactly that.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests import world
from tests.audit.test_rows import faults
from tests.stories.test_station_standard import OPEN, accepted, district, head, station, tell
from tests.world import World
from unionhall import catalogue
from unionhall.cases import actions, case_moves, handling_moves, station_rules
from unionhall.cases.models import Case
from unionhall.cases.station_models import StarHeld
from unionhall.exchange.run import run_import
from unionhall.exchange.templates import by_name
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.organisations.actions import station_life
from unionhall.organisations.models import Station

pytestmark = pytest.mark.django_db

__all__ = ["district", "head", "station"]  # the fixtures of the story before this one

ACCEPTED, DECLARED, AWARDED = date(2015, 5, 4), date(2016, 3, 1), date(2016, 6, 1)
RUNS_OUT = "2019-06-01"


def held(here: World, day: date) -> dict[str, int]:
    """How many stations hold stars on a day, and how many of each number, of those that are any."""
    keys = ("held", *(f"held_{stars}" for stars in range(1, 6)))
    found: dict[str, int] = {}
    for key in keys:
        figure, then = catalogue.figure(f"station.star.{key}"), Period.day(day)
        found[key] = figure.value(here.root, then)  # type: ignore[assignment]
        assert found[key] == len(figure.lines(here.root, then)), "the number and its records are one"
        assert figure.value(here.bridge, then) == found[key] and figure.value(here.willow, then) == 0
    return {key: count for key, count in found.items() if count}


def declared(here: World, year: int) -> Any:
    return catalogue.figure("station.stars").value(here.root, Period.year(year))


def a_draft(station: Station, by: Actor, on: date = DECLARED) -> Case:
    return case_moves.open_one(
        "station.star", path=station.path, on=on, values={}, by=by, person=None, employer=None, station=station.pk
    )


def go(case: Case, name: str, by: Actor, on: date, **values: Any) -> Case:
    return case_moves.take_on(case.pk, name, on=on, values=values, by=by)


@pytest.fixture
def met(station: Station, head: Actor) -> Station:
    """The station, accepted years ago, as the register tells."""
    tell(station, head, **OPEN, accepted_on=ACCEPTED)
    return Station.objects.get(pk=station.pk)


def awarded(met: Station, head: Actor, district: Actor, stars: int = 2) -> Case:
    case = a_draft(met, head)
    go(case, "declare", head, DECLARED)
    go(case, "review", district, AWARDED, review_no="京工评〔2016〕1号")
    return go(case, "award", district, AWARDED, stars=stars, star_until=RUNS_OUT, award_no="京工星〔2016〕2号")


def test_two_stars_are_declared_reviewed_held_for_a_time_and_lowered(
    here: World, met: Station, head: Actor, district: Actor
) -> None:
    case = a_draft(met, head)
    assert declared(here, 2016) == 0 and Station.objects.get(pk=met.pk).star_declared_on is None
    go(case, "declare", head, DECLARED)
    assert declared(here, 2016) == 1 and Station.objects.get(pk=met.pk).star_declared_on == DECLARED
    assert held(here, AWARDED) == {}, "declared is not awarded"
    go(case, "review", district, AWARDED, review_no="京工评〔2016〕1号")
    go(case, "award", district, AWARDED, stars=2, star_until=RUNS_OUT, award_no="京工星〔2016〕2号")
    assert [held(here, day) for day in (AWARDED - timedelta(days=1), AWARDED, date(2019, 5, 31), date(2019, 6, 1))] == [
        {}, {"held": 1, "held_2": 1}, {"held": 1, "held_2": 1}, {},
    ]  # fmt: skip
    assert station_rules.star_of(met.pk, date(2019, 6, 1)) is None, "what has run out is not held"
    assert catalogue.figure("station.star.awarded").value(here.bridge, Period.year(2016)) == 1

    kept = date(2019, 5, 20)
    go(case, "keep", district, kept, star_until="2022-06-01", award_no="京工星〔2019〕7号")
    lowered = date(2021, 9, 1)
    with pytest.raises(Refused, match="比现在的 2 星少"):
        go(case, "lower", district, lowered, stars=2, star_until="2023-01-01", award_no="8号", reason="人员不足")
    case = go(case, "lower", district, lowered, stars=1, star_until="2023-01-01", award_no="8号", reason="人员不足")
    told = [(date(2019, 6, 1), 2), (date(2021, 8, 31), 2), (lowered, 1), (date(2022, 12, 31), 1)]
    assert [held(here, day) for day, _stars in told] == [{"held": 1, f"held_{stars}": 1} for _day, stars in told]
    assert held(here, date(2023, 1, 1)) == {} and held(here, date(2017, 1, 1)) == {"held": 1, "held_2": 1}

    taken = date(2022, 3, 1)
    case = go(case, "withdraw", district, taken, reason="弄虚作假")
    assert (case.state, case.closed_on) == ("withdrawn", AWARDED)
    assert held(here, taken) == {} and held(here, date(2022, 2, 28)) == {"held": 1, "held_1": 1}
    assert declared(here, 2016) == 1 and catalogue.figure("station.accepted").value(here.root, Period.day(taken)) == 2
    assert faults() == [], "every row stands as the chain of the audit last saw it"


def test_a_declaration_of_later_years_counts_in_its_own_and_leaves_the_first(
    here: World, met: Station, head: Actor, district: Actor
) -> None:
    first = awarded(met, head, district)
    again = a_draft(met, head, date(2019, 1, 7))
    go(again, "declare", head, date(2019, 1, 8))
    assert [declared(here, year) for year in (2016, 2019)] == [1, 1]
    assert Station.objects.get(pk=met.pk).star_declared_on == DECLARED
    go(again, "recall", district, date(2019, 1, 9), reason="材料不全")
    assert [declared(here, year) for year in (2016, 2019)] == [1, 0]
    go(again, "declare", head, date(2019, 2, 1))
    go(again, "review", district, date(2019, 3, 1), review_no="1号")
    go(again, "award", district, date(2019, 3, 2), stars=3, star_until="2022-03-02", award_no="2号")
    assert [held(here, day) for day in (date(2019, 3, 1), date(2019, 3, 2))] == [
        {"held": 1, "held_2": 1},
        {"held": 1, "held_3": 1},
    ]
    with pytest.raises(Refused, match="后来另有评定"):
        go(first, "keep", district, date(2019, 4, 1), star_until="2022-06-01", award_no="3号")
    assert [declared(here, year) for year in (2016, 2019)] == [1, 1]
    assert Line.objects.standing().filter(service="station", act="star_declared").count() == 2
    assert faults() == []


def test_the_first_declaration_taken_back_leaves_nothing_counted(
    here: World, met: Station, head: Actor, district: Actor
) -> None:
    case = a_draft(met, head)
    go(case, "declare", head, DECLARED)
    with pytest.raises(Refused, match=f"由事项 {case.number} 定"):
        tell(Station.objects.get(pk=met.pk), head, **OPEN, accepted_on=ACCEPTED, star_declared_on=date(2016, 2, 1))
    go(case, "recall", head, DECLARED, reason="材料不全")
    assert declared(here, 2016) == 0 and Station.objects.get(pk=met.pk).star_declared_on is None
    case = go(case, "stop", head, DECLARED, reason="今年不报")
    assert case.state == "given_up"
    handling_moves.reopen(case.pk, on=timezone.localdate(), reason="又报了", by=district)
    assert Case.objects.get(pk=case.pk).state == "draft" and faults() == []


def test_what_is_refused_on_the_way_to_a_star(here: World, station: Station, head: Actor, district: Actor) -> None:
    with pytest.raises(Refused, match="还没有通过规范化验收"):
        a_draft(station, head)
    tell(station, head, **OPEN, accepted_on=ACCEPTED)
    both = Actor(head.account, head.name, (*head.posts, *district.posts))
    case = a_draft(station, both)
    worker = world.an_officer("station_worker", here.bridge, today=timezone.localdate())
    with pytest.raises(NotYours):
        go(case, "declare", worker, DECLARED)
    go(case, "declare", both, DECLARED)
    with pytest.raises(Refused, match="不能由您自己批准"):
        go(case, "review", both, AWARDED, review_no="1号")
    with pytest.raises(Refused, match="早于上一步"):
        go(case, "review", district, DECLARED - timedelta(days=1), review_no="1号")
    go(case, "review", district, AWARDED, review_no="1号")
    with pytest.raises(Refused, match="不能由您自己批准"):
        go(case, "award", both, AWARDED, stars=2, star_until=RUNS_OUT, award_no="2号")
    for given, words in (
        ({"stars": 6}, "一星到五星"), ({"stars": 0}, "一星到五星"), ({"star_until": "2016-06-01"}, "最长 10 年"), ({"star_until": "2026-06-02"}, "最长 10 年"),
        ({"star_until": "明年"}, "这样填写日期"), ({"award_no": ""}, "还要填写"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            go(case, "award", district, AWARDED, **{"stars": 2, "star_until": RUNS_OUT, "award_no": "2号"} | given)
    assert not StarHeld.objects.exists()
    go(case, "award", district, AWARDED, stars=5, star_until=RUNS_OUT, award_no="2号")
    with pytest.raises(Refused, match="不能重新办理"):
        handling_moves.reopen(case.pk, on=timezone.localdate(), reason="x", by=district)
    with pytest.raises(Refused, match="已于 2015-05-04 通过验收"):
        station_life.accept_station(station.pk, on=timezone.localdate(), by=district)
    early = a_draft(station, head, date(2016, 3, 2))
    go(early, "declare", head, date(2016, 3, 2))
    go(early, "review", district, date(2016, 4, 1), review_no="3号")
    with pytest.raises(Refused, match="现有的星级自 2016-06-01 起"):
        go(early, "award", district, date(2016, 5, 1), stars=1, star_until=RUNS_OUT, award_no="4号")


def test_stars_go_before_the_standard_does_and_with_the_station(
    here: World, station: Station, head: Actor, district: Actor, tmp_path: Path
) -> None:
    standard, today = accepted(station, head, district), timezone.localdate()
    case = a_draft(station, head, today)
    go(case, "declare", head, today)
    go(case, "review", district, today, review_no="1号")
    until = (today + timedelta(days=365)).isoformat()
    go(case, "award", district, today, stars=4, star_until=until, award_no="2号")
    with pytest.raises(Refused, match="这个站还有 4 星"):
        actions.move(standard.pk, "withdraw", on=today, values={"reason": "x"}, by=district)
    sheet = tmp_path / "服务站.csv"
    sheet.write_text("站编号,站名,地方代码,成立日期\nZ02,石桥工会服务站,W02,2012-05-01\n", "utf-8")
    assert run_import(by_name("stations"), sheet, by=SYSTEM).faults == []
    kept = Station.objects.get(pk=station.pk)
    assert (kept.accepted_on, kept.star_declared_on) == (today, today), (
        "an older list does not take back what was found since"
    )
    go(case, "withdraw", district, today, reason="x")
    assert held(here, today) == {}
    assert go(standard, "withdraw", district, today, reason="x").state == "lapsed"
    assert faults() == []


def test_a_closed_station_holds_no_star(here: World, met: Station, head: Actor, district: Actor) -> None:
    awarded(met, head, district)
    for one in met.staff.filter(until=None):
        one.until = date(2017, 1, 1)
        one.save()
    station_life.close_station(met.pk, on=date(2018, 1, 1), reason="并站", by=district)
    assert [held(here, day) for day in (date(2017, 12, 31), date(2018, 1, 1))] == [{"held": 1, "held_2": 1}, {}]
    with pytest.raises(Refused, match="撤销"):
        a_draft(met, head, timezone.localdate())
