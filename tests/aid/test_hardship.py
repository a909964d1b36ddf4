"""Hardship files: the income formula, the class by the lines of the day, the public notice, and the lists to look after."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests import world
from tests.aid.cast import Family, a_family
from unionhall.cases import aid_moves, case_moves, income, registers
from unionhall.cases.actions import record
from unionhall.cases.aid_models import Reckoning
from unionhall.cases.income import Lines
from unionhall.cases.models import Case
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Account

ON = date(2015, 3, 2)
LINES = Lines(allowance=71_000, relative=200, loss=80)


def a_file(family: Family) -> Case:
    return case_moves.open_one(
        "aid.file", path=family.sun.path, on=ON, values={"income": "见核算", "cause": "孩子生病"}, by=family.clerk,
        person=family.sun.person, employer=None, cause="deep",
    )  # fmt: skip


def lines(family: Family, **amounts: int) -> None:
    for kind, amount in amounts.items():
        aid_moves.lay_down(kind, amount, since=date(2015, 1, 1), reason="民政局公布", by=family.aid)


def test_the_formula_and_its_parts(here: world.World) -> None:
    family = a_family(here)
    lines(family, allowance=71_000, relative=200, loss=80)
    file = a_file(family)
    made = aid_moves.reckon(
        file.pk, {"wages": 3_600_000, "benefit": 120_000, "medical": 1_560_000}, lost=0, on=ON, by=family.clerk
    )
    # (37,200 − 15,600) ÷ 12 ÷ 3 = 600 a head and month, below 710
    assert (made.size, made.level) == (3, "deep")
    told = Reckoning.objects.get().told
    assert "600.00" not in str(told)
    words = told._open()
    assert "(37,200.00 − 15,600.00) ÷ 12 ÷ 3 人 = 每人每月 600.00 元" in words and "医疗 15,600.00 元" in words


def test_nobody_guesses_a_line_that_is_not_laid_down(here: world.World) -> None:
    family = a_family(here)
    file = a_file(family)
    with pytest.raises(Refused, match="还没有规定最低生活保障标准"):
        aid_moves.reckon(file.pk, {"wages": 1}, lost=0, on=ON, by=family.clerk)
    lines(family, allowance=71_000)
    with pytest.raises(Refused, match="还没有规定相对困难的标准"):
        aid_moves.reckon(file.pk, {"wages": 9_000_000}, lost=0, on=ON, by=family.clerk)
    aid_moves.reckon(file.pk, {"wages": 1}, lost=0, on=ON, by=family.clerk)


def test_only_who_handles_the_file_reckons(here: world.World) -> None:
    family = a_family(here)
    lines(family, allowance=71_000)
    file = a_file(family)
    for who in (family.finance, world.an_officer("station_worker", here.willow)):
        with pytest.raises(NotYours):
            aid_moves.reckon(file.pk, {"wages": 1}, lost=0, on=ON, by=who)
    made = aid_moves.reckon(file.pk, {"wages": 1}, lost=0, on=ON, by=family.clerk)
    assert "每人每月" in made.told.reveal(family.clerk, "复核", _own)


def _own(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Nobody asks here; the matrix tries who may."""


@pytest.mark.parametrize(
    ("each", "lost", "level"),
    [
        (70_999, 0, "deep"),
        (71_000, 0, "relative"),
        (141_999, 0, "relative"),
        (142_000, 0, ""),
        (142_000, 90, "accident"),
        (142_000, 80, ""),
    ],
)
def test_the_class_at_the_lines(each: int, lost: int, level: str) -> None:
    assert income.level_of(Fraction(each), 100, lost, LINES) == level


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.integers(1, 20))
def test_the_formula_stays_within_its_bounds(earned: int, spent: int, size: int) -> None:
    """Never more than the income a head, falling with every expense and every mouth, and whole again when multiplied back."""
    each = income.per_head(earned, spent, size)
    assert each <= Fraction(earned, 12)
    assert each * 12 * size == earned - spent
    assert income.per_head(earned, spent + 1, size) < each
    assert abs(income.per_head(earned, spent, size + 1)) <= abs(each)
    assert abs(income.shown(each) - each) <= Fraction(1, 2)


