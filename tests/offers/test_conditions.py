"""Whom an item is for: said in words, met or missing for one person, and the same people found in SQL."""

from datetime import date

import pytest

from tests.offers.cast import NOW, a_session, a_worker, an_offer
from tests.world import World, a_card, a_member, a_person, an_honour, five_people
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.offers import conditions, service
from unionhall.offers.eligibility import answers, eligible, in_words, left_of
from unionhall.offers.models import Offer, OfferCondition
from unionhall.offers.place_moves import sign_up
from unionhall.offers.rush import facts_of
from unionhall.offers.service import Field, OfferService
from unionhall.offers.terms_moves import Terms, Wanted, set_conditions, set_terms
from unionhall.people.models import Membership, Person

JUNE = date(2015, 6, 1)
SINCE = date(2015, 1, 1)


def some_people(here: World) -> list[int]:
    """Everybody a condition could tell apart: ages on either side of a birthday, cards, contracts, unions, no membership."""
    people = five_people(here)
    a_card(people[0])
    an_honour(here, people[3], title="劳模、先进工作者", on=date(2015, 6, 2))
    a_card(people[1], made_on=date(2015, 6, 2), delivered_on=None)
    Membership.objects.filter(person=people[2].person).update(contract="dispatched")
    Membership.objects.filter(person=people[3].person).update(state="retained")
    Membership.objects.filter(person=people[4].person).update(since=date(2015, 6, 2))
    outside, _, _ = a_person("路人")
    for at, birth in enumerate((date(1980, 6, 1), date(1980, 6, 2), date(1980, 5, 31), date(2000, 2, 29))):
        Person.objects.filter(pk=people[at].person).update(birth=birth)
    Person.objects.filter(pk__in=[people[1].person, outside]).update(sex="female", hukou="other_rural")
    Person.objects.filter(pk=people[2].person).update(hukou="city_rural", birth=None)
    return [*(member.person for member in people), outside]


VALUES = {"number": ("1", "2", "15", "34", "35", "36"), "": ("",)}


@pytest.mark.parametrize("key", list(conditions.BY_KEY))
def test_one_person_and_sql_give_the_same_answer(here: World, key: str) -> None:
    offer, condition = an_offer(here), conditions.find(key)
    people = some_people(here)
    sign_up(a_session(offer, 5), now=NOW, by=a_worker(a_member(here, "孙立")))
    sign_up(a_session(offer, 5), now=NOW, by=SYSTEM, person=people[0])
    values = VALUES.get(condition.asks) or (
        (str(here.joint_union.id), str(here.own_union.id))
        if condition.asks == "union"
        else (here.willow, here.bridge, here.root)
    )
    told = set()
    for value in values:
        for day in (JUNE, date(2015, 6, 2), date(2016, 1, 1)):
            found = set(Person.objects.filter(condition.where(value, day, offer)).values_list("pk", flat=True))
            for person in people:
                met = condition.met(facts_of(person, day), value, offer)
                assert met == (person in found), (key, value, day, person)
                told.add(met)
    assert told == {True, False}


def test_a_woman_reads_why_she_qualifies_and_a_man_what_is_missing(here: World) -> None:
    offer = Offer.objects.get(pk=an_offer(here, "两癌筛查", service="womens.screening"))
    set_conditions(offer.pk, [Wanted("member"), Wanted("not_this_year")], on=SINCE, by=SYSTEM)
    wang, li = a_member(here, "王芳"), a_member(here, "小李")
    Person.objects.filter(pk=wang.person).update(sex="female")
    assert in_words(offer, JUNE) == "女职工 · 在册会员 · 本年未参加"
    assert [one.met for one in answers(offer, facts_of(wang.person, JUNE))] == [True, True, True]
    assert [one.met for one in answers(offer, facts_of(li.person, JUNE))] == [False, True, True]
    assert list(eligible(offer, JUNE)) == [Person.objects.get(pk=wang.person)]
    session, again = a_session(offer.pk, 5), a_session(offer.pk, 5)
    with pytest.raises(Refused, match="不符合条件：女职工"):
        sign_up(session, now=NOW, by=a_worker(li))
    sign_up(session, now=NOW, by=a_worker(wang))
    with pytest.raises(Refused, match="本年未参加"):
        sign_up(again, now=NOW, by=a_worker(wang))


