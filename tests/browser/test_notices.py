"""Notices in a real browser: on a worker's telephone and on the desk, also after a mistake."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_business import sign_in
from tests.browser.test_pages import well_made
from tests.browser.test_sign_in import enter_by_mobile, looked_at

pytestmark = pytest.mark.browser


def test_a_worker_reads_a_notice_and_chooses_how_to_be_reached(later: None, visit: Visit, shots: object) -> None:
    enter_by_mobile(visit)
    page = visit.page
    page.click(".bell")
    well_made(visit, "me-notices")
    page.click(".list-group a:has-text('活动取消') >> nth=0")  # other tests of this server have her told of more
    assert "很抱歉" in page.inner_text("main")
    well_made(visit, "me-notice")
    visit.open("/me/notices/ways/")
    well_made(visit, "me-ways")
    page.check("#id_email")
    page.click("main .go")
    assert "请先填写邮箱地址" in page.inner_text("[role=alert]")
    looked_at(visit, "me-ways-error")
    assert page.is_checked("#id_email"), "what was chosen still stands"


def test_an_officer_reads_a_notice_and_sets_its_words(visit: Visit, shots: object) -> None:
    sign_in(visit, "organisation")
    page = visit.open("/desk/notices/")
    well_made(visit, "desk-notices")
    page.click("main .list-group a")
    well_made(visit, "desk-notice")
    for name, address in {
        "desk-ways": "/desk/notices/ways/",
        "wordings": "/desk/wordings/",
        "quiet-hours": "/desk/wordings/quiet-hours/",
        "wording": "/desk/wordings/offer.cancelled/zh-hans/",
    }.items():
        visit.open(address)
        well_made(visit, name)
    page.fill("#id_short", "{name}报名的活动取消了")
    page.click("main form .btn-primary")
    assert "可用的合并字段" in page.inner_text("main")
    looked_at(visit, "wording-error")
    assert page.input_value("#id_short") == "{name}报名的活动取消了"