@given(st.integers(-(10**8), 10**8), st.integers(0, 10**8))
def test_who_has_less_is_never_in_a_lighter_class(each: int, more: int) -> None:
    order = ["deep", "relative", ""]
    poorer, richer = (income.level_of(Fraction(one), 0, 0, LINES) for one in (each, each + more))
    assert order.index(poorer) <= order.index(richer)


def test_a_file_is_announced_for_so_many_working_days(here: world.World) -> None:
    family = a_family(here)
    street = world.an_officer("street", here.bridge)
    lines(family, notice=5)
    file = a_file(family)
    with pytest.raises(Refused, match="建档前须公示 5 个工作日"):
        case_moves.take_on(file.pk, "file", on=ON, values={}, by=street)
    file = case_moves.take_on(file.pk, "announce", on=ON, values={}, by=street)
    assert file.details["notice_until"] == "2015-03-09"
    with pytest.raises(Refused, match="公示到 2015-03-09 为止"):
        case_moves.take_on(file.pk, "file", on=date(2015, 3, 9), values={}, by=street)
    assert case_moves.take_on(file.pk, "file", on=date(2015, 3, 10), values={}, by=street).state == "filed"


def test_without_a_rule_it_is_filed_as_before(here: world.World) -> None:
    family = a_family(here)
    street = world.an_officer("street", here.bridge)
    file = a_file(family)
    with pytest.raises(Refused, match="没有规定公示天数"):
        case_moves.take_on(file.pk, "announce", on=ON, values={}, by=street)
    assert case_moves.take_on(file.pk, "file", on=ON, values={}, by=street).state == "filed"


def test_lists_of_files_to_look_after(here: world.World, client: Client) -> None:
    family = a_family(here)
    lines(family, allowance=71_000, relative=200)
    today = timezone.localdate()
    long_ago, lately = today - timedelta(days=500), today - timedelta(days=20)
    told = {"helped": long_ago, "never": long_ago, "new": lately, "changed": long_ago, "same": long_ago}
    ids: dict[str, int] = {}
    for name, day in told.items():
        who = family.sun if name == "helped" else world.a_member(here, f"职工{'甲乙丙丁戊'[len(ids)]}")
        row = registers.HardshipFile(name.upper(), who.path, "deep", day, who.person, here.diner)
        ids[name] = record([registers.hardship_file(row)], by=SYSTEM)[0]
    # The household was helped through the sister.
    world.some_aid(world.a_fund(here), family.sister)
    aid_moves.reckon(ids["changed"], {"wages": 1_500_000}, lost=0, on=lately, by=family.clerk)
    aid_moves.reckon(ids["same"], {"wages": 1}, lost=0, on=lately, by=family.clerk)
    client.force_login(Account.objects.get(pk=family.aid.account))

    def listed(look: str) -> set[str]:
        shown = client.get(f"/desk/hardship/?look={look}").content.decode()
        return {name for name in told if f">{name.upper()}<" in shown}

    assert listed("never") == {"never", "new", "changed", "same"}
    assert listed("unchanged") == {"helped", "never", "same"}
    assert listed("review") == {"helped", "never"}


def test_the_list_asks_as_much_for_many_as_for_few(
    here: world.World, client: Client, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    family = a_family(here)
    client.force_login(Account.objects.get(pk=family.aid.account))
    for serial in range(8):
        who = world.a_member(here, f"职工{'甲乙丙丁戊己庚辛'[serial]}")
        row = registers.HardshipFile(f"K{serial}", who.path, "deep", ON, who.person, here.diner)
        record([registers.hardship_file(row)], by=SYSTEM)
    with django_assert_max_num_queries(25):
        assert client.get("/desk/hardship/?look=review").status_code == 200
