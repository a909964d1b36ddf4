"""Every page in a real browser: readable by all, nothing wider than a small phone, nothing from elsewhere, light to fetch."""

import pytest

from tests.browser.conftest import Visit
from tests.chromium import violations

pytestmark = pytest.mark.browser

PUBLIC = {
    "story": "/",
    "story-earlier": "/?year=2012&map=card.made",
    "figure": "/figures/mediation.agreed/",
    "rate": "/figures/card.making/",
    "few": "/figures/aid.study.people/",
    "street": "/figures/member.members/?place=101005",
    "stations": "/stations/",
    "sign-in": "/sign-in/",
}
OFFICERS = {
    "board": "/board/",
    "board-figure": "/board/figures/mediation.agreed/",
    "board-street": "/board/figures/card.making/?place=101005",
    "records": "/figures/card.items.uses/records/?year=2015",
    "base": "/figures/card.making/records/?year=2015&part=base",
    "nothing": "/figures/aid.job.people/records/?year=2015",
}
BUDGET = {"story": 25, "figure": 25, "sign-in": 70, "board": 140, "records": 140}
"""KiB transferred on a first visit (design/interface.md §9)."""


def well_made(visit: Visit, name: str) -> None:
    """Readable by everybody, no wider than the screen, nothing complained of: on a telephone, and so on the smallest as well."""
    _fits(visit, name)
    if visit.shape == "phone":
        with visit.small_and_dark():
            _fits(visit, name)
    assert visit.complaints == []
    assert visit.hosts == {visit.address.removeprefix("http://")}


def _fits(visit: Visit, name: str) -> None:
    found = violations(visit.page)
    assert found.violations_count == 0, found.generate_report()
    wider = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0, f"{name}: {wider} px wider than the screen"
    visit.picture(name)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page(visit: Visit, name: str, shots: object) -> None:
    visit.open(PUBLIC[name])
    well_made(visit, name)


@pytest.mark.parametrize("name", OFFICERS)
def test_an_officers_page(visit: Visit, name: str, shots: object) -> None:
    visit.sign_in()
    visit.open(OFFICERS[name])
    well_made(visit, name)


@pytest.mark.parametrize("language", ["story", "figure", "board"])
def test_the_same_in_english(visit: Visit, language: str, shots: object) -> None:
    if language == "board":  # chosen before signing in: on the desk of a phone the choice lies in the menu
        visit.open("/sign-in/")
        visit.page.click("button[name=language]")
        visit.sign_in()
    visit.open((PUBLIC | OFFICERS)[language])
    if language != "board":
        visit.page.click("button[name=language]")
    assert visit.page.locator("html").get_attribute("lang") == "en"
    well_made(visit, f"{language}-en")


def test_after_a_mistake_the_reader_is_told_where(visit: Visit, shots: object) -> None:
    visit.open("/sign-in/")
    visit.page.fill("#id_username", "leader")
    visit.page.fill("#id_password", "wrong")
    visit.page.click("main button")
    assert visit.page.input_value("#id_username") == "leader"
    visit.complaints = [text for text in visit.complaints if "422" not in text]  # what a form given back answers
    visit.begins_at_the_summary()
    well_made(visit, "sign-in-error")
    visit.page.click(".summary a")
    assert visit.page.evaluate("document.activeElement.id") == "id_username"


def test_a_page_that_is_not_there(visit: Visit, shots: object) -> None:
    visit.open("/nowhere")
    visit.complaints = [text for text in visit.complaints if "404" not in text]
    well_made(visit, "not-found")


@pytest.mark.parametrize("name", BUDGET)
def test_a_first_visit_is_light(phone: Visit, name: str) -> None:
    if name in OFFICERS:
        phone.sign_in()
        phone.page.context.new_cdp_session(phone.page).send("Network.clearBrowserCache")
    phone.transferred = phone.requests = 0
    phone.open((PUBLIC | OFFICERS)[name])
    phone.page.wait_for_load_state("networkidle")
    assert 0 < phone.transferred <= BUDGET[name] * 1024, f"{name}: {phone.transferred / 1024:.1f} KiB"
    assert phone.requests <= 12


def test_the_whole_way_works_without_script(without_script: Visit) -> None:
    """Public figure → sign in → by street → by month → its records → out, with scripts switched off."""
    page = without_script.open("/figures/mediation.agreed/?year=2015")
    page.click("text=工作人员看记录")
    page.fill("#id_username", "street")
    page.fill("#id_password", "wanghe-2015")
    page.click("main button")
    page.wait_for_load_state()
    assert "没有这个页面" in page.inner_text("h1"), "the whole district is not this street's"
    without_script.open("/board/")
    page.click("text=成功调解劳动争议")
    page.click(".charts-css a >> nth=0")
    assert "德邻街道" in page.inner_text("main")
    page.click("text=退出")
    assert page.url.rstrip("/") == without_script.address


def test_the_keyboard_reaches_everything_in_order(phone: Visit) -> None:
    page = phone.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.fig') !== null")


def test_paper_keeps_the_title_and_the_number(phone: Visit) -> None:
    page = phone.open("/figures/mediation.agreed/?year=2015")
    page.emulate_media(media="print")
    for kept in ("h1", ".big"):
        assert page.is_visible(kept)
    for left_out in (".top", ".pills"):
        assert page.is_hidden(left_out)
