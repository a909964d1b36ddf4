"""Activities at the desk in a real browser: sessions, the month, the door's screen, the roster, goods; and the counsellor's door."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.doings import CLASS, CONTEST, FINISHED, PACKS, TALK
from tests.browser.test_business import _signed_in, sign_in
from tests.browser.test_pages import well_made

pytestmark = pytest.mark.browser


def settle(visit: Visit, name: str) -> None:
    """Look at a page; a refusal answers 422, which the browser notes down as an error."""
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    well_made(visit, f"activity-{name}")


def refused(visit: Visit, name: str) -> None:
    """Send the form as it stands, which lacks something: it comes back, says what, and has the reader's eye."""
    visit.page.locator("main form.card .btn-primary, main form.card .btn-danger").last.click()
    visit.page.wait_for_load_state()
    visit.begins_at_the_summary()
    settle(visit, name)


def enter(visit: Visit, username: str, lands: str) -> Page:
    """As somebody from outside, who lands at their own door."""
    context, whom = visit.page.context, (visit.address, username)
    context.clear_cookies()
    if whom in _signed_in:
        context.add_cookies(_signed_in[whom])
        return visit.open(lands)
    visit.open("/sign-in/")
    visit.page.fill("#id_username", username)
    visit.page.fill("#id_password", "wanghe-2015")
    visit.page.click("main button")
    visit.page.wait_for_url(f"**{lands}")
    _signed_in[whom] = [one for one in context.cookies() if not one["name"].startswith("desk-")]
    return visit.page


def row_of(visit: Visit, listed: str, title: str) -> str:
    """The address of the row of that title in a list."""
    visit.open(listed)
    href = visit.page.locator("a", has_text=title).first.get_attribute("href")
    assert href, title
    return href.partition("?")[0]


def test_sessions_from_the_list_to_the_door(visit: Visit, shots: object) -> None:
    sign_in(visit, "labour")
    page = visit.open("/desk/sessions/")
    settle(visit, "sessions")
    visit.open("/desk/sessions/month/")
    settle(visit, "month")
    session = row_of(visit, "/desk/sessions/", FINISHED)
    visit.open(session)
    assert "12 / 12" in page.inner_text("main")
    settle(visit, "session")
    visit.open(f"{session}door/")
    settle(visit, "door")
    number = session.strip("/").rpartition("/")[2]
    visit.open(f"/desk/roster/?session={number}")
    settle(visit, "roster")
    visit.open(f"/desk/roster/?session={number}&state=waiting")
    settle(visit, "roster-waiting")
    for step in ("places", "sign", "cancel"):
        visit.open(f"{session}{step}/")
        if step == "places":
            page.fill("#id_places", "1")
        if step == "sign":
            page.fill("#id_member", "没有这个人")
        refused(visit, f"session-{step}-error")
    visit.open("/desk/sessions/?when=cancelled")
    settle(visit, "sessions-none")


def test_an_item_and_its_terms(visit: Visit, shots: object) -> None:
    sign_in(visit, "labour")
    page = visit.page
    item = row_of(visit, "/desk/offers/?q=WT01", FINISHED)
    visit.open(item)
    settle(visit, "offer")
    visit.open(f"{item}terms/")
    settle(visit, "terms")
    page.fill("#id_fen_each", "一百")
    refused(visit, "terms-error")
    visit.open(f"{item}whom/")
    settle(visit, "whom")
    visit.open(f"{item}sessions/add/")
    page.fill("#id_number", "下午场")
    refused(visit, "session-add-error")
    assert page.input_value("#id_number") == "下午场"


def test_goods_from_the_sheet_to_the_signatures(visit: Visit, shots: object) -> None:
    sign_in(visit, "labour")
    page = visit.page
    item = row_of(visit, "/desk/offers/?q=QL01", PACKS)
    visit.open(f"{item}goods/")
    assert "没有送达" in page.inner_text("main")
    settle(visit, "goods")
    allotment = page.locator("main a[href*='/desk/allotments/']").first.get_attribute("href") or ""
    visit.open(f"{item}goods/allot/")
    page.fill("#id_parts", "没有这个工会 3")
    refused(visit, "goods-allot-error")
    visit.open(allotment)
    settle(visit, "allotment")
    visit.open(f"{allotment}sign/")
    settle(visit, "allotment-sign")


def test_results_of_a_class(visit: Visit, shots: object) -> None:
    sign_in(visit, "labour")
    page, session = visit.page, row_of(visit, "/desk/sessions/", CLASS)
    visit.open(f"{session}results/")
    settle(visit, "results")
    visit.open(f"{session}results/tested/")
    page.locator("main input[name^=amount]").first.fill("八十")
    refused(visit, "results-tested-error")
    assert page.locator("main input[name^=amount]").first.input_value() == "八十"
    visit.open(f"{session}results/certified/")
    settle(visit, "results-certified")
    number = re.search(r"ZS\d{4}-\d{6}-\d{6}", visit.open(f"{session}results/").inner_text("main"))
    assert number
    visit.open(f"/certificates/?number={number[0]}")
    assert "有效" in page.inner_text("main")
    settle(visit, "certificate")
    page.fill("#number", "ZS2026-000000-000000")
    page.click("main button")
    assert "没有这个编号" in page.inner_text("main")
    settle(visit, "certificate-none")


def test_a_contest_for_its_organiser(visit: Visit, shots: object) -> None:
    sign_in(visit, "labour")
    contest = row_of(visit, "/desk/sessions/", CONTEST) + "contest/"
    visit.open(contest)
    assert "还差" in visit.page.inner_text("main")
    settle(visit, "contest")
    visit.open(f"{contest}judge/")
    refused(visit, "contest-judge-error")


def test_a_judges_pages(visit: Visit, shots: object) -> None:
    page = enter(visit, "scorer2", "/judge/")
    settle(visit, "judge")
    page.click("main a.list-group-item >> nth=0")
    page.wait_for_url("**/judge/rounds/*/")
    settle(visit, "judge-sheet")
    page.locator("main input[name^=points]").last.fill("一百")
    page.click("main .go")
    page.wait_for_selector("[role=alert]")
    assert page.locator("main input[name^=points]").last.input_value() == "一百"
    settle(visit, "judge-sheet-error")
    enter(visit, "scorer", "/judge/")
    page.click("main a.list-group-item >> nth=0")
    assert "与您同一单位" in page.inner_text("main")


def test_duties(visit: Visit, shots: object) -> None:
    sign_in(visit, "labour")
    page = visit.open("/desk/duties/?reset=1")
    settle(visit, "duties")
    page.locator("main tbody a").first.click()
    page.wait_for_url("**/desk/duties/*/*")
    assert "法律援助窗口" in page.inner_text("main")
    settle(visit, "duty")
    visit.open("/desk/duties/add/")
    refused(visit, "duty-add-error")
    visit.open("/on-duty/")
    assert "正在值班" in page.inner_text("main")
    settle(visit, "on-duty")
    enter(visit, "lawyer", "/lawyer/")
    visit.open("/duty/")
    assert "请您接班" in page.inner_text("main")
    settle(visit, "my-duties")


def test_the_counsellors_pages(visit: Visit, shots: object) -> None:
    page = enter(visit, "counsellor", "/counsel/")
    assert TALK in page.inner_text("main")
    settle(visit, "talks")
    page.click(f"text={TALK}")
    page.wait_for_url("**/counsel/*/")
    assert page.input_value("textarea") == "第一次来，先听。"
    settle(visit, "talk")
    page.fill("textarea", " ")
    page.click("main form button")
    page.wait_for_selector("[role=alert], .summary")
    settle(visit, "talk-error")
