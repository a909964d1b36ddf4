"""The tree, employers, unions and cover as a union's own workbooks bring them in."""

from datetime import date

import pytest

from tests.exchange_registers.answers import only_reason, reasons, verdicts
from tests.exchange_registers.conftest import Bring
from tests.world import World, a_uscc
from unionhall.exchange.withdrawal import withdraw
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.models import Cover, Employer, Place, PlaceBecame, Register, RegisterEntry, Union, UnionTag

pytestmark = pytest.mark.django_db


def place(code: str, name: str, kind: str = "社区", parent: str = "W01", **more: str) -> dict[str, str]:
    return {"地方代码": code, "名称": name, "类别": kind, "上级代码": parent, "启用日期": "2010-01-01", **more}


def employer(serial: int, name: str = "示例厂", workers: str = "20", **more: str) -> dict[str, str]:
    return {
        "名单名称": "企业库", "名单用途": "建会率", "名单日期": "2015-06-30", "统一社会信用代码": a_uscc(serial), "单位名称": name,
        "职工人数": workers, **more,
    }  # fmt: skip


def union(code: str, upper: str = "U00", kind: str = "独立基层工会", **more: str) -> dict[str, str]:
    return {
        "工会编号": code,
        "工会名称": f"{code}工会",
        "类别": kind,
        "上级工会编号": upper,
        "批准建会日期": "2015-03-01",
        **more,
    }


def cover(code: str, serial: int, since: str = "2015-05-01", until: str = "") -> dict[str, str]:
    return {"工会编号": code, "统一社会信用代码": a_uscc(serial), "覆盖起始日期": since, "覆盖终止日期": until}


# --- the tree ---------------------------------------------------------------------------------------------------------


def test_a_tree_from_nothing_with_children_before_parents(db: None, bring: Bring) -> None:
    outcome = bring(
        "tree",
        place("C1", "一社区", parent="S1"),
        place("S1", "一镇", "镇", "D"),
        place("D", "某区", "1", ""),
        place("C2", "二村", "村", "S1"),
    )
    assert verdicts(outcome) == {"new": 4}
    assert dict(Place.objects.values_list("code", "path")) == {
        "D": "101", "S1": "101001", "C1": "101001001", "C2": "101001002",
    }  # fmt: skip
    again = bring("tree", place("D", "某区", "1", ""), place("S1", "一镇", "镇", "D"))
    assert verdicts(again) == {"unchanged": 2}


@pytest.mark.parametrize(
    ("row", "because"),
    [
        (place("X", "某社区", parent="NO"), ("上级代码", "上级代码 NO 不在表里，也不在区划树里，请核对")),
        (place("X", "某社区", parent=""), ("上级代码", "社区要有上级代码，只有区不填")),
        (place("X", "另一个区", "区", ""), ("上级代码", "最上级已是 W00，一棵树只能有一个；请填上级代码")),
        (place("X", "某社区", parent="X"), ("上级代码", "上级绕回了自己，请核对上级代码")),
        (place("X", "某社区", 撤销日期="2009-01-01"), ("撤销日期", "2009-01-01 早于启用日期 2010-01-01，请核对")),
        (place("X", "某社区", 并入代码="W0102"), ("并入代码", "并入代码、并入日期、并入原因要一起填")),
        (place("X", "某社区", 类别="州"), ("类别", "没有“州”这一项，请从列表中选：区、街道、镇、社区、村、网格")),
        (
            place("W0101", "柳荫里社区", parent="W02"),
            ("上级代码", "已有的地方不能改上级；请新设一个地方，再把原来的并入"),
        ),
    ],
)
def test_a_wrong_row_of_the_tree_comes_back(
    here: World, bring: Bring, row: dict[str, str], because: tuple[str, str]
) -> None:
    outcome = bring("tree", row)
    assert verdicts(outcome) == {"refused": 1}
    assert only_reason(outcome) == because


def test_below_a_refused_place_everything_is_refused(here: World, bring: Bring) -> None:
    outcome = bring(
        "tree", place("C", "社区", parent="S"), place("S", "街道", "街道", "NO"), place("K", "网格", "网格", "C")
    )
    assert verdicts(outcome) == {"refused": 3}
    assert only_reason(outcome, 4) == ("上级代码", "上级在第 2 行，那一行没有通过，请先改正那一行")


