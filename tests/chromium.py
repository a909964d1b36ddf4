"""The real browser. Its driver can be started only once in a process, whatever folder's tests ask for it."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

CHROMIUM = next(
    (
        path
        for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        if Path(path).exists()
    ),
    "",
)


@cache
def _driver() -> Playwright:
    return sync_playwright().start()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "REQUIRE_BROWSER=1, and there is no Chromium: apt-get install chromium fonts-noto-cjk"
    browser = _driver().chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    )
    yield browser
    browser.close()
