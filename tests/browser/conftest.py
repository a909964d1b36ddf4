"""A real server over a small district, and a real browser in two shapes, a telephone and a desk; what the telephone shows is
looked at on the smallest one in the dark as well.

Without Chromium these tests are left out, and the end of the run says so; with REQUIRE_BROWSER=1 they fail instead.
With PICTURES=1 every page that is looked at leaves its picture in tests/browser/shots/, for a person to look at.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.chromium import CHROMIUM, chromium
from tests.migrated import one_at_a_time
from unionhall.kernel.keys import create_keys

REPOSITORY = Path(__file__).resolve().parents[2]
SHOTS = Path(__file__).parent / "shots"

__all__ = ["chromium"]

FINE = 2 if os.environ.get("PICTURES") == "1" else 1
"""A telephone has two points to a pixel: for who looks at the pictures. Four times the points take longer to draw."""

SHAPES = {
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": FINE, "color_scheme": "light"},
    "desktop": {"viewport": {"width": 1366, "height": 900}, "device_scale_factor": 1, "color_scheme": "light"},
}

ELSEWHERE = os.environ.get("TEST_DATABASE_URL", "")
"""The other database's address when this run is on it: the served product is then on a database of its own there."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if ELSEWHERE:
        # How a page looks does not hang on the database; that the served product works on this one too is tried in one shape.
        again = [item for item in items if item.get_closest_marker("browser") and not _tried_on_both(item)]
        if again:
            items[:] = [item for item in items if item not in again]
            config.hook.pytest_deselected(items=again)
    if CHROMIUM or os.environ.get("REQUIRE_BROWSER") == "1":
        return
    out = [item for item in items if item.get_closest_marker("browser")]
    if out:
        items[:] = [item for item in items if item not in out]
        config.hook.pytest_deselected(items=out)
        config.issue_config_time_warning(
            pytest.PytestWarning(
                f"NO CHROMIUM: {len(out)} browser tests were left out (apt-get install chromium fonts-noto-cjk)"
            ),
            2,
        )


def _shape(item: pytest.Item) -> str:
    words = item.name.partition("[")[2].rstrip("]").split("-")
    return next((word for word in words if word in SHAPES), "")


def _tried_on_both(item: pytest.Item) -> bool:
    return _shape(item) == "desktop" and item.path.name in ("test_pages.py", "test_imports.py")


@contextmanager
def _database(home: Path) -> Iterator[str]:
    """An empty database for the served product."""
    if not ELSEWHERE:
        yield f"sqlite:///{home / 'served.sqlite3'}"
        return
    name = f"unionhall_served_{os.getpid()}"
    with psycopg.connect(urlsplit(ELSEWHERE)._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(ELSEWHERE)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def served_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def database(served_home: Path) -> Iterator[str]:
    with _database(served_home) as url:
        yield url


def _environment(home: Path, database: str) -> dict[str, str]:
    """That of the served product's processes."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    return keep | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_DEMO": "1", "UNIONHALL_SECRET_KEY": "only-for-tests-" + "x" * 50,
        "UNIONHALL_DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "unionhall.settings",
        "PYTHONPATH": str(REPOSITORY),
    }  # fmt: skip


def _furnish(home: Path, database: str) -> None:
    """Keys, tables, static files collected and compressed, a district of made-up records."""
    create_keys(home / "keys.json")
    (home / "files" / "open").mkdir(parents=True)
    for command in ("django migrate -v 0", "django collectstatic -v 0 --noinput", "tests.browser.district 900"):
        environment = _environment(home, database)
        subprocess.run([sys.executable, "-m", *command.split()], cwd=REPOSITORY, env=environment, check=True)


def _furnished_once(shared: Path, home: Path) -> None:
    """On SQLite an installation is a folder: the first process of the run furnishes one, and each serves a copy of its own."""
    first, done = shared / "served", shared / "served.done"
    with one_at_a_time(shared / "served.lock"):
        if not done.exists():
            shutil.rmtree(first, ignore_errors=True)
            first.mkdir()
            _furnish(first, f"sqlite:///{first / 'served.sqlite3'}")
            done.touch()
    shutil.copytree(first, home, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def server(served_home: Path, database: str, shared: Path | None) -> Iterator[str]:
    """The product as it is served: its own process, over a district of made-up records."""
    home = served_home
    if shared is None or ELSEWHERE:
        _furnish(home, database)
    else:
        _furnished_once(shared, home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = _environment(home, database)
    serve = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "unionhall.wsgi:application"]
    log = (home / "server.log").open("wb")
    process = subprocess.Popen([sys.executable, "-m", *serve], cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process, home / "server.log")
        yield address
    finally:
        process.terminate()
        process.wait(10)
        log.close()


_LATER = "import django; django.setup(); from unionhall.access.entry import Tries; Tries.objects.all().delete()"


@pytest.fixture
def later(server: str, served_home: Path, database: str) -> None:
    """A quarter of an hour has gone by since anybody asked for a code: five tests before may have asked for the same one's."""
    environment = _environment(served_home, database)
    subprocess.run([sys.executable, "-c", _LATER], cwd=REPOSITORY, env=environment, check=True)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(150):
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            urllib.request.urlopen(f"{address}/robots.txt", timeout=5)
        except OSError:  # not listening yet, or so busy that it does not answer in time
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not answer in 30 s:\n" + log.read_text())


@contextmanager
def small_and_dark(page: Page) -> Iterator[None]:
    """A telephone's page as it stands, for a while as the smallest telephone shows it in the dark."""
    before = page.viewport_size
    assert before is not None
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 640})
    try:
        yield
    finally:
        page.set_viewport_size(before)
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")


