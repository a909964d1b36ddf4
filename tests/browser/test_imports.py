"""Imports in a real browser: a dirty roster brought in with the mouse alone, in every shape, and without scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import world
from tests.browser.conftest import SHAPES, Visit, _visit
from tests.browser.test_pages import well_made
from tests.exchange import dirty
from tests.exchange.sheets import roster_rows, write_roster
from unionhall.jobs.worker import run_until_empty
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.people.models import Membership

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer(transactional_db: None) -> Actor:
    return world.an_officer("station_worker", world.a_district().bridge)


def signed_in(context: BrowserContext, address: str, officer: Actor) -> BrowserContext:
    client = Client()
    client.force_login(Account.objects.get(pk=officer.account))
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    return context


class Complaints(list[str]):
    """What the console says, but for forms that were refused: they answer 422, and the browser says so, now or later."""

    def append(self, text: str) -> None:
        if "422" not in text:
            super().append(text)


def visited(context: BrowserContext, address: str, officer: Actor, shape: str) -> Iterator[Visit]:
    for visit in _visit(signed_in(context, address, officer), address, shape):
        visit.complaints = Complaints()
        yield visit


@pytest.fixture(params=list(SHAPES))
def at_desk(request: pytest.FixtureRequest, chromium: Browser, live_server: Any, officer: Actor) -> Iterator[Visit]:
    context = chromium.new_context(locale="zh-CN", **SHAPES[request.param])
    yield from visited(context, live_server.url, officer, request.param)


@pytest.fixture
def plain(chromium: Browser, live_server: Any, officer: Actor) -> Iterator[Visit]:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False, **SHAPES["phone"])
    yield from visited(context, live_server.url, officer, "phone")


def a_dirty_roster(folder: Path) -> Path:
    """Twelve rows: eight are good; two have wrong phones, one is of a neighbour street's union, one is doubtful."""
    rows = roster_rows(12, union="U02", uscc="")
    rows[2]["mobile"], rows[4]["mobile"] = "1391022", "一三九"
    rows[6]["union"] = "U01"
    rows[8]["document_number"] = dirty.number(17, "19800101", "119999")
    return write_roster(folder / "石桥名册.xlsx", rows)


def looked_at(visit: Visit, name: str) -> None:
    visit.page.wait_for_load_state("networkidle")
    visit.page.wait_for_timeout(200)
    well_made(visit, f"imports-{name}")


def worked(page: Page) -> None:
    """The job was asked for, and is done."""
    expect(page.locator("#pg")).to_be_visible(timeout=20_000)
    run_until_empty()


def to_the_columns(page: Page, path: Path) -> None:
    page.set_input_files("#id_file", path)
    page.locator("form[enctype] button").click()
    page.wait_for_url("**/columns/")


def test_a_dirty_roster_with_the_mouse_alone(at_desk: Visit, tmp_path: Path, shots: object) -> None:
    visit, page = at_desk, at_desk.open("/desk/imports/")
    looked_at(visit, "index")
    page.click("a.form-name:has-text('会员实名制登记表')")
    page.locator("form[enctype] button").click()
    expect(page.locator(".summary")).to_be_focused()
    looked_at(visit, "new-error")
    to_the_columns(page, a_dirty_roster(tmp_path))
    looked_at(visit, "columns")
    page.select_option("#column-name", "")
    page.click("button:has-text('开始核对')")
    expect(page.locator(".summary")).to_contain_text("姓名")
    looked_at(visit, "columns-error")
    page.select_option("#column-name", "姓名")
    page.click("button:has-text('开始核对')")
    expect(page.locator("#pg")).to_be_visible()
    looked_at(visit, "progress")
    run_until_empty()
    expect(page.locator("#preview")).to_be_visible(timeout=20_000)
    looked_at(visit, "preview")
    for number in (4, 6):
        page.click(f"#row-{number} a.btn")
        field = page.locator(f"#row-{number} [aria-invalid]")
        expect(field).to_be_focused()
        field.fill("139")
        page.click(f"#row-{number} button.btn-primary")
        expect(page.locator(f"#row-{number} .invalid-feedback")).to_contain_text("11位")
        if number == 4:
            looked_at(visit, "mending")
        page.locator(f"#row-{number} [aria-invalid]").fill(world.a_mobile(900 + number))
        page.click(f"#row-{number} button.btn-primary")
        expect(page.locator(f"#row-{number}")).to_contain_text("可新增")
    expect(page.locator("#go")).to_contain_text("导入 10 行")
    expect(page.locator("#counts .v-refused b")).to_have_text("1")
    looked_at(visit, "mended")
    page.click(".v-doubtful")
    page.click("#row-10 button:has-text('采用')")
    expect(page.locator("#go")).to_contain_text("导入 11 行")
    looked_at(visit, "accepted")
    with page.expect_download() as download:
        page.click("a:has-text('下载退回的行')")
    assert download.value.suggested_filename.endswith(".xlsx")
    page.click("#go button")
    worked(page)
    expect(page.locator("dl.sums")).to_be_visible(timeout=20_000)
    looked_at(visit, "result")
    assert Membership.objects.count() == 11
    page.click("a:has-text('看这一批')")
    looked_at(visit, "batch")
    page.click("a:has-text('整批撤回')")
    page.fill("#id_reason", "名册拿错了")
    looked_at(visit, "withdraw")
    page.click("main form button.btn-danger")
    expect(page.locator("h1")).to_contain_text("正在撤回")
    run_until_empty()
    page.reload()
    expect(page.locator("h1")).to_contain_text("已撤回")
    looked_at(visit, "withdrawn")
    assert not Membership.objects.exists()


def test_without_scripts(plain: Visit, tmp_path: Path) -> None:
    page = plain.open("/desk/imports/new/members/")
    to_the_columns(page, a_dirty_roster(tmp_path))
    page.click("button:has-text('开始核对')")
    worked(page)
    page.reload()
    page.click("#row-4 a.btn")
    page.fill("#cell-mobile", world.a_mobile(904))
    page.click("main form button.btn-primary")
    page.click(".v-doubtful")
    page.click("#row-10 button:has-text('采用')")
    expect(page.locator("#go")).to_contain_text("导入 10 行")
    page.click("#go button")
    worked(page)
    page.reload()
    assert Membership.objects.count() == 10


def test_pasted_from_a_spreadsheet(plain: Visit) -> None:
    page = plain.open("/desk/imports/new/members/")
    number = dirty.number(33, "19800101")
    page.fill("#id_text", f"姓名\t证件号码\t工会编号\t批准入会日期\n张三\t{number}\tU02\t2015-03-01")
    page.click("button:has-text('用粘贴的内容')")
    page.click("button:has-text('开始核对')")
    worked(page)
    page.reload()
    page.click("#go button")
    worked(page)
    assert Membership.objects.get().person.name == "张三"
