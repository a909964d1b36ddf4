"""Places: granted while they last, once to a person, given back, waited for; the figures follow."""

from datetime import timedelta

import pytest

from tests.offers.cast import NOW, STARTS, a_session, a_worker, an_offer, state, taken
from tests.world import World, a_member, an_officer, five_people
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.messages.models import Notice
from unionhall.offers.models import Participation, Session
from unionhall.offers.place_moves import Party, sign_up
from unionhall.offers.queue_moves import accept, expire_holds, give_back
from unionhall.offers.session_moves import Part, cancel_session, change_places, close_session, share_out


def test_two_places_are_given_to_two_people_and_the_third_is_refused(here: World) -> None:
    session = a_session(an_offer(here), 2)
    one, two, three = (a_worker(member) for member in five_people(here)[:3])
    assert sign_up(session, now=NOW, by=one).state == "signed"
    assert sign_up(session, now=NOW, by=two).state == "signed"
    with pytest.raises(Refused, match="名额已满"):
        sign_up(session, now=NOW, by=three)
    assert taken(session) == Participation.objects.filter(session=session).count() == 2
    lines = Line.objects.standing().filter(act="signed")
    assert sorted(line.person_id or 0 for line in lines) == sorted([one.person or 0, two.person or 0])


def test_a_second_tap_gets_the_first_answer_and_another_ask_is_refused(here: World) -> None:
    session = a_session(an_offer(here), 1)
    li = a_worker(a_member(here, "小李"))
    first = sign_up(session, now=NOW, by=li, key="tap-1")
    assert sign_up(session, now=NOW, by=li, key="tap-1").pk == first.pk
    with pytest.raises(Refused, match=r"名额已满|已经报过名"):
        sign_up(session, now=NOW, by=li, key="tap-2")
    assert taken(session) == 1


def test_somebody_with_a_place_is_told_so_and_not_given_another(here: World) -> None:
    session = a_session(an_offer(here), 5)
    li = a_worker(a_member(here, "小李"))
    sign_up(session, now=NOW, by=li)
    with pytest.raises(Refused, match="已经报过名"):
        sign_up(session, now=NOW, by=li, key="another")
    assert taken(session) == 1


def test_a_key_is_a_persons_own(here: World) -> None:
    session = a_session(an_offer(here), 5)
    one, two = (a_worker(member) for member in five_people(here)[:2])
    assert sign_up(session, now=NOW, by=one, key="same").pk != sign_up(session, now=NOW, by=two, key="same").pk


def test_companions_take_places_of_their_own(here: World) -> None:
    session = a_session(an_offer(here), 4, most_adults=1, most_children=2)
    one, two = (a_worker(member) for member in five_people(here)[:2])
    sign_up(session, now=NOW, by=one, party=Party(adults=1, children=1))
    assert taken(session) == 3
    with pytest.raises(Refused, match="名额已满"):
        sign_up(session, now=NOW, by=two, party=Party(children=1))
    with pytest.raises(Refused, match="最多带 1 名成人"):
        sign_up(session, now=NOW, by=two, party=Party(adults=2))
    sign_up(session, now=NOW, by=two)
    assert taken(session) == 4


def test_a_place_given_back_goes_to_who_waited_longest(here: World) -> None:
    session = a_session(an_offer(here), 1, queues=True)
    li, wang, zhao = (a_worker(member) for member in five_people(here)[:3])
    place = sign_up(session, now=NOW, by=li)
    first = sign_up(session, now=NOW + timedelta(minutes=1), by=wang)
    second = sign_up(session, now=NOW + timedelta(minutes=2), by=zhao)
    assert (first.state, second.state) == ("waiting", "waiting")
    give_back(place.pk, now=NOW + timedelta(minutes=3), by=li)
    assert (state(place), state(first), state(second), taken(session)) == ("cancelled", "signed", "waiting", 1)
    told = Line.objects.standing().filter(act="signed").values_list("person", flat=True)
    assert list(told) == [wang.person]
    assert Notice.objects.filter(kind="offer.seated").count() == 1


def test_a_hold_runs_out_and_the_place_goes_on(here: World) -> None:
    session = a_session(an_offer(here), 1, queues=True, hold_minutes=60)
    li, wang, zhao = (a_worker(member) for member in five_people(here)[:3])
    place = sign_up(session, now=NOW, by=li)
    first, second = (sign_up(session, now=NOW, by=one) for one in (wang, zhao))
    give_back(place.pk, now=NOW, by=li)
    assert (state(first), taken(session)) == ("offered", 1)
    assert expire_holds(now=NOW + timedelta(minutes=59), by=SYSTEM) == 0
    assert expire_holds(now=NOW + timedelta(minutes=60), by=SYSTEM) == 1
    assert (state(first), state(second), taken(session)) == ("expired", "offered", 1)
    with pytest.raises(Refused, match="没有为您保留"):
        accept(first.pk, now=NOW + timedelta(minutes=61), by=wang)
    assert accept(second.pk, now=NOW + timedelta(minutes=61), by=zhao).state == "signed"
    assert expire_holds(now=NOW + timedelta(days=2), by=SYSTEM) == 0


