"""Legal aid in a real browser: decided with an exemption, the decision on paper, given to who is on duty, and to its end."""

import io
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.test_activities import enter, settle
from tests.browser.test_business import sign_in

pytestmark = pytest.mark.browser


def find(visit: Visit, number: str) -> str:
    """The address of a matter, from the list."""
    visit.open(f"/desk/cases/?reset=1&service=legal&w={number}")
    href = visit.page.locator("a", has_text=number).first.get_attribute("href")
    assert href, number
    return href.partition("?")[0]


def fetched(page: Page, button: str, folder: Path) -> tuple[str, bytes]:
    """What a button of the page downloads."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    kept = folder / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    return kept.name, kept.read_bytes()


def test_legal_aid_from_the_decision_to_the_closing_report(visit: Visit, shots: object, tmp_path: Path) -> None:
    page = visit.page
    sign_in(visit, "station")
    case = find(visit, f"FY-{visit.shape}")

    visit.open(f"{case}step/accept/")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_load_state()
    settle(visit, "lawyer-accept-error")
    page.select_option("#id_means", "migrant_pay")
    page.fill("#id_means_basis", "居住证、工资欠条")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_url(f"**{case}")
    assert "免予核查" in page.inner_text("main")

    page.get_by_role("link", name="制作法律援助决定书").click()
    settle(visit, "lawyer-paper-make")
    page.fill("#id_w0", "代理劳动争议仲裁，到裁决为止")
    page.locator("main form.card .btn-primary").click()
    page.wait_for_url("**/desk/papers/*/")
    settle(visit, "lawyer-paper")
    name, made = fetched(page, "PDF", tmp_path)
    assert name.startswith("法律援助决定书-工援字") and made.startswith(b"%PDF")
    text = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    assert "第四十二条第三项" in text.replace("\n", "") and "代理劳动争议仲裁" in text.replace("\n", "")
    name, made = fetched(page, "Word", tmp_path)
    assert name.endswith(".docx")
    assert Document(io.BytesIO(made)).paragraphs[0].text == "法律援助决定书"

    visit.open(f"{case}step/assign/")
    offered = page.locator("#id_lawyer option").all_inner_texts()
    on_duty = ["今天在" in one for one in offered[1:]]  # how many are depends on the hour; they come first
    assert on_duty[0] and on_duty == sorted(on_duty, reverse=True)
    settle(visit, "lawyer-assign")
    page.select_option("#id_lawyer", label=next(one for one in offered if one.startswith("演示律师（今天在")))
    page.locator("main form.card .btn-primary").click()
    page.wait_for_url(f"**{case}")
    assert "由律师办理" in page.inner_text("main")
    settle(visit, "lawyer-given")
    _by_the_lawyer(visit)


def _by_the_lawyer(visit: Visit) -> None:
    page = enter(visit, "lawyer", "/lawyer/")
    assert "FY-other" not in page.inner_text("main")
    settle(visit, "lawyer-matters")
    page.locator("a", has_text=f"FY-{visit.shape}").click()
    page.wait_for_url("**/lawyer/*/")
    here = page.url
    assert "两年没有签合同" not in page.inner_text("main")
    settle(visit, "lawyer-matter")
    page.get_by_role("button", name="查看").click()
    page.wait_for_selector("[role=alert]")
    settle(visit, "lawyer-read-error")
    page.fill("#purpose", "代理仲裁")
    page.get_by_role("button", name="查看").click()
    page.wait_for_selector("#opened")
    assert "两年没有签合同" in page.inner_text("#opened")
    settle(visit, "lawyer-read")

    page.goto(here)
    page.select_option("#kind", "hearing")
    page.fill("#on", (timezone.localdate() + timedelta(days=9)).isoformat())
    page.fill("#text", "区仲裁委二庭，九点半")
    page.get_by_role("button", name="记下").click()
    page.wait_for_load_state()
    assert "区仲裁委二庭" in page.inner_text("main")
    page.select_option("#result", "partly")
    page.get_by_role("button", name="结案", exact=True).click()
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#result") == "partly"
    settle(visit, "lawyer-close-error")
    page.fill("#amount", "12000")
    page.fill("#report", "裁决支付欠薪一万二千元，职工没有异议。")
    page.get_by_role("button", name="结案", exact=True).click()
    page.wait_for_load_state()
    assert "已结案" in page.inner_text("main") and "12,000.00 元" in page.inner_text("main")
    settle(visit, "lawyer-closed")
    _of_another(visit)


def _of_another(visit: Visit) -> None:
    """The matter of another lawyer by its address: it is not there, whatever is sent."""
    sign_in_again = enter(visit, "lawyer2", "/lawyer/")
    other = sign_in_again.locator("a", has_text="FY-other").get_attribute("href")
    assert other
    page = enter(visit, "lawyer", "/lawyer/")
    answer = page.goto(visit.address + other)
    assert answer is not None and answer.status == 404
    visit.complaints = [text for text in visit.complaints if "404" not in text]
    assert "FY-other" not in page.content()
