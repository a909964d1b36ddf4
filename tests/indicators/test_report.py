"""The yearly report as data: complete, in the catalogue's order, and cheap."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from unionhall import catalogue
from unionhall.indicators.figures import Counted, Rate, Ratio
from unionhall.indicators.report import explain, find_place, yearly
from unionhall.indicators.territory import below, moves
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.kernel.period import Period
from unionhall.people.actions import Standing, end, transfer

pytestmark = pytest.mark.django_db


def test_every_figure_stands_in_the_order_of_the_catalogue(here: world.World) -> None:
    report = yearly(catalogue.SERVICES, 2015)
    assert [row.figure.key for row in report.rows()] == list(catalogue.figures())
    assert [section.service.key for section in report.sections] == [s.key for s in catalogue.SERVICES if s.figures]
    assert [part.name for part in report.parts] == ["柳荫街道", "石桥街道"]
    assert report.title == "望河区总工会 2015 年工作统计报告"


def test_it_says_what_each_figure_says_itself(here: world.World) -> None:
    world.five_people(here)
    report = yearly(catalogue.SERVICES, 2015)
    for row in report.rows():
        assert row.now.value == row.figure.value(here.root, report.period)
        assert row.before == row.figure.value(here.root, Period.year(2014))
        shares = dict(row.figure.by_place(here.root, report.period))
        assert list(row.now.parts) == [shares[part] for part in report.parts]


def test_what_lies_at_the_place_itself_is_told_apart(here: world.World) -> None:
    world.an_honour(here, world.a_member(here))  # honours are kept at the district
    report = yearly(catalogue.SERVICES, 2015)
    row = next(row for row in report.rows() if row.figure.key == "honour.medal")
    assert (row.now.value, row.now.parts, row.now.rest) == (1, (0, 0), 1)
    assert report.has_others


def test_the_year_before_and_the_change(here: world.World) -> None:
    for on in (date(2014, 6, 1), date(2014, 7, 1), date(2015, 6, 1)):
        world.a_member(here, since=on)
    rows = {row.figure.key: row for row in yearly(catalogue.SERVICES, 2015).rows()}
    assert (rows["member.new"].now.value, rows["member.new"].before, rows["member.new"].change) == (1, 2, "-50.0%")
    assert rows["member.members"].change == "+50.0%"
    assert rows["tree.streets"].change == "0.0%"
    assert rows["mediation.agreed"].change == ""
    rate = rows["member.membership"]
    assert (rate.now.value, rate.before, rate.change) == (Rate(3, 177), Rate(2, 177), "+0.56 个百分点")


def test_a_card_of_someone_who_left_is_a_card_but_no_members(here: world.World) -> None:
    stays, leaves = world.a_member(here), world.a_member(here)
    for member in (stays, leaves):
        world.a_card(member)
    end([leaves.membership], by=SYSTEM, on=date(2015, 6, 1), because="left")
    rows = {row.figure.key: row.now.value for row in yearly(catalogue.SERVICES, 2015).rows()}
    assert (rows["card.made"], rows["card.making"]) == (2, Rate(1, 1))


def test_a_card_lies_where_its_member_does_now(here: world.World) -> None:
    """Asked for in one street, held by a member of the other: no street has more holders than members."""
    member = world.a_member(here)
    world.a_card(member)
    stated = Standing(member.person, here.own_union, here.factory, "active", "", "", date(2014, 3, 8))
    transfer([(member.membership, stated)], by=SYSTEM, on=date(2015, 6, 1))
    making = catalogue.figure("card.making")
    assert [making.value(path, Period.year(2015)) for path in (here.willow, here.bridge)] == [Rate(1, 1), Rate(0, 0)]


def test_members_of_listed_employers_are_counted_where_the_list_has_the_employer(here: world.World) -> None:
    """The union of one street, a factory of the other: its members are of those 165 workers (120 and the courier's 45)."""
    world.a_member(here, employer=here.factory)
    rate = catalogue.figure("member.membership")
    period, moved = Period.year(2015), moves()
    assert rate.value(here.willow, period) == Rate(1, 165)
    assert rate.value(here.bridge, period) == Rate(0, 12)
    whole = rate.whole(here.root, period, below(here.root, period, moved), moved=moved)
    assert (whole.value, whole.parts) == (Rate(1, 177), (Rate(1, 165), Rate(0, 12)))
    assert len(rate.lines(here.willow, period)) == 1


def test_it_may_stop_at_a_day(here: world.World) -> None:
    world.a_member(here, since=date(2015, 6, 1))
    rows = {row.figure.key: row for row in yearly(catalogue.SERVICES, 2015, as_of=date(2015, 5, 31)).rows()}
    assert rows["member.new"].now.value == 0
    assert rows["member.members"].now.value == 0
    with pytest.raises(Refused, match="不在 2015 年内"):
        yearly(catalogue.SERVICES, 2015, as_of=date(2016, 1, 1))


def test_a_place_goes_by_code_path_or_name(here: world.World) -> None:
    assert {find_place(text).path for text in ("W02", here.bridge, "石桥街道")} == {here.bridge}
    report = yearly(catalogue.SERVICES, 2015, place="石桥街道")
    assert [part.name for part in report.parts] == ["石桥东社区"]
    with pytest.raises(Refused, match="没有代码、路径或名称为“月球”的地方"):
        find_place("月球")


def test_without_a_tree_it_says_what_to_do(db: None) -> None:
    with pytest.raises(Refused, match="请先导入区划树"):
        yearly(catalogue.SERVICES, 2015)


def test_each_figure_costs_two_queries_and_the_tree_is_read_once(here: world.World) -> None:
    allowed = 4  # the place, the reorganisations, whether persons were merged, the places below
    for figure in catalogue.figures().values():
        for part in (figure.numerator, figure.denominator) if isinstance(figure, Ratio) else (figure,):
            assert isinstance(part, Counted)
            allowed += 3 if part.counting in ("people", "employers") else 2
    with CaptureQueriesContext(connection) as asked:
        yearly(catalogue.SERVICES, 2015)
    assert len(asked) == allowed
    about_the_tree = [query["sql"] for query in asked if "placebecame" in query["sql"]]
    assert len(about_the_tree) == 1


def test_a_figure_with_its_parts_is_one_query_where_parts_add_up(here: world.World) -> None:
    period, moved = Period.year(2015), moves()
    places = below(here.root, period, moved)
    for key, queries in (("member.members", 1), ("card.items.uses", 1), ("card.items.users", 2), ("card.making", 2)):
        with CaptureQueriesContext(connection) as asked:
            catalogue.figure(key).whole(here.root, period, places, moved=moved)
        assert len(asked) == queries, key


def test_every_figure_is_explained(here: world.World) -> None:
    for figure in catalogue.figures().values():
        said = explain(figure, Period.year(2015))
        assert said.definition and said.counting and said.source
        assert said.time == ("时点数，截至 2015-12-31" if figure.mode == "stock" else "当期发生数，2015 年")
        assert bool(said.base) == isinstance(figure, Ratio)
        assert said.parts == ("各部分相加等于合计" if figure.adds else "各部分不能相加")
