"""A household's whole help before the decider's eyes; caps and overlaps refused, or gone beyond with a reason."""

import re
from datetime import date

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import world
from tests.aid.cast import a_cap, a_family, approved, asked_for
from unionhall.cases import aid_moves, case_moves, helped
from unionhall.cases.case_moves import Corrected
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Account
from unionhall.people import household_moves
from unionhall.people.household_models import HouseholdMember
from unionhall.people.households import household_of, people_of
from unionhall.web.desk import family as page


def test_a_household_is_known_by_number_or_sealed(here: world.World) -> None:
    family = a_family(here)
    known = household_of(family.sun.person, date(2015, 6, 1))
    assert [one.relation for one in known] == ["self", "sibling", "child"]
    assert people_of(known) == sorted([family.sun.person, family.sister.person])
    # Seen from the sister it is the same household; before the day it began, everybody lived alone.
    assert people_of(household_of(family.sister.person, date(2015, 6, 1))) == people_of(known)
    assert people_of(household_of(family.sun.person, date(2014, 12, 31))) == [family.sun.person]
    boy = HouseholdMember.objects.get(relation="child")
    assert boy.person is None and "小宝" not in str(boy.name) and boy.name._open() == "孙小宝"


def test_who_is_registered_later_is_found_again(here: world.World) -> None:
    family = a_family(here)
    number = world.a_number(77, date(1990, 2, 3))
    household_moves.add_member(
        family.sun.person, name="周小海", number=number, relation="other", on=date(2015, 2, 1), path=family.sun.path,
        by=family.clerk,
    )  # fmt: skip
    assert len(people_of(household_of(family.sun.person, date(2015, 6, 1)))) == 2
    person, _number, _mobile = world.a_person("周小海", number=number)
    assert person in people_of(household_of(family.sun.person, date(2015, 6, 1)))


def test_nobody_lives_in_two_households(here: world.World) -> None:
    family = a_family(here)
    other = world.a_member(here, "王芳")
    told = {"relation": "sibling", "on": date(2015, 2, 1), "path": other.path, "by": family.clerk}
    with pytest.raises(Refused, match="另一户"):
        household_moves.add_member(other.person, name="孙彩云", number=family.sister.number, **told)
    with pytest.raises(Refused, match="另一个姓名"):
        household_moves.add_member(other.person, name="孙彩霞", number=family.sister.number, **told)
    left = HouseholdMember.objects.get(person=family.sister.person)
    household_moves.end_member(left.pk, on=date(2015, 2, 1), by=family.clerk)
    household_moves.add_member(other.person, name="孙彩云", number=family.sister.number, **told)
    assert people_of(household_of(other.person, date(2015, 3, 1))) == sorted([other.person, family.sister.person])
    assert family.sister.person in people_of(household_of(family.sun.person, date(2015, 1, 31)))


def test_a_household_is_written_down_where_one_stands(here: world.World) -> None:
    family = a_family(here)
    stranger = world.an_officer("station_worker", here.willow)
    with pytest.raises(NotYours):
        household_moves.add_member(
            family.sun.person,
            name="甲乙",
            number="",
            relation="child",
            on=date(2015, 2, 1),
            path=family.sun.path,
            by=stranger,
        )
    with pytest.raises(NotYours):
        household_moves.end_member(HouseholdMember.objects.get(relation="child").pk, on=date(2015, 2, 1), by=stranger)


def test_above_the_cap_is_refused_and_may_be_gone_beyond_with_a_reason(here: world.World) -> None:
    family = a_family(here)
    a_cap(family, 500_000)
    world.some_aid(world.a_fund(here), family.sister, fen=300_000)
    case = asked_for(family)
    with pytest.raises(
        Refused,
        match=re.escape("医疗救助一户一年最多 5,000.00 元，这一户 2015 年已有 3,000.00 元，还可以给 2,000.00 元"),
    ):
        approved(family, case, 200_001)
    assert not Line.objects.filter(subject=case.subject, act="approved").exists()

    approved(family, case, 200_001, override="孩子重病，经部务会同意")
    told = Line.objects.get(subject=case.subject, act="overridden")
    assert (told.reason, told.by) == ("孩子重病，经部务会同意", family.aid.account)
    assert AuditEntry.objects.filter(act="case.overridden", subject=case.subject).count() == 1
    case.refresh_from_db()
    assert "override" not in case.details


def test_at_the_cap_nothing_stands_against_it(here: world.World) -> None:
    family = a_family(here)
    a_cap(family, 500_000)
    world.some_aid(world.a_fund(here), family.sister, fen=300_000)
    approved(family, asked_for(family), 200_000)
    assert not Line.objects.filter(act="overridden").exists()


def test_what_is_approved_and_not_paid_counts_too(here: world.World) -> None:
    family = a_family(here)
    a_cap(family, 500_000)
    first = asked_for(family)
    approved(family, first, 400_000)
    second = asked_for(family, of=family.sister, cause="accident")
    with pytest.raises(Refused, match=re.escape("还可以给 1,000.00 元")):
        approved(family, second, 150_000)
    case_moves.take_on(first.pk, "drop", on=date(2015, 3, 10), values={"reason": "已由别处解决"}, by=family.aid)
    approved(family, second, 150_000, on=date(2015, 3, 11))


