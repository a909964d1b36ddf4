"""A worker's telephone: what is open, signing up, the places, the card; each page in every shape, and one story walked whole."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests import world
from tests.access_entry.test_workers import code_sent
from tests.browser.conftest import SHAPES, Visit
from tests.browser.test_first_day import seen
from tests.browser.test_pages import well_made
from tests.browser.test_sign_in import enter_by_mobile, looked_at
from tests.offers.cast import an_offer
from tests.portal.conftest import a_slot, a_woman
from tests.world import Member, World
from unionhall import catalogue
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.offers import codes
from unionhall.offers.models import Participation
from unionhall.offers.terms_moves import Terms, Wanted, set_conditions, set_terms
from unionhall.web import counted

pytestmark = pytest.mark.browser

HOME_BUDGET = 70 * 1024
"""Bytes of the first page on a first visit (interface.md §9)."""


def test_every_page_of_the_telephone(later: None, visit: Visit, shots: object) -> None:
    enter_by_mobile(visit)
    page = visit.page
    visit.open("/me/")
    well_made(visit, "me")
    for name, address in {
        "me-offers": "/me/offers/",
        "me-places": "/me/places/",
        "me-card": "/me/card/",
        "me-data": "/me/data/",
        "me-record": "/me/record/",
        "me-match": "/me/match/",
    }.items():
        visit.open(address)
        well_made(visit, name)
    assert re.fullmatch(r"\d{4} \d{4}", page_text(visit, "/me/card/", ".digits"))
    for name, title in {
        "me-offer": "亲子植物课堂",
        "me-offer-not-mine": "两癌免费筛查",
        "me-benefit": "理发优惠",
        "me-offer-full": "职工广播操教练班",
    }.items():
        visit.open("/me/offers/")
        page.click(f"text={title}")
        well_made(visit, name)
    visit.open("/me/match/")
    page.click("main form .go")
    assert "确认您目前单身" in page.inner_text("[role=alert]")
    looked_at(visit, "me-match-error")
    page.click("main a.list-group-item >> nth=0")
    page.wait_for_url("**/me/match/*/")
    assert "联系方式" in page.inner_text("main")
    well_made(visit, "me-match-event")
    visit.open("/me/offers/")
    page.click("text=亲子植物课堂")
    page.check("input[name=session]:not([disabled])")
    page.fill("input[name=children]", "9")
    page.click("main .go")
    assert "最多带" in page.inner_text("[role=alert]")
    looked_at(visit, "me-offer-error")
    assert page.input_value("input[name=children]") == "9", "what was typed still stands"
    visit.open("/me/places/")
    page.click("text=职工广播操教练班")
    assert "候补第 1 位" in page.inner_text("main")
    well_made(visit, "me-place-waiting")
    visit.open("/me/places/")
    page.click("text=周末电影")
    page.click("text=签到")
    well_made(visit, "me-door")
    page.fill("#code", "1234")
    page.click("main .go")
    assert "签到码不对" in page.inner_text("[role=alert]")
    looked_at(visit, "me-door-error")


def page_text(visit: Visit, address: str, selector: str) -> str:
    return visit.open(address).inner_text(selector)


@pytest.mark.parametrize("visit", ["phone"], indirect=True)
def test_the_first_page_weighs_little_and_the_card_renews_itself(later: None, visit: Visit) -> None:
    enter_by_mobile(visit)
    page = visit.page
    visit.transferred = visit.requests = 0
    visit.open("/me/")
    page.wait_for_load_state("networkidle")
    assert visit.transferred <= HOME_BUDGET and visit.requests <= 12, (visit.transferred, visit.requests)
    before = page_text(visit, "/me/card/", ".digits")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".digits")).not_to_have_text(before)
    visit.page.context.set_offline(True)
    shown = page.inner_text(".digits")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(".offline:not([hidden])")
    assert page.inner_text(".digits") == shown, "the last code stays, with the time it is good until"
    visit.page.context.set_offline(False)


# One story, through the doors only


@pytest.fixture
def here(transactional_db: None, settings: Any) -> Iterator[World]:
    settings.SMS = "console"  # messages are sent, so that workers may come in
    counted.forget()
    yield world.a_district()
    counted.forget()


@pytest.fixture
def xiuying(chromium: Browser, live_server: Any, here: World) -> Iterator[Visit]:
    yield from seen(chromium.new_context(locale="zh-CN", **SHAPES["phone"]), live_server.url, "phone")


@pytest.fixture
def fang(chromium: Browser, live_server: Any, here: World) -> Iterator[Visit]:
    """Another telephone; JavaScript is switched off on it."""
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False, **SHAPES["phone"])
    yield from seen(context, live_server.url, "phone")


def comes_in(visit: Visit, member: Member) -> Page:
    page = visit.open("/sign-in/worker/")
    page.fill("#id_mobile", member.mobile)
    page.click("main .btn-brand")
    page.wait_for_url("**/code/")
    page.fill("#id_code", code_sent())
    page.click("main .btn-brand")
    page.wait_for_url("**/who/")
    page.fill("#id_last_four", member.number[-4:])
    page.click("main .btn-brand")
    page.wait_for_url("**/me/")
    return page


def figures(here: World) -> tuple[Any, ...]:
    """Cards issued, women who hold one, women screened; this year, in the district."""
    year = Period.year(timezone.localdate().year)
    counted.forget()
    return tuple(
        catalogue.figure(f"womens.screening.{one}").value(here.root, year) for one in ("cards", "issued", "screened")
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_she_waits_moves_up_comes_and_three_figures_move(
    xiuying: Visit, fang: Visit, here: World, shots: object
) -> None:
    li, wang = a_woman(here, "李秀英"), a_woman(here, "王芳")
    offer = an_offer(here, "两癌筛查", service="womens.screening")
    set_terms(offer, Terms(details={"hospital": "望河医院"}), by=SYSTEM)
    set_conditions(offer, [Wanted("member"), Wanted("not_this_year")], on=date(2015, 1, 1), by=SYSTEM)
    session = a_slot(
        offer, 1, hours=1, queues=True, hold_minutes=45, cancel_until=timezone.now() + timedelta(minutes=50)
    )
    assert figures(here) == (0, 0, 0)

    page = comes_in(fang, wang)
    page.click("text=两癌筛查")
    page.click("main .go")
    assert "已报上" in page.inner_text("main")
    assert figures(here) == (1, 1, 0)

    page = comes_in(xiuying, li)
    page.click("text=两癌筛查")
    assert "您符合条件" in page.inner_text("main") and "女职工" in page.inner_text("main")
    page.dblclick("main .go")
    page.wait_for_url("**/me/places/*/")
    assert "候补第 1 位" in page.inner_text("main") and Participation.objects.filter(person=li.person).count() == 1

    other = fang.open("/me/places/")
    other.click("text=两癌筛查")
    other.click("summary")
    other.click("text=确定取消")
    assert "已取消" in other.inner_text("main")
    assert figures(here) == (0, 0, 0), "a card given back is no card issued, and a held place none yet"

    xiuying.open("/me/")
    page.click("text=名额为您保留")
    page.click("main .go")
    page.wait_for_selector("text=名额是您的了")
    assert figures(here) == (1, 1, 0)
    page.click("text=到了，签到")
    page.fill("#code", codes.door_code(session, timezone.now()))
    page.click("main .go")
    page.wait_for_selector("text=签到成功")
    looked_at(xiuying, "story-screened")
    assert figures(here) == (1, 1, 1)
