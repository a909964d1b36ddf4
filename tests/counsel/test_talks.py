"""A counsellor sees who comes, keeps a note, and nobody else reads it: not on a page, in an export, a search or a log."""

import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests import world
from tests.offers.cast import an_offer
from tests.portal.conftest import a_slot
from tests.shop.conftest import signed_in
from tests.world import Member, World
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.offers.models import Counter, Note, Participation
from unionhall.offers.place_moves import sign_up
from unionhall.offers.terms_moves import end_counter, give_counter

pytestmark = pytest.mark.django_db

SAID = "她说夜里睡不着，因为换岗"


@pytest.fixture
def member(here: World) -> Member:
    return world.a_member(here, "钱大海")


@pytest.fixture
def talk(here: World, member: Member) -> Participation:
    offer = an_offer(here, "心理咨询", service="counselling")
    return sign_up(a_slot(offer, 1), now=timezone.now(), by=SYSTEM, person=member.person)


@pytest.fixture
def counsellor(here: World, talk: Participation) -> Actor:
    actor = world.an_officer("counsellor", here.root, name="林咨询师", today=timezone.localdate())
    assert actor.account is not None
    give_counter(talk.offer_id, actor.account, venue="咨询室", on=timezone.localdate(), by=SYSTEM)
    return actor


@pytest.fixture
def client(counsellor: Actor) -> Client:
    return signed_in(counsellor)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_she_sees_who_comes_by_a_masked_name_and_keeps_a_note(client: Client, talk: Participation) -> None:
    text = page(client, "/counsel/")
    assert "钱**" in text and "钱大海" not in text and "已记录" not in text
    bad = client.post(f"/counsel/{talk.pk}/", {"text": " "})
    assert bad.status_code == 422 and "请写下记录" in bad.content.decode()
    long = client.post(f"/counsel/{talk.pk}/", {"text": "长" * 20_001})
    assert long.status_code == 422 and "长长" in long.content.decode(), "what was typed still stands"
    assert client.post(f"/counsel/{talk.pk}/", {"text": SAID}).status_code == 302
    assert SAID in page(client, f"/counsel/{talk.pk}/") and "已记录" in page(client, "/counsel/")
    client.post(f"/counsel/{talk.pk}/", {"text": f"{SAID}，好些了"})
    assert Note.objects.count() == 1 and "好些了" in page(client, f"/counsel/{talk.pk}/")


def test_nobody_else_reads_it(
    here: World, client: Client, talk: Participation, member: Member, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post(f"/counsel/{talk.pk}/", {"text": SAID})
    assert SAID not in caplog.text
    other = world.an_officer("counsellor", here.root, name="何咨询师", today=timezone.localdate())
    assert other.account is not None
    give_counter(talk.offer_id, other.account, venue="咨询室", on=timezone.localdate(), by=SYSTEM)
    assert SAID not in page(signed_in(other), f"/counsel/{talk.pk}/"), "a colleague has notes of their own"
    assert page(signed_in(other), "/counsel/").count("已记录") == 0
    for role in ("leader", "aid", "women", "security_auditor", "system_admin"):
        officer = signed_in(world.an_officer(role, here.root, today=timezone.localdate()))
        assert officer.get(f"/counsel/{talk.pk}/").status_code == 403
        for address in ("/desk/roster/", f"/desk/roster/{talk.pk}/", "/desk/uses/", "/desk/audit/"):
            assert SAID not in officer.get(address).content.decode(), (role, address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM offers_note")
        assert SAID not in str(cursor.fetchall()), "sealed at rest"


def test_who_works_with_the_item_no_longer_sees_nobody(
    here: World, client: Client, counsellor: Actor, talk: Participation
) -> None:
    end_counter(Counter.objects.get(account=counsellor.account).pk, on=timezone.localdate(), by=SYSTEM)
    assert "今天以后还没有人预约" in page(client, "/counsel/")
    assert page(client, f"/counsel/{talk.pk}/", 404)


def test_other_items_and_services_without_notes_are_not_shown(
    here: World, client: Client, counsellor: Actor, member: Member
) -> None:
    film = an_offer(here, "电影")
    row = sign_up(a_slot(film, 5), now=timezone.now(), by=SYSTEM, person=member.person)
    assert counsellor.account is not None
    give_counter(film, counsellor.account, venue="x", on=timezone.localdate(), by=SYSTEM)
    assert "电影" not in page(client, "/counsel/") and page(client, f"/counsel/{row.pk}/", 404)


def test_the_list_asks_the_database_little(
    client: Client, talk: Participation, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        page(client, "/counsel/")
    with django_assert_max_num_queries(10):
        page(client, f"/counsel/{talk.pk}/")