def test_a_merger_comes_with_the_tree_and_goes_with_its_batch(here: World, bring: Bring) -> None:
    bring("tree", place("W0101", "柳荫里社区"))
    row = place("W0101", "柳荫里社区", 并入代码="W0102", 并入日期="2015-07-01", 并入原因="社区合并")
    outcome = bring("tree", row)
    assert verdicts(outcome) == {"changed": 1}
    became = PlaceBecame.objects.get()
    assert (became.old.code, became.new.code, became.on, became.reason) == (
        "W0101",
        "W0102",
        date(2015, 7, 1),
        "社区合并",
    )
    assert Place.objects.get(code="W0101").until == date(2015, 7, 1)
    assert verdicts(bring("tree", row)) == {"unchanged": 1}
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="还没有合并")
    assert not PlaceBecame.objects.exists()
    assert Place.objects.get(code="W0101").until is None


# --- legal-person registers -------------------------------------------------------------------------------------------


def test_one_employer_on_two_lists_is_as_the_newest_says(here: World, bring: Bring) -> None:
    outcome = bring(
        "employers",
        employer(50, "新名称", "30", 名单日期="2015-06-30", 名单用途="建会率、签订率", 地方代码="W0101"),
        employer(50, "老名称", "20", 名单日期="2013-12-31"),
    )
    assert verdicts(outcome) == {"new": 2}
    found = Employer.objects.get(uscc=a_uscc(50))
    assert (found.name, found.workers, found.path) == ("新名称", 30, here.willow_lane)
    listed = RegisterEntry.objects.filter(employer=found).order_by("register__as_of", "register__serves")
    assert [(one.register.serves, one.register.as_of.year, one.workers) for one in listed] == [
        ("unionisation", 2013, 20), ("bargaining", 2015, 30), ("unionisation", 2015, 30),
    ]  # fmt: skip


def test_what_a_later_list_leaves_empty_is_as_the_list_before_says(here: World, bring: Bring) -> None:
    told = employer(50, 名单日期="2014-11-30", 地方代码="W0101", 所有制="国有", 行业代码="C34")
    later = employer(50, workers="30", 名单日期="2015-06-30", 名单用途="入会率")
    assert verdicts(bring("employers", later, told)) == {"new": 2}
    found = Employer.objects.get(uscc=a_uscc(50))
    assert (found.path, found.ownership, found.industry, found.workers) == (here.willow_lane, "state", "C34", 30)
    assert set(RegisterEntry.objects.filter(employer=found).values_list("path", flat=True)) == {here.willow_lane}
    assert verdicts(bring("employers", later, told)) == {"unchanged": 2}
    older = employer(50, 名单日期="2013-12-31", 地方代码="W0201", 所有制="非公")
    newest = employer(50, workers="31", 名单日期="2015-09-30")
    assert verdicts(bring("employers", older, newest)) == {"new": 2}
    found.refresh_from_db()
    assert (found.path, found.ownership, found.industry, found.workers) == (here.willow_lane, "state", "C34", 31)
    listed = dict(RegisterEntry.objects.filter(employer=found).values_list("register__as_of", "path"))
    assert (listed[date(2013, 12, 31)], listed[date(2015, 9, 30)]) == (here.bridge_east, here.willow_lane)


def test_a_place_that_was_refused_is_not_carried_to_the_next_list(here: World, bring: Bring) -> None:
    outcome = bring("employers", employer(50, 名单日期="2014-11-30", 地方代码="NO"), employer(50))
    assert verdicts(outcome) == {"refused": 1, "new": 1}
    assert Employer.objects.get(uscc=a_uscc(50)).path == here.root


def test_an_older_list_does_not_undo_a_newer_one(here: World, bring: Bring) -> None:
    bring("employers", employer(50, "新名称", "30"))
    outcome = bring("employers", employer(50, "老名称", "20", 名单日期="2013-12-31"))
    assert verdicts(outcome) == {"new": 1}
    assert Employer.objects.get(uscc=a_uscc(50)).name == "新名称"


def test_a_corrected_list_is_a_change_that_can_be_withdrawn(here: World, bring: Bring) -> None:
    bring("employers", employer(50, "示例厂", "20"))
    outcome = bring("employers", employer(50, "示例厂", "25"))
    assert verdicts(outcome) == {"changed": 1}
    assert (
        Employer.objects.get(uscc=a_uscc(50)).workers
        == RegisterEntry.objects.get(employer__uscc=a_uscc(50)).workers
        == 25
    )
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="改错了")
    assert (
        Employer.objects.get(uscc=a_uscc(50)).workers
        == RegisterEntry.objects.get(employer__uscc=a_uscc(50)).workers
        == 20
    )


