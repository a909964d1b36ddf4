"""The page of jobs in a real browser: it moves by itself, works without JavaScript, and is readable by all."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import world
from tests.browser.conftest import SHAPES, small_and_dark
from tests.chromium import chromium, violations
from tests.jobs import errands
from unionhall.jobs import heart
from unionhall.jobs.leases import Taken, leases
from unionhall.jobs.models import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job
from unionhall.jobs.queue import enqueue
from unionhall.jobs.worker import OUR_FAULT, Worker
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.web.sudo import PROVED_AT

__all__ = ["chromium"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    monkeypatch.setattr(heart, "SECONDS", 0.1)
    errands.make_table()
    yield world.an_officer("station_worker", world.a_district().willow)
    errands.drop_table()


@pytest.fixture
def visit(chromium: Browser, live_server: Any, officer: Actor) -> Iterator[Callable[..., Page]]:
    """(path, shape, script) -> the page as the officer sees it."""
    contexts: list[BrowserContext] = []

    def open_(path: str = "/desk/jobs/", shape: str = "desktop", script: bool = True) -> Page:
        client = Client()
        client.force_login(Account.objects.get(pk=officer.account))
        session = client.session
        session[PROVED_AT] = int(timezone.now().timestamp())
        session.save()
        contexts.append(chromium.new_context(locale="zh-CN", java_script_enabled=script, **SHAPES[shape]))
        name = settings.SESSION_COOKIE_NAME
        contexts[-1].add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = contexts[-1].new_page()
        page.complaints = []  # type: ignore[attr-defined]
        page.on(
            "console",
            lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None,  # type: ignore[attr-defined]
        )
        page.goto(live_server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()


def beside(work: Callable[[], Any]) -> threading.Thread:
    """A worker of its own, as `unionhall work` is one."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_the_bar_moves_and_the_end_comes_without_a_click(visit: Callable[..., Page], officer: Actor) -> None:
    job = enqueue(errands.slow, by=officer, title="核对导入的表格", seconds=8)
    page = visit()
    expect(page.locator("td", has_text="等待")).to_be_visible()
    thread = beside(Worker().run_one)
    expect(page.locator("progress")).to_be_visible(timeout=10_000)
    first = page.locator("progress").get_attribute("value") or "0"
    expect(page.locator("progress")).not_to_have_attribute("value", first, timeout=10_000)
    expect(page.locator("td", has_text="办完了")).to_be_visible(timeout=15_000)
    thread.join()
    assert page.locator("[hx-trigger]").count() == 0, "a page on which nothing moves any more asks no more"
    assert page.complaints == []  # type: ignore[attr-defined]
    assert Job.objects.get(pk=job.pk).state == DONE


def test_a_running_job_is_stopped_with_the_mouse(visit: Callable[..., Page], officer: Actor) -> None:
    job = enqueue(errands.slow, by=officer, title="核对导入的表格", seconds=30)
    page = visit(f"/desk/jobs/{job.pk}/")
    thread = beside(Worker().run_one)
    expect(page.locator("progress")).to_be_visible(timeout=10_000)
    page.click("#stop")
    expect(page.locator(".st", has_text="已取消")).to_be_visible(timeout=10_000)
    thread.join()
    assert errands.done() == []
    page.click("#again")
    expect(page.locator(".st", has_text="等待")).to_be_visible()


def test_without_javascript_the_page_renews_itself_and_the_buttons_work(
    visit: Callable[..., Page], officer: Actor
) -> None:
    job = enqueue(errands.plain, by=officer, title="导出会员名册")
    page = visit(shape="phone", script=False)
    assert page.locator("meta[http-equiv=refresh]").count() == 1
    page.click(f"#stop-{job.pk}")
    expect(page.locator(".st", has_text="已取消")).to_be_visible()
    assert page.locator("meta[http-equiv=refresh]").count() == 0
    page.click("#again")
    assert Job.objects.get(pk=job.pk).state == WAITING


def fits(page: Page) -> None:
    found = violations(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_state_is_readable_in_every_shape(visit: Callable[..., Page], officer: Actor, shape: str) -> None:
    now = timezone.now()
    rest = {"task": "x", "trace": "ABCD2345", "account_id": officer.account, "run_after": now + timedelta(days=1)}
    rows = [
        Job(title="导入会员登记表", state=RUNNING, fence=1, started_at=now, lease_until=now, **rest),
        Job(title="导出协议台账", state=WAITING, message="暂时没有办成，稍后自动再试。", **rest),
        Job(title="核对", state=DONE, result={"new": 300, "refused": 8}, file="0" * 32, file_name="名册.xlsx", ended_at=now, **rest),
        Job(title="成批确认会籍", state=FAILED, message=OUR_FAULT, ended_at=now, **rest),
        Job(title="撤回一批导入", state=CANCELLED, ended_at=now, **rest),
    ]  # fmt: skip
    for row in rows:
        row.save()
    taken = Taken(rows[0].pk, 1, done=208_345, total=230_584, doing="核对")
    leases().take(taken)
    leases().beat(taken)
    pages = [visit(shape=shape), *(visit(f"/desk/jobs/{row.pk}/", shape) for row in (rows[0], rows[2], rows[3]))]
    for page in pages:
        fits(page)
        if shape == "phone":
            with small_and_dark(page):
                fits(page)
        assert page.complaints == []  # type: ignore[attr-defined]
    leases().drop(taken)
