"""What `unionhall verify` finds: numbers that are not their records, records without a place, lines about nothing."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.world import (
    World,
    a_card,
    a_dispute,
    a_fund,
    a_member,
    a_use,
    an_agreement,
    an_honour,
    an_item,
    some_aid,
)
from unionhall import catalogue
from unionhall.indicators.figures import Flow
from unionhall.jobs import verification
from unionhall.jobs.verification import Finding
from unionhall.journal.models import Line
from unionhall.kernel.period import Period
from unionhall.organisations.models import Employer
from unionhall.people.models import Card

pytestmark = pytest.mark.django_db
YEAR = Period.year(2015)


def wrong(findings: Iterable[Finding]) -> list[str]:
    return [finding.what for finding in findings if not finding.right]


@pytest.fixture
def busy(here: World) -> World:
    """A district in which a line of every kind was written."""
    li = a_member(here, "小李")
    a_card(li)
    a_use(an_item(here), li, YEAR.start)
    a_dispute(here, li)
    some_aid(a_fund(here), li)
    an_agreement(here)
    an_honour(here, li)
    return here


def test_a_district_as_it_was_written_is_right(busy: World) -> None:
    assert len({line.partition(":")[0] for line in Line.objects.values_list("subject", flat=True)}) > 8
    assert wrong(verification.verify(YEAR)) == []


class Boasting(Flow):
    """Says one more than there is, in one street."""

    street = ""

    def value(self, path: str, period: Period, **more: Any) -> int:
        return super().value(path, period, **more) + (path == self.street)


def test_a_number_that_is_not_its_records_in_one_street_is_found(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Boasting(
        slug="new",
        title="入会",
        title_en="admitted",
        unit="人",
        definition="入会",
        definition_en="admitted",
        act="admitted",
    )
    figure.belong("member")
    monkeypatch.setattr(catalogue, "figures", lambda: {figure.key: figure})
    assert wrong(verification.figures_open(YEAR)) == []
    figure.street = busy.bridge
    assert wrong(verification.figures_open(YEAR)) == [
        f"入会（member.new）{busy.bridge}：1，记录 0；{busy.bridge}：在{busy.root}之下是 0，单独看不是"
    ]


def test_a_record_at_a_place_nobody_knows_is_found(busy: World) -> None:
    Employer.objects.filter(pk=busy.courier).update(path="101999")
    Line.objects.filter(act="founded").update(path="")
    assert wrong(verification.paths_stand()) == [
        "地方 journal_line：3 行不在区划树里：", "地方 organisations_employer：1 行不在区划树里：101999",
    ]  # fmt: skip


def test_lines_about_nothing_are_found(busy: World) -> None:
    Card.objects.all().delete()
    Line.objects.filter(act="granted").update(subject="honour:")
    Line.objects.filter(act="opened").update(subject="raffle:1")
    Line.objects.filter(act="admitted").update(person=999_999, employer=999_999)
    assert wrong(verification.subjects_stand()) == [
        "日志 card：3 条所指的记录不在", "日志 honour：1 条所指的记录不在", "日志：1 条没有写明所指的记录",
        "日志：1 条的人不在", "日志：1 条的单位不在",
    ]  # fmt: skip
