"""A whole import taken back: nothing of it stays, nothing of others goes."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.sheets import roster_rows, write_roster
from tests.world import TODAY, World, a_member, a_uscc, an_officer
from unionhall import catalogue
from unionhall.cases.actions import move
from unionhall.cases.models import Case
from unionhall.exchange.run import Outcome, run_import, withdraw
from unionhall.exchange.template import Verdict
from unionhall.exchange.templates import by_name
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.kernel.period import Period
from unionhall.organisations.models import Employer, Place
from unionhall.people.models import Membership


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def bring_in(folder: Path, name: str, *rows: dict[str, Any]) -> Outcome:
    """Rows, by column key, as a text table of the form `name`."""
    template = by_name(name)
    path = folder / f"{name}-{len(list(folder.iterdir()))}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.header for column in template.columns])
        writer.writerows([[row.get(column.key, "") for column in template.columns] for row in rows])
    return run_import(template, path, by=SYSTEM, on=TODAY)


def new_members(here: World) -> Any:
    return catalogue.figure("member.new").value("", Period.year(2015))


def test_a_tree_in_which_others_live_is_not_taken_away(here: World, folder: Path) -> None:
    above = Place.objects.get(parent=None)
    tree = bring_in(
        folder, "tree", {"code": "W0199", "name": "新社区", "kind": "社区", "parent": above.code, "since": "2010-01-01"}
    )
    assert tree.batch is not None, tree.faults
    place = Place.objects.get(code="W0199")
    bring_in(folder, "employers", {
        "list_name": "名单", "uses": "无", "as_of": "2015-12-31", "uscc": a_uscc(900), "name": "某厂", "place": "W0199",
        "workers": "12",
    })  # fmt: skip
    from_here = place.path
    with pytest.raises(Refused, match="不能整批撤回"):
        withdraw(tree.batch, by=SYSTEM, reason="导错")
    assert Place.objects.filter(path=from_here).exists()


def test_a_corrected_day_of_admission_comes_back_with_its_line(here: World, folder: Path) -> None:
    rows = roster_rows(1)
    before = new_members(here)
    run_import(by_name("members"), write_roster(folder / "a.xlsx", rows), by=SYSTEM, on=TODAY)
    corrected = [rows[0] | {"since": date(2015, 4, 2)}]
    second = run_import(by_name("members"), write_roster(folder / "b.xlsx", corrected), by=SYSTEM, on=TODAY)
    assert +second.counts == {Verdict.CHANGED: 1}
    assert new_members(here) == before + 1
    assert second.batch is not None
    withdraw(second.batch, by=SYSTEM, reason="更正有误")
    assert new_members(here) == before + 1


def test_a_case_moved_on_by_hand_is_not_taken_away(here: World, folder: Path) -> None:
    member = a_member(here, "小李")
    outcome = bring_in(folder, "disputes", {
        "code": "D1", "name": member.name, "document": member.number, "document_number": member.number, "place": "W01", "cause": "劳动报酬",
        "opened_on": "2015-05-04",
    })  # fmt: skip
    assert outcome.batch is not None, outcome.faults
    case = Case.objects.get()
    move(case.pk, "accept", on=date(2015, 5, 6), values={}, by=an_officer("station_worker", here.willow))
    with pytest.raises(Refused, match="不能整批撤回"):
        withdraw(outcome.batch, by=SYSTEM, reason="导错")
    assert Case.objects.filter(pk=case.pk).exists()


def test_a_reason_too_long_to_keep_is_refused_not_cut(here: World, folder: Path) -> None:
    outcome = run_import(by_name("members"), write_roster(folder / "a.xlsx", roster_rows(1)), by=SYSTEM, on=TODAY)
    assert outcome.batch is not None
    with pytest.raises(Refused, match="最多 200 个字"):
        withdraw(outcome.batch, by=SYSTEM, reason="长" * 201)


def test_a_new_employer_begins_a_new_row_and_leaves_the_past(here: World, folder: Path) -> None:
    first, second = Employer.objects.order_by("pk").values_list("uscc", flat=True)[:2]
    rows = [roster_rows(1)[0] | {"uscc": first}]
    run_import(by_name("members"), write_roster(folder / "a.xlsx", rows), by=SYSTEM, on=date(2015, 6, 1))
    moved = [rows[0] | {"uscc": second}]
    run_import(by_name("members"), write_roster(folder / "b.xlsx", moved), by=SYSTEM, on=date(2016, 2, 1))
    earlier, now = Membership.objects.order_by("since")
    assert (earlier.employer.uscc, earlier.until) == (first, date(2016, 2, 1))
    assert (now.employer.uscc, now.since, now.follows_id) == (second, date(2016, 2, 1), earlier.pk)
    again = run_import(by_name("members"), write_roster(folder / "c.xlsx", moved), by=SYSTEM, on=date(2016, 3, 1))
    assert +again.counts == {Verdict.UNCHANGED: 1}