def test_a_cap_over_all_aid_together(here: world.World) -> None:
    family = a_family(here)
    a_cap(family, 600_000, service="")
    fund = world.a_fund(here)
    world.some_aid(fund, family.sun, service="aid.festival", fen=200_000)
    world.some_aid(fund, family.sun, service="honour.bonus", fen=900_000)
    case = asked_for(family)
    with pytest.raises(
        Refused, match=re.escape("各项救助合计一户一年最多 6,000.00 元，这一户 2015 年已有 2,000.00 元")
    ):
        approved(family, case, 400_001)
    approved(family, case, 400_000)


def test_a_cap_holds_from_its_day_and_in_its_year(here: world.World) -> None:
    family = a_family(here)
    a_cap(family, 100_000)
    a_cap(family, None, since=date(2015, 6, 1))
    world.some_aid(world.a_fund(here), family.sun, paid_on=date(2014, 6, 1), fen=100_000)
    approved(family, asked_for(family), 100_000)
    later = asked_for(family, cause="accident", on=date(2015, 6, 1))
    approved(family, later, 5_000_000, on=date(2015, 6, 2))


def test_the_same_help_for_the_same_cause_in_a_year(here: world.World) -> None:
    family = a_family(here)
    first = approved(family, asked_for(family), 100_000)
    again = asked_for(family, of=family.sister, on=date(2015, 9, 1))
    with pytest.raises(Refused, match=re.escape("今年已因同一原因得到医疗救助 1,000.00 元")):
        approved(family, again, 100_000, on=date(2015, 9, 2))
    other = asked_for(family, cause="accident", on=date(2015, 9, 1))
    approved(family, other, 100_000, on=date(2015, 9, 2))
    case_moves.take_on(first.pk, "drop", on=date(2015, 9, 2), values={"reason": "x"}, by=family.aid)
    approved(family, again, 100_000, on=date(2015, 9, 3))


def test_nobody_approves_what_they_wrote_down_themselves(here: world.World) -> None:
    family = a_family(here)
    case = case_moves.open_one(
        "aid.medical", path=family.sun.path, on=date(2015, 3, 2), values={"reason": "x"}, by=family.aid, person=family.sun.person,
        employer=None, cause="illness",
    )  # fmt: skip
    case_moves.take_on(case.pk, "verify", on=date(2015, 3, 2), values={}, by=family.clerk)
    with pytest.raises(Refused, match="您自己登记的"):
        approved(family, case, 100_000)
    other = world.an_officer("aid", here.root)
    case_moves.take_on(case.pk, "approve", on=date(2015, 3, 9), values={"fen_agreed": 100_000}, by=other)


def test_a_correction_goes_by_the_caps_too(here: world.World) -> None:
    family = a_family(here)
    a_cap(family, 500_000)
    case = approved(family, asked_for(family), 400_000)
    with pytest.raises(Refused, match="请先按“不再发放”退出"):
        case_moves.correct_one(case.pk, Corrected("illness", "", 1, None, None, 500_001), reason="写错", by=family.aid)
    case_moves.correct_one(case.pk, Corrected("illness", "", 1, None, None, 500_000), reason="写错", by=family.aid)


def test_only_the_aid_department_lays_down_caps(here: world.World) -> None:
    family = a_family(here)
    for who in (family.clerk, family.finance):
        with pytest.raises(NotYours):
            aid_moves.lay_down("cap", 1, since=date(2015, 1, 1), reason="x", by=who)
    a_cap(family, 1)
    with pytest.raises(Refused, match="换一个施行日期"):
        a_cap(family, 2)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_cap_refuses_from_the_first_fen_above_it(most: int, used: int, fen: int) -> None:
    cap = helped.Cap("aid.medical", most, used)
    assert (fen > cap.left) == (fen > max(most - used, 0))
    assert cap.left + min(used, most) == most


def test_the_decider_sees_everything_the_household_was_given(here: world.World, client: Client) -> None:
    family = a_family(here)
    a_cap(family, 500_000)
    fund = world.a_fund(here)
    for month in (1, 2, 3):
        world.some_aid(fund, family.sister, service="aid.festival", paid_on=date(2015, month, 2), fen=50_000)
    case = asked_for(family)
    client.force_login(Account.objects.get(pk=family.aid.account))
    for address in (f"/desk/cases/{case.pk}/", f"/desk/cases/{case.pk}/step/approve/"):
        shown = client.get(address).content.decode()
        assert "这一户（3 人）" in shown and "送温暖" in shown and "500" in shown
        assert "孙彩云" not in shown and "孙小宝" not in shown
    sent = client.post(f"/desk/cases/{case.pk}/step/approve/", {"on": "2015-03-09", "fen_agreed": "6000"})
    assert sent.status_code == 422 and "一户一年最多 5,000.00 元" in sent.content.decode()


def test_however_much_was_given_the_questions_are_as_many(here: world.World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    family = a_family(here)
    a_cap(family, 500_000)
    fund, case = world.a_fund(here), asked_for(family)
    world.some_aid(fund, family.sister, service="aid.festival", fen=50_000)
    on = date(2015, 12, 1)

    def look() -> None:
        page.tables(case, family.aid, on=on)

    with django_assert_num_queries(9):
        look()
    for month in range(1, 12):
        world.some_aid(fund, family.sun, service="aid.festival", paid_on=date(2015, month, 2), fen=50_000)
    with django_assert_num_queries(9):
        look()
