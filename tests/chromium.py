"""The real browser, and what axe says of a page.

The browser's driver can be started only once in a process, whatever folder's tests ask for it.
"""

import json
from collections.abc import Iterator
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Locator, Page, Playwright, sync_playwright

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


def launched(*more: str) -> Browser:
    """A browser of its own, with these switches besides."""
    assert CHROMIUM, "REQUIRE_BROWSER=1, and there is no Chromium: apt-get install chromium fonts-noto-cjk"
    return _driver().chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", *more]
    )


def _until_whole(act: Any) -> Any:
    @wraps(act)
    def acted(at: Page | Locator, *more: Any, **options: Any) -> None:
        act(at, *more, **options)
        page = at if isinstance(at, Page) else at.page
        if not page.is_closed():
            page.wait_for_load_state()

    return acted


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this run.

    It says that a click is done as soon as the next page begins to arrive; on a busy machine what is looked for is then not
    there yet. Here a click that leads elsewhere is done when that page is whole.
    """
    browser = launched()
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Page, Locator):
            for act in ("click", "press"):
                patch.setattr(kind, act, _until_whole(getattr(kind, act)))
        yield browser
    browser.close()


RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
IN_THE_DARK = ("color-contrast", "target-size")
"""What may differ where a page is dark and small from the same page in the light."""


def violations(page: Page, within: str = "") -> AxeResults:
    """What keeps somebody from reading this page, by WCAG 2.2 A and AA.

    What was looked at in the light is looked at again in the dark for what can differ there. Only what is violated is
    told in full and brought back: every element that passed, as axe would tell it of itself, takes two thirds of the time.
    """
    page.evaluate(AXE_SCRIPT)
    asked: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
    if page.evaluate(_DARK):
        asked["runOnly"] = {"type": "rule", "values": IN_THE_DARK}
    context = json.dumps(within) if within else "document"
    told = page.evaluate(f"axe.run({context}, {json.dumps(asked)}).then(found => ({{violations: found.violations}}))")
    return AxeResults(told)
