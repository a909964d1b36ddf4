"""Inspection squads, and meetings of three sides with their tasks."""

from datetime import date, timedelta

import pytest

from tests import world
from tests.cases.conftest import ON, Bring, clock
from tests.world import World
from unionhall import catalogue
from unionhall.cases import actions, case_moves
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period

TIP = {"tip": "拖欠三个月工资", "source": "tip", "since": "going"}


def visited(bring: Bring, clerk: Actor) -> Case:
    case = bring(service="inspection", **TIP)
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    said = {"visitors": "王宁、李敏", "finding": "账上没有七至九月的工资"}
    return actions.move(case.pk, "visit", on=ON + timedelta(1), values=said, by=clerk)


def test_one_person_alone_is_no_visit(bring: Bring, clerk: Actor) -> None:
    case = bring(service="inspection", **TIP)
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    for alone in ("王宁", "王宁、王宁", "王宁 ，"):
        with pytest.raises(Refused, match="两人以上"):
            actions.move(case.pk, "visit", on=ON, values={"visitors": alone, "finding": "x"}, by=clerk)
    assert (
        actions.move(case.pk, "visit", on=ON, values={"visitors": "王宁 李敏", "finding": "x"}, by=clerk).state
        == "visited"
    )


def test_what_was_found_is_kept_sealed(bring: Bring, clerk: Actor) -> None:
    case = visited(bring, clerk)
    assert "账上" not in str(case.details) and case.details["visitors"] == "王宁、李敏"
    assert Note.objects.filter(case=case, kind="found").count() == 1


def test_nothing_is_referred_that_is_before_a_court(here: World, bring: Bring, clerk: Actor) -> None:
    case, rights = visited(bring, clerk), world.an_officer("rights", here.root)
    said = {"elsewhere": "yes", "body": "区劳动保障监察大队"}
    with pytest.raises(Refused, match="不能移送"):
        actions.move(case.pk, "refer", on=ON + timedelta(2), values=said, by=rights)
    with pytest.raises(NotYours):
        actions.move(case.pk, "refer", on=ON + timedelta(2), values=said | {"elsewhere": "no"}, by=clerk)
    case = actions.move(case.pk, "refer", on=ON + timedelta(2), values=said | {"elsewhere": "no"}, by=rights)
    due = clock(case, "report").due_on
    assert due is not None and due > ON + timedelta(2 + 21), "fifteen working days over the long holiday of October"
    case = actions.move(case.pk, "report", on=ON + timedelta(9), values={"finding": "责令支付"}, by=rights)
    assert case.closed_on == ON + timedelta(9)


def test_the_employers_answer_is_due_in_fifteen_days(here: World, bring: Bring, clerk: Actor) -> None:
    case = visited(bring, clerk)
    case = actions.move(case.pk, "demand", on=date(2026, 9, 18), values={}, by=clerk)
    assert clock(case, "employer").basis == "北京市实施《工会法》办法 第二十八条"
    case = actions.move(case.pk, "correct", on=date(2026, 9, 28), values={"finding": "已补发"}, by=clerk)
    year = Period.year(2026)
    figures = {
        name: catalogue.figure(f"inspection.{name}").value(here.bridge, year)
        for name in ("accepted", "visits", "corrected", "referred")
    }
    assert figures == {"accepted": 1, "visits": 1, "corrected": 1, "referred": 0}


def test_a_meeting_is_held_once_and_its_tasks_are_matters_of_their_own(here: World) -> None:
    rights = world.an_officer("rights", here.root)
    said = {"topics": "建筑业欠薪", "parties": "人社局、总工会、工商联"}
    case = case_moves.open_one("tripartite", path=here.root, on=ON, values=said, by=rights, person=None, employer=None)
    actions.move(case.pk, "agree", on=ON, values={"agenda": "建筑业欠薪"}, by=rights)
    case = actions.move(case.pk, "hold", on=ON + timedelta(9), values={"minutes": "由人社局牵头检查"}, by=rights)
    assert case.closed_on == ON + timedelta(9) and clock(case, "sign").due_on is not None
    assert catalogue.figure("tripartite.held").value(here.root, Period.year(2026)) == 1
    case = actions.move(case.pk, "sign", on=ON + timedelta(12), values={}, by=rights)
    assert (case.state, catalogue.figure("tripartite.held").value(here.root, Period.year(2026))) == ("signed", 1)
    told = {"task": "检查在建工地工资专户", "owner": "authority"}
    task = case_moves.open_one(
        "tripartite.task", path=here.root, on=ON + timedelta(12), values=told, by=rights, person=None, employer=None
    )
    assert task.due_on == date(2026, 12, 28), "ninety days end on a Sunday"
    actions.move(task.pk, "finish", on=ON + timedelta(40), values={"finding": "查了十二个工地"}, by=rights)
    assert catalogue.figure("tripartite.task.finished").value(here.root, Period.year(2026)) == 1


def test_squads_and_meetings_are_the_rights_departments(here: World) -> None:
    women = world.an_officer("women", here.root)
    with pytest.raises(NotYours):
        case_moves.open_one("tripartite", path=here.root, on=ON, values={}, by=women, person=None, employer=None)
