"""Texts of papers, the register of papers and the files of a matter in a real browser."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.conftest import Visit
from tests.browser.test_activities import settle
from tests.browser.test_business import sign_in

pytestmark = pytest.mark.browser


def test_a_text_is_seen_before_it_counts(visit: Visit, shots: object) -> None:
    page = visit.page
    sign_in(visit, "rights")
    visit.open("/desk/papers/")
    settle(visit, "papers")
    visit.open("/desk/paper-texts/")
    settle(visit, "paper-texts")
    visit.open("/desk/paper-texts/mediation.accepted/")
    settle(visit, "paper-text")
    page.fill("#id_body", "{职工}：\n{谁}")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_selector(".summary")
    assert "没有“谁”这样的合并字段" in page.inner_text(".summary")
    settle(visit, "paper-text-error")
    page.fill("#id_body", "{职工}：\n你的申请已经受理。")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_selector("text=李小明：")
    settle(visit, "paper-look")
    page.context.clear_cookies()
    sign_in(visit, "station")
    visit.open("/desk/paper-texts/mediation.agreed/")
    assert "双方自愿达成如下协议" in page.inner_text("main")
    settle(visit, "paper-read")


def test_a_file_is_added_and_opened_for_a_reason(visit: Visit, shots: object, tmp_path: Path) -> None:
    page = visit.page
    sign_in(visit, "station")
    visit.open("/desk/cases/?reset=1&service=mediation&going=open")
    href = page.locator("tbody a").first.get_attribute("href")
    assert href
    case = href.partition("?")[0]
    visit.open(f"{case}files/add/")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_selector(".summary")
    settle(visit, "file-add-error")
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG")
    page.set_input_files("#id_file", {"name": "工资条.png", "mimeType": "image/png", "buffer": out.getvalue()})
    page.locator("main form.card .btn-primary").click()
    page.wait_for_url(f"**{case}")
    settle(visit, "file-added")
    page.locator("a[href*='/desk/case-files/']").first.click()
    page.wait_for_url("**/desk/case-files/*/")
    settle(visit, "file")
    page.get_by_role("button", name="打开").click()
    page.wait_for_selector(".summary")
    settle(visit, "file-error")
    page.select_option("#id_reason", "handle")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="打开").click()
    kept = tmp_path / "x.png"
    waiting.value.save_as(kept)
    assert waiting.value.suggested_filename == "工资条.png" and kept.read_bytes() == out.getvalue()
    visit.open(page.locator("a", has_text="撤下材料").get_attribute("href") or "")
    settle(visit, "file-away")
