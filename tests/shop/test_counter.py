"""Redeeming at the counter: green, red, once, back; and what a merchant may not learn."""

import uuid
from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import world
from tests.offers.cast import STARTS, a_session, a_worker, an_offer, state
from tests.shop.conftest import Shop, card_of, signed_in, words_of
from tests.world import World
from unionhall.access.tries import SHOWN, SHOWN_A_DAY
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.offers.attendance_moves import redeem_shown
from unionhall.offers.models import OfferCondition, Participation, ShownCode
from unionhall.offers.place_moves import sign_up
from unionhall.offers.terms_moves import Terms, give_counter, set_terms
from unionhall.organisations.models import Account
from unionhall.web.entrance import steps


def uses() -> int:
    return Line.objects.standing().filter(act="used").count()


def test_a_code_typed_leads_to_the_green_page(shop: Shop) -> None:
    li = world.a_member(shop.here, "李小龙")
    use = shop.redeem(li)
    text = shop.page(f"/shop/uses/{use.pk}/")
    assert 'class="green"' in text
    said = words_of(text)
    for word in ("核销成功", "理发", "工会结算 15.00 元", "向会员收 10 元", "李**", "本月还可以用 1 次", use.number):
        assert word in said, word
    assert "李小龙" not in text and "撤销（" in said
    assert (uses(), use.verifier, use.verified_by) == (1, shop.merchant.account, "code")
    assert "今天已核销 1 笔" in words_of(shop.page())


def test_digits_are_read_however_they_are_typed(shop: Shop) -> None:
    code = card_of(world.a_member(shop.here, "小李"))
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert shop.send(f" {wide[:4]} {wide[4:]} ").status_code == 302


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567x", "12345678" * 9, "\x00" * 8, "١٢٣٤٥٦٧٨"])
def test_what_is_no_code_is_said_and_kept(shop: Shop, typed: str) -> None:
    answer = shop.send(typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "8 位数字" in text and 'role="alert"' in text
    if typed == "1234567x":
        assert 'value="1234567x"' in text
    assert uses() == 0


def test_a_double_tap_and_a_resend_give_the_same_green_page(shop: Shop) -> None:
    li = world.a_member(shop.here, "小李")
    form = {**shop.form(), "code": card_of(li)}
    first, second = shop.client.post("/shop/", form), shop.client.post("/shop/", form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=3)):
        # The network gave it back three minutes later: the code has run out, the redemption stands.
        assert shop.client.post("/shop/", form).headers["Location"] == first.headers["Location"]
    assert uses() == 1


def test_an_old_page_with_another_members_code_is_another_redemption(shop: Shop) -> None:
    li, wang = world.five_people(shop.here)[:2]
    form = shop.form()
    first = shop.client.post("/shop/", {**form, "code": card_of(li)})
    second = shop.client.post("/shop/", {**form, "code": card_of(wang)})
    assert first.headers["Location"] != second.headers["Location"]
    assert uses() == 2


def test_a_code_is_good_once(shop: Shop) -> None:
    code = card_of(world.a_member(shop.here, "小李"))
    assert shop.send(code).status_code == 302
    answer = shop.send(code)
    assert answer.status_code == 422 and "无效或已过期" in answer.content.decode()
    assert uses() == 1


def test_red_says_why_and_what_to_do(shop: Shop) -> None:
    li = world.a_member(shop.here, "小李")
    for _time in range(2):
        shop.redeem(li)
    answer = shop.send(card_of(li))
    text = answer.content.decode()
    assert answer.status_code == 422 and 'class="red"' in text
    assert "每月每人限 2 次" in text and "请不要再提供这项优惠" in text
    assert uses() == 2


def test_which_condition_a_member_does_not_meet_is_not_said_at_the_counter(shop: Shop) -> None:
    li = world.a_member(shop.here, "小李")
    OfferCondition.objects.create(offer_id=shop.offer, condition="woman", value="", since=date(2015, 1, 1))
    with pytest.raises(Refused, match="不符合条件：女职工"):  # the control: the rule itself names it
        redeem_shown(shop.offer, card_of(li), key="k", now=timezone.now(), by=shop.merchant)
    answer = shop.send(card_of(li))
    text = answer.content.decode()
    assert answer.status_code == 422 and "不符合这个项目的条件" in text
    assert "女" not in words_of(text)