def test_a_list_only_to_record_employers_makes_no_register(here: World, bring: Bring) -> None:
    before = Register.objects.count()
    rows = [employer(50, 名单用途="无"), employer(51, 名单用途="无")]
    assert verdicts(bring("employers", *rows)) == {"new": 2}
    assert Register.objects.count() == before
    assert verdicts(bring("employers", *rows)) == {"unchanged": 2}


def test_a_code_that_fails_its_check_needs_a_reason(here: World, bring: Bring) -> None:
    wrong = a_uscc(50)[:-1] + ("0" if a_uscc(50)[-1] != "0" else "1")
    outcome = bring("employers", employer(1) | {"统一社会信用代码": wrong})
    assert only_reason(outcome) == (
        "统一社会信用代码", "统一社会信用代码第18位校验码不符，请按证书逐位核对；确与证书一致的，由干部说明理由后采用（写在“代码例外说明”里）",
    )  # fmt: skip
    outcome = bring("employers", employer(1, 代码例外说明="已核对执照原件") | {"统一社会信用代码": wrong})
    assert verdicts(outcome) == {"new": 1}
    assert Employer.objects.get(uscc=wrong).uscc_override == "已核对执照原件"


@pytest.mark.parametrize(
    ("rows", "at", "because"),
    [
        ([employer(50), employer(50)], 3, ("统一社会信用代码", "这家单位在同一份名单里已有第 2 行，请只留一行")),
        ([employer(50, 名单用途="无、建会率")], 2, ("名单用途", "填了“无”就不能再填别的用途")),
        ([employer(50, 名单日期="2016-06-30")], 2, ("名单日期", "2016-06-30 还没有到，请核对日期")),
        ([employer(50, 地方代码="NO")], 2, ("地方代码", "区划树里没有代码 NO，请核对，或先导入区划树")),
        ([employer(50), employer(51, 名单名称="另一库")], 3,
         ("名单名称", "2015-06-30 已有名单“企业库”作为建会率的基数，同一天只能有一份")),
    ],
)  # fmt: skip
def test_a_wrong_row_of_a_list_comes_back(
    here: World, bring: Bring, rows: list[dict[str, str]], at: int, because: tuple[str, str]
) -> None:
    assert only_reason(bring("employers", *rows), at) == because


# --- unions and cover -------------------------------------------------------------------------------------------------


def test_unions_with_the_one_above_later_in_the_file(here: World, bring: Bring) -> None:
    rows = [
        union("V2", "V1", 标记="会站家合一、网格试点", 标记日期="2015-04-01"),
        union("V1", "U00", "街道总工会", 地方代码="W01"),
    ]
    assert verdicts(bring("unions", *rows)) == {"new": 2}
    below = Union.objects.get(code="V2")
    assert (below.upper.code if below.upper else "", below.path) == ("V1", here.willow)
    assert set(UnionTag.objects.filter(union=below).values_list("tag", flat=True)) == {"three_in_one", "grid_pilot"}
    assert Line.objects.filter(act="founded", subject=f"union:{below.pk}", kind="independent").count() == 1
    assert verdicts(bring("unions", *rows)) == {"unchanged": 2}


def test_a_mark_stands_once_on_the_day_last_told_and_ends_with_its_union(here: World, bring: Bring) -> None:
    marked = union("V1", 标记="会站家合一", 标记日期="2015-04-01")
    ended = {"撤销日期": "2015-11-01", "撤销原因": "合并"}
    bring("unions", marked)
    marks = UnionTag.objects.filter(union__code="V1").values_list("since", "until")
    redated = bring("unions", marked | {"标记日期": "2015-05-01"})
    assert list(marks.all()) == [(date(2015, 5, 1), None)]
    assert redated.batch is not None
    withdraw(redated.batch, by=SYSTEM, reason="改错了")
    assert list(marks.all()) == [(date(2015, 4, 1), None)]
    closing = bring("unions", union("V1", **ended))
    assert list(marks.all()) == [(date(2015, 4, 1), date(2015, 11, 1))]
    for row in (marked | ended, marked | ended | {"工会名称": "新名工会"}, marked | ended | {"标记日期": "2015-06-01"}):
        assert verdicts(bring("unions", row)) == {"changed": 1}
    assert list(marks.all()) == [(date(2015, 6, 1), date(2015, 11, 1))]
    bring("unions", marked)
    assert list(marks.all()) == [(date(2015, 4, 1), None)]
    assert closing.batch is not None
    late = bring("unions", marked | ended | {"标记日期": "2015-12-01"})
    assert only_reason(late) == ("撤销日期", "2015-11-01 早于标记日期 2015-12-01，请核对")


