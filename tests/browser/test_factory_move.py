"""小李's factory moves, at the desk of the station: from one worker's word to the draft of a measure, in a real browser."""

import pytest

from tests.browser.conftest import SHAPES, Visit
from tests.browser.test_business import sign_in
from tests.browser.test_couriers import PREPARED, Asked, ask
from tests.browser.test_pages import well_made
from tests.browser.test_standing import without_status

__all__ = ["ask"]
pytestmark = pytest.mark.browser
SEND = ".form-page button.btn-primary"


def test_a_workers_word_becomes_a_draft_measure(later: None, visit: Visit, ask: Asked, shots: object) -> None:
    li = ask(PREPARED, 10 + list(SHAPES).index(visit.shape), "小李")
    sign_in(visit, "station")
    page = visit.open("/desk/cases/add/speakup/")
    page.fill("#id_member", li["mobiles"][0])
    page.select_option("#id_place", li["place"])
    page.fill("#id_form_matter", "厂区要搬到顺义，每天来回要多走八十公里")
    page.select_option("#id_form_hide", "yes")
    page.select_option("#id_cause_key", "living")
    page.click(SEND)
    page.get_by_role("link", name="受理", exact=True).first.click()
    page.click(SEND)
    page.get_by_role("link", name="转为…").first.click()
    page.get_by_role("link", name="切身利益事项协商").first.click()
    page.fill("#id_form_topic", "厂区由清河迁往顺义")
    page.select_option("#id_cause_key", "move")
    well_made(visit, "factory-turn")
    page.click(SEND)
    page.get_by_role("link", name="召开座谈会").first.click()
    visit.complaints.clear()
    page.fill("#id_attended", "职工代表 20 人")
    page.evaluate("document.querySelectorAll('[required]').forEach(one => one.removeAttribute('required'))")
    page.click(SEND)
    assert page.input_value("#id_attended") == "职工代表 20 人"
    without_status(visit, 422)
    well_made(visit, "factory-forum-wrong")
    page.fill("#id_minutes", "交通补贴不够，班车要两趟")
    page.click(SEND)
    page.get_by_role("link", name="意见交单位").first.click()
    page.fill("#id_opinions", "提高交通补贴\n早晚各一趟班车")
    page.click(SEND)
    assert "单位答复职工意见" in page.inner_text("main")
    page.get_by_role("link", name="收到办法草案").first.click()
    page.fill("#id_draft", "交通补贴每月 150 元，班车两趟")
    page.click(SEND)
    told = page.inner_text("main")
    assert "办法草案" in told and "班车两趟" in told and "职工代表 20 人" in told
    well_made(visit, "factory-draft")