def test_a_merchant_takes_back_within_five_minutes_and_not_later(shop: Shop) -> None:
    li, wang = world.five_people(shop.here)[:2]
    early, late = shop.redeem(li), shop.redeem(wang)
    answer = shop.client.post(f"/shop/uses/{early.pk}/undo/", follow=True)
    assert f"已撤销 {early.number}" in words_of(answer.content.decode())
    assert (state(early), uses()) == ("undone", 1)
    text = shop.page(f"/shop/uses/{early.pk}/")
    assert 'class="grey"' in text and "不计入对账单" in text and "/undo/" not in text
    again = shop.client.post(f"/shop/uses/{early.pk}/undo/", follow=True)
    assert "已经撤销" in words_of(again.content.decode())
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=6)):
        assert "/undo/" not in shop.page(f"/shop/uses/{late.pk}/")
        answer = shop.client.post(f"/shop/uses/{late.pk}/undo/", follow=True)
        assert "超过 5 分钟" in words_of(answer.content.decode())
    assert (state(late), uses()) == ("attended", 1)
    today = words_of(shop.page("/shop/today/"))
    assert "笔数 1" in today and "金额（元） 15.00" in today and "撤销或作废 1" in today


def test_a_place_given_back_to_its_member_is_told_of_today(shop: Shop) -> None:
    offer = an_offer(shop.here, "观影")
    session = a_session(offer, 1)
    li = world.a_member(shop.here, "小李")
    place = sign_up(session, now=STARTS - timedelta(days=7), by=a_worker(li))
    assert shop.merchant.account is not None
    give_counter(offer, shop.merchant.account, venue="", on=date(2015, 1, 1), by=SYSTEM)
    with mock.patch("django.utils.timezone.now", return_value=STARTS):
        shop.client.force_login(Account.objects.get(pk=shop.merchant.account))
        answer = shop.send(card_of(li), item=str(offer))
        assert answer.headers["Location"] == f"/shop/uses/{place.pk}/"
        shop.client.post(f"/shop/uses/{place.pk}/undo/")
        assert state(place) == "signed"
        today = words_of(shop.page("/shop/today/"))
        assert "撤销或作废 1" in today and "场次名额" in today
        assert shop.client.get(f"/shop/uses/{place.pk}/").status_code == 404


def test_somebody_elses_redemption_is_not_there(shop: Shop) -> None:
    use = shop.redeem(world.a_member(shop.here, "小李"))
    other = signed_in(world.an_officer("merchant", shop.here.root))
    assert other.get(f"/shop/uses/{use.pk}/").status_code == 404
    assert other.post(f"/shop/uses/{use.pk}/undo/").status_code == 404
    assert state(use) == "attended"


def test_eight_digits_are_not_guessed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    code = card_of(world.a_member(shop.here, "小李"))
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    form = shop.form()
    for _try in range(SHOWN.limit):
        assert shop.client.post("/shop/", {**form, "code": wrong}).status_code == 422
    answer = shop.client.post("/shop/", {**form, "code": code})
    assert answer.status_code == 429 and "分钟再试" in answer.content.decode()
    assert uses() == 0
    # Another merchant's tries are their own.
    other = world.an_officer("merchant", shop.here.root)
    assert other.account is not None
    give_counter(shop.offer, other.account, venue="", on=date(2015, 1, 1), by=SYSTEM)
    theirs = signed_in(other)
    said = {"key": str(uuid.uuid4()), "item": str(shop.offer), "code": code}
    assert theirs.post("/shop/", said).status_code == 302


