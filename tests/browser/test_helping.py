"""有话跟工会说 on a telephone in a real browser: chosen, written, checked, sent, answered by nobody yet."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_pages import well_made
from tests.browser.test_sign_in import enter_by_mobile

pytestmark = pytest.mark.browser


def test_she_speaks_up(later: None, visit: Visit, shots: object) -> None:
    enter_by_mobile(visit)
    page = visit.page
    visit.open("/me/help/")
    well_made(visit, "portal-help")
    page.click("text=给单位提建议")
    well_made(visit, "portal-ask")
    page.fill("textarea", "夜班回来没有班车")
    page.click("text=食堂、宿舍、通勤")
    page.click("main button.go")
    assert page.locator("#refused").inner_text() == "请选择“要不要让单位知道是您”。"
    assert page.input_value("textarea") == "夜班回来没有班车" and page.is_checked("input[value=living]")
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    well_made(visit, "portal-ask-wrong")
    page.click("text=不让单位知道是我")
    page.click("main button.go")
    assert page.locator("h1").inner_text() == "请核对"
    well_made(visit, "portal-check")
    page.click("text=提交")
    page.wait_for_url("**/me/matters/*/")
    assert "收到了，编号" in page.locator(".said").inner_text()
    well_made(visit, "portal-matter")
    visit.open("/me/matters/")
    well_made(visit, "portal-matters")


def test_without_javascript_it_is_sent_too(later: None, without_script: Visit) -> None:
    enter_by_mobile(without_script)
    page = without_script.page
    without_script.open("/me/help/legal/")
    page.fill("textarea", "三个月没发工资")
    page.check("input[value=pay]")
    page.check("input[value=advice]")
    page.click("main button.go")
    page.click("button[value=send]")
    page.wait_for_url("**/me/matters/*/")
    assert page.locator("h1").inner_text() == "工会法律援助"
