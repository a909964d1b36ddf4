"""小李's factory moves: what workers say one by one becomes one matter of all, and the employer's draft comes back from it."""

from datetime import date, timedelta

import pytest

from tests import world
from tests.world import World
from unionhall import catalogue
from unionhall.cases import actions, turning, turning_moves
from unionhall.cases.clock_models import Deadline, Note
from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.period import Period
from unionhall.messages.models import Notice

pytestmark = pytest.mark.django_db
HEARD = date(2026, 3, 2)
MOVES = {"topic": "厂区由清河迁往顺义，一百二十名职工要多走四十公里", "cause": "move"}
SAID = "家在城区，搬到顺义以后不知道怎么上班"


def spoke_up(here: World, clerk: Actor, name: str) -> Case:
    """One worker's word, taken up by the station."""
    member = world.a_member(here, name)
    case = actions.open_case(
        "speakup", path=here.bridge_east, on=HEARD, values={"matter": SAID, "hide": "yes"}, by=clerk, person=member.person,
        employer=here.diner, cause="living",
    )  # fmt: skip
    return actions.move(case.pk, "accept", on=HEARD, values={}, by=clerk)


def step(case: Case, name: str, days: int, by: Actor, **values: str) -> Case:
    return actions.move(case.pk, name, on=HEARD + timedelta(days), values=values, by=by)


def counted(here: World, name: str) -> int:
    return int(catalogue.figure(name).value(here.root, Period.year(2026)))


def test_from_what_each_said_to_the_draft_they_can_live_with(here: World) -> None:
    clerk = world.an_officer("station_worker", here.bridge)
    words = [spoke_up(here, clerk, name) for name in ("小李", "钱大海", "孙立")]
    assert "measures" in {one.key for one in turning.may_become(words[0], clerk)}
    matter = turning_moves.turn(words[0].pk, "measures", on=HEARD + timedelta(1), values=MOVES, by=clerk)
    assert (matter.employer_id, matter.root, matter.cause) == (here.diner, words[0].pk, "move")
    for days, (name, who) in enumerate(
        (("forum", "分会主席 6 人"), ("again", "职工代表 20 人"), ("again", "铸造车间 31 人")), 2
    ):
        matter = step(matter, name, days, clerk, attended=who, minutes=f"{who}：交通补贴不够")
    assert Note.objects.filter(case=matter, kind="minuted").count() == 3
    with pytest.raises(Refused, match="还要填写"):
        step(matter, "hand", 5, clerk)
    matter = step(matter, "hand", 5, clerk, opinions="提高交通补贴\n发郊区补贴")
    answer = Deadline.objects.get(case=matter, clock="employer")
    assert answer.basis == "北京市实施《工会法》办法 第二十八条"
    assert answer.due_on == date(2026, 3, 23), "the fifteenth day is a Sunday"
    matter = step(matter, "draft", 12, clerk, draft="交通补贴每月 150 元")
    matter = step(matter, "revise", 14, clerk, opinions="路上的时间算不算工时")
    matter = step(matter, "draft", 20, clerk, draft="交通补贴每月 150 元，班车两趟，郊区补贴另发")
    assert matter.state == "drafted" and matter.closed_on is None
    for one in words:
        done = step(one, "answer", 21, clerk, answer="搬迁办法草案已经拿出，班车两趟，另有交通和郊区补贴。")
        assert done.state == "answered"
        assert Notice.objects.filter(person=done.person_id, subject=done.subject).exists()
    assert [counted(here, f"measures.{name}") for name in ("forums", "drafts", "passed")] == [3, 2, 0]
    assert (counted(here, "speakup.answered"), counted(here, "rights.workers")) == (3, 0)
    matter = step(matter, "pass", 40, clerk, assembly="第三届职工代表大会第二次会议")
    assert (matter.closed_on, counted(here, "measures.passed")) == (HEARD + timedelta(40), 1)


def test_every_figure_of_it_opens_into_its_matters(here: World) -> None:
    clerk = world.an_officer("station_worker", here.bridge)
    matter = turning_moves.turn(spoke_up(here, clerk, "小李").pk, "measures", on=HEARD, values=MOVES, by=clerk)
    step(matter, "forum", 2, clerk, attended="全体职工", minutes="x")
    forums = catalogue.figure("measures.forums")
    lines = forums.lines(here.root, Period.year(2026))
    assert [line.subject for line in lines] == [matter.subject]
    assert catalogue.figure("measures.forums").value(here.willow, Period.year(2026)) == 0
