"""What is open to a worker on their telephone, whom it is for, and signing up with a place as the answer."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.offers.cast import an_offer, state, taken
from tests.portal.conftest import a_slot
from tests.world import Member, World
from unionhall.kernel.actor import SYSTEM
from unionhall.offers import place_moves, queue_moves, session_moves, terms_moves
from unionhall.offers.models import Offer, Participation
from unionhall.offers.session_moves import Part
from unionhall.offers.terms_moves import Terms, Wanted

pytestmark = pytest.mark.django_db


def page(phone: Client, address: str, *, status: int = 200) -> str:
    answer = phone.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return " ".join(answer.content.decode().split())


def key_on(text: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def sign_up(phone: Client, offer: int, session: int | str, **rest: str) -> Any:
    key = key_on(phone.get(f"/me/offers/{offer}/").content.decode())
    return phone.post(f"/me/offers/{offer}/", {"session": str(session), "key": key} | rest)


def for_women(here: World, places: int | None = 2, **rest: Any) -> tuple[int, int]:
    offer = an_offer(here, "两癌筛查", service="womens.screening")
    terms = Terms("查完当天出结果。", details={"hospital": "望河医院"})
    terms_moves.set_terms(offer, terms, by=SYSTEM)
    terms_moves.set_conditions(offer, [Wanted("member"), Wanted("not_this_year")], on=date(2015, 1, 1), by=SYSTEM)
    return offer, a_slot(offer, places, **rest)


def test_three_taps_from_home_to_a_place(here: World, phone: Client, li: Member) -> None:
    offer, session = for_women(here)
    assert f"/me/offers/{offer}/" in page(phone, "/me/"), "the first tap"
    text = page(phone, f"/me/offers/{offer}/")
    assert "您符合条件" in text and "女职工" in text and "在册会员" in text and "望河医院" in text and "余 2" in text
    assert re.search(rf'value="{session}" checked', text), "the only session is chosen already"
    answer = phone.post(f"/me/offers/{offer}/", {"session": session, "key": key_on(text)})
    row = Participation.objects.get(person=li.person)
    assert answer.headers["Location"] == f"/me/places/{row.pk}/"
    assert "已报上" in page(phone, f"/me/places/{row.pk}/")
    assert "您已经报了这一场" in page(phone, f"/me/offers/{offer}/")
    assert "两癌筛查" in page(phone, "/me/places/")
    assert "已报上</em>" in page(phone, "/me/offers/")
    assert "现在没有您能报的活动" in page(phone, "/me/"), "what she has is not offered again"


def test_the_same_tap_twice_is_one_place(here: World, phone: Client, li: Member) -> None:
    offer, session = for_women(here)
    sent = {"session": session, "key": key_on(page(phone, f"/me/offers/{offer}/"))}
    first, second = (phone.post(f"/me/offers/{offer}/", sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Participation.objects.count() == 1 and taken(session) == 1


def test_who_it_is_not_for_reads_which_condition_is_missing_and_cannot_be_signed_up(
    here: World, phone_of: Callable[[Member], Client]
) -> None:
    offer, session = for_women(here)
    him = phone_of(world.a_member(here, "张伟"))
    text = page(him, f"/me/offers/{offer}/")
    assert "您现在还不符合条件" in text and re.search(r'class="no">.{0,400}女职工', text)
    assert "报名</button>" not in text
    answer = sign_up_by_hand(him, offer, session)
    assert answer.status_code == 422 and "不符合条件：女职工" in answer.content.decode()
    assert not Participation.objects.exists()
    assert "条件不符" in page(him, "/me/offers/") and "两癌筛查" not in page(him, "/me/offers/?for=mine")


def sign_up_by_hand(phone: Client, offer: int, session: int) -> Any:
    """Without the page's own button."""
    return phone.post(f"/me/offers/{offer}/", {"session": str(session), "key": "by-hand"})


