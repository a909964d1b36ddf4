"""A card's life at the desk: asked for, sent, made, handed over, activated, replaced, cancelled; and the figures after each."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import world
from tests.desk_business.conftest import day, figure, page, refused, send
from tests.world import World
from unionhall.indicators.values import Rate
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.people import card_moves
from unionhall.people.actions import Reply, record_replies
from unionhall.people.models import Card

AtDesk = Callable[..., Client]


def made(here: World, member: world.Member, on: date = date(2015, 3, 1)) -> int:
    return world.a_card(member, made_on=on, delivered_on=None)


def test_from_request_to_activation(here: World) -> None:
    li = world.a_member(here, "小李")
    officer = world.an_officer("station_worker", here.bridge)
    card = card_moves.ask(li.membership, by=officer, consented_on=date(2015, 2, 1), on=date(2015, 2, 3))
    assert card_moves.send([card], by=officer, on=date(2015, 2, 5), batch_out="job:1") == 1
    assert Card.objects.get(pk=card).state == "sent"
    number = world.a_card_number(7001)
    record_replies([Reply(card, li.person, li.path, number, date(2015, 3, 1), None, None, None)], by=SYSTEM)
    assert figure("card.made", here.bridge, day("2015-03-01")) == 1
    assert figure("card.delivery", here.bridge, day("2015-03-09")) == Rate(0, 1)
    card_moves.deliver(card, by=officer, on=date(2015, 3, 10))
    assert figure("card.delivery", here.bridge, day("2015-03-10")) == Rate(1, 1)
    card_moves.activate(card, by=officer, on=date(2015, 3, 12))
    told = Line.objects.standing().filter(subject=f"card:{card}").order_by("pk").values_list("act", flat=True)
    assert list(told) == ["requested", "sent", "made", "delivered", "activated"]
    assert AuditEntry.objects.filter(subject=f"card:{card}", act="card.delivered", account=officer.account).count() == 1


def test_one_person_has_one_card(here: World) -> None:
    li = world.a_member(here)
    made(here, li)
    with pytest.raises(Refused, match="一人一卡"):
        card_moves.ask(li.membership, by=SYSTEM, consented_on=date(2015, 5, 1), on=date(2015, 5, 2))


def test_consent_comes_before_the_request(here: World) -> None:
    li = world.a_member(here)
    with pytest.raises(Refused, match="同意"):
        card_moves.ask(li.membership, by=SYSTEM, consented_on=date(2015, 5, 3), on=date(2015, 5, 2))
    assert not Card.objects.exists()


def test_a_batch_is_sent_whole_or_not_at_all(here: World) -> None:
    li, wang = world.a_member(here, "小李"), world.a_member(here, "王芳")
    one, other = (
        card_moves.ask(m.membership, by=SYSTEM, consented_on=date(2015, 2, 1), on=date(2015, 2, 3)) for m in (li, wang)
    )
    card_moves.send([one], by=SYSTEM, on=date(2015, 2, 4), batch_out="job:1")
    with pytest.raises(Refused, match="已经送过银行"):
        card_moves.send([one, other], by=SYSTEM, on=date(2015, 2, 5), batch_out="job:2")
    assert Card.objects.get(pk=other).state == "requested"


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (lambda card: card_moves.deliver(card, by=SYSTEM, on=date(2015, 2, 1)), "早于上一步"),
        (lambda card: card_moves.recall(card, by=SYSTEM, on=date(2015, 4, 1), reason="没收到"), "已制卡"),
        (lambda card: card_moves.cancel(card, by=SYSTEM, on=date(2015, 4, 1), reason=" "), "写明原因"),
        (lambda card: card_moves.replace(card, by=SYSTEM, on=date(2015, 4, 1), because="bored"), "换发的原因"),
        (lambda card: card_moves.take_back(card, by=SYSTEM), "没有可以撤销"),
    ],
)
def test_unlawful_moves_are_refused_in_words(here: World, move: Any, words: str) -> None:
    card = made(here, world.a_member(here))
    with pytest.raises(Refused, match=words):
        move(card)
    assert Card.objects.get(pk=card).state == "made"


def test_a_lost_card_is_replaced_and_counts_once_more_when_the_new_one_is_made(here: World) -> None:
    li = world.a_member(here)
    old = made(here, li)
    new = card_moves.replace(old, by=SYSTEM, on=date(2015, 6, 1), because="lost")
    assert figure("card.made", here.root, day("2015-05-31")) == 1
    assert figure("card.made", here.root, day("2015-06-01")) == 0
    number = world.a_card_number(7002)
    record_replies([Reply(new, li.person, li.path, number, date(2015, 7, 1), None, None, None)], by=SYSTEM)
    assert figure("card.made", here.root, day("2015-07-01")) == 1
    assert Line.objects.get(subject=f"card:{old}", act="replaced").reason == "遗失"


def test_a_neighbour_street_touches_no_card(here: World) -> None:
    card = made(here, world.a_member(here))
    with pytest.raises(NotYours):
        card_moves.deliver(card, by=world.an_officer("station_worker", here.willow), on=date(2015, 4, 1))


def test_the_desk_delivers_a_card_and_takes_it_back(here: World, at_desk: AtDesk) -> None:
    card = made(here, world.a_member(here, "钱大海"))
    client = at_desk("station_worker", here.bridge)
    assert "钱大海" in page(client, "/desk/cards/?state=made")
    drawn = page(client, f"/desk/cards/{card}/")
    assert f"/desk/cards/{card}/deliver/" in drawn
    after = send(client, f"/desk/cards/{card}/deliver/", on="2015-04-01")
    assert "京卡已登记发放" in after
    assert figure("card.delivery", here.bridge, day("2015-04-01")) == Rate(1, 1)
    undo = after.split("/desk/undo/")[1].split("/")[0]
    assert "已撤销" in client.post(f"/desk/undo/{undo}/", follow=True).content.decode()
    assert Card.objects.get(pk=card).state == "made"
    assert figure("card.delivery", here.bridge, day("2015-04-01")) == Rate(0, 1)


def test_many_cards_are_handed_over_at_once(here: World, at_desk: AtDesk) -> None:
    cards = [made(here, world.a_member(here, name)) for name in ("钱大海", "孙小川")]
    client = at_desk("station_worker", here.bridge)
    asked = client.post("/desk/cards/bulk/", {"do": "deliver", "sel": cards, "query": ""}).content.decode()
    assert "登记发放" in asked
    done = client.post(
        "/desk/cards/bulk/",
        {"do": "deliver", "sel": cards, "query": "", "confirmed": "1", "count": "2", "on": "2015-04-01"}, follow=True,
    )  # fmt: skip
    assert done.status_code == 200
    assert set(Card.objects.values_list("state", flat=True)) == {"delivered"}


def test_cards_are_asked_for_from_the_members_list_each_on_its_own(here: World, at_desk: AtDesk) -> None:
    without, held = world.a_member(here, "钱大海"), world.a_member(here, "孙小川")
    made(here, held)
    form = {"do": "card-ask", "sel": [without.membership, held.membership], "query": "", "confirmed": "1", "count": "2"}
    client = at_desk("station_worker", here.bridge)
    answer = client.post("/desk/members/bulk/", form | {"consented_on": "2015-05-01", "on": "2015-05-02"}, follow=True)
    assert "一人一卡" in answer.content.decode()
    assert Card.objects.get(person=without.person).state == "requested"
    assert Card.objects.filter(person=held.person).count() == 1


def test_a_card_page_says_why_a_step_is_missing(here: World, at_desk: AtDesk) -> None:
    card = made(here, world.a_member(here))
    text = page(at_desk("street", here.bridge), f"/desk/cards/{card}/")
    assert "/activate/" in text
    text = page(at_desk("leader", here.root), f"/desk/cards/{card}/")
    assert "/activate/" not in text
    assert "您的岗位不办理这里的京卡" in text


def test_cancelling_without_a_reason_keeps_what_was_typed(here: World, at_desk: AtDesk) -> None:
    card = made(here, world.a_member(here))
    client = at_desk("station_worker", here.bridge)
    text = refused(client, f"/desk/cards/{card}/cancel/", on="2015-04-17", reason="")
    assert 'value="2015-04-17"' in text
    send(client, f"/desk/cards/{card}/cancel/", on="2015-04-17", reason="本人申请")
    assert figure("card.made", here.root, day("2015-04-17")) == 0


def test_the_roster_has_who_waits_for_a_card_and_nobody_else(here: World, at_desk: AtDesk) -> None:
    made(here, world.a_member(here, "钱大海"))
    world.a_card(world.a_member(here, "孙小川"))
    made(here, world.a_member(here, "冯一一", at=here.own_union))
    text = page(at_desk("station_worker", here.bridge), "/desk/cards/roster/")
    assert "钱大海" in text
    assert "孙小川" not in text and "冯一一" not in text
    assert "621700" not in text or "*" in text


@pytest.mark.parametrize("way", ["", "deliver/", "activate/", "replace/", "cancel/", "recall/"])
def test_another_streets_card_does_not_exist(here: World, at_desk: AtDesk, way: str) -> None:
    card = made(here, world.a_member(here))
    page(at_desk("station_worker", here.willow), f"/desk/cards/{card}/{way}", 404)
    page(at_desk("finance", here.root), f"/desk/cards/{card}/{way}", 200 if not way else 403)


def test_few_queries(here: World, at_desk: AtDesk, django_assert_max_num_queries: Any) -> None:
    cards = [made(here, world.a_member(here, f"钱大海{at}")) for at in "一二三四五六七八"]
    client = at_desk("street", here.bridge)
    for address in (
        "/desk/cards/",
        f"/desk/cards/{cards[0]}/",
        "/desk/cards/roster/",
        f"/desk/cards/{cards[0]}/deliver/",
    ):
        with django_assert_max_num_queries(15):
            page(client, address)