def test_who_guesses_slowly_is_stopped_for_the_day(shop: Shop) -> None:
    code = card_of(world.a_member(shop.here, "小李"))
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    form, begun, tried = shop.form(), timezone.now(), 0
    for quarter in range(SHOWN_A_DAY.limit // SHOWN.limit):
        with mock.patch("django.utils.timezone.now", return_value=begun + quarter * timedelta(minutes=16)):
            shop.client.force_login(Account.objects.get(pk=shop.merchant.account))
            for _try in range(SHOWN.limit):
                tried += shop.client.post("/shop/", {**form, "code": wrong}).status_code == 422
    assert tried == SHOWN_A_DAY.limit
    with mock.patch("django.utils.timezone.now", return_value=begun + timedelta(hours=3)):
        shop.client.force_login(Account.objects.get(pk=shop.merchant.account))
        li = world.a_member(shop.here, "小王")
        assert shop.client.post("/shop/", {**form, "code": card_of(li)}).status_code == 429


def test_right_codes_are_never_too_many(shop: Shop) -> None:
    set_terms(shop.offer, Terms(), by=SYSTEM)
    li = world.a_member(shop.here, "小李")
    for _time in range(SHOWN.limit + 2):
        shop.redeem(li)
    assert uses() == SHOWN.limit + 2


def test_with_several_items_one_is_chosen_first(shop: Shop) -> None:
    other = an_offer(shop.here, "剪发")
    assert shop.merchant.account is not None
    give_counter(other, shop.merchant.account, venue="", on=date(2015, 1, 1), by=SYSTEM)
    li = world.a_member(shop.here, "小李")
    answer = shop.send(card_of(li))
    assert answer.status_code == 422 and "请先选择项目" in answer.content.decode()
    answer = shop.send(card_of(li), item=str(other))
    assert Participation.objects.get(person=li.person).offer_id == other
    following = shop.form(f"/shop/?item={other}")
    assert following["item"] == str(other)


def test_an_item_that_is_not_mine_is_no_choice(shop: Shop) -> None:
    stranger = an_offer(shop.here, "游泳")
    answer = shop.send(card_of(world.a_member(shop.here, "小李")), item=str(stranger))
    assert answer.status_code == 422 and "现在不办理这个项目" in answer.content.decode()
    assert uses() == 0


def test_an_account_without_a_counter_is_told_so(here: World) -> None:
    client = signed_in(world.an_officer("merchant", here.root))
    for method in (client.get, client.post):
        answer = method("/shop/")
        assert answer.status_code == 200 and "没有可以核销的项目" in answer.content.decode()


def test_the_counter_is_a_merchants_alone(here: World) -> None:
    for role in ("leader", "labour", "finance", "lawyer", "system_admin"):
        assert signed_in(world.an_officer(role, here.root)).get("/shop/").status_code == 403
    assert Client().get("/shop/").headers["Location"].startswith("/sign-in/")


def test_a_merchant_lands_at_the_counter_and_others_where_they_did(here: World) -> None:
    merchant = world.an_officer("merchant", here.root)
    assert steps.home(merchant) == "/shop/"
    assert steps.home(world.an_officer("leader", here.root)) == "/board/"
    assert steps.home(world.an_officer("labour", here.root)) == "/desk/"
    assert 'href="/shop/"' in signed_in(merchant).get("/my-sign-in/").content.decode()


def test_wasm_may_run_at_the_counter_and_nowhere_else(shop: Shop) -> None:
    def policy(address: str) -> str:
        return shop.client.get(address).headers["Content-Security-Policy"]

    assert "'wasm-unsafe-eval'" in policy("/shop/")
    for address in ("/shop/today/", "/shop/months/", "/my-sign-in/", "/"):
        assert "wasm" not in policy(address)
    assert "'unsafe-eval'" not in policy("/shop/")


def test_few_questions_are_asked_of_the_database(shop: Shop) -> None:
    people = world.five_people(shop.here)
    for member in people[:2]:
        shop.redeem(member)
    most = {"/shop/": 12, "/shop/today/": 12, "/shop/months/": 8}
    for address, limit in most.items():
        with CaptureQueriesContext(connection) as asked:
            shop.page(address)
        assert len(asked) <= limit, (address, len(asked), [one["sql"][:120] for one in asked])
    form = {**shop.form(), "code": card_of(people[2])}
    with CaptureQueriesContext(connection) as asked:
        answer = shop.client.post("/shop/", form)
    assert answer.status_code == 302
    assert len(asked) <= 30, [one["sql"][:150] for one in asked]
    with CaptureQueriesContext(connection) as asked:
        shop.page(answer.headers["Location"])
    assert len(asked) <= 10


def test_the_used_code_is_gone_and_a_refused_one_is_not(shop: Shop) -> None:
    li = world.a_member(shop.here, "小李")
    for _time in range(2):
        shop.redeem(li)
        assert not ShownCode.objects.exists()
    assert shop.send(card_of(li)).status_code == 422
    assert ShownCode.objects.count() == 1