def test_a_held_place_is_not_given_to_somebody_else(here: World) -> None:
    session = a_session(an_offer(here), 1, queues=True, hold_minutes=60)
    li, wang, zhao = (a_worker(member) for member in five_people(here)[:3])
    place = sign_up(session, now=NOW, by=li)
    sign_up(session, now=NOW, by=wang)
    give_back(place.pk, now=NOW, by=li)
    assert sign_up(session, now=NOW, by=zhao).state == "waiting"


def test_more_places_move_the_queue(here: World) -> None:
    session = a_session(an_offer(here), 1, queues=True)
    rows = [sign_up(session, now=NOW, by=a_worker(member)) for member in five_people(here)]
    change_places(session, 3, now=NOW, by=SYSTEM)
    assert [state(row) for row in rows] == ["signed", "signed", "signed", "waiting", "waiting"]
    with pytest.raises(Refused, match="已经占用 3 个"):
        change_places(session, 2, now=NOW, by=SYSTEM)


def test_places_are_divided_and_each_draws_on_their_own(here: World) -> None:
    session = a_session(an_offer(here), 3)
    joint = here.joint_union.id
    share_out(session, [Part("union", str(joint), 1), Part("place", here.willow, 1)], by=SYSTEM)
    li, wang, zhao, mai, _ = (a_worker(member) for member in five_people(here))
    sign_up(session, now=NOW, by=li)
    with pytest.raises(Refused, match="名额已满"):
        sign_up(session, now=NOW, by=wang)
    sign_up(session, now=NOW, by=zhao)
    with pytest.raises(Refused, match="名额已满"):
        sign_up(session, now=NOW, by=mai)
    assert taken(session) == 2
    with pytest.raises(Refused, match="已有人报名"):
        share_out(session, [], by=SYSTEM)


def test_before_it_opens_and_after_it_closes_nobody_signs_up(here: World) -> None:
    session = a_session(an_offer(here), 1, opens_at=NOW + timedelta(hours=1), closes_at=NOW + timedelta(hours=2))
    li = a_worker(a_member(here, "小李"))
    with pytest.raises(Refused, match="06月01日 11:00 开始报名"):
        sign_up(session, now=NOW + timedelta(minutes=59, seconds=59), by=li)
    with pytest.raises(Refused, match="已经截止"):
        sign_up(session, now=NOW + timedelta(hours=2), by=li)
    assert sign_up(session, now=NOW + timedelta(hours=1), by=li).state == "signed"


def test_after_the_deadline_only_an_officer_takes_a_place_back(here: World) -> None:
    session = a_session(an_offer(here), 1, cancel_until=NOW)
    li = a_member(here, "小李")
    place = sign_up(session, now=NOW, by=a_worker(li))
    with pytest.raises(Refused, match="已过取消期限"):
        give_back(place.pk, now=NOW + timedelta(seconds=1), by=a_worker(li))
    with pytest.raises(NotYours):
        give_back(place.pk, now=NOW, by=a_worker(a_member(here, "王芳")))
    with pytest.raises(NotYours):
        give_back(place.pk, now=NOW, by=an_officer("station_worker", here.willow))
    give_back(place.pk, now=NOW + timedelta(days=1), by=an_officer("station_worker", here.bridge))
    assert taken(session) == 0


def test_a_session_called_off_tells_everybody_once(here: World) -> None:
    session = a_session(an_offer(here), 2, queues=True)
    people = five_people(here)
    rows = [sign_up(session, now=NOW, by=a_worker(member)) for member in people]
    with pytest.raises(Refused, match="必须写明原因"):
        cancel_session(session, reason=" ", now=NOW, by=SYSTEM)
    assert cancel_session(session, reason="场地检修", now=NOW, by=SYSTEM) == 5
    assert {state(row) for row in rows} == {"cancelled"}
    assert not Line.objects.standing().filter(act="signed").exists()
    assert Notice.objects.filter(kind="offer.cancelled").count() == 5
    with pytest.raises(Refused, match="已经取消"):
        cancel_session(session, reason="场地检修", now=NOW, by=SYSTEM)
    with pytest.raises(Refused, match="已经取消"):
        sign_up(session, now=NOW, by=a_worker(people[0]))


def test_closing_a_session_counts_it_once(here: World) -> None:
    session = a_session(an_offer(here), 2, queues=True)
    rows = [sign_up(session, now=NOW, by=a_worker(member)) for member in five_people(here)[:3]]
    with pytest.raises(Refused, match="还没有开始"):
        close_session(session, now=NOW, by=SYSTEM)
    assert close_session(session, now=STARTS, by=SYSTEM) == 0
    assert [state(row) for row in rows] == ["absent", "absent", "expired"]
    with pytest.raises(Refused, match="已经结束"):
        close_session(session, now=STARTS, by=SYSTEM)
    assert Line.objects.standing().filter(act="held").count() == 1
    assert Session.objects.get(pk=session).taken == 2
