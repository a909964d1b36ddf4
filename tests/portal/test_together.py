"""A matter of many on one's own telephone: it is seen, with what is one's own; who does not speak for the others may only leave."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.portal.test_offers import page
from tests.world import Member, World
from unionhall.cases import actions, parties, party_moves
from unionhall.cases.models import Case
from unionhall.cases.party_moves import New
from unionhall.kernel.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(here: World, li: Member, wang: Member) -> Case:
    """李秀英 brought it; 王芳, who claims 120 yuan, and nine others came to it; three of these speak for all."""
    clerk: Actor = world.an_officer("station_worker", here.bridge, today=timezone.localdate())
    today = timezone.localdate()
    row = actions.open_case(
        "mediation", path=here.bridge_east, on=today, values={"claim": "付工资"}, by=clerk, person=li.person, cause="pay", employer=here.diner
    )  # fmt: skip
    others = [world.a_member(here, "赵四").person for _ in range(9)]
    news = [New(wang.person, fen_claimed=12_000), *(New(person, fen_claimed=1) for person in others)]
    party_moves.add_many(row.pk, news, on=today, by=clerk)
    speak = [party.pk for party in parties.applicants(row)[2:5]]
    party_moves.name_representatives(row.pk, speak, by=clerk)
    return Case.objects.get(pk=row.pk)


def test_who_does_not_speak_sees_their_own_part_and_may_leave(
    case: Case, wang: Member, phone_of: Callable[[Member], Client]
) -> None:
    telephone = phone_of(wang)
    assert case.number in page(telephone, "/me/matters/")
    text = page(telephone, f"/me/matters/{case.pk}/")
    assert "11 人" in text and "120" in text and "由推举的代表办理" in text
    assert "撤回申请" not in text and "还有要补充的" not in text and "赵" not in text
    assert telephone.post(f"/me/matters/{case.pk}/step/recall/").status_code == 404
    assert telephone.post(f"/me/matters/{case.pk}/leave/").status_code == 302
    assert telephone.get(f"/me/matters/{case.pk}/").status_code == 404
    case.refresh_from_db()
    assert (case.headcount, case.state) == (10, "received")


def test_nobody_leaves_a_matter_that_is_not_theirs(
    here: World, case: Case, phone_of: Callable[[Member], Client]
) -> None:
    stranger = world.a_member(here, "孙六")
    assert phone_of(stranger).post(f"/me/matters/{case.pk}/leave/").status_code == 404
    case.refresh_from_db()
    assert case.headcount == 11