def test_a_full_session_is_waited_for_the_next_is_asked_and_takes_it(
    here: World, li: Member, wang: Member, phone_of: Callable[[Member], Client]
) -> None:
    offer, session = for_women(here, 1, queues=True, hold_minutes=60 * 24)
    first, second = phone_of(li), phone_of(wang)
    sign_up(first, offer, session)
    assert "候补" in page(second, f"/me/offers/{offer}/")
    sign_up(second, offer, session)
    hers, other = Participation.objects.get(person=li.person), Participation.objects.get(person=wang.person)
    assert "候补第 1 位" in page(second, f"/me/places/{other.pk}/") and "候补第 1 位" in page(second, "/me/places/")
    assert first.post(f"/me/places/{hers.pk}/give-back/").status_code == 302
    assert "已取消" in page(first, f"/me/places/{hers.pk}/")
    assert "名额为您保留到" in page(second, f"/me/places/{other.pk}/")
    assert "名额为您保留" in page(second, "/me/"), "what waits for her comes first"
    notice = re.search(r"/me/notices/\d+/", page(second, "/me/notices/"))
    assert notice is not None and f"/me/places/{other.pk}/" in page(second, notice[0])
    assert second.post(f"/me/places/{other.pk}/accept/").status_code == 302
    assert state(other) == "signed" and taken(session) == 1


def test_the_same_give_back_twice_gives_back_once(here: World, phone: Client, li: Member) -> None:
    offer, session = for_women(here)
    sign_up(phone, offer, session)
    row = Participation.objects.get()
    assert [phone.post(f"/me/places/{row.pk}/give-back/").status_code for _ in range(2)] == [302, 302]
    assert taken(session) == 0


def test_after_the_deadline_one_is_told_whom_to_ask(here: World, phone: Client) -> None:
    offer, session = for_women(here, hours=5, cancel_until=timezone.now() - timedelta(hours=1))
    sign_up(phone, offer, session)
    row = Participation.objects.get()
    text = page(phone, f"/me/places/{row.pk}/")
    assert "请联系主办单位" in text and "确定取消" not in text
    answer = phone.post(f"/me/places/{row.pk}/give-back/")
    assert answer.status_code == 422 and "已过取消期限" in answer.content.decode() and state(row) == "signed"


def test_a_hold_that_ran_out_is_said_and_not_given(
    here: World, li: Member, wang: Member, phone_of: Callable[[Member], Client]
) -> None:
    offer, session = for_women(here, 1, queues=True, hold_minutes=60)
    first, second = phone_of(li), phone_of(wang)
    sign_up(first, offer, session)
    sign_up(second, offer, session)
    queue_moves.give_back(Participation.objects.get(person=li.person).pk, now=timezone.now(), by=SYSTEM)
    row = Participation.objects.get(person=wang.person)
    Participation.objects.filter(pk=row.pk).update(held_until=timezone.now() - timedelta(minutes=1))
    answer = second.post(f"/me/places/{row.pk}/accept/")
    assert answer.status_code == 422 and "保留时间已过" in answer.content.decode()


def test_family_comes_along_and_what_was_typed_wrong_is_kept(here: World, phone: Client) -> None:
    offer = an_offer(here, "亲子观影")
    session = a_slot(offer, 3, most_children=2)
    wrong = sign_up(phone, offer, session, children="3")
    text = wrong.content.decode()
    assert wrong.status_code == 422 and "最多带 2 名儿童" in text
    assert 'name="children" inputmode="numeric" maxlength="3" value="3"' in text, "what was typed still stands"
    odd = sign_up(phone, offer, session, children="两个")
    assert odd.status_code == 422 and "请填数字" in odd.content.decode()
    assert sign_up(phone, offer, session, children="2").status_code == 302
    assert taken(session) == 3
    assert "2 名儿童" in page(phone, f"/me/places/{Participation.objects.get().pk}/")


@pytest.mark.parametrize("session", ["", "x", "9" * 30, "1.5", "-1"])
def test_no_session_chosen_or_no_such_thing_is_said(here: World, phone: Client, session: str) -> None:
    offer, _session = for_women(here)
    answer = sign_up(phone, offer, session)
    assert answer.status_code == 422 and "请先选一个场次" in answer.content.decode()


def test_a_session_of_another_item_is_not_there(here: World, phone: Client) -> None:
    offer, _session = for_women(here)
    other = a_slot(an_offer(here), 5)
    assert sign_up(phone, offer, other).status_code == 404
    assert not Participation.objects.exists()


def test_an_item_that_is_over_is_there_only_for_who_took_part(
    here: World, phone: Client, phone_of: Callable[[Member], Client], wang: Member
) -> None:
    offer, session = for_women(here)
    sign_up(phone, offer, session)
    Offer.objects.filter(pk=offer).update(until=timezone.localdate())
    assert phone.get(f"/me/offers/{offer}/").status_code == 200
    assert phone_of(wang).get(f"/me/offers/{offer}/").status_code == 404


