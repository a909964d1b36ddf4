"""The counter in a real browser: a card read by the camera, typed where the camera is refused, taken back; every page looked at."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.conftest import REPOSITORY, SHAPES, Visit, _environment, _visit
from tests.browser.test_business import follow, sign_in
from tests.browser.test_pages import well_made
from tests.chromium import launched

pytestmark = pytest.mark.browser

_SHOWN = """
import json, sys
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from unionhall.kernel.actor import Actor
from unionhall.offers.attendance_moves import show_code
from unionhall.people.models import Person
number, name = Person.objects.order_by("pk").values_list("pk", "name")[int(sys.argv[1])]
later = timezone.now() + timedelta(minutes=30)  # a machine that does ten things at once may take more than two minutes
print(json.dumps([show_code(number, now=later, by=Actor(None, name, person=number)), name]))
"""

Card = Callable[[int], tuple[str, str]]
_signed_in: dict[str, list[object]] = {}


@pytest.fixture
def card(server: str, served_home: Path, database: str) -> Card:
    """The card of the n-th person, as their own telephone shows it: its digits, and their name."""

    def show(person: int) -> tuple[str, str]:
        command = [sys.executable, "-c", _SHOWN, str(person)]
        environment = _environment(served_home, database)
        done = subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, stdout=subprocess.PIPE)
        code, name = json.loads(done.stdout)
        return code, name

    return show


def film(text: str, at: Path) -> Path:
    """A second of what a camera sees that is held before a card: a QR code a little off the middle, on a grey table."""
    drawn = BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="png", scale=10, border=4)
    table = Image.new("RGB", (640, 480), (150, 150, 145))
    table.paste(Image.open(drawn).convert("RGB"), (180, 90))
    frame = BytesIO()
    table.save(frame, format="JPEG", quality=85)
    at.write_bytes(frame.getvalue() * 30)
    return at


def enter(visit: Visit) -> Page:
    """As the merchant, who lands at the counter."""
    context = visit.page.context
    if visit.address in _signed_in:
        context.add_cookies(_signed_in[visit.address])  # type: ignore[arg-type]
        return visit.open("/shop/")
    visit.open("/sign-in/")
    visit.page.fill("#id_username", "merchant")
    visit.page.fill("#id_password", "wanghe-2015")
    visit.page.click("main button")
    visit.page.wait_for_url("**/shop/")
    _signed_in[visit.address] = [one for one in context.cookies() if one["name"] == "session"]  # type: ignore[misc]
    return visit.page


def settle(visit: Visit, name: str) -> None:
    """Look at a page; a refusal answers 422, which the browser notes down as an error."""
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    well_made(visit, name)


@pytest.fixture
def cameras() -> Iterator[Callable[..., Browser]]:
    """Browsers with a camera that films a file; all are closed afterwards."""
    open_ones: list[Browser] = []

    def with_camera(film: Path, *, allowed: bool = True) -> Browser:
        switches = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
        open_ones.append(launched(*switches, *(["--use-fake-ui-for-media-stream"] if allowed else [])))
        return open_ones[-1]

    yield with_camera
    for one in open_ones:
        one.close()


def on_phone(browser: Browser, server: str) -> Iterator[Visit]:
    return _visit(browser.new_context(locale="zh-CN", **SHAPES["phone"]), server, "phone")


def test_a_merchant_redeems_with_the_camera_and_takes_it_back(
    server: str, card: Card, cameras: Callable[..., Browser], tmp_path: Path, shots: object
) -> None:
    code, name = card(20)
    for visit in on_phone(cameras(film(code, tmp_path / "card.mjpeg")), server):
        page = enter(visit)
        page.check("input[name=item] >> nth=0")
        page.click(".scan")
        page.wait_for_url("**/shop/uses/*/", timeout=60_000)
        said = page.inner_text("main")
        for word in ("核销成功", "工会结算 15.00 元", f"{name[0]}*"):
            assert word in said, (word, said)
        assert name not in page.content()
        settle(visit, "shop-green")
        page.click(".undo")
        page.wait_for_url("**/shop/?item=*")
        assert "已撤销" in page.inner_text(".said")
        assert page.locator("input[name=item]:checked").count() == 1, "the item stays chosen"


def test_what_is_no_card_is_not_sent(
    server: str, cameras: Callable[..., Browser], tmp_path: Path, shots: object
) -> None:
    for visit in on_phone(cameras(film("https://example.org/12345678", tmp_path / "strange.mjpeg")), server):
        page = enter(visit)
        page.check("input[name=item] >> nth=0")
        page.click(".scan")
        page.wait_for_selector("[data-status]:has-text('不是会员电子卡')", timeout=60_000)
        settle(visit, "shop-camera")
        assert page.url.endswith("/shop/") and page.input_value("#id_code") == ""


def test_where_the_camera_is_refused_the_code_is_typed(
    server: str, card: Card, cameras: Callable[..., Browser], tmp_path: Path, shots: object
) -> None:
    code, _name = card(21)
    for visit in on_phone(cameras(film(code, tmp_path / "card.mjpeg"), allowed=False), server):
        page = enter(visit)
        page.click(".scan")
        page.wait_for_selector("[data-status]:has-text('相机没有打开')", timeout=60_000)
        assert page.evaluate("document.activeElement.id") == "id_code"
        settle(visit, "shop-refused-camera")
        page.check("input[name=item] >> nth=0")
        page.keyboard.press("Tab")
        page.fill("#id_code", f"{code[:4]} {code[4:]}")
        page.click(".go")
        page.wait_for_url("**/shop/uses/*/")
        assert "核销成功" in page.inner_text("main")


def test_without_script_the_code_is_typed_and_taken_back(without_script: Visit, card: Card) -> None:
    code, _name = card(22)
    page = enter(without_script)
    assert not page.is_visible(".scan")
    page.check("input[name=item] >> nth=0")
    page.fill("#id_code", code)
    page.click(".go")
    page.wait_for_url("**/shop/uses/*/")
    page.click(".undo")
    page.wait_for_url("**/shop/?item=*")
    assert "已撤销" in page.inner_text(".said")


def test_every_page_of_the_counter_is_well_made(visit: Visit, card: Card, shots: object) -> None:
    page = enter(visit)
    settle(visit, "shop")
    page.fill("#id_code", "1234")
    page.click(".go")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#id_code") == "1234"
    settle(visit, "shop-error")
    visit.open("/shop/")
    page.check("input[name=item] >> nth=0")
    page.fill("#id_code", "00000000")
    page.click(".go")
    page.wait_for_selector("body.red")
    assert "无效或已过期" in page.inner_text("main")
    settle(visit, "shop-red")
    page.click("summary")
    assert page.input_value("#id_code") == "00000000"
    settle(visit, "shop-red-open")
    code, _name = card(23 + list(SHAPES).index(visit.shape))
    page.fill("#id_code", code)
    page.click(".go")
    page.wait_for_selector("body.green")
    settle(visit, "shop-use")
    for name, address in {
        "shop-today": "/shop/today/", "shop-months": "/shop/months/", "shop-month": "/shop/months/2015/6/", "shop-mine": "/my-sign-in/",
    }.items():  # fmt: skip
        visit.open(address)
        settle(visit, name)


def test_the_counter_is_light(phone: Visit) -> None:
    enter(phone)
    phone.page.context.clear_cookies()
    phone.page.context.add_cookies(_signed_in[phone.address])  # type: ignore[arg-type]
    devtools = phone.page.context.new_cdp_session(phone.page)
    devtools.send("Network.clearBrowserCache")
    phone.transferred = 0
    phone.open("/shop/")
    phone.page.wait_for_load_state("networkidle")
    assert 0 < phone.transferred / 1024 <= 70, (
        "the reader of codes is fetched when the camera is asked for, and not before"
    )


DESK = {
    "organisation": {
        "counters": "/desk/offers/2/counters/", "counter-give": "/desk/offers/2/counters/give/",
        "statements": "/desk/statements/?all=1", "statement": "/desk/statements/2/2015/6/",
        "statement-put": "/desk/statements/2/2015/7/put/",
    },
    "finance": {
        "statements-open": "/desk/statements/", "statement-finance": "/desk/statements/2/2015/6/",
        "statement-approve": "/desk/statements/2/2015/6/approve/", "statement-return": "/desk/statements/2/2015/6/return/",
        "statement-pay": "/desk/statements/2/2015/6/pay/",
    },
}  # fmt: skip
WRONG = {
    "organisation": {"counter-give-wrong": "/desk/offers/2/counters/give/", "statement-put-wrong": "/desk/statements/2/2015/6/put/"},
    "finance": {"statement-return-wrong": "/desk/statements/2/2015/6/return/", "statement-pay-wrong": "/desk/statements/2/2015/6/pay/"},
}  # fmt: skip


@pytest.mark.parametrize("user", DESK)
def test_the_pages_of_the_desk_are_well_made(visit: Visit, user: str, shots: object) -> None:
    sign_in(visit, user)
    for name, address in DESK[user].items():
        follow(visit, address)
        assert visit.page.locator("h1").inner_text(), name
        settle(visit, name)
    for name, address in WRONG[user].items():
        follow(visit, address)
        visit.page.locator("main form.card .btn-primary, main form.card .btn-danger").last.click()
        visit.page.wait_for_load_state()
        assert visit.page.locator(".summary").count() == 1, name
        settle(visit, name)
