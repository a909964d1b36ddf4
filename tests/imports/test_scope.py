"""Whoever brings a file in brings in the rows of their own places; each other row is refused, and says nothing of anybody."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests import world
from tests.exchange.sheets import rewrite
from tests.imports.sitting import Desk
from unionhall.exchange import permits, preview, scope
from unionhall.exchange.models import Batch, Upload
from unionhall.exchange.templates import TEMPLATES
from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.kernel.errors import NotYours
from unionhall.ledger import fund_moves
from unionhall.ledger.actions import FundRow, open_funds, post_many
from unionhall.ledger.models import Fund
from unionhall.organisations.models import Employer, Union
from unionhall.organisations.roles import RIGHTS
from unionhall.people.models import Membership, Person


def at_desk(here: world.World, folder: Path, role: str, path: str, template: str) -> Desk:
    return Desk(here, folder, world.an_officer(role, path), template)


def checked(desk: Desk, rows: list[dict[str, Any]]) -> Upload:
    columns = desk.template.columns
    rewrite(desk.path, [column.header for column in columns], ([row.get(c.key) for c in columns] for row in rows))
    return desk.check(desk.received(desk.path))


def said(upload: Upload) -> dict[int, str]:
    """Sheet row -> reasons of the rows given back."""
    shown = preview.lines(upload, upload.shown.filter(verdict__in=("refused", "doubtful")))
    return {line.number: "；".join(sentence for _, sentence in line.reasons) for line in shown}


def test_every_template_names_its_right_and_can_be_kept_to_places() -> None:
    names = {template.name for template in TEMPLATES}
    assert set(permits.NEEDS) == names
    assert set(scope._FINDERS) == names
    assert {right for rights in permits.NEEDS.values() for right in rights} <= set(RIGHTS)


def test_accounts_come_in_at_the_command_line_only() -> None:
    everyone = Actor(1, "谁", tuple(Post(role, "101") for role in ("organisation", "system_admin", "leader")))
    assert not permits.may(Actor(1, "组织部", (Post("organisation", "101"),)), "posts")
    assert not permits.may(Actor(1, "系统管理员", (Post("system_admin", "101"),)), "members")
    assert permits.may(everyone, "members")


def test_rows_of_another_streets_union_are_refused_one_by_one(here: world.World, tmp_path: Path) -> None:
    desk = at_desk(here, tmp_path, "station_worker", here.bridge, "members")
    rows = desk.roster(4)
    rows[1]["union"] = rows[3]["union"] = "U01"  # 红星机械厂工会, in 柳荫街道
    upload = desk.checked(rows)
    assert (upload.new, upload.refused) == (2, 2)
    assert set(said(upload)) == {3, 5}
    assert all("不在您的岗位管辖范围内" in sentence for sentence in said(upload).values())
    desk.brought_in(upload)
    assert set(Membership.objects.values_list("union__code", flat=True)) == {"U02"}


def test_at_the_top_every_row_comes_in(here: world.World, tmp_path: Path) -> None:
    desk = at_desk(here, tmp_path, "organisation", here.root, "members")
    rows = desk.roster(2)
    rows[1]["union"] = "U01"
    assert desk.checked(rows).new == 2


def test_a_member_of_elsewhere_is_not_taken_nor_told_of(here: world.World, tmp_path: Path) -> None:
    """Their number in my file would end their membership there, and would tell me their name."""
    there = world.a_member(here, "欧阳晓", at=here.own_union)
    desk = at_desk(here, tmp_path, "station_worker", here.bridge, "members")
    (row,) = desk.roster(1)
    upload = desk.checked([row | {"name": "冒名", "document_number": there.number, "sex": "", "birth": ""}])
    assert upload.refused == 1
    sentence = said(upload)[2]
    assert "会籍在别的地方" in sentence
    assert "欧阳晓" not in sentence
    assert "红星" not in sentence


def test_a_number_does_not_buy_a_name(here: world.World, tmp_path: Path) -> None:
    """Known from elsewhere and no member: the row may come in, the name they are known by is not said."""
    _, number, _ = world.a_person("司马青")
    desk = at_desk(here, tmp_path, "station_worker", here.bridge, "members")
    (row,) = desk.roster(1)
    upload = desk.checked([row | {"name": "冒名", "document_number": number, "sex": "", "birth": ""}])
    assert upload.doubtful == 1
    assert "司马青" not in said(upload)[2]


def test_the_row_that_stands_elsewhere_is_not_told_from_any_other(here: world.World, tmp_path: Path) -> None:
    """Brought in over there, word for word: over here it is refused like the rest, not "unchanged"."""
    top = at_desk(here, tmp_path, "organisation", here.root, "members")
    rows = top.roster(
        1,
    )
    rows[0]["union"] = "U01"
    top.brought_in(top.checked(rows))
    here_only = at_desk(here, tmp_path, "station_worker", here.bridge, "members")
    upload = here_only.checked(rows)
    assert (upload.unchanged, upload.refused) == (0, 1)


def test_an_employer_of_another_street_is_not_changed(here: world.World, tmp_path: Path) -> None:
    desk = at_desk(here, tmp_path, "street", here.bridge, "employers")
    row = {"list_name": "名册", "uses": "无", "as_of": "2015-12-31", "workers": 99}
    upload = checked(desk, [
        row | {"uscc": world.a_uscc(1), "name": "改名厂"},  # in 柳荫里
        row | {"uscc": world.a_uscc(2), "name": "望河小馆"},  # in 石桥东
        row | {"uscc": world.a_uscc(8), "name": "新单位"},  # would lie in the district
        row | {"uscc": world.a_uscc(9), "name": "新单位二", "place": "W0201"},
        row | {"uscc": world.a_uscc(3), "name": "快腿物流", "as_of": "2015-12-30"},  # in 鼓楼前
    ])  # fmt: skip
    assert set(said(upload)) == {2, 4, 6}
    desk.brought_in(upload)
    assert Employer.objects.get(uscc=world.a_uscc(1)).name == "红星机械厂"
    assert Employer.objects.get(uscc=world.a_uscc(9)).path == here.bridge_east


def test_a_place_carried_over_from_a_refused_row_is_not_written(here: world.World, tmp_path: Path) -> None:
    """What a list leaves empty is taken from the lists before it; the one before it is refused here, and says elsewhere."""
    desk = at_desk(here, tmp_path, "street", here.bridge, "employers")
    row = {"list_name": "名册", "uses": "无", "workers": 9, "uscc": world.a_uscc(2), "name": "望河小馆"}
    upload = checked(desk, [row | {"as_of": "2015-12-30", "place": "W01"}, row | {"as_of": "2015-12-31"}])
    assert set(said(upload)) == {2, 3}
    assert upload.new == upload.changed == 0


def test_a_union_under_a_refused_one_is_refused_with_it(here: world.World, tmp_path: Path) -> None:
    desk = at_desk(here, tmp_path, "street", here.bridge, "unions")
    union = {"kind": "独立基层工会", "since": "2014-03-01"}
    upload = checked(desk, [
        union | {"code": "N1", "name": "别处联合工会", "place": "W01", "upper": "U00"},
        union | {"code": "N2", "name": "它下面的工会", "place": "W0201", "upper": "N1"},
        union | {"code": "N3", "name": "自己的工会", "place": "W0201", "upper": "U00"},
    ])  # fmt: skip
    assert set(said(upload)) == {2, 3}
    desk.brought_in(upload)
    assert Union.objects.filter(code__in=("N1", "N2", "N3")).count() == 1


def test_a_matter_without_a_place_is_the_districts(here: world.World, tmp_path: Path) -> None:
    person, number, _ = world.a_person("钱进")
    desk = at_desk(here, tmp_path, "station_worker", here.bridge, "disputes")
    row = {"name": "钱进", "document": number, "cause": "劳动报酬", "opened_on": "2015-03-02"}
    upload = checked(desk, [row | {"code": "A1"}, row | {"code": "A2", "place": "W0201"}])
    assert person
    assert set(said(upload)) == {2}
    assert upload.new == 1


def test_money_of_the_districts_fund_is_the_districts_to_pay(here: world.World, tmp_path: Path) -> None:
    world.a_fund(here)
    open_funds([FundRow("石桥慰问金", "", here.bridge)], by=SYSTEM)
    _, number, _ = world.a_person("孙立")
    row = {
        "kind": "医疗救助",
        "name": "孙立",
        "document": number,
        "place": "W0201",
        "paid_on": "2015-09-01",
        "paid": 2000,
    }
    rows = [row | {"code": "J1", "fund": "送温暖"}, row | {"code": "J2", "fund": "石桥慰问金"}]
    street = at_desk(here, tmp_path, "station_worker", here.bridge, "aid")
    upload = checked(street, rows)
    assert set(said(upload)) == {2}
    assert "资金" in said(upload)[2]
    department = at_desk(here, tmp_path, "aid", here.root, "aid")
    assert checked(department, rows).new == 2


def test_money_comes_into_the_funds_one_keeps_and_out_of_no_other(here: world.World, tmp_path: Path) -> None:
    districts = world.a_fund(here)
    open_funds([FundRow("石桥慰问金", "", here.bridge)], by=SYSTEM)
    row = {"on": "2015-09-01", "source": "区财政", "amount": 2000}
    record_income(districts, "D1", by=SYSTEM)
    rows = [row | {"voucher": f"V{at}", "fund": fund} for at, fund in enumerate(("送温暖", "石桥慰问金"), 1)]
    moved = row | {"voucher": "D1", "fund": "石桥慰问金"}
    bridge = at_desk(here, tmp_path, "finance", here.bridge, "incomes")
    upload = checked(bridge, [*rows, moved])
    assert (set(said(upload)), upload.new) == ({2, 4}, 1)
    assert "不在您的岗位管辖范围内" in said(upload)[4]
    district = at_desk(here, tmp_path, "finance", here.root, "incomes")
    assert checked(district, rows).new == 2


def record_income(fund: int, voucher: str, *, by: Actor) -> None:
    """An income that came with a file."""
    purse = Fund.objects.get(pk=fund)
    told = fund_moves.movement(purse, 500, voucher=voucher, source="区财政", on=date(2015, 1, 5))
    counts = dict.fromkeys(("rows", "new", "changed", "unchanged", "doubtful", "refused"), 0)
    now = timezone.now()
    batch = Batch.objects.create(
        template="incomes", file_name="x", file_digest="x", state="confirmed", started_at=now, confirmed_at=now, by=0, **counts
    )  # fmt: skip
    post_many([told], by=by, batch=batch.pk)


def test_a_department_brings_in_the_matters_of_its_own_services(here: world.World, tmp_path: Path) -> None:
    rights = world.an_officer("rights", here.root)
    assert permits.may(rights, "disputes")
    assert not permits.may(rights, "hardship")
    assert not permits.may(rights, "aid")
    with pytest.raises(NotYours):
        Desk(here, tmp_path, rights, "aid").received(tmp_path / "x.xlsx")


def test_a_post_that_ended_brings_nothing_in(here: world.World, tmp_path: Path) -> None:
    """Confirmed while the post was held; by the time the worker takes it, it is not."""
    desk = at_desk(here, tmp_path, "street", here.bridge, "members")
    upload = desk.checked(desk.roster(2))
    from_elsewhere = world.an_officer("street", here.willow)
    desk.officer = from_elsewhere
    with pytest.raises(NotYours):
        desk.brought_in(upload)
    assert not Person.objects.exists()
