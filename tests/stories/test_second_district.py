"""A district nobody thought of while the product was written: its workbooks come in, and its figures come out."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.second_district import books
from unionhall import catalogue
from unionhall.exchange import papers
from unionhall.exchange.run import run_import
from unionhall.exchange.template import Verdict
from unionhall.exchange.templates import by_name
from unionhall.indicators.figures import Rate, Ratio
from unionhall.indicators.report import Report, yearly
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(db: None, tmp_path: Path) -> Path:
    """The whole district, imported into an empty database."""
    assert not Place.objects.exists()
    for name, path in books.write(tmp_path):
        outcome = run_import(by_name(name), path, by=SYSTEM, on=date(2021, 12, 31))
        assert not outcome.faults, (name, outcome.faults)
        assert outcome.counts[Verdict.NEW] == outcome.rows > 0, name
    return tmp_path


def told(year: int, place: str = "", as_of: date | None = None) -> dict[str, object]:
    report = yearly(catalogue.SERVICES, year, place=place, as_of=as_of)
    return {row.figure.key: row.now.value for row in report.rows()}


def test_its_figures_come_out_year_by_year(district: Path) -> None:
    before, after = told(2019), told(2020)
    assert (before["tree.streets"], after["tree.streets"]) == (3, 2)
    assert (before["tree.communities"], after["tree.communities"]) == (4, 3)
    assert (before["union.unionisation"], after["union.unionisation"]) == (Rate(3, 3), Rate(3, 4))
    assert (before["member.membership"], after["member.membership"]) == (Rate(6, 120), Rate(7, 200))
    assert (before["union.new"], after["union.new"]) == (2, 1)
    assert (before["member.members"], after["member.members"]) == (6, 8)
    assert (before["member.new"], after["member.new"]) == (4, 2)
    assert (before["card.items.uses"], after["card.items.uses"]) == (3, 3)
    assert (before["card.items.users"], after["card.items.users"]) == (2, 2)
    assert (before["card.items.participation"], after["card.items.participation"]) == (Rate(2, 6), Rate(2, 8))
    assert (before["card.items.items"], after["card.items.items"]) == (1, 1)
    assert (before["card.made"], before["card.making"]) == (0, Rate(0, 6))
    assert (before["aid.medical.amount"], after["aid.medical.amount"]) == (0, 200_050)
    assert after["aid.medical.people"] == 1
    assert after["aid.festival.amount"] == 50_000
    assert (before["aid.file.workers"], after["aid.file.workers"]) == (1, 0)
    assert (before["mediation.agreed"], after["mediation.agreed"]) == (1, 1)
    assert (before["mediation.amount"], before["mediation.agreed_amount"]) == (900_000, 750_000)
    assert (before["bargaining.wage_rate"], after["bargaining.wage_rate"]) == (Rate(0, 0), Rate(1, 2))
    assert (before["bargaining.employers"], after["bargaining.employers"]) == (2, 2)
    assert (before["honour.medal"], after["honour.medal"]) == (0, 2)
    assert (before["staff.staffing"], told(2021)["staff.staffing"]) == (Rate(3, 5), Rate(2, 5))
    assert (before["station.acceptance"]) == Rate(1, 2)


@pytest.mark.once
def test_its_towns_merge_and_history_stays_true(district: Path) -> None:
    poplar, ferry, stone = "白杨镇", "河口镇", "青石镇"
    assert told(2019, ferry)["member.members"] == 3
    assert told(2019, poplar)["member.members"] == 0
    assert told(2020, as_of=date(2020, 6, 30), place=ferry)["member.members"] == 3
    # Two of Ferry's three members and, since January, the village from Stone are Poplar's by the end of 2020.
    assert told(2020, ferry)["member.members"] == 0
    assert told(2020, poplar)["member.members"] == 5
    assert told(2020, stone)["member.members"] == 3
    report = yearly(catalogue.SERVICES, 2020)
    uses = next(row for row in report.rows() if row.figure.key == "card.items.uses")
    by_town = dict(zip([part.name for part in report.parts], uses.now.parts, strict=True))
    assert by_town == {stone: 1, poplar: 1, ferry: 1}
    assert sum(by_town.values()) == uses.now.value == 3  # type: ignore[arg-type]


@pytest.mark.once
def test_it_goes_down_to_its_cells(district: Path) -> None:
    village = yearly(catalogue.SERVICES, 2020, place="石桥村")
    assert [part.name for part in village.parts] == ["石桥一网格", "石桥二网格"]
    listed = catalogue.figure("union.unionisation.denominator")
    cell = Place.objects.get(name="石桥一网格").path
    assert len(cell) == 12
    assert listed.value(cell, Period.year(2020)) == 1


@pytest.mark.once
def test_every_figure_opens_into_its_records_at_every_place(district: Path) -> None:
    for year in (2018, 2019, 2020, 2021):
        period = Period.year(year)
        for path in Place.objects.values_list("path", flat=True):
            for figure in catalogue.figures().values():
                counted = figure.numerator if isinstance(figure, Ratio) else figure
                lines = list(counted.lines(path, period))
                value = (
                    sum(getattr(line, counted.column) or 0 for line in lines)
                    if counted.counting == "sum"
                    else len(lines)
                )  # type: ignore[attr-defined]
                assert counted.value(path, period) == value, (figure.key, path, year)


@pytest.mark.once
def test_its_report_prints_with_its_own_names_and_bases(district: Path) -> None:
    report: Report = yearly(catalogue.SERVICES, 2020)
    page = papers.render(report, "html").decode()
    assert "云岭区总工会 2020 年工作统计报告" in page
    assert all(town in page for town in ("青石镇", "白杨镇", "河口镇"))
    rate = next(row for row in report.rows() if row.figure.key == "union.unionisation")
    assert isinstance(rate.now.value, Rate) and rate.now.value.percent == Decimal("75.00")
    entry = rate.figure.lines(report.place.path, report.period).first()
    assert str(entry.register) == "规上企业名录（2020-12-31）"


@pytest.mark.once
def test_importing_it_again_changes_nothing(district: Path) -> None:
    before = told(2020)
    for name, path in books.write(district):
        outcome = run_import(by_name(name), path, by=SYSTEM, on=date(2021, 12, 31))
        assert outcome.counts[Verdict.UNCHANGED] == outcome.rows, (name, outcome.counts, outcome.faults)
    assert told(2020) == before
