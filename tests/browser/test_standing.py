"""The standing order at the desk in a real browser: its lists, details, forms, what comes back wrong, and one whole story."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_pages import well_made

pytestmark = pytest.mark.browser

PAGES = {
    "standing-unions": "/desk/unions/",
    "standing-union": "/desk/unions/2/",
    "standing-union-new": "/desk/unions/new/",
    "standing-union-end": "/desk/unions/2/end/",
    "standing-employers": "/desk/employers/?covered=yes",
    "standing-employer": "/desk/employers/1/",
    "standing-cover": "/desk/covers/1/",
    "standing-lists": "/desk/lists/",
    "standing-stations": "/desk/stations/",
    "standing-staff": "/desk/staff/?on=2015-01-01",
    "standing-tree": "/desk/places/tree/",
    "standing-place": "/desk/places/2/",
    "standing-accounts": "/desk/accounts/",
    "standing-account": "/desk/accounts/1/",
}


def come_in(visit: Visit, username: str = "organisation") -> None:
    """Signed in as an officer; what follows is looked at by itself."""
    visit.open("/sign-in/")
    visit.page.fill("#id_username", username)
    visit.page.fill("#id_password", "wanghe-2015")
    visit.page.click("main button")
    visit.page.wait_for_load_state()
    visit.complaints.clear()


def without_status(visit: Visit, status: int) -> None:
    """A page that says no is told to the console too: that is no complaint."""
    visit.complaints = [text for text in visit.complaints if str(status) not in text]


def test_a_page_of_the_standing_order(visit: Visit, shots: object) -> None:
    come_in(visit)
    for name, address in PAGES.items():
        answer = visit.page.goto(visit.address + address)
        assert answer is not None and answer.status == 200, address
        well_made(visit, name)


def test_the_standing_order_in_english(visit: Visit, shots: object) -> None:
    come_in(visit)
    visit.open("/desk/unions/2/")
    if visit.page.is_hidden("button[name=language]"):
        visit.page.click(".side-open")
    visit.page.click("button[name=language]")
    assert visit.page.locator("html").get_attribute("lang") == "en"
    well_made(visit, "standing-union-en")


def test_a_form_that_comes_back_says_where_and_keeps_what_was_typed(visit: Visit, shots: object) -> None:
    come_in(visit)
    page = visit.open("/desk/unions/new/")
    page.fill("#id_name", "写到一半的工会")
    page.fill("#id_employers", "不存在的单位")
    page.click(".form-page button.btn-primary")
    visit.begins_at_the_summary()
    assert page.input_value("#id_name") == "写到一半的工会"
    assert "没有找到这些单位" in page.inner_text(".summary")
    page.click(".summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_kind"
    without_status(visit, 422)
    well_made(visit, "standing-union-error")


def test_a_reorganisation_is_seen_before_it_is_done(visit: Visit, shots: object) -> None:
    come_in(visit)
    page = visit.open("/desk/places/3/became/")
    page.select_option("#id_into", index=2)
    page.fill("#id_reason", "区划调整")
    page.click(".form-page button.btn-danger")
    assert "并入以前" in page.inner_text("main") and "建会单位" in page.inner_text("main")
    without_status(visit, 422)
    well_made(visit, "standing-became")


def test_founding_covering_and_ending_without_script(without_script: Visit) -> None:
    """A street's officer founds a union for one employer, sees it counted, opens the records, and takes the end back."""
    come_in(without_script, "street")
    page = without_script.open("/desk/employers/?covered=no")
    page.click("tbody a >> nth=0")
    name, uscc = page.inner_text("h1").split("未建会")[0].strip(), page.locator(".breadcrumb .active").inner_text()
    without_script.open("/desk/unions/new/")
    page.fill("#id_name", f"{name}工会")
    page.select_option("#id_kind", "independent")
    page.select_option("#id_path", index=1)
    assert page.input_value("#id_upper") == "望河区总工会（U0）", "the union above is filled in"
    page.fill("#id_employers", uscc)
    page.click("text=登记 >> nth=-1")
    assert page.inner_text("h1").startswith(f"{name}工会")
    page.click("main a:text-is('独立建会')")
    assert "共 1 条记录" in page.inner_text("main")
    page.go_back()
    page.click("text=撤销或合并")
    page.check("input[value=abolished]")
    page.fill("#id_reason", "登记错了")
    page.click("button.btn-danger")
    assert "已终止" in page.inner_text("h1")
    page.click(".said button")
    assert "在册" in page.inner_text("h1")
