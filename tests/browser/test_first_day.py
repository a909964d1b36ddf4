"""Zheng Jie's first day at 石桥's station, in a real browser: from the invitation in her hand to the page on which a worker
reads that she looked at his telephone number, and why.

Everything goes through the doors: her own pages, his own pages, and the telephone on which each of them reads a code.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import world
from tests.access_entry.test_workers import code_sent
from tests.browser.conftest import SHAPES, Visit, _visit
from tests.browser.test_imports import Complaints
from tests.browser.test_pages import well_made
from tests.browser.test_sign_in import shown_by
from tests.exchange.sheets import roster_rows, write_roster
from tests.world import World
from unionhall.access.actions import passwords
from unionhall.jobs.worker import run_until_empty
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.models import Account
from unionhall.people.models import Membership
from unionhall.web import counted
from unionhall.web.sessions import SessionStore
from unionhall.web.sudo import PROVED_AT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SESSION_COOKIE_NAME = "session"
PASSWORD = "三月的风 吹过石桥东街 5"
MEMBERS = "/board/figures/member.members/"
WHY = "回访问他入会表上的单位"


@pytest.fixture
def here(transactional_db: None, settings: Any) -> Iterator[World]:
    settings.SMS = "console"  # messages are sent, so that workers may come in
    counted.forget()
    yield world.a_district()
    counted.forget()


@pytest.fixture
def jie(chromium: Browser, live_server: Any, here: World) -> Iterator[Visit]:
    """Zheng Jie at the office's computer."""
    yield from seen(chromium.new_context(locale="zh-CN", **SHAPES["desktop"]), live_server.url, "desktop")


@pytest.fixture
def worker(chromium: Browser, live_server: Any, here: World) -> Iterator[Visit]:
    """A worker with a telephone."""
    yield from seen(chromium.new_context(locale="zh-CN", **SHAPES["phone"]), live_server.url, "phone")


def seen(context: BrowserContext, address: str, shape: str) -> Iterator[Visit]:
    for visit in _visit(context, address, shape):
        visit.complaints = Complaints()
        yield visit