def test_ending_a_union_leaves_its_covers_to_be_ended_one_by_one(here: World, bring: Bring) -> None:
    bring("unions", union("V1"))
    bring("cover", cover("V1", 3))
    bring("unions", union("V1", 撤销日期="2015-11-01", 撤销原因="合并"))
    assert Cover.objects.get(union__code="V1").until is None


def test_a_union_founded_on_another_day_moves_its_line(here: World, bring: Bring) -> None:
    bring("unions", union("V1"))
    outcome = bring("unions", union("V1") | {"批准建会日期": "2015-02-01"})
    assert verdicts(outcome) == {"changed": 1}
    subject = f"union:{Union.objects.get(code='V1').pk}"
    assert [line.on for line in Line.objects.standing().filter(subject=subject)] == [date(2015, 2, 1)]
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="改错了")
    assert [line.on for line in Line.objects.standing().filter(subject=subject)] == [date(2015, 3, 1)]
    assert Union.objects.get(code="V1").since == date(2015, 3, 1)


@pytest.mark.parametrize(
    ("row", "because"),
    [
        (union("V1", "NO"), ("上级工会编号", "上级工会编号 NO 不在表里，也不在工会组织里，请核对")),
        (union("V1", 撤销原因="合并"), ("撤销日期", "填了撤销原因就要填撤销日期")),
        (union("V1", 标记="示范单位"), ("标记日期", "填了标记就要填标记日期")),
        (union("V1", 撤销日期="2014-01-01"), ("撤销日期", "2014-01-01 早于批准建会日期 2015-03-01，请核对")),
    ],
)
def test_a_wrong_union_comes_back(here: World, bring: Bring, row: dict[str, str], because: tuple[str, str]) -> None:
    assert only_reason(bring("unions", row)) == because


def test_cover_counts_the_employer_and_its_workers(here: World, bring: Bring) -> None:
    row = cover("U02", 3)
    assert verdicts(bring("cover", row)) == {"new": 1}
    line = Line.objects.get(act="covered", employer=here.courier)
    assert (line.kind, line.headcount, line.path) == ("community_joint", 45, here.drum_tower)
    assert verdicts(bring("cover", row)) == {"unchanged": 1}
    ended = bring("cover", cover("U02", 3, until="2015-11-01"))
    assert verdicts(ended) == {"changed": 1}
    assert Cover.objects.get(employer=here.courier).until == date(2015, 11, 1)
    assert verdicts(bring("cover", cover("U02", 3, since="2015-11-01"))) == {"new": 1}


def test_wrong_covers_come_back_with_every_reason(here: World, bring: Bring) -> None:
    outcome = bring(
        "cover",
        cover("NO", 77),
        cover("U02", 3, since="2011-01-01"),
        cover("U02", 2, since="2015-06-01"),
        cover("U01", 3),
        cover("U01", 3),
    )
    assert verdicts(outcome) == {"refused": 4, "new": 1}
    assert reasons(outcome, 2) == [
        ("工会编号", "工会组织里没有编号 NO，请核对，或先导入工会组织"),
        ("统一社会信用代码", f"单位名册里没有 {a_uscc(77)}，请核对，或先导入法人单位名册"),
    ]
    assert only_reason(outcome, 3) == ("覆盖起始日期", "覆盖起始日期早于这个工会的批准建会日期 2012-04-01，请核对")
    assert only_reason(outcome, 4) == ("覆盖起始日期", "这家单位自 2015-03-02 起已在这个工会，时间重叠，请核对")
    assert ("统一社会信用代码", "与第 5 行重复，请只留一行") in reasons(outcome, 6)


def test_the_second_row_of_a_key_is_refused_on_every_import(here: World, bring: Bring) -> None:
    rows = [cover("U01", 3), cover("U01", 3, until="2015-10-01")]
    for expected in ({"new": 1, "refused": 1}, {"unchanged": 1, "refused": 1}, {"unchanged": 1, "refused": 1}):
        assert verdicts(bring("cover", *rows)) == expected
    assert Cover.objects.get(employer=here.courier).until is None
