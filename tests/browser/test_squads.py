"""An inspection in a real browser: a tip registered, a visit by one refused in words, by two written down."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_business import sign_in
from tests.browser.test_pages import well_made
from tests.browser.test_standing import without_status

pytestmark = pytest.mark.browser


def test_a_squad_writes_down_its_visit(later: None, visit: Visit, shots: object) -> None:
    sign_in(visit, "station")
    page = visit.open("/desk/cases/add/inspection/")
    visit.complaints.clear()
    page.select_option("#id_place", index=1)
    page.fill("#id_form_tip", "工地欠薪三个月，涉及十二人")
    page.select_option("#id_form_source", "tip")
    page.select_option("#id_form_since", "going")
    page.select_option("#id_cause_key", "pay")
    well_made(visit, "squad-tip")
    page.click(".form-page button.btn-primary")
    page.click("text=立案巡查")
    page.click(".form-page button.btn-primary")
    page.click("text=记录巡查")
    page.fill("#id_visitors", "王宁")
    page.fill("#id_finding", "账上没有七至九月的工资")
    page.click(".form-page button.btn-primary")
    assert "两人以上" in page.inner_text(".summary")
    assert page.input_value("#id_finding") == "账上没有七至九月的工资"
    without_status(visit, 422)
    well_made(visit, "squad-alone")
    page.fill("#id_visitors", "王宁、李敏")
    page.click(".form-page button.btn-primary")
    assert "已巡查" in page.inner_text("main")
    assert "王宁、李敏" in page.inner_text("main") and "账上没有" in page.inner_text(
        "main"
    )  # who wrote it reads it at once
    well_made(visit, "squad-visited")
