"""An identity number is opened with a reason, in a real browser: in place with script, on pages of their own without."""

import re

import pytest

from tests.browser.conftest import Visit
from tests.browser.district import PASSWORD
from tests.browser.test_pages import well_made

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"\d{17}[\dX]")


def _sign_in(visit: Visit, username: str) -> None:
    visit.open("/sign-in/")
    visit.page.fill("#id_username", username)
    visit.page.fill("#id_password", PASSWORD)
    visit.page.click("main button")
    visit.page.wait_for_url("**/desk/")


def _a_member(visit: Visit) -> None:
    """The page of the first member of the street's list."""
    _sign_in(visit, "street")
    visit.open("/desk/members/")
    visit.page.locator("main .rows tbody a").first.click()
    visit.page.wait_for_url(re.compile(r"/desk/members/\d+/"))


def _looked_at(visit: Visit, name: str) -> None:
    """As every page; a form given back answers 422, which the browser notes down as an error."""
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    well_made(visit, name)


def test_a_number_is_opened_in_place_with_a_reason(visit: Visit, shots: object) -> None:
    _a_member(visit)
    page = visit.page
    assert not NUMBER.search(page.inner_text("main"))
    page.locator("a[href^='/desk/reveal/']", has_text="证件号码").click()
    page.wait_for_selector("form.secret-asking")
    assert page.evaluate("document.activeElement.name") == "reason"
    _looked_at(visit, "reveal-asking")
    page.click("form.secret-asking button")
    page.wait_for_selector("form.secret-asking .invalid-feedback")
    _looked_at(visit, "reveal-error")
    page.select_option("form.secret-asking select", "contact")
    page.click("form.secret-asking button")
    page.wait_for_selector(".secret-open")
    assert NUMBER.fullmatch(page.inner_text(".secret-open b"))
    assert re.search(r"/desk/members/\d+/", page.url) and not NUMBER.search(page.url)
    _looked_at(visit, "reveal-open")


def test_without_script_it_is_a_page_and_leads_back(without_script: Visit) -> None:
    _a_member(without_script)
    page, member = without_script.page, without_script.page.url
    page.locator("a[href^='/desk/reveal/']", has_text="证件号码").click()
    page.click("main form button")
    assert page.locator(".summary a").get_attribute("href") == "#id_reason"
    page.select_option("main select", "check")
    page.click("main form button")
    assert NUMBER.fullmatch(page.inner_text("main dd"))
    page.click("main a.btn-primary")
    assert page.url == member


def test_the_second_officers_page_is_well_made(visit: Visit, shots: object) -> None:
    _sign_in(visit, "organisation")
    visit.open("/desk/approvals/")
    _looked_at(visit, "approvals")
