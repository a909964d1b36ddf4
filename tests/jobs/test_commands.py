"""The commands, as an operator calls them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.exchange.sheets import roster_rows, write_roster
from tests.world import a_district
from unionhall.exchange.models import Batch
from unionhall.jobs.commands import bring_in, publish, report, template, verify, withdraw
from unionhall.people.models import Membership


@pytest.fixture
def roster(db: None, tmp_path: Path) -> Path:
    a_district()
    return write_roster(tmp_path / "roster.xlsx", roster_rows(6))


def call(module: object, *arguments: str, answer: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(module.command, list(arguments), input=answer)  # type: ignore[attr-defined]
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_a_dry_run_says_what_would_happen_and_changes_nothing(roster: Path) -> None:
    status, said = call(bring_in, "members", str(roster), "--dry-run")
    assert status == 0
    assert "新增 6" in said
    assert not Membership.objects.exists()


def test_an_import_asks_first_and_takes_no_for_an_answer(roster: Path) -> None:
    status, _ = call(bring_in, "members", str(roster), answer="n\n")
    assert status == 1
    assert not Membership.objects.exists()


def test_an_import_can_be_withdrawn_by_the_number_it_printed(roster: Path) -> None:
    status, said = call(bring_in, "members", str(roster), answer="y\n")
    batch = Batch.objects.get()
    assert (status, Membership.objects.count()) == (0, 6)
    assert f"批次 {batch.pk}" in said
    assert call(withdraw, str(batch.pk), "--reason", "导错了文件")[0] == 0
    assert not Membership.objects.exists()


def test_a_second_import_of_the_same_file_has_nothing_to_write(roster: Path) -> None:
    call(bring_in, "members", str(roster), "--yes")
    status, said = call(bring_in, "members", str(roster), "--yes")
    assert status == 0
    assert "没有要写入的行" in said
    assert "None" not in said


def test_rows_given_back_end_with_status_3_and_print_no_number_of_a_person(db: None, tmp_path: Path) -> None:
    a_district()
    rows = roster_rows(3)
    rows[1] |= {"sex": rows[1]["document_number"]}  # columns shifted by one
    faulty = write_roster(tmp_path / "faulty.xlsx", rows)
    status, said = call(bring_in, "members", str(faulty), "--yes")
    assert status == 3
    assert "退回 1" in said
    assert rows[1]["document_number"] not in said
    assert (tmp_path / "faulty-退回.xlsx").exists()


def test_templates_are_listed_and_written(tmp_path: Path) -> None:
    status, said = call(template)
    assert status == 0
    assert "members" in said
    assert call(template, "members", "-o", str(tmp_path / "blank.xlsx"))[0] == 0
    assert (tmp_path / "blank.xlsx").stat().st_size > 1000


def test_the_report_checks_printed_figures_and_ends_with_1_when_one_differs(roster: Path, tmp_path: Path) -> None:
    call(bring_in, "members", str(roster), "--yes")
    header = "id,seed,district,period,mode,indicator_zh,indicator_en,qualifier,value,unit,counted_from,definition\n"
    printed = tmp_path / "printed.csv"
    printed.write_text(header + "A-1,A,X,as-of 2030-12-31,stock,实名制会员,members,=,6,人,Membership,\n")
    status, said = call(report, "2030", "--check", str(printed))
    assert (status, said.splitlines()[0].split("\t")[3]) == (0, "equal")
    printed.write_text(header + "A-1,A,X,as-of 2030-12-31,stock,实名制会员,members,=,7,人,Membership,\n")
    status, said = call(report, "2030", "--check", str(printed))
    assert (status, said.splitlines()[0].split("\t")[3]) == (1, "differs")


def test_the_report_is_a_csv_that_names_every_figure(roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.csv"
    assert call(report, "2030", "-o", str(out))[0] == 0
    assert "实名制会员" in out.read_text("utf-8-sig")


def test_published_figures_are_verified_against_the_records(roster: Path) -> None:
    call(bring_in, "members", str(roster), "--yes")
    assert call(publish, "2020")[0] == 0
    status, said = call(verify, "--year", "2020")
    assert (status, "全部相符" in said) == (0, True)
