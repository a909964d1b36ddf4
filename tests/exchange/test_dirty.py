"""More than sixty dirty rows: each ends where it must, for the reason it must, and nothing is lost or guessed."""

from datetime import date
from pathlib import Path

import pytest
from python_calamine import load_workbook

from tests.exchange import dirty
from tests.exchange.dirty import DIRTY, FIRST_ROW, SAME_ROW
from tests.exchange.sheets import rewrite
from tests.world import TODAY, World, a_person
from unionhall.exchange.faults import write_faults
from unionhall.exchange.headers import REASON_HEADER
from unionhall.exchange.run import Outcome, dry_run, run_import
from unionhall.exchange.template import Verdict
from unionhall.exchange.templates import by_name
from unionhall.kernel.actor import SYSTEM
from unionhall.people.actions import Standing, admit
from unionhall.people.models import Duplicate, Membership, Person

MEMBERS = by_name("members")


@pytest.fixture
def known(here: World) -> World:
    """Eight people already on the books of the joint union, as `dirty.good` states them."""
    names = {
        301: "赵建国",
        303: "王芳",
        305: "小李",
        307: "欧阳晓",
        309: "钱多多",
        311: "孙小圣",
        313: "周小舟",
        315: "吴小五",
    }
    for serial, name in names.items():
        person, _, _ = a_person(name, number=dirty.number(serial), mobile=f"137{serial:08d}")
        admit(
            [Standing(person, here.joint_union, here.diner, "active", "服务员", "fixed", date(2015, 3, 1))], by=SYSTEM
        )
    return here


@pytest.fixture
def outcome(known: World, tmp_path: Path) -> Outcome:
    dirty.write(tmp_path / "花名册.xlsx")
    return run_import(MEMBERS, tmp_path / "花名册.xlsx", by=SYSTEM, on=TODAY)


def test_there_are_more_than_sixty_and_they_differ() -> None:
    assert len(DIRTY) >= 60
    assert len({row.what for row in DIRTY}) == len(DIRTY)


def test_every_row_ends_where_it_must_for_the_reason_it_must(outcome: Outcome) -> None:
    told = {fault.number: fault for fault in outcome.faults}
    for place, row in enumerate(DIRTY):
        fault = told.get(FIRST_ROW + place)
        if row.verdict in (Verdict.DOUBTFUL, Verdict.REFUSED):
            assert fault is not None, row.what
            assert fault.verdict is row.verdict, (row.what, fault.reasons)
            assert fault.reasons == ((row.key, row.reason.format(same=SAME_ROW)),), row.what
        else:
            assert fault is None, (row.what, fault)


def test_nothing_is_lost(outcome: Outcome) -> None:
    assert outcome.rows == len(DIRTY)
    for verdict in Verdict:
        assert outcome.counts[verdict] == sum(row.verdict is verdict for row in DIRTY), verdict
    assert Person.objects.filter(batch=outcome.batch).count() == outcome.counts[Verdict.NEW]
    assert outcome.unknown == ("序号",)


def test_cells_are_settled_not_guessed(outcome: Outcome) -> None:
    assert Person.objects.get(name="买买提·吐尔逊").sex == "male"
    assert Person.objects.get(name="JOHN SMITH").document == "prc_permanent"
    assert Membership.objects.get(person__name="王\U00020b9f").since == date(2015, 3, 1)
    assert Membership.objects.filter(job="=1+1").count() == 1
    assert set(Person.objects.filter(name="王芳").values_list("memberships__job", flat=True)) == {"领班", "服务员"}


def test_two_people_of_two_names_may_share_a_phone(outcome: Outcome) -> None:
    one, other = Person.objects.get(name="周一"), Person.objects.get(name="周二")
    assert bytes(one.mobile_index or b"") == bytes(other.mobile_index or b"x")
    assert not Duplicate.objects.filter(one=one, other=other).exists()


def test_the_preview_says_the_same_and_writes_nothing(known: World, tmp_path: Path) -> None:
    dirty.write(tmp_path / "花名册.xlsx")
    before = Person.objects.count()
    preview = dry_run(MEMBERS, tmp_path / "花名册.xlsx", by=SYSTEM, on=TODAY)
    assert Person.objects.count() == before
    done = run_import(MEMBERS, tmp_path / "花名册.xlsx", by=SYSTEM, on=TODAY)
    assert (preview.counts, preview.faults) == (done.counts, done.faults)


def test_faults_come_back_as_the_same_workbook_and_once_corrected_are_taken(outcome: Outcome, tmp_path: Path) -> None:
    path = tmp_path / "退回.xlsx"
    assert write_faults(outcome, path) == len(outcome.faults)
    lines = load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert [str(cell).rstrip("*") for cell in lines[0]] == [*(c.header for c in MEMBERS.columns), REASON_HEADER]
    for line, fault in zip(lines[1:], outcome.faults, strict=True):
        as_it_stood = [cell for cell in fault.cells if cell not in (None, "")]
        assert [cell for cell in line[:-1] if cell != ""] == as_it_stood
        assert all(reason in line[-1] for _, reason in fault.reasons)
    # The officer corrects every row: right numbers, right words; the reasons may stay where they are.
    keys = [column.key for column in MEMBERS.columns]
    corrected = []
    for place, line in enumerate(lines[1:]):
        cells = dirty.good() | {"document_number": dirty.number(501 + 2 * place), "mobile": f"138{place:08d}"}
        corrected.append([cells[key] for key in keys] + [line[-1]])
    rewrite(tmp_path / "改好.xlsx", lines[0], corrected)
    again = run_import(MEMBERS, tmp_path / "改好.xlsx", by=SYSTEM, on=TODAY)
    assert again.faults == []
    assert +again.counts == {Verdict.NEW: len(outcome.faults)}
    assert again.unknown == ()


def test_doubtful_rows_are_written_when_the_officer_accepts_them(known: World, tmp_path: Path) -> None:
    dirty.write(tmp_path / "花名册.xlsx")
    done = run_import(MEMBERS, tmp_path / "花名册.xlsx", by=SYSTEM, on=TODAY, accept_doubtful=True)
    left = [fault for fault in done.faults if fault.verdict is Verdict.DOUBTFUL]
    assert all("同一人" in reason or "姓名不同" in reason for fault in left for _, reason in fault.reasons)
    assert done.accepted == sum(row.verdict is Verdict.DOUBTFUL for row in DIRTY) - len(left)
    moved = Membership.objects.get(person__name="欧阳晓", until=None)
    assert moved.union_id == known.own_union.id
    assert moved.follows is not None and moved.follows.ended_because == "transferred"
    assert Person.objects.filter(name="李改名").count() == 1


def test_the_same_dirty_file_again_changes_nothing(outcome: Outcome, tmp_path: Path) -> None:
    people, rows = Person.objects.count(), Membership.objects.count()
    again = run_import(MEMBERS, tmp_path / "花名册.xlsx", by=SYSTEM, on=TODAY)
    assert again.batch is None
    assert (Person.objects.count(), Membership.objects.count()) == (people, rows)
    assert again.rows == outcome.rows
    written = outcome.counts[Verdict.NEW] + outcome.counts[Verdict.CHANGED] + outcome.counts[Verdict.UNCHANGED]
    assert again.counts[Verdict.UNCHANGED] == written