def test_the_list_is_narrowed_by_kind_street_price_and_whether_it_is_for_me(
    here: World, phone: Client, li: Member
) -> None:
    street = li.path[:6]
    elsewhere = here.bridge if street == here.willow else here.willow
    hers, theirs = an_offer(here, "本街读书会", at=street), an_offer(here, "邻街读书会", at=elsewhere)
    for one in (hers, theirs):
        a_slot(one, None)
    cut = an_offer(here, "理发优惠")
    terms_moves.set_terms(cut, Terms(pays_fen=1000), by=SYSTEM)
    whole = page(phone, "/me/offers/")
    assert all(title in whole for title in ("本街读书会", "邻街读书会", "理发优惠")) and "本人付 10 元" in whole
    near = page(phone, "/me/offers/?for=near")
    assert "本街读书会" in near and "邻街读书会" not in near and "理发优惠" not in near
    free = page(phone, "/me/offers/?for=free")
    assert "邻街读书会" in free and "理发优惠" not in free
    benefits = page(phone, "/me/offers/?kind=benefits")
    assert "理发优惠" in benefits and "读书会" not in benefits
    assert "读书会" in page(phone, "/me/offers/?kind=activities")
    assert "这样选没有找到" in page(phone, "/me/offers/?kind=benefits&for=near")
    assert "理发优惠" in page(phone, "/me/offers/?kind=x&for=y&page=z"), "what is no choice is none"


def test_what_is_over_or_full_says_so_and_what_opens_later_says_when(here: World, phone: Client, wang: Member) -> None:
    full, later, over = an_offer(here, "已满的"), an_offer(here, "还没开始的"), an_offer(here, "过去的")
    queued = a_slot(an_offer(here, "可候补的"), 1, queues=True)
    place_moves.sign_up(queued, now=timezone.now(), by=SYSTEM, person=wang.person)
    session = a_slot(full, 1)
    place_moves.sign_up(session, now=timezone.now(), by=SYSTEM, person=wang.person)
    a_slot(later, 9, opens_at=timezone.now() + timedelta(days=1))
    a_slot(over, 9, hours=-30)
    text = page(phone, "/me/offers/")
    assert "已满</em>" in text and "候补</em>" in text and "开始</em>" in text and "过去的" not in text
    assert "开始报名" in page(phone, f"/me/offers/{later}/") and "报名</button>" not in page(
        phone, f"/me/offers/{later}/"
    )


def test_places_divided_among_unions_show_what_is_left_of_ones_own(here: World, phone: Client, li: Member) -> None:
    offer = an_offer(here)
    session = a_slot(offer, 10)
    union = here.own_union if li.path.startswith(here.willow) else here.joint_union
    session_moves.share_out(session, [Part("union", str(union.id), 3)], by=SYSTEM)
    assert "余 3" in page(phone, f"/me/offers/{offer}/")


def test_a_limit_says_how_often_one_may_still_come(here: World, phone: Client) -> None:
    offer = an_offer(here)
    terms_moves.set_terms(offer, Terms(most_each=1, per="year"), by=SYSTEM)
    first, second = a_slot(offer, 5), a_slot(offer, 5, hours=24 * 8)
    assert "您还剩 1 次" in page(phone, f"/me/offers/{offer}/")
    sign_up(phone, offer, first)
    text = page(phone, f"/me/offers/{offer}/")
    assert "您的次数已经用完" in text and "报名</button>" not in text
    assert sign_up_by_hand(phone, offer, second).status_code == 422


def test_pages_ask_the_database_little_however_much_is_open(
    here: World, phone: Client, li: Member, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        offer = an_offer(here, f"活动{n}")
        terms_moves.set_conditions(offer, [Wanted("member"), Wanted("not_this_year")], on=date(2015, 1, 1), by=SYSTEM)
        sessions = [a_slot(offer, 5, hours=24 + n), a_slot(offer, 5, hours=48 + n)]
        if n < 3:
            sign_up(phone, offer, sessions[0])
    for address, most in (
        ("/me/", 12), ("/me/offers/", 12), ("/me/offers/?for=mine", 12), (f"/me/offers/{offer}/", 15), ("/me/places/", 10),
        (f"/me/places/{Participation.objects.earliest('pk').pk}/", 8), ("/me/card/", 15),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            page(phone, address)
