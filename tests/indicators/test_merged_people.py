"""Two persons found to be one are one in every figure of distinct people."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from unionhall import catalogue
from unionhall.indicators.figures import Flow
from unionhall.indicators.territory import moves
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.people.actions import end, merge, offer_duplicates
from unionhall.people.models import Duplicate

pytestmark = pytest.mark.django_db
YEAR = Period.year(2015)


def users() -> Flow:
    figure = catalogue.figure("card.items.users")
    assert isinstance(figure, Flow)
    return figure


def become_one(kept: world.Member, gone: world.Member) -> None:
    """The one who goes has left the union, as merging asks."""
    end([gone.membership], by=SYSTEM, on=date(2015, 11, 1), because="left")
    offer_duplicates([(kept.person, gone.person)], by=SYSTEM, because="同名同手机")
    pair = Duplicate.objects.get(one__in=(kept.person, gone.person), other__in=(kept.person, gone.person))
    merge(pair.pk, by=SYSTEM, on=date(2015, 12, 1), keep=kept.person)


def test_one_person_under_two_numbers_is_counted_once_and_listed_once(here: world.World) -> None:
    kept, gone = world.a_member(here, "王芳"), world.a_member(here, "王芳", at=here.own_union)
    item = world.an_item(here)
    for member, on in ((kept, date(2015, 3, 1)), (gone, date(2015, 3, 2)), (gone, date(2015, 5, 2))):
        world.a_use(item, member, on)
    assert users().value(here.root, YEAR) == 2
    become_one(kept, gone)
    assert users().value(here.root, YEAR) == 1
    (line,) = users().lines(here.root, YEAR)
    assert (line["who"], line["times"]) == (kept.person, 3)
    assert users().cells([line]) == [["王*", 3, date(2015, 3, 1), date(2015, 5, 2)]]
    assert [value for _, value in users().by_month(here.root, YEAR)][:5] == [0, 0, 1, 0, 1]
    # Whoever was at two places is counted at both, and once above them.
    assert [value for _, value in users().by_place(here.root, YEAR)] == [1, 1]


def test_whoever_was_merged_twice_over_is_still_one(here: world.World) -> None:
    members = [world.a_member(here, name) for name in ("王芳", "王芳芳", "王小芳")]
    item = world.an_item(here)
    for member in members:
        world.a_use(item, member, date(2015, 3, 1))
    become_one(members[1], members[0])
    become_one(members[2], members[1])
    assert users().value(here.root, YEAR) == len(users().lines(here.root, YEAR)) == 1


def test_while_nobody_was_merged_no_person_is_read(here: world.World) -> None:
    known = moves()
    with CaptureQueriesContext(connection) as asked:
        users().value(here.root, YEAR, moved=known)
    assert "people_person" not in asked[0]["sql"]