@dataclass
class Visit:
    """A page with everything that must not happen noted down while it is looked at."""

    page: Page
    address: str
    shape: str
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    transferred: int = 0
    requests: int = 0

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, username: str = "leader") -> None:
        self.open("/sign-in/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", "wanghe-2015")
        self.page.click("main button")
        self.page.wait_for_url("**/board/")

    def begins_at_the_summary(self) -> None:
        """What is wrong has the focus; its script runs a moment after the page is there, longer on a busy machine."""
        self.page.wait_for_function("document.activeElement.classList.contains('summary')", timeout=10_000)

    @contextmanager
    def small_and_dark(self) -> Iterator[None]:
        """See `small_and_dark`."""
        shape, self.shape = self.shape, "small"
        try:
            with small_and_dark(self.page):
                yield
        finally:
            self.shape = shape

    def picture(self, name: str) -> None:
        """Keep what is seen, when somebody wants to look at it: a long page takes as long to draw as to try."""
        if os.environ.get("PICTURES") != "1":
            return
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}-{self.shape}.png", full_page=True)


@pytest.fixture(params=list(SHAPES))
def visit(request: pytest.FixtureRequest, chromium: Browser, server: str) -> Iterator[Visit]:
    """A fresh browser in one of the shapes."""
    yield from _visit(chromium.new_context(locale="zh-CN", **SHAPES[request.param]), server, request.param)


@pytest.fixture
def phone(chromium: Browser, server: str) -> Iterator[Visit]:
    yield from _visit(chromium.new_context(locale="zh-CN", **SHAPES["phone"]), server, "phone")


@pytest.fixture
def without_script(chromium: Browser, server: str) -> Iterator[Visit]:
    yield from _visit(
        chromium.new_context(locale="zh-CN", java_script_enabled=False, **SHAPES["phone"]), server, "phone"
    )


def _visit(context: BrowserContext, server: str, shape: str) -> Iterator[Visit]:
    page = context.new_page()
    seen = Visit(page, server, shape)
    page.on(
        "console",
        lambda message: seen.complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on(
        "request", lambda request: seen.hosts.add(request.url.split("/")[2]) if request.url.startswith("http") else None
    )
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")

    def finished(event: dict[str, int]) -> None:
        seen.transferred += event["encodedDataLength"]
        seen.requests += 1

    devtools.on("Network.loadingFinished", finished)
    yield seen
    context.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where this run's pictures are, with PICTURES=1 and one process; a person looks at them."""
    if os.environ.get("PICTURES") == "1":
        shutil.rmtree(SHOTS, ignore_errors=True)
    return SHOTS
