"""Answer templates in a real browser: laid down, put into an answer, said to many after the first was looked at; without JavaScript, too."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_activities import settle
from tests.browser.test_business import sign_in
from tests.browser.test_sign_in import enter_by_mobile

pytestmark = pytest.mark.browser

BODY = "{职工}：\n您反映的{事由}问题（编号 {编号}），我们已经约谈单位，下月起整改。\n{工会}"


def spoken_up(visit: Visit) -> str:
    """A worker says something, the station takes it up; the address of the matter at the desk."""
    page = visit.page
    page.context.clear_cookies()
    enter_by_mobile(visit)
    visit.open("/me/help/speakup/")
    page.fill("textarea", "夜班回来没有班车")
    page.check("input[value=living]")
    page.check("input[value=no]")
    page.click("main button.go")
    page.click("button[value=send]")
    page.wait_for_url("**/me/matters/*/")
    number = page.url.rstrip("/").rpartition("/")[2]
    page.context.clear_cookies()
    sign_in(visit, "station")
    visit.open(f"/desk/cases/{number}/step/accept/")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_url(f"**/desk/cases/{number}/")
    return f"/desk/cases/{number}/"


def laid_down(visit: Visit, title: str) -> None:
    page = visit.page
    page.context.clear_cookies()
    sign_in(visit, "rights")
    visit.open("/desk/answer-texts/")
    settle(visit, "answer-texts")
    visit.open("/desk/answer-texts/add/")
    page.select_option("#id_service", "speakup")
    page.fill("#id_title", title)
    page.fill("#id_body", "{谁}")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_selector(".summary")
    settle(visit, "answer-text-error")
    page.fill("#id_body", BODY)
    page.locator("main form.card .btn-primary").click()
    page.wait_for_selector("text=李小明：")
    settle(visit, "answer-text")


def test_a_template_is_worked_on_and_then_said(later: None, visit: Visit, shots: object) -> None:
    page, title = visit.page, f"已约谈单位-{visit.shape}"
    laid_down(visit, title)
    case = spoken_up(visit)
    visit.open(f"{case}step/answer/")
    page.fill("#id_answer", "您好。")
    page.select_option("#template", label=title)
    settle(visit, "answering")
    page.get_by_role("button", name="填进答复").click()
    page.wait_for_function("document.querySelector('#id_answer').value.includes('约谈')")
    said = page.input_value("#id_answer")
    assert said.startswith("您好。\n{职工}：\n您反映的食堂、宿舍、通勤问题（编号 ")
    assert "您好" not in page.url and "template" not in page.url, "what was typed is in no address"
    settle(visit, "answering-filled")
    page.fill("#id_answer", said + "\n＿＿＿＿＿＿")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_selector(".summary")
    settle(visit, "answering-error")
    page.fill("#id_answer", said)
    page.locator("main form.card .btn-primary").click()
    page.wait_for_url(f"**{case}")
    assert "已答复" in page.inner_text("main")


def test_many_are_answered_at_once(later: None, visit: Visit, shots: object) -> None:
    page, title = visit.page, f"成批答复-{visit.shape}"
    laid_down(visit, title)
    cases = [spoken_up(visit) for _ in range(2)]
    visit.open("/desk/cases/?reset=1&service=speakup&state=accepted")
    for case in cases:
        page.check(f"input[name=sel][value='{case.rstrip('/').rpartition('/')[2]}']")
    settle(visit, "answer-ticked")
    page.get_by_role("button", name="用模板答复").click()
    page.wait_for_selector("#id_template")
    settle(visit, "answer-bulk")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_selector(".summary")
    settle(visit, "answer-bulk-error")
    page.select_option("#id_template", label=f"有事即谈 · {title}")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_selector("#look")
    assert "2 件" in page.inner_text("main") and "约谈单位" in page.inner_text("main")
    settle(visit, "answer-bulk-look")
    page.get_by_role("button", name="确定办理").click()
    page.wait_for_url("**/desk/cases/bulk/*/")
    assert "办成 2 条" in page.inner_text("body")
    settle(visit, "answer-bulk-result")


def test_without_javascript_a_template_is_filled_in_too(later: None, visit: Visit, without_script: Visit) -> None:
    title, page = f"不用脚本-{visit.shape}", without_script.page
    laid_down(visit, title)
    case = spoken_up(visit)
    sign_in(without_script, "station")
    without_script.open(f"{case}step/answer/")
    page.fill("#id_answer", "您好。")
    page.select_option("#template", label=title)
    page.get_by_role("button", name="填进答复").click()
    page.wait_for_load_state()
    said = page.input_value("#id_answer")
    assert said.startswith("您好。\n{职工}：")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_url(f"**{case}")
    assert "已答复" in page.inner_text("main")
