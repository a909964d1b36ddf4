"""Goals of figures: set by the organisation department, split so that they add up, seen beside every number; files of a page."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import world
from tests.world import World
from unionhall import catalogue
from unionhall.indicators import target_moves, targets
from unionhall.indicators.models import Target
from unionhall.indicators.values import Rate
from unionhall.jobs import files
from unionhall.jobs.models import Job
from unionhall.jobs.worker import run_until_empty
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.people.models import Membership

AsOfficer = Callable[..., Client]
AGREED = "mediation.agreed"
GOALS = f"/board/figures/{AGREED}/goals/?year=2015"


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def fields(here: World, goal: str, willow: str, bridge: str, reason: str = "") -> dict[str, str]:
    return {"goal": goal, f"goal-{here.willow}": willow, f"goal-{here.bridge}": bridge, "reason": reason}


def test_a_goal_is_seen_wherever_its_number_is(busy: World, as_officer: AsOfficer) -> None:
    office, street = as_officer("organisation", busy.root), as_officer("street", busy.bridge)
    assert "目标 8" not in text_of(office, "/board/?year=2015")
    answer = office.post(GOALS, fields(busy, "8", "3", "5"), follow=True)
    assert "目标已保存" in answer.content.decode()
    board = text_of(office, "/board/?year=2015")
    assert "目标 8 · 完成 87.5%" in board and "落后于进度" in board
    ranks = text_of(office, f"/board/figures/{AGREED}/?year=2015")
    assert "目标 5 · 完成 140.0%" in ranks and "已达成" in ranks
    assert "目标 5 · 完成 140.0%" in text_of(street, f"/board/figures/{AGREED}/?year=2015")
    assert "目标 8 · 完成 87.5%" in text_of(office, "/board/goals/?year=2015")


def test_streets_must_add_up_to_the_district(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("organisation", busy.root)
    answer = client.post(GOALS, fields(busy, "8", "3", "6"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "多 1 件" in text and 'value="6"' in text
    assert not Target.objects.exists()
    client.post(GOALS, fields(busy, "8", "", "6"))  # a street without a goal yet: nothing to add up
    assert Target.objects.count() == 2


def test_a_goal_is_changed_only_with_a_reason_and_the_old_one_stays(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("organisation", busy.root)
    client.post(GOALS, fields(busy, "8", "3", "5"))
    assert "写明理由" in client.post(GOALS, fields(busy, "9", "4", "5")).content.decode()
    client.post(GOALS, fields(busy, "9", "4", "5", "年中调整"))
    rows = Target.objects.filter(path=busy.root).order_by("pk").values_list("goal", "until", "reason")
    assert [(goal, until is None, reason) for goal, until, reason in rows] == [(8, False, ""), (9, True, "年中调整")]
    assert "年中调整" in text_of(client, GOALS)
    assert AuditEntry.objects.filter(act="target.set").count() == 2


def test_the_split_by_last_years_numbers_adds_up(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("organisation", busy.root)
    client.post(GOALS, fields(busy, "9", "", ""))
    text = text_of(client, GOALS + "&suggest=1")
    given = [int(value) for value in re.findall(r'name="goal-\d+" value="(\d+)"', text)]
    assert len(given) == 2 and sum(given) == 9


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_a_split_always_adds_up(whole: int, weights: list[int]) -> None:
    parts = targets.shares(whole, weights)
    assert sum(parts) == whole and min(parts) >= 0 and len(parts) == len(weights)


@pytest.mark.parametrize(
    ("key", "typed", "goal"),
    [
        (AGREED, "1,200", 1200),
        ("mediation.amount", "12.5", 12_500_000),
        ("card.making", "93.5", 9350),
        ("card.making", "93.5%", 9350),
        (AGREED, " ", None),
    ],
)
def test_goals_are_typed_in_the_figures_unit(key: str, typed: str, goal: int | None) -> None:
    figure = catalogue.figure(key)
    assert targets.read(figure, typed) == goal
    if goal is not None:
        assert targets.read(figure, targets.typed(figure, goal)) == goal


@pytest.mark.parametrize(
    ("key", "typed"),
    [(AGREED, "十"), (AGREED, "-1"), (AGREED, "1.5"), ("card.making", "101"), (AGREED, "NaN"), (AGREED, "9" * 30)],
)
def test_what_is_no_goal_is_refused(key: str, typed: str) -> None:
    with pytest.raises(Refused):
        targets.read(catalogue.figure(key), typed)


def test_how_far_a_number_has_come() -> None:
    assert targets.attained(7, 8) == Decimal("87.5")
    assert targets.attained(Rate(1, 2), 10_000) == Decimal("50.0")
    assert targets.attained(Rate(0, 0), 10_000) is None
    assert targets.attained(3, 0) is None


@pytest.mark.parametrize("role", ["street", "leader", "rights", "station_worker"])
def test_only_the_organisation_department_sets_goals(busy: World, as_officer: AsOfficer, role: str) -> None:
    client = as_officer(role, busy.bridge)
    text = text_of(client, GOALS)
    assert "保存目标" not in text
    assert client.post(GOALS, fields(busy, "8", "3", "5")).status_code in (403, 404)
    assert not Target.objects.exists()


def test_a_post_below_sets_nothing_above(here: World) -> None:
    officer = world.an_officer("organisation", here.bridge)
    with pytest.raises(NotYours):
        target_moves.set_goals(catalogue.figure(AGREED), 2015, here.root, 5, {}, by=officer, on=date(2015, 1, 1))


def test_the_ranking_follows_the_numbers(busy: World, as_officer: AsOfficer) -> None:
    text = text_of(as_officer("leader", busy.root), f"/board/figures/{AGREED}/?year=2015")
    ranks = re.search(r'class="table card-table table-vcenter ranks">(.*?)</table>', text, re.S)
    assert ranks
    rows = re.findall(r'<td class="n num">(\d)</td><th scope="row"><a [^>]*>(.*?)</a>', ranks[1])
    assert rows == [("1", "石桥街道"), ("2", "柳荫街道")]
    assert "100.0%" in ranks[1]


@pytest.mark.parametrize("form", ["csv", "docx", "pdf"])
def test_a_figures_page_as_a_file(busy: World, as_officer: AsOfficer, form: str) -> None:
    client = as_officer("street", busy.willow)
    answer = client.get(f"/board/figures/card.items.uses/figure.{form}?year=2015")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    begins = {"csv": b"\xef\xbb\xbf", "docx": b"PK", "pdf": b"%PDF"}[form]
    assert answer.content.startswith(begins)
    if form == "csv":
        assert "柳荫街道,合计,2015 年,3" in answer.content.decode()
    assert client.get(f"/board/figures/card.items.uses/figure.{form}?year=2015&place={busy.bridge}").status_code == 404
    assert client.get("/board/figures/card.items.uses/figure.exe").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_yearly_report_is_made_by_a_job_for_ones_own_place(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("street", busy.willow)
    assert client.post(f"/board/report/?year=2015&place={busy.bridge}", {"form": "csv"}).status_code == 404
    answer = client.post("/board/report/?year=2015", {"form": "csv"})
    assert answer.status_code == 302
    run_until_empty()
    job = Job.objects.get(task__endswith="yearly_report")
    assert job.state == "done", job.message
    content = b"".join(files.opened_file(job)).decode()
    assert "实名制服务职工" in content and "柳荫街道" in content and "石桥街道" not in content


def test_records_speak_in_words_and_lead_on(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("rights", busy.root)
    text = text_of(client, f"/figures/{AGREED}/records/?year=2015")
    assert "劳动报酬" in text and ">pay<" not in text
    assert re.search(r'<a href="/desk/cases/\d+/">服务事项 \d+</a>', text)
    uses = text_of(as_officer("leader", busy.root), "/figures/card.items.uses/records/?year=2015")
    assert "电影票" in uses and "XM001" not in uses
    assert "办事日志 · 劳动争议调解 · 达成协议" in text_of(client, f"/board/figures/{AGREED}/?year=2015")


def test_the_pages_ask_the_database_little(
    busy: World, as_officer: AsOfficer, django_assert_max_num_queries: Any
) -> None:
    target_moves.set_goals(
        catalogue.figure(AGREED), 2015, busy.root, 8, {busy.willow: 3, busy.bridge: 5}, by=SYSTEM, on=date(2015, 1, 1)
    )
    client = as_officer("organisation", busy.root)
    for address in ("/board/?year=2015", f"/board/figures/{AGREED}/?year=2015", GOALS, "/board/goals/?year=2015"):
        text_of(client, address)
        with django_assert_max_num_queries(15):
            text_of(client, address)


def test_people_and_registers_lead_to_their_own_pages_for_who_may_open_them(busy: World, as_officer: AsOfficer) -> None:
    def led(role: str, at: str, key: str) -> list[str]:
        text = text_of(as_officer(role, at), f"/figures/{key}/records/?year=2015&place={at}")
        return sorted(set(re.findall(r'<a href="(/desk/(?:members|unions|stations|employers)/\d+/)">', text)))

    members = Membership.objects.filter(until=None)
    here = sorted(
        f"/desk/members/{pk}/" for pk in members.filter(path__startswith=busy.bridge).values_list("pk", flat=True)
    )
    assert here
    assert led("station_worker", busy.bridge, "member.members") == here
    assert led("leader", busy.root, "station.open") == sorted(f"/desk/stations/{pk}/" for pk in busy.stations)
    assert len(led("leader", busy.root, "card.items.users")) > 0
    assert led("leader", busy.root, "bargaining.employers") == [f"/desk/employers/{busy.diner}/"]
