"""Two records of one person become one, by an officer's decision."""

from datetime import date

import pytest

from tests.world import TODAY, World, a_card, a_member, a_person
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.people.actions import keep_apart, merge, offer_duplicates
from unionhall.people.models import Card, Duplicate, Membership, Person


def offered(one: int, other: int) -> int:
    offer_duplicates([(one, other)], by=SYSTEM, because="姓名与手机相同")
    return Duplicate.objects.get(one=min(one, other), other=max(one, other)).pk


def test_the_memberships_and_cards_of_one_go_to_the_other(here: World) -> None:
    member = a_member(here, "小李")
    card = a_card(member)
    again, _, _ = a_person("小李")
    kept = merge(offered(member.person, again), by=SYSTEM, on=TODAY, keep=again)
    assert kept == again
    assert Membership.objects.get(pk=member.membership).person_id == again
    assert Card.objects.get(pk=card).person_id == again
    assert Person.objects.get(pk=member.person).merged_into_id == again
    assert Line.objects.filter(service="member", act="merged", person=again).count() == 1


def test_two_members_must_be_settled_by_people_first(here: World) -> None:
    one, other = a_member(here, "小李"), a_member(here, "小李")
    with pytest.raises(Refused, match="都有正在生效的会籍"):
        merge(offered(one.person, other.person), by=SYSTEM, on=TODAY)
    assert not Person.objects.exclude(merged_into=None).exists()


def test_a_pair_is_decided_once(here: World) -> None:
    pair = offered(a_person("王芳")[0], a_person("王芳")[0])
    keep_apart(pair, by=SYSTEM, on=TODAY)
    with pytest.raises(Refused, match="已经处理过"):
        merge(pair, by=SYSTEM, on=TODAY)
    with pytest.raises(Refused, match="已经处理过"):
        keep_apart(pair, by=SYSTEM, on=date(2016, 1, 1))


def test_who_was_merged_is_not_merged_again(here: World) -> None:
    first, second, third = (a_person("王芳")[0] for _ in range(3))
    one, other = offered(first, second), offered(second, third)
    merge(one, by=SYSTEM, on=TODAY, keep=first)
    with pytest.raises(Refused, match="已经并入别人"):
        merge(other, by=SYSTEM, on=TODAY)


def test_only_one_of_the_two_can_be_kept(here: World) -> None:
    stranger = a_person("陌生人")[0]
    pair = offered(a_person("王芳")[0], a_person("王芳")[0])
    with pytest.raises(Refused, match="选择保留哪一个"):
        merge(pair, by=SYSTEM, on=TODAY, keep=stranger)
