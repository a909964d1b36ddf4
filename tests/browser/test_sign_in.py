"""Coming in, in a real browser: every page of the door and a worker's own, after a mistake too, with and without script."""

import re
import time
from base64 import b32decode

import pytest
from django_otp.oath import TOTP

from tests.browser.conftest import Visit
from tests.browser.district import PASSWORD
from tests.browser.test_pages import well_made

pytestmark = pytest.mark.browser

WORKER_BUDGET = 70
"""KiB of a worker's first visit (design/interface.md §9)."""


def looked_at(visit: Visit, name: str) -> None:
    """As every page; a form given back answers 422, which the browser notes down as an error."""
    visit.complaints = [text for text in visit.complaints if "422" not in text and "410" not in text]
    well_made(visit, name)


def press(visit: Visit, name: str = "") -> None:
    """The main button; then the page it leads to, as it looks."""
    visit.page.click("main .btn-brand")
    visit.page.wait_for_load_state()
    if name:
        looked_at(visit, name)


def enter_by_mobile(visit: Visit, *, pictures: bool = False) -> None:
    shown = (lambda name: looked_at(visit, name)) if pictures else (lambda name: None)
    page = visit.open("/sign-in/worker/")
    shown("worker")
    mobile, four = (page.inner_text(f".accounts td:nth-child({n})") for n in (2, 3))
    if pictures:
        press(visit, "worker-error")
    page.fill("#id_mobile", mobile)
    press(visit)
    shown("worker-code")
    found = re.search(r"\d{6}", page.inner_text(".sent"))
    assert found is not None
    if pictures:
        page.fill("#id_code", "------")
        press(visit, "worker-code-error")
    page.fill("#id_code", found[0])
    press(visit)
    if "/who/" in page.url:
        shown("worker-who")
        page.fill("#id_last_four", four)
        press(visit)
    assert page.url.endswith("/me/")


def test_a_worker_comes_in_and_looks_around(visit: Visit, shots: object) -> None:
    enter_by_mobile(visit, pictures=True)
    for name, address in {
        "me": "/me/",
        "me-data": "/me/data/",
        "me-readings": "/me/readings/",
        "me-sign-in": "/my-sign-in/",
    }.items():
        visit.open(address)
        looked_at(visit, name)
    # The bar below lies over nothing that can be reached.
    visit.open("/me/data/")
    visit.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    last, bar = (visit.page.locator(one).bounding_box() for one in (".call", ".tabs"))
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] <= bar["y"]


def test_staff_look_after_their_own_way_in(visit: Visit, shots: object) -> None:
    visit.sign_in()
    visit.open("/my-sign-in/")
    looked_at(visit, "my-sign-in")
    visit.open("/my-sign-in/password/")
    visit.page.fill("#id_old", PASSWORD)
    press(visit, "my-password-error")
    visit.open("/sign-in/again/?next=/my-sign-in/")
    press(visit, "again-error")
    visit.page.fill("#id_password", PASSWORD)
    press(visit)
    visit.page.click("form[action$='/device/new/'] button")
    visit.page.wait_for_url("**/device/")
    looked_at(visit, "device")
    visit.page.click("summary")
    press(visit, "device-error")
    visit.open("/sign-in/invited/")
    looked_at(visit, "invitation-over")


def test_the_door_in_english(phone: Visit, shots: object) -> None:
    phone.open("/sign-in/worker/")
    phone.page.click("button[name=language]")
    looked_at(phone, "worker-en")
    text = phone.page.inner_text("main")
    assert "Send the code" in text


def test_a_device_is_set_up_and_asked_for_without_script(without_script: Visit, shots: object) -> None:
    page = without_script.open("/sign-in/")
    page.fill("#id_username", "device")
    page.fill("#id_password", PASSWORD)
    press(without_script)
    without_script.open("/my-sign-in/")
    page.click("form[action$='/device/new/'] button")
    seed = (page.text_content(".seed") or "").replace(" ", "")
    page.fill("#id_code", shown_by(seed))
    press(without_script)
    assert page.url.endswith("/recovery-codes/")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    press(without_script)
    assert "请先把恢复码打印" in page.inner_text(".summary")
    without_script.picture("recovery-codes")
    page.emulate_media(media="print")
    assert page.is_visible(".codes")
    assert page.is_hidden("#id_kept")
    page.emulate_media(media="screen")
    page.check("#id_kept")
    press(without_script)
    page.click("text=退出 >> nth=0")
    without_script.open("/sign-in/")
    page.fill("#id_username", "device")
    page.fill("#id_password", PASSWORD)
    press(without_script)
    assert page.url.endswith("/sign-in/code/")
    without_script.picture("code")
    page.click("text=手机不在身边")
    page.fill("#id_code", codes[0].lower())
    press(without_script)
    assert "/sign-in/" not in page.url
    # Left as it was found, for the other tests.
    without_script.open("/my-sign-in/")
    assert "9 个恢复码" in page.inner_text("main")


def test_a_workers_first_visit_is_light(phone: Visit) -> None:
    enter_by_mobile(phone)
    phone.page.context.new_cdp_session(phone.page).send("Network.clearBrowserCache")
    phone.transferred = phone.requests = 0
    phone.open("/me/")
    phone.page.wait_for_load_state("networkidle")
    assert 0 < phone.transferred <= WORKER_BUDGET * 1024, f"{phone.transferred / 1024:.1f} KiB"
    assert phone.requests <= 12


def shown_by(seed: str) -> str:
    """What an authenticator with this seed shows now."""
    clock = TOTP(b32decode(seed))
    clock.time = time.time()
    return f"{clock.token():06d}"
