"""Matchmaking on two telephones: opting in, a yes each, the contact, and out again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk_business.conftest import page
from tests.offers.cast import a_worker, an_offer
from tests.offers.test_matches import HER, HIS, sees
from tests.offers.test_results import came
from tests.portal.conftest import a_slot
from tests.world import Member, World
from unionhall.people.models import Membership, Person

pytestmark = pytest.mark.django_db

Phones = Callable[[Member], Client]


def test_two_say_yes_and_one_leaves(here: World, li: Member, wang: Member, phone_of: Phones) -> None:
    event = a_slot(an_offer(here, "七夕联谊", service="matchmaking"), 50, hours=1)
    for one in (li, wang):
        came(event, one)
    phones = {li: phone_of(li), wang: phone_of(wang)}
    assert "/me/match/" in page(phones[li], "/me/data/")
    bad = phones[li].post("/me/match/", {"words": "爱爬山", "contact": HIS})
    assert bad.status_code == 422 and "确认您目前单身" in bad.content.decode() and "爱爬山" in bad.content.decode()
    assert phones[li].get(f"/me/match/{event}/").status_code == 404, "who does not take part sees nobody"
    for one, contact in ((li, HIS), (wang, HER)):
        said = {"words": f"我是{one.name}", "contact": contact, "single": "1"}
        assert phones[one].post("/me/match/", said).status_code == 302
    assert HIS in page(phones[li], "/me/match/") and HIS not in page(phones[wang], "/me/match/")
    for one, other in ((li, wang), (wang, li)):
        text = page(phones[one], f"/me/match/{event}/")
        assert f"我是{other.name}" in text and HIS not in text and HER not in text
        (met,) = sees(a_worker(one), event)
        assert phones[one].post(f"/me/match/{event}/", {"who": str(met.number), "answer": "yes"}).status_code == 302
    assert HER in page(phones[li], f"/me/match/{event}/") and HIS in page(phones[wang], f"/me/match/{event}/")
    for wrong in ({"who": "1", "answer": "maybe"}, {"who": "x", "answer": "yes"}, {"who": "999999", "answer": "yes"}):
        assert phones[li].post(f"/me/match/{event}/", wrong).status_code == 404
    phones[li].post("/me/match/withdraw/")
    assert HIS not in page(phones[li], "/me/match/") and "没有别人" in page(phones[wang], f"/me/match/{event}/")


def test_who_may_not_take_part_is_told_why(here: World, li: Member, phone: Client) -> None:
    Person.objects.filter(pk=li.person).update(birth=timezone.localdate())
    assert "年满 18 周岁" in page(phone, "/me/match/") and "<textarea" not in page(phone, "/me/match/")
    Person.objects.filter(pk=li.person).update(birth="1990-01-01")
    Membership.objects.filter(person=li.person).update(until="2015-01-01")
    assert "在册会员才能参加" in page(phone, "/me/match/")
