"""What workers bring, counted once each and opened into its matters; what gathers is a warning."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tests import world
from tests.cases.conftest import Bring
from tests.desk_business.conftest import at_desk
from tests.world import World
from unionhall.cases import situation, turning_moves
from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.kernel.period import Period

__all__ = ["at_desk"]
AtDesk = Callable[..., Client]
SPRING, ON = Period(date(2026, 1, 1), date(2026, 4, 1)), date(2026, 2, 3)


@pytest.fixture
def brought(here: World, bring: Bring, clerk: Actor) -> list[Case]:
    """Five disputes of one employer, one of them of twelve workers and one gone on as legal aid; a speak-up; one of last year."""
    found = [
        bring(f"钱大{name}", on=ON + timedelta(days)) for days, name in ((0, "一"), (9, "二"), (27, "三"), (40, "四"))
    ]
    found.append(bring("钱大五", on=ON, headcount=12, cause="contract"))
    told = {"facts": "x", "wants": "represent"}
    turning_moves.turn(found[0].pk, "legal", on=ON + timedelta(3), values=told, by=clerk)
    found.append(bring("孙立", on=ON, service="speakup", matter="食堂太远", hide="no", cause="living"))
    bring("钱大六", on=date(2025, 2, 3))
    return found


def seen(here: World) -> Any:
    return Case.objects.visible_to(world.an_officer("rights", here.root))


def test_a_dispute_counts_once_however_often_it_was_turned(here: World, brought: list[Case]) -> None:
    found = situation.picture(seen(here), here.root, SPRING)
    assert set(found) == set(brought)
    assert situation.picture(seen(here), here.willow, SPRING).count() == 0


def test_every_table_adds_up_to_the_whole(here: World, brought: list[Case]) -> None:
    found = situation.picture(seen(here), here.root, SPRING)
    tables = (
        situation.by_cause(found), situation.by_trade(found), situation.by_place(found, here.root), situation.by_month(found, SPRING),
    )  # fmt: skip
    for parts in tables:
        assert sum(part.matters for part in parts) == len(brought)
        assert sum(part.workers for part in parts) == len(brought) + 11
    assert tables[0][0] == (("mediation", "pay"), 4, 4)
    assert [part.key for part in tables[3]] == [("2026-01",), ("2026-02",), ("2026-03",)]
    assert [part.matters for part in tables[3]] == [0, 4, 2]


def test_what_gathers_is_a_warning(here: World, brought: list[Case]) -> None:
    rows = seen(here)
    found = situation.picture(rows, here.root, SPRING)
    (again,) = situation.employers(found)
    assert (again.employer, again.matters, again.workers, again.last) == (here.diner, 6, 17, ON + timedelta(40))
    assert [one.matters for one in situation.gathering(rows, here.root, ON + timedelta(89))] == [6]
    assert situation.gathering(rows, here.root, ON + timedelta(89 + 28)) == []  # one is left within ninety days
    assert [case.headcount for case in situation.collective(found)] == [12]


def test_a_cause_that_doubled_is_a_warning_and_few_are_none() -> None:
    now = [situation.Part(("mediation", "pay"), 6, 6), situation.Part(("mediation", "contract"), 4, 4), situation.Part(("legal", "pay"), 9, 9)]  # fmt: skip
    before = [situation.Part(("mediation", "pay"), 3, 3), situation.Part(("legal", "pay"), 5, 5)]
    assert situation.grown(now, before) == [("mediation", "pay", 3, 6)]


def test_every_number_of_the_page_opens_into_as_many_matters(
    here: World, at_desk: AtDesk, brought: list[Case], bring: Bring, django_assert_max_num_queries: Any
) -> None:
    bring("钱大七", on=ON)  # the fifth about pay, of one a year before
    client = at_desk("rights", here.root)
    with django_assert_max_num_queries(15):
        page = client.get("/desk/situation/?year=2026&quarter=1")
    assert page.status_code == 200
    told = [(page.context["all"], page.context["matters"])]
    told += [(line.href, line.matters) for table in page.context["tables"] for line in table.lines if line.matters]
    told += [(href, one.matters) for one, href in (*page.context["again"], *page.context["gathering"])]
    told += [(href, one.now) for _title, one, href in page.context["grown"]]
    told.append((page.context["collectives"], len(page.context["collective"])))
    assert len(told) >= 11 and page.context["grown"] and page.context["collective"]
    for href, matters in told:
        assert count(client, href) == matters, href


def test_a_tip_about_many_is_no_collective_dispute(here: World, brought: list[Case]) -> None:
    assert situation.collective(Case.objects.filter(pk=brought[4].pk)) == [brought[4]]
    Case.objects.filter(pk=brought[4].pk).update(service="inspection")
    assert situation.collective(Case.objects.filter(pk=brought[4].pk)) == []


def count(client: Client, href: str) -> int:
    answer = client.get(href.replace("/desk/cases/", "/desk/cases/count/"))
    assert answer.status_code == 200, href
    return int(answer.context["count"])


def test_another_street_is_not_there_and_a_street_sees_its_own(
    here: World, at_desk: AtDesk, brought: list[Case]
) -> None:
    client = at_desk("street", here.willow)
    assert client.get(f"/desk/situation/?place={here.bridge}").status_code == 404
    assert client.get("/desk/situation/?year=2026&quarter=1").context["matters"] == 0
    assert at_desk("street", here.bridge).get("/desk/situation/?year=2026&quarter=1").context["matters"] == len(brought)
    assert at_desk("aid", here.root).get("/desk/situation/?year=2026&quarter=1").context["matters"] == 0


@pytest.mark.parametrize("asked", ["year=20260", "year=abc&quarter=9", "quarter=0", "year=1", "place=x", "place=999"])
def test_a_strange_address_is_no_error(here: World, at_desk: AtDesk, asked: str) -> None:
    assert at_desk("rights", here.root).get(f"/desk/situation/?{asked}").status_code == (
        404 if "place" in asked else 200
    )


def test_the_workbook_says_what_the_page_says(here: World, at_desk: AtDesk, brought: list[Case], bring: Bring) -> None:
    bring("钱大七", on=ON)  # the fifth about pay, of one a year before
    client = at_desk("rights", here.root)
    page = client.get("/desk/situation/?year=2026&quarter=1").context
    answer = client.get("/desk/situation/file/?year=2026&quarter=1")
    assert answer.status_code == 200 and "spreadsheetml" in answer.headers["Content-Type"]
    rows = list(openpyxl.load_workbook(BytesIO(content_of(answer)))["数据"].iter_rows(values_only=True))
    for table in page["tables"]:
        assert [row[1:4] for row in rows if row[0] == str(table.title)] == [line[:3] for line in table.lines]
    for title, shown in (("反复发生的单位", page["again"]), ("集中", page["gathering"])):
        assert [row[1:4] for row in rows if row[0] == title] == [one[1:4] for one, _href in shown]
    (many,) = [row for row in rows if row[0] == "集体"]
    assert many[1].startswith(page["collective"][0][0].number) and many[2:4] == (1, 12)
    assert [row[2:5:2] for row in rows if row[0] == "上升"] == [(5, 1)]


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