def test_conditions_are_dated_and_come_from_the_services_list(here: World) -> None:
    offer = an_offer(here)
    set_conditions(offer, [Wanted("woman"), Wanted("age_from", "35")], on=SINCE, by=SYSTEM)
    set_conditions(offer, [Wanted("age_from", "35")], on=JUNE, by=SYSTEM)
    item = Offer.objects.get(pk=offer)
    assert in_words(item, date(2015, 5, 31)) == "女职工 · 年满 35 周岁"
    assert in_words(item, JUNE) == "年满 35 周岁"
    assert OfferCondition.objects.filter(offer=offer).count() == 2
    for value in ("", "x", "0", "200", "３５"):
        with pytest.raises(Refused, match="1 到 199"):
            set_conditions(offer, [Wanted("age_from", value)], on=JUNE, by=SYSTEM)
    with pytest.raises(Refused, match="没有“poet”这个条件"):
        set_conditions(offer, [Wanted("poet")], on=JUNE, by=SYSTEM)
    screening = an_offer(here, service="womens.screening")
    with pytest.raises(Refused, match="不用“劳务派遣工会员”这个条件"):
        set_conditions(screening, [Wanted("dispatched")], on=JUNE, by=SYSTEM)


def test_a_limit_counts_in_its_own_period(here: World) -> None:
    offer = an_offer(here)
    set_terms(offer, Terms(most_each=2, per="quarter"), by=SYSTEM)
    li = a_member(here, "小李")
    item = Offer.objects.get(pk=offer)
    for left in (2, 1):
        assert left_of(item, li.person, JUNE) == left
        sign_up(a_session(offer, 1), now=NOW, by=a_worker(li))
    with pytest.raises(Refused, match="每季度每人限 2 次"):
        sign_up(a_session(offer, 1), now=NOW, by=a_worker(li))
    assert (left_of(item, li.person, date(2015, 6, 30)), left_of(item, li.person, date(2015, 7, 1))) == (0, 2)


def test_the_services_form_is_asked(here: World) -> None:
    offer = an_offer(here, service="womens.screening")
    with pytest.raises(Refused, match="还要填写：筛查医院"):
        set_terms(offer, Terms(), by=SYSTEM)
    with pytest.raises(Refused, match="请从列表中选择"):
        set_terms(offer, Terms(details={"hospital": "妇幼保健院", "checks": "eyes"}), by=SYSTEM)
    with pytest.raises(Refused, match="不填“colour”"):
        set_terms(offer, Terms(details={"hospital": "妇幼保健院", "colour": "red"}), by=SYSTEM)
    set_terms(offer, Terms(details={"hospital": "妇幼保健院", "checks": "both"}), by=SYSTEM)
    assert Offer.objects.get(pk=offer).details == {"hospital": "妇幼保健院", "checks": "both"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"counts": ("people",)}, "counted, but in no figure"),
        ({"conditions": ("poet",)}, "there is no condition poet"),
        ({"verified": ("oath",)}, "nobody knows"),
        ({"by": ("finance",)}, "do not carry offers.change"),
    ],
)
def test_a_declaration_that_does_not_hold_together_is_refused(wrong: dict[str, tuple[str, ...]], says: str) -> None:
    whole: dict[str, object] = {"key": "wrong", "title": "错", "title_en": "wrong", "row": 9, "counts": ()}
    with pytest.raises(ValueError, match=says):
        OfferService(**(whole | wrong | {"form": (Field("a", "甲"),)}))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="没有“wrong”这项业务"):
        service.find("wrong")
