"""Printed figures against the records: every kind of row, and the rules one by one."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from unionhall import catalogue
from unionhall.exchange.check import Checked, Names, Printed, agrees, check, period_of
from unionhall.indicators.values import Rate
from unionhall.kernel.errors import Refused
from unionhall.kernel.period import Period
from unionhall.organisations.models import Union

HEADER = "id,seed,district,period,mode,indicator_zh,indicator_en,qualifier,value,unit,counted_from,definition\n"


def printed(**fields: str) -> Printed:
    usual = {
        "id": "T-1", "period": "2015", "mode": "flow", "name": "", "qualifier": "=", "value": "1", "unit": "人",
        "counted_from": "", "definition": "",
    }  # fmt: skip
    return Printed(**{**usual, **fields})


def a_table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "published.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8-sig")
    return path


@pytest.mark.django_db
def test_every_kind_of_row_gets_its_verdict(here: world.World, tmp_path: Path) -> None:
    members = world.five_people(here)
    item, fund = world.an_item(here), world.a_fund(here)
    for member in members[:3]:
        world.a_card(member)
        world.a_use(item, member, date(2015, 6, 3))
    world.a_dispute(here, members[0])
    world.some_aid(fund, members[0])
    rows = check(
        a_table(
            tmp_path,
            "a,T,X,2015,flow,实名制服务职工,uses,=,3,人次,ServiceUse,rows",
            "b,T,X,2015,flow,实名制服务职工,uses,=,4,人次,ServiceUse,rows",
            "c,T,X,as-of 2015-12-31,stock,办卡率,rate,=,60,%,Card / Membership,members with a card",
            "d,T,X,2015,stock,职工参与率,rate,=,90,%,ServiceUse / Membership,distinct",
            "e,T,X,2014-12-31,flow,望河街道数,streets,=,2,个,OrgUnit,active",
            "f,T,X,2015,flow,柳荫社区数,communities,=,2,个,OrgUnit,active",
            "g,T,X,2015,flow,望河区发放医疗救助款,aid,=,0.3,万元,Disbursement,sum",
            "h,T,X,multi-year,cumulative,全区调解成功案件,disputes,=,1,件,Case,closed",
            "i,T,X,2015 target,target,办卡率,target,=,90,%,Card,target",
            "j,T,X,2015,flow,招聘会,fairs,=,42,场,JobFair,held",
            "k,T,X,2015,event,挂牌日,day,text,2015-04-07,date,Event,event date",
            "l,T,X,story,story,患儿年龄,age,=,5,岁,FamilyMember,not an indicator",
            "m,T,X,2015,config,两支队伍,teams,=,2,支,PlanItem,headings",
            "n,T,X,2015,flow,管理办公室,office,=,1,个,OrgUnit,as-of count",
            "o,T,X,2015,flow,职代会,meetings,=,3,次,Meeting(kind=congress),held in year",
            "p,T,X,2015,stock,农民工会员,members,=,5,人,Membership,members from the country",
            "q,T,X,2015,flow,女职工劳动奖章,medals,=,0,名,Honour,given to women",
        ),
        2015,
    )
    assert [(row.id, row.verdict) for row in rows] == [
        ("a", "equal"), ("b", "differs"), ("c", "equal"), ("d", "differs"), ("e", "equal"), ("f", "equal"), ("g", "equal"),
        ("h", "equal"), ("i", "later"), ("j", "differs"), ("k", "not-a-figure"), ("l", "not-a-figure"),
        ("m", "not-a-figure"), ("n", "not-a-figure"), ("o", "later"), ("p", "not-a-figure"), ("q", "not-a-figure"),
    ]  # fmt: skip
    notes = {row.id: row.note for row in rows}
    assert "60.00 %" in {row.id: row.computed for row in rows}["c"] and "3 ÷ 5" in notes["c"]
    assert "要达到 90% 须有 5 人" in notes["d"]
    assert "在柳荫" in notes["f"] and "印作当期数，按时点数计" in notes["f"]
    assert "按“调解成功案件”" in notes["h"] and "截至 2015-12-31" in notes["h"]
    assert notes["i"] == "part 5: 目标、通报与考核"
    assert notes["j"].startswith("招聘会，2015 年；口径：")
    assert notes["n"] == "没有以此为题的指标：as-of count"
    assert notes["o"] == "part 5: 职工代表大会"
    assert notes["p"] == "没有以此为题的指标（“会员”是另一个数）：members from the country"
    assert notes["q"] == "没有以此为题的指标（“劳动奖章”是另一个数）：given to women"
    assert all(str(row).count("\t") == 4 and "\n" not in str(row) for row in rows)


@pytest.mark.parametrize(
    ("qualifier", "value", "counted", "right"),
    [
        ("=", "100", 100, True), ("=", "100", 101, False),
        ("over", "100", 101, True), ("over", "100", 120, True), ("over", "100", 100, False), ("over", "100", 121, False),
        ("nearly", "100", 99, True), ("nearly", "100", 80, True), ("nearly", "100", 100, False), ("nearly", "100", 79, False),
        ("about", "100", 95, True), ("about", "100", 105, True), ("about", "100", 106, False),
        ("at_least", "100", 100, True), ("at_least", "100", 900, True), ("at_least", "100", 99, False),
        ("text", "100", 100, True), ("text", "百", 100, False), ("=", "百", 100, False),
    ],
)  # fmt: skip
def test_qualifiers(qualifier: str, value: str, counted: int, right: bool) -> None:
    figure = catalogue.figure("member.members")
    assert agrees(printed(qualifier=qualifier, value=value), figure, counted) is right


@pytest.mark.parametrize(
    ("value", "rate", "right"),
    [
        ("97", Rate(15797, 16286), True), ("97.00", Rate(15797, 16286), True), ("96.99", Rate(15797, 16286), False),
        ("90.77", Rate(209301, 230584), True), ("90.8", Rate(209301, 230584), True), ("90.7", Rate(209301, 230584), False),
        ("0.5", Rate(1, 200), True), ("1", Rate(1, 200), True), ("0", Rate(1, 200), False), ("0", Rate(0, 0), False),
    ],
)  # fmt: skip
def test_rates_are_rounded_half_up_to_the_decimals_printed(value: str, rate: Rate, right: bool) -> None:
    assert agrees(printed(value=value, unit="%"), catalogue.figure("card.making"), rate) is right


def test_money_is_exact_to_the_fen_and_never_taken_for_a_count() -> None:
    paid = catalogue.figure("aid.festival.amount")
    assert agrees(printed(value="93.33", unit="万元"), paid, 93_330_000)
    assert agrees(printed(value="933300", unit="元"), paid, 93_330_000)
    assert not agrees(printed(value="93.33", unit="万元"), paid, 93_330_001)
    assert not agrees(printed(value="93330000", unit="人"), paid, 93_330_000)


@pytest.mark.parametrize(
    ("period", "mode", "flow", "stock"),
    [
        ("2014", "flow", Period.year(2014), Period.year(2014)),
        ("2014-12-03", "flow", Period.day(date(2014, 12, 3)), Period.day(date(2014, 12, 3))),
        ("2015-03", "flow", Period.month(2015, 3), Period.month(2015, 3)),
        ("as-of 2014-12-31", "stock", Period.until(date(2014, 12, 31)), Period.day(date(2014, 12, 31))),
        ("as-of ~2015-end", "stock", Period.until(date(2015, 12, 31)), Period.year(2015)),
        ("multi-year", "cumulative", Period.until(date(2016, 12, 31)), Period.year(2016)),
        ("截至目前", "stock", Period.until(date(2016, 12, 31)), Period.year(2016)),
        ("2014-15", "flow", Period.year(2014), Period.year(2014)),
        (
            "before 2015-04-07 (start unstated)",
            "cumulative",
            Period.until(date(2015, 4, 7)),
            Period.day(date(2015, 4, 7)),
        ),
    ],
)
def test_periods(period: str, mode: str, flow: Period, stock: Period) -> None:
    row = printed(period=period, mode=mode)
    assert period_of(row, catalogue.figure("card.items.uses"), 2016) == flow
    assert period_of(row, catalogue.figure("member.members"), 2016) == stock


@pytest.mark.django_db
def test_names_are_found_whole_then_after_a_place_then_by_an_end_whose_front_says_only_where(here: world.World) -> None:
    Union.objects.filter(pk=here.federation).update(name="某某省柳江市望河区总工会")
    names = Names()

    def found(name: str) -> tuple[str, str] | None:
        asked = names.find(name)
        return (asked.figure.key, asked.path) if asked else None

    assert found("街道数") == ("tree.streets", here.root)
    assert found("街道") == ("tree.streets", here.root)
    assert found("望河区街道数") == found("望河街道数") == ("tree.streets", here.root)
    assert found("石桥社区数") == ("tree.communities", here.bridge)
    assert found("石桥东社区会员") == ("member.members", here.bridge_east)
    for front in ("柳江", "某某省柳江"):
        assert found(f"{front}市劳模、先进工作者") == ("honour.model_city", here.root)
    assert found("全区会员") == found("本区会员") == ("member.members", here.root)
    assert found("首家社区工作者工会") == ("union.community_workers", here.root)
    # Some other city's, those of the city and not of the district, and kinds of people that are counted nowhere.
    for name in (
        "临河市劳模、先进工作者",
        "退休市劳模、先进工作者",
        "柳江市劳动奖章",
        "全国劳动奖章",
        "农民工会员",
        "望河区女职工劳动奖章",
    ):
        assert found(name) is None, name
    assert names.near("农民工会员") == "会员"
    assert found("月球气温") is None
    assert names.near("月球气温") == ""


def test_what_was_merged_is_asked_once_for_the_whole_table(here: world.World, tmp_path: Path) -> None:
    table = a_table(tmp_path, *(f"{n},T,X,2015,flow,实名制服务职工,uses,=,3,人次,ServiceUse,rows" for n in range(4)))
    with CaptureQueriesContext(connection) as asked:
        check(table, 2015)
    assert len([query for query in asked if "placebecame" in query["sql"]]) == 1


def test_the_computed_money_is_exact_where_pages_show_two_decimals(here: world.World, tmp_path: Path) -> None:
    world.some_aid(world.a_fund(here), world.a_member(here), fen=570_776_994)
    (row,) = check(a_table(tmp_path, "a,T,X,2015,flow,发放医疗救助款,aid,=,570.776994,万元,Disbursement,sum"), 2015)
    assert (row.verdict, row.computed) == ("equal", "570.776994 万元")


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (570_776_994, "570.78"),
        (93_330_000, "93.33"),
        (199_000_000, "199"),
        (1_704_810_000, "1,704.81"),
        (1_005_000, "1.01"),
        (0, "0"),
    ],
)
def test_money_is_shown_to_two_decimals_half_up(fen: int, shown: str) -> None:
    paid = catalogue.figure("aid.medical.amount")
    assert paid.show(fen) == shown
    assert paid.in_unit(fen) * 1_000_000 == fen


def test_a_file_that_is_not_the_table_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(Refused, match="缺少列"):
        list(check(wrong, 2015))
    with pytest.raises(Refused, match="没有文件"):
        check(tmp_path / "nothing.csv", 2015)


def test_a_line_is_one_line_whatever_stands_in_its_cells() -> None:
    assert str(Checked("a", "1\t人", "", "later", "两\n行")) == "a\t1 人\t\tlater\t两 行"
