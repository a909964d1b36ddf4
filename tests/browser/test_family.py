"""孙彩贺's boy fell ill: 40,000 yuan in a month, 5,000 of donations, a claim; who decides sees it all, and is told when it is too much."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.kin import ASKED, BEYOND, DRIVE, OWN
from tests.browser.test_business import sign_in
from tests.browser.test_pages import well_made

pytestmark = pytest.mark.browser


def the_case(visit: Visit, number: str) -> None:
    visit.open("/desk/cases/?service=aid.medical&going=open")
    href = visit.page.locator("tbody a", has_text=number).first.get_attribute("href")
    visit.open((href or "").partition("?")[0])


def approve(visit: Visit, yuan: str, override: str = "") -> None:
    page = visit.page
    page.locator("a[href$='/step/approve/']").first.click()
    page.fill("#id_fen_agreed", yuan)
    if override:
        page.fill("#id_override", override)
    page.click("form button.btn-primary")


def test_who_decides_sees_everything_and_is_told_why_it_is_too_much(visit: Visit, shots: object) -> None:
    sign_in(visit, "aid")
    page = visit.page
    the_case(visit, ASKED)
    shown = page.locator("main").inner_text()
    for told in (
        "这一户（3 人）",
        "医疗救助",
        "15,000.00",
        "保费型互助理赔",
        "3,200.00",
        "募捐",
        "3,000.00",
        "20,000.00",
    ):
        assert told in shown, told
    assert "孙彩贺" not in shown and "孙小宝" not in shown
    well_made(visit, "family-case")
    approve(visit, "8000")
    said = page.locator("main").inner_text()
    assert "医疗救助一户一年最多 20,000.00 元" in said and "还可以给 5,000.00 元" in said
    assert page.input_value("#id_fen_agreed") == "8000"
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    well_made(visit, "family-refused")


def test_nobody_approves_their_own(visit: Visit) -> None:
    sign_in(visit, "aid")
    the_case(visit, OWN)
    approve(visit, "1000")
    assert "您自己登记的，不能由您自己批准" in visit.page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("family-rules", "/desk/aid-rules/"), ("family-rule-add", "/desk/aid-rules/add/"), ("family-files", "/desk/hardship/?look=review"),
        ("family-policies", "/desk/policies/"), ("family-drives", "/desk/drives/"), ("family-public", "/donations/"),
    ],
)  # fmt: skip
def test_the_pages_around_it(visit: Visit, name: str, way: str, shots: object) -> None:
    sign_in(visit, "aid")
    visit.open(way)
    well_made(visit, name)


def test_the_drive_its_gifts_and_its_balance(visit: Visit, shots: object) -> None:
    sign_in(visit, "aid")
    page = visit.page
    visit.open("/desk/drives/")
    href = page.locator("tbody a").first.get_attribute("href")
    visit.open((href or "").partition("?")[0])
    shown = page.locator("main").inner_text()
    assert DRIVE in page.locator("h1").inner_text() and "5,200.00" in shown and "2,200.00" in shown
    well_made(visit, "family-drive")
    page.locator("a[href$='/gift/']").first.click()
    well_made(visit, "family-gift")
    page.click("form button.btn-primary")
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    well_made(visit, "family-gift-wrong")
    visit.open("/donations/")
    assert "5,200" in page.locator("main").inner_text() and "孙" not in page.locator("main").inner_text()


def test_a_household_and_its_income_are_written_down(visit: Visit, shots: object) -> None:
    sign_in(visit, "aid")
    page = visit.page
    the_case(visit, ASKED)
    page.locator("a[href$='/family/']").first.click()
    well_made(visit, "family-member")
    visit.open("/desk/hardship/?look=review")
    href = page.locator("tbody a", has_text="SUN-D1").first.get_attribute("href")
    visit.open((href or "").partition("?")[0])
    page.locator("a[href$='/income/']").first.click()
    well_made(visit, "family-income")


def test_beyond_the_cap_with_a_reason(phone: Visit) -> None:
    sign_in(phone, "aid")
    the_case(phone, BEYOND)
    approve(phone, "8000", "药品全部自费，经部务会同意")
    shown = phone.page.locator("main").inner_text()
    assert "超限批准" in shown and "经部务会同意" in shown
