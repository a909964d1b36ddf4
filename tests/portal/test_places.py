"""A worker's own places: nobody else's, checking in at the door, saying how it was, and the card that is shown."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.offers.cast import an_offer, state
from tests.portal.conftest import a_slot
from tests.portal.test_offers import page, sign_up
from tests.world import Member, World
from unionhall.kernel.actor import SYSTEM
from unionhall.offers import attendance_moves, codes
from unionhall.offers.models import Participation, ShownCode
from unionhall.offers.session_moves import cancel_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(here: World, phone: Client, li: Member) -> Participation:
    """Hers, at a session that begins in an hour."""
    offer = an_offer(here)
    sign_up(phone, offer, a_slot(offer, 5, hours=1))
    return Participation.objects.get()


def test_somebody_elses_place_does_not_exist(
    place: Participation, wang: Member, phone_of: Callable[[Member], Client]
) -> None:
    other = phone_of(wang)
    assert other.get(f"/me/places/{place.pk}/").status_code == 404
    for step in ("accept", "give-back", "feedback"):
        assert other.post(f"/me/places/{place.pk}/{step}/", {"score": "5"}).status_code == 404
    assert other.get(f"/me/door/{place.session_id}/").status_code == 404
    assert state(place) == "signed" and "暑期观影" not in page(other, "/me/places/")


def test_she_checks_in_with_the_code_at_the_door_and_says_how_it_was(place: Participation, phone: Client) -> None:
    assert place.session_id is not None
    door = f"/me/door/{place.session_id}/"
    assert door in page(phone, f"/me/places/{place.pk}/")
    wrong = phone.post(door, {"code": "00000000"})
    assert (
        wrong.status_code == 422
        and "签到码不对" in wrong.content.decode()
        and 'value="00000000"' in wrong.content.decode()
    )
    code = codes.door_code(place.session_id, timezone.now())
    assert f'value="{code}"' in page(phone, f"{door}?code={code}"), "the QR code at the door brings it along"
    assert state(place) == "signed", "looking is not coming"
    assert phone.post(door, {"code": code}).status_code == 302
    assert state(place) == "attended"
    bad = phone.post(f"/me/places/{place.pk}/feedback/", {"score": "", "comment": "放映很好"})
    assert bad.status_code == 422 and "放映很好" in bad.content.decode(), "what was typed still stands"
    assert phone.post(f"/me/places/{place.pk}/feedback/", {"score": "4", "comment": "放映很好"}).status_code == 302
    assert Participation.objects.get().score == 4


def test_the_code_at_the_door_is_not_guessed(place: Participation, phone: Client) -> None:
    door = f"/me/door/{place.session_id}/"
    for _ in range(10):
        assert "签到码不对" in phone.post(door, {"code": "00000000"}).content.decode()
    assert place.session_id is not None
    right = phone.post(door, {"code": codes.door_code(place.session_id, timezone.now())})
    assert right.status_code == 422 and "试错太多次了" in right.content.decode() and state(place) == "signed"


def test_a_door_there_cannot_be_is_no_page(place: Participation, phone: Client) -> None:
    for number in (2**63, 10**200):
        assert phone.get(f"/me/door/{number}/").status_code == 404
        assert phone.post(f"/me/door/{number}/", {"code": "12345678"}).status_code == 404


def test_a_use_that_was_no_place_is_not_given_back(here: World, phone: Client, li: Member) -> None:
    use = world.a_use(an_offer(here), li, date(2015, 6, 1))
    answer = phone.post(f"/me/places/{use}/give-back/")
    assert answer.status_code == 422 and "不能取消" in answer.content.decode() and state(use) == "attended"


def test_a_session_called_off_says_why(place: Participation, phone: Client) -> None:
    assert place.session_id is not None
    cancel_session(place.session_id, reason="影院停电", now=timezone.now(), by=SYSTEM)
    text = page(phone, f"/me/places/{place.pk}/")
    assert "场次已取消" in text and "影院停电" in text and "确定取消" not in text


def test_the_card_shows_eight_digits_that_a_counter_reads_and_new_ones_each_time(
    here: World, phone: Client, li: Member
) -> None:
    def shown() -> str:
        text = page(phone, "/me/card/")
        found = re.search(r'class="digits num">(\d{4}) (\d{4})<', text)
        assert found is not None and 'src="data:image/svg+xml' in text and 'http-equiv="refresh"' in text
        return found[1] + found[2]

    first, second = shown(), shown()
    assert attendance_moves.person_of(second, now=timezone.now(), by=SYSTEM) == li.person
    assert first != second and ShownCode.objects.get().code == second
    assert ShownCode.objects.get().until <= timezone.now() + timedelta(minutes=2)


def test_the_card_says_where_it_is_good(here: World, phone: Client) -> None:
    an_offer(here, "理发优惠")
    a_slot(an_offer(here, "要报名的"), 5)
    text = page(phone, "/me/card/")
    assert "理发优惠" in text and "要报名的" not in text


def test_one_takes_part_without_javascript_and_nothing_stands_in_a_cache(here: World, phone: Client) -> None:
    offer = an_offer(here)
    a_slot(offer, 5)
    for address in ("/me/", "/me/offers/", f"/me/offers/{offer}/", "/me/places/", "/me/card/"):
        answer = phone.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert not re.search(r"\son\w+=|<script(?![^>]*\bsrc=)", answer.content.decode()), address
