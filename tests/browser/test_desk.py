"""The desk in a real browser: readable by all in every shape, after an error too; with the keyboard; without scripts; light."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import SHAPES, Visit, _visit
from tests.browser.test_pages import well_made
from tests.chromium import violations

pytestmark = pytest.mark.browser

PAGES = {
    "desk": "/desk/",
    "members": "/desk/members/?reset=1",
    "members-filtered": "/desk/members/?state=active&held=all&since=2012-01-01..2015-12-31",
    "member": "/desk/members/1/?list=",
    "member-new": "/desk/members/new/",
    "member-transfer": "/desk/members/1/transfer/",
    "duplicates": "/desk/members/same/",
    "undo": "/desk/undo/",
}


@pytest.fixture
def desktop(chromium: Browser, server: str) -> Iterator[Visit]:
    yield from _visit(chromium.new_context(locale="zh-CN", **SHAPES["desktop"]), server, "desktop")


def at_the_desk(visit: Visit) -> Visit:
    """Signed in as somebody who may change members."""
    visit.open("/sign-in/")
    visit.page.fill("#id_username", "organisation")
    visit.page.fill("#id_password", "wanghe-2015")
    visit.page.click("main button")
    visit.page.wait_for_load_state()
    return visit


def calm(visit: Visit) -> None:
    """A form that was refused answers 422, and the browser says so in its console."""
    visit.complaints = [text for text in visit.complaints if "422" not in text]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk(visit: Visit, name: str, shots: object) -> None:
    at_the_desk(visit).open(PAGES[name])
    visit.page.wait_for_load_state("networkidle")
    well_made(visit, f"desk-{name}")


@pytest.mark.parametrize("words", ["王", "欧阳某某某"], ids=["found", "nobody"])
@pytest.mark.parametrize("box", ["list", "search"])
def test_after_looking_for_somebody(
    visit: Visit, box: str, words: str, request: pytest.FixtureRequest, shots: object
) -> None:
    page = at_the_desk(visit).open("/desk/members/?reset=1" if box == "list" else "/desk/search/")
    page.fill("#find", words)
    page.press("#find", "Enter")
    page.wait_for_url("**w=*")
    page.wait_for_load_state("networkidle")
    assert words not in unquote(page.url)
    assert page.input_value("#find") == words
    well_made(visit, f"desk-{box}-{'found' if words == '王' else 'nobody'}")


def test_with_everything_open(visit: Visit, shots: object) -> None:
    page = at_the_desk(visit).open(PAGES["members"])
    for opener in (".side-open", ".filters-open"):
        if page.is_visible(opener):
            page.click(opener)
    page.check("#rows input[name=sel] >> nth=0")
    assert page.is_visible("[data-bulk]")
    # At the end of the list the bar stands in its own place; on the way there it lies over the rows one scrolls past.
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    well_made(visit, "desk-open-ticked")
    page.uncheck("#rows input[name=sel] >> nth=0")
    for at in range(page.locator("details.pop > summary").count()):
        page.click(f"details.pop > summary >> nth={at}")
        # What the pop-up lies over is not what one aims at while it is open.
        found = violations(page, "details.pop[open]")
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        visit.picture(f"desk-open-{at}")
        page.keyboard.press("Escape")


def test_a_page_left_open_too_long_says_so_in_place(visit: Visit, shots: object) -> None:
    page = at_the_desk(visit).open(PAGES["members"])
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(each => { each.value = 'old'; })")
    page.fill("#find", "王")
    page.press("#find", "Enter")
    page.wait_for_selector("#notice .alert")
    assert "页面停留太久" in page.inner_text("#notice")
    assert page.input_value("#find") == "王"
    visit.complaints = [text for text in visit.complaints if "419" not in text]
    well_made(visit, "desk-expired")


def test_after_a_mistake(visit: Visit, shots: object) -> None:
    page = at_the_desk(visit).open("/desk/members/new/")
    page.fill("#id_name", "周1")
    page.fill("#id_number", "123")
    page.click("main form[data-draft] button")
    assert page.input_value("#id_name") == "周1"
    visit.begins_at_the_summary()
    calm(visit)
    well_made(visit, "desk-member-error")
    page.click(".summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_filters_narrow_as_they_are_chosen_and_back_goes_back(desktop: Visit) -> None:
    page = at_the_desk(desktop).open(PAGES["members"])
    before = page.inner_text(".list-head p")
    assert page.get_attribute(".views > a >> nth=0", "aria-current") == "page"
    page.click(".filter summary >> nth=0")
    page.check(".filter .pop-body input >> nth=0")
    page.wait_for_url("**place=*")
    page.wait_for_load_state("networkidle")
    assert page.inner_text(".list-head p") != before
    assert page.get_attribute(".views > a >> nth=0", "aria-current") is None
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert "place=" not in page.url
    assert page.locator(".rows tbody tr").count() > 0
    assert desktop.complaints == []


def test_a_number_typed_into_the_box_stands_in_no_address(desktop: Visit) -> None:
    asked: list[str] = []
    desktop.page.on("request", lambda request: asked.append(request.url))
    page = at_the_desk(desktop).open(PAGES["members"])
    page.fill("#find", "13900000001")
    page.press("#find", "Enter")
    page.wait_for_url("**k=*")
    assert not any("13900000001" in address for address in asked)
    assert "13900000001" not in page.evaluate("JSON.stringify(localStorage)")


def test_the_keyboard_does_what_the_mouse_does(desktop: Visit) -> None:
    page = at_the_desk(desktop).open(PAGES["members"])
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    for key in "jjkx":
        page.keyboard.press(key)
    assert page.is_checked("#rows input[name=sel] >> nth=0")
    assert page.inner_text("[data-ticked]").split() == ["已选", "1"]
    page.keyboard.press("o")
    page.wait_for_url(re.compile(r"/desk/members/\d+/"))


def test_what_was_typed_is_there_again_but_no_number(desktop: Visit) -> None:
    page = at_the_desk(desktop).open("/desk/members/new/")
    page.fill("#id_name", "周打字")
    page.fill("#id_number", "110101198506010011")
    page.reload()
    assert page.input_value("#id_name") == "周打字"
    assert page.input_value("#id_number") == ""


def test_what_was_done_is_taken_back_from_the_notice(desktop: Visit) -> None:
    page = at_the_desk(desktop).open("/desk/members/2/end/")
    page.check("input[name=because] >> nth=1")
    page.click("main form[data-draft] button")
    assert page.is_visible(".said-success")
    page.click(".said-success button")
    page.wait_for_url(re.compile(r"/desk/members/2/$"))
    assert "已撤销" in page.inner_text(".said")
    assert "正常" in page.inner_text("h1")


def test_paper_keeps_the_title_and_leaves_the_buttons(desktop: Visit) -> None:
    page = at_the_desk(desktop).open(PAGES["member"])
    page.emulate_media(media="print")
    assert page.is_visible("h1")
    assert page.is_visible(".facts")
    for left_out in (".side", "#steps", "[data-print]"):
        assert page.is_hidden(left_out)


def test_without_script_everything_works(without_script: Visit) -> None:
    page = at_the_desk(without_script).open(PAGES["members"])
    page.fill("#find", "王")
    page.click("#filters button >> nth=0")
    assert "w=" in page.url
    assert "王" not in unquote(page.url)
    page.check("#rows input[name=sel] >> nth=0")
    page.click("[data-bulk] button >> nth=0")
    assert "勾选的 1 条" in page.inner_text("main")
    page.check("input[name=source] >> nth=1")
    page.click("main form button.btn-primary")
    assert "结果" in page.inner_text("h1")
    page.click("tbody a")
    assert page.is_visible(".facts")


@pytest.mark.parametrize("name", ["members", "member", "desk"])
def test_a_first_visit_of_the_desk_is_light(phone: Visit, name: str) -> None:
    at_the_desk(phone)
    phone.page.context.new_cdp_session(phone.page).send("Network.clearBrowserCache")
    phone.transferred = phone.requests = 0
    phone.open(PAGES[name])
    phone.page.wait_for_load_state("networkidle")
    assert 0 < phone.transferred <= 140 * 1024, f"{name}: {phone.transferred / 1024:.1f} KiB"
    assert phone.requests <= 12
