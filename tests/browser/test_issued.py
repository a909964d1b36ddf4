"""A paper from the desk to the telephone in a real browser: made out, listed with its number, taken home; without JavaScript, too."""

import zipfile
from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_business import sign_in
from tests.browser.test_pages import well_made
from tests.browser.test_sign_in import enter_by_mobile

pytestmark = pytest.mark.browser


def made_out(visit: Visit) -> str:
    """The station makes a notice of acceptance out; the address of its matter on the worker's telephone."""
    page = visit.page
    sign_in(visit, "station")
    visit.open("/desk/cases/?reset=1&service=mediation&state=accepted&going=open")
    visit.open((page.locator("tbody a").last.get_attribute("href") or "").partition("?")[0])
    case = page.url.rstrip("/").rpartition("/")[2]
    visit.open(f"/desk/cases/{case}/papers/mediation.accepted/")
    page.get_by_role("button", name="制作并编号").click()
    page.wait_for_url("**/desk/papers/*/")
    page.context.clear_cookies()
    return f"/me/matters/{case}/"


def test_a_paper_is_read_where_one_looks_for_it(later: None, visit: Visit, shots: object, tmp_path: Path) -> None:
    page, matter = visit.page, made_out(visit)
    enter_by_mobile(visit)
    visit.open(matter)
    papers = page.locator("section", has=page.locator("#papers"))
    assert "受理通知书" in papers.inner_text() and "工调受字〔" in papers.inner_text()
    papers.scroll_into_view_if_needed()
    well_made(visit, "portal-papers")
    with page.expect_download() as waiting:
        papers.get_by_role("button", name="下载 Word").first.click()
    kept = tmp_path / "x.docx"
    waiting.value.save_as(kept)
    assert waiting.value.suggested_filename.startswith("受理通知书-工调受字〔")
    assert "决定受理" in zipfile.ZipFile(kept).read("word/document.xml").decode()
    visit.open("/me/readings/")
    assert "文书内容" not in page.inner_text("main"), "one's own look is no news"


def test_without_javascript_it_is_taken_home_too(
    later: None, visit: Visit, without_script: Visit, tmp_path: Path
) -> None:
    matter = made_out(visit)
    enter_by_mobile(without_script)
    without_script.open(matter)
    with without_script.page.expect_download() as waiting:
        without_script.page.get_by_role("button", name="下载 PDF").first.click()
    kept = tmp_path / "x.pdf"
    waiting.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF")