def a_dirty_roster(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Twelve rows: two phones are wrong, two unions are not hers to write in, the others are good; and one of the good."""
    rows = roster_rows(12, uscc="")
    for at, row in enumerate(rows):
        row["mobile"] = world.a_mobile(77_000_000 + at)
    rows[2]["mobile"], rows[4]["mobile"] = "1391022", "一三九"
    rows[6]["union"] = rows[7]["union"] = "U01"
    return write_roster(folder / "石桥名册.xlsx", rows), rows[0]


def looked_at(visit: Visit, name: str) -> None:
    visit.page.wait_for_load_state("networkidle")
    well_made(visit, f"first-day-{name}")


def members_of_bridge(visit: Visit, here: World) -> int:
    """The street's number as its board says it today."""
    visit.open(f"{MEMBERS}?place={here.bridge}&year={timezone.localdate().year}")
    found = re.match(r"[\d,]+", visit.page.inner_text(".value"))
    assert found is not None
    return int(found[0].replace(",", ""))


def half_an_hour_later(visit: Visit) -> None:
    """Her password was given longer ago than reading a number allows."""
    cookie = next(one for one in visit.page.context.cookies() if one["name"] == SESSION_COOKIE_NAME)
    session = SessionStore(cookie["value"])
    session[PROVED_AT] = int(time.time()) - 1_800
    session.save()


def she_comes_in(visit: Visit, invitation: str) -> None:
    page = visit.open(f"/sign-in/invited/{invitation}/")
    assert invitation not in page.url
    page.fill("#id_password", PASSWORD)
    page.fill("#id_repeated", PASSWORD)
    page.click("main .btn-brand")
    page.wait_for_url("**/sign-in/device/")
    looked_at(visit, "device")
    page.click("summary")
    page.fill("#id_code", shown_by(page.inner_text(".seed").replace(" ", "")))
    page.click("main .btn-brand")
    page.wait_for_url("**/sign-in/recovery-codes/")
    page.check("#id_kept")
    page.click("main .btn-brand")
    page.wait_for_url("**/desk/")
    looked_at(visit, "desk")


def she_brings_in(visit: Visit, roster: Path, rest: Path) -> None:
    """With the mouse, and the two telephone numbers she puts right."""
    page = visit.page
    page.click("#menu a:has-text('导入')")
    page.click("a.form-name:has-text('会员实名制登记表')")
    page.set_input_files("#id_file", roster)
    page.click("form[enctype] button")
    page.wait_for_url("**/columns/")
    page.click("button:has-text('开始核对')")
    expect(page.locator("#pg")).to_be_visible(timeout=20_000)
    run_until_empty()
    expect(page.locator("#preview")).to_be_visible(timeout=20_000)
    for number in (4, 6):
        page.click(f"#row-{number} a.btn")
        page.fill(f"#row-{number} [aria-invalid]", world.a_mobile(77_000_100 + number))
        page.click(f"#row-{number} button.btn-primary")
        expect(page.locator(f"#row-{number}")).to_contain_text("可新增")
    expect(page.locator("#counts .v-refused b")).to_have_text("2")
    looked_at(visit, "mended")
    with page.expect_download() as download:
        page.click("a:has-text('下载退回的行')")
    download.value.save_as(rest)
    page.click("#go button")
    expect(page.locator("#pg")).to_be_visible(timeout=20_000)
    run_until_empty()
    expect(page.locator("dl.sums")).to_be_visible(timeout=20_000)
    looked_at(visit, "brought-in")


def she_reads_his_number(visit: Visit, mobile: str) -> None:
    page, his = visit.page, visit.page.url
    button = "a:has-text('查看'):has-text('手机')"
    half_an_hour_later(visit)
    assert mobile not in page.content()
    page.click(button)
    page.wait_for_url("**/sign-in/again/**")
    page.fill("#id_password", PASSWORD)
    page.click("main .btn-brand")
    page.wait_for_url(his)
    page.click(button)
    expect(page.locator(".secret-asking select")).to_be_focused()
    page.click(".secret-asking button")
    expect(page.locator(".secret-asking .invalid-feedback")).to_be_visible()
    looked_at(visit, "asked-why")
    page.select_option(".secret-asking select", "contact")
    page.fill(".secret-asking input[name=words]", WHY)
    page.click(".secret-asking button")
    expect(page.locator(".secret-open")).to_contain_text(mobile)
    looked_at(visit, "opened")


def he_comes_in(visit: Visit, mobile: str, number: str) -> Page:
    page = visit.open("/sign-in/worker/")
    page.fill("#id_mobile", mobile)
    page.click("main .btn-brand")
    page.wait_for_url("**/code/")
    page.fill("#id_code", code_sent())
    page.click("main .btn-brand")
    page.wait_for_url("**/who/")
    page.fill("#id_last_four", number[-4:])
    page.click("main .btn-brand")
    page.wait_for_url("**/me/")
    return page


def test_a_station_workers_first_day(jie: Visit, worker: Visit, here: World, tmp_path: Path, shots: object) -> None:
    neighbour = world.a_member(here, "赵建国", at=here.own_union)
    account = world.an_officer("station_worker", here.bridge, name="郑洁").account
    assert account is not None
    roster, he = a_dirty_roster(tmp_path)
    page = jie.page

    she_comes_in(jie, passwords.invite(account, by=SYSTEM, now=timezone.now()))
    assert Account.objects.get(pk=account).has_usable_password()
    assert members_of_bridge(jie, here) == 0

    she_brings_in(jie, roster, tmp_path / "退回.xlsx")
    assert (tmp_path / "退回.xlsx").stat().st_size > 1_000
    assert Membership.objects.filter(path__startswith=here.bridge).count() == 10
    assert members_of_bridge(jie, here) == 10

    page.click("a:has-text('看记录')")
    assert "共 10 条记录" in page.inner_text("main")
    looked_at(jie, "records")
    page.click("tbody a >> nth=0")
    page.wait_for_url(re.compile(r"/desk/members/\d+/$"))

    for theirs in (f"{MEMBERS}?place={here.willow}", f"/desk/members/{neighbour.membership}/"):
        answer = page.goto(jie.address + theirs)
        assert answer is not None
        assert answer.status == 404
        assert "不在您的岗位范围内" in page.inner_text("main")
        assert neighbour.name not in page.content()
    jie.complaints = Complaints(text for text in jie.complaints if "404" not in text)

    his = Membership.objects.get(person__name=he["name"]).pk
    jie.open(f"/desk/members/{his}/")
    she_reads_his_number(jie, he["mobile"])

    told = he_comes_in(worker, he["mobile"], he["document_number"])
    told.click("a:has-text('谁看过')")
    told.wait_for_url("**/me/readings/")
    line = told.inner_text(".look")
    for said in ("手机", "郑洁", "石桥街道", "服务站社工", WHY):
        assert said in line
    assert told.locator(".look").count() == 1
    looked_at(worker, "readings")
