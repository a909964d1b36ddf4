"""Joining and founding in a real browser: asked on the telephone, answered at the desk; a lead from its wish to the register."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.browser.conftest import REPOSITORY, Visit, _environment
from tests.browser.test_business import sign_in
from tests.browser.test_pages import well_made
from tests.browser.test_sign_in import press

pytestmark = pytest.mark.browser

_made: dict[tuple[str, str], "Joiner"] = {}


class Joiner(NamedTuple):
    """Somebody who is no member; an employer without a union, one with, and the union that has it."""

    mobile: str
    four: str
    bare: str
    code: str
    covered: str
    union: str


@pytest.fixture
def joiner(later: None, visit: Visit, served_home: Path, database: str) -> Joiner:
    """One for each shape of a server, however many tests ask."""
    key = visit.address, visit.shape
    if key not in _made:
        told = subprocess.run(
            [sys.executable, "-m", "tests.browser.joiners", visit.shape], cwd=REPOSITORY, env=_environment(served_home, database),
            check=True, capture_output=True,
        )  # fmt: skip
        _made[key] = Joiner(**json.loads(told.stdout))
    return _made[key]


def come_in(visit: Visit, joiner: Joiner) -> None:
    page = visit.open("/sign-in/worker/")
    page.fill("#id_mobile", joiner.mobile)
    press(visit)
    found = re.search(r"\d{6}", page.inner_text(".sent"))
    assert found is not None
    page.fill("#id_code", found[0])
    press(visit)
    if "/who/" in page.url:
        page.fill("#id_last_four", joiner.four)
        press(visit)
    assert page.url.endswith("/me/")


def change_to(visit: Visit, username: str) -> None:
    visit.page.context.clear_cookies()
    sign_in(visit, username)


def fill(visit: Visit, **told: str) -> None:
    """Fill in the form of a step and send it."""
    for name, value in told.items():
        field = visit.page.locator(f"#id_{name}")
        if field.evaluate("it => it.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    visit.page.locator("main form.card .btn-primary, main form.card .btn-danger").last.click()
    visit.page.wait_for_load_state()


def forget_refusals(visit: Visit) -> None:
    visit.complaints = [text for text in visit.complaints if "422" not in text]


def test_he_wishes_for_a_union_and_it_is_founded_and_then_he_joins(visit: Visit, joiner: Joiner, shots: object) -> None:
    come_in(visit, joiner)
    page = visit.page
    well_made(visit, "join-home")
    page.click("text=申请加入工会")
    page.click("main button.go")
    assert page.locator("#refused").inner_text() == "请填写单位全称或统一社会信用代码。"
    forget_refusals(visit)
    well_made(visit, "join-wrong")
    page.fill("input[name=employer]", joiner.bare)
    page.fill("input[name=job]", "骑手")
    page.click("main button.go")
    assert page.locator("h2").first.inner_text() == f"{joiner.bare}还没有工会"
    well_made(visit, "join-none")
    page.click("button[value=wish]")
    assert "先勾选同意" in page.locator("#refused").inner_text()
    forget_refusals(visit)
    page.check("input[name=agreed]")
    page.click("button[value=wish]")
    page.wait_for_url("**/me/matters/*/")
    well_made(visit, "join-lead")

    change_to(visit, "station")
    visit.open("/desk/employers/?reset=1&covered=no&why=unknown")
    well_made(visit, "founding-uncovered")
    page.locator("tbody a", has_text=joiner.bare).first.click()
    page.wait_for_load_state()
    well_made(visit, "founding-employer")
    visit.open(page.get_by_role("link", name="组建工会的事项").first.get_attribute("href") or "")
    case = page.url
    well_made(visit, "founding-lead")
    page.goto(f"{case}step/contact/")
    well_made(visit, "founding-contact")
    fill(visit, cause="willing", contact="总经理同意")
    page.goto(f"{case}step/apply/")
    fill(visit, headcount="45", way="own")
    well_made(visit, "founding-applied")
    change_to(visit, "street")
    page.goto(f"{case}step/approve/")
    fill(visit, approval_no="总工〔2026〕3号")
    change_to(visit, "station")
    page.goto(f"{case}step/elect/")
    well_made(visit, "founding-elect")
    ballot = {"entitled": "45", "present": "20", "votes": "20", "chair": "高山", "chair_is": "clear", "term": "5"}
    fill(visit, **ballot)
    visit.begins_at_the_summary()
    assert "三分之二" in page.inner_text(".summary") and page.input_value("#id_chair") == "高山"
    forget_refusals(visit)
    well_made(visit, "founding-elect-wrong")
    fill(visit, present="40", votes="36")
    change_to(visit, "street")
    page.goto(f"{case}step/register/")
    assert page.input_value("#id_union_name") == f"{joiner.bare}工会"
    well_made(visit, "founding-register")
    fill(visit)
    assert "已登记成立" in page.inner_text("main") and page.get_by_role("link", name=f"{joiner.bare}工会").count() == 1
    well_made(visit, "founding-registered")

    page.context.clear_cookies()
    come_in(visit, joiner)
    visit.open("/me/join/")
    page.fill("input[name=employer]", joiner.code)
    page.click("main button.go")
    assert f"{joiner.bare}工会" in page.inner_text("main")
    well_made(visit, "join-check")
    page.check("input[name=pledge]")
    page.click("button[value=send]")
    page.wait_for_url("**/me/matters/*/")
    well_made(visit, "join-asked")
    number = page.url.rstrip("/").rpartition("/")[2]
    visit.open("/me/join/")
    well_made(visit, "join-under-way")

    change_to(visit, "station")
    visit.open(f"/desk/cases/{number}/")
    assert "要加入的工会" in page.inner_text("main")
    well_made(visit, "join-desk")
    visit.open(f"/desk/cases/{number}/step/admit/")
    fill(visit)
    assert "已批准入会" in page.inner_text("main")
    page.context.clear_cookies()
    come_in(visit, joiner)
    visit.open("/me/join/")
    assert f"您已经是{joiner.bare}工会的会员" in page.inner_text("main")
    well_made(visit, "join-member")
