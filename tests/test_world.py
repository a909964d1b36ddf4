"""The small cast itself: what everyone else counts on."""

from datetime import date

import pytest

from tests import world
from unionhall import catalogue
from unionhall.kernel.identifiers import parse_bankcard, parse_mobile, uscc_valid
from unionhall.kernel.period import Period
from unionhall.people.models import Person

pytestmark = pytest.mark.django_db
YEAR = Period.year(2015)


def test_the_numbers_are_right_by_their_check_digits() -> None:
    assert uscc_valid(world.a_uscc(7))
    assert parse_bankcard(world.a_card_number(7)) == world.a_card_number(7)
    assert parse_mobile(world.a_mobile(7)) == world.a_mobile(7)


def test_the_cast_is_what_the_figures_say() -> None:
    here = world.a_district()
    li, wang, *others = world.five_people(here)
    world.a_card(li)
    item = world.an_item(here)
    world.a_use(item, li, date(2015, 2, 3))
    world.a_use(item, li, date(2015, 2, 4))
    world.a_dispute(here, wang)
    world.some_aid(world.a_fund(here), wang)
    world.an_agreement(here)
    world.an_honour(here, others[0])
    expected = {
        "tree.streets": 2, "tree.communities": 3, "member.members": 5, "card.items.uses": 2, "card.items.users": 1,
        "card.items.items": 1, "mediation.agreed": 1, "mediation.amount": 800_000, "aid.medical.people": 1,
        "aid.medical.amount": 300_000, "honour.medal": 1, "staff.social_workers": 2,
    }  # fmt: skip
    assert {key: catalogue.figure(key).value(here.root, YEAR) for key in expected} == expected
    assert catalogue.figure("member.members").value(here.willow, YEAR) == 3
    assert str(catalogue.figure("union.unionisation").value(here.root, YEAR).percent) == "66.67"


def test_an_officer_reaches_what_lies_below_the_post() -> None:
    here = world.a_district()
    world.five_people(here)
    officer = world.an_officer("street", here.willow)
    assert officer.reaches(here.willow_lane, "street")
    assert not officer.reaches(here.bridge_east)
    assert Person.objects.visible_to(officer).count() == 3
    assert Person.objects.visible_to(world.a_stranger()).count() == 0
