"""In and out, as staff do it."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import world
from tests.access_entry.cast import PASSWORD, Clock, code_of, seed_of, sign_in, staff, with_device
from tests.world import World
from unionhall.access import standing
from unionhall.access.actions import passwords
from unionhall.access.models import RecoveryCode, Session
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.models import Account
from unionhall.web.gate import addresses

FOR = {"int": "1", "uuid": "5b0c8f0e-3c5a-4f63-9f0e-1d2f3a4b5c6d"}
"""Something for every kind of gap in an address; "x" for the others."""


@pytest.fixture
def account(db: None) -> Account:
    return staff()


@pytest.fixture
def offered(settings: Settings) -> None:
    """As on a demonstration: a device is offered, not demanded."""
    settings.SECOND_FACTOR = "offered"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def acts(account: Account) -> list[tuple[str, str]]:
    found = AuditEntry.objects.filter(subject=f"account:{account.pk}").order_by("pk")
    return [(one.act, one.note) for one in found if one.act.startswith(("session.", "account."))]


def test_a_name_and_its_password_open_the_desk_where_a_device_is_only_offered(
    client: Client, account: Account, offered: None
) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert acts(account) == [("session.open", "password")]
    assert "在“我的登录”里绑定验证器" in client.get("/my-sign-in/").content.decode()


def test_passwords_are_argon2id_of_nineteen_mebibytes(account: Account) -> None:
    assert account.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.NOBODYS.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("zhoumin", "wrong", "用户名或密码不对"),
        ("nobody", PASSWORD, "用户名或密码不对"),
        ("", "x", "请填写用户名。"),
        ("zhoumin", "", "请填写密码。"),
    ],
)
def test_what_is_wrong_is_said_and_the_name_stays(
    client: Client, account: Account, username: str, password: str, said: str
) -> None:
    answer = sign_in(client, username, password)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert text.count("<title>有错") == 1
    assert 'role="alert"' in text
    assert f'value="{username}"' in text if username else True
    assert PASSWORD not in text


def test_nothing_tells_whether_there_is_such_an_account(client: Client, account: Account) -> None:
    Account.objects.create(username="invited", name="没有密码的人", password="!")

    def said(username: str) -> tuple[int, str]:
        answer = sign_in(client, username, "wrong password")
        text = answer.content.decode().replace(username, "NAME")
        return answer.status_code, re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)

    assert said("zhoumin") == said("nobody") == said("invited")


def test_an_account_that_was_closed_does_not_open(client: Client, account: Account, offered: None) -> None:
    Account.objects.update(is_active=False)
    assert "用户名或密码不对" in sign_in(client).content.decode()


def test_an_account_that_is_closed_is_out_at_once(client: Client, account: Account, offered: None) -> None:
    sign_in(client)
    assert client.get("/my-sign-in/").status_code == 200
    Account.objects.update(is_active=False)
    assert client.get("/my-sign-in/").headers["Location"].startswith("/sign-in/")


def test_the_way_on_stays_in_the_house(client: Client, account: Account, offered: None) -> None:
    for onward, goes in (
        ("/board/?year=2015", "/board/?year=2015"),
        ("https://elsewhere.example/", "/desk/"),
        ("//elsewhere.example", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
    ):
        assert sign_in(client, next=onward).headers["Location"] == goes
        client.logout()


def test_without_a_device_no_page_opens_to_staff_of_a_real_installation(
    client: Client, account: Account, here: World
) -> None:
    """The password alone leads to setting up a device, and every page that wants somebody signed in goes on wanting it."""
    assert configured.SECOND_FACTOR == "required"
    world.an_officer("leader", here.root)
    assert sign_in(client).headers["Location"] == "/sign-in/device/"
    guarded = 0
    for route, one in addresses():
        if one.callback.gate.kind != "public":  # type: ignore[attr-defined]
            address = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: FOR.get(found[1] or "str", "x"), route)
            answer = client.get(address)
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/sign-in/"), address
            guarded += 1
    assert guarded > 10
    for step in ("code", "recovery-codes", "password"):
        assert client.get(f"/sign-in/{step}/").headers["Location"] == "/sign-in/device/"


def test_a_device_is_set_up_its_recovery_codes_kept_and_then_the_door_opens(
    client: Client, account: Account, clock: Clock
) -> None:
    sign_in(client)
    page = client.get("/sign-in/device/").content.decode()
    seed = seed_of(account.pk, confirmed=False)
    assert 'src="data:image/svg+xml' in page
    assert " ".join(seed[at : at + 4] for at in range(0, 32, 4)) in page
    assert client.get("/sign-in/device/").content.decode().count(seed[:4]) == page.count(seed[:4]), "the same again"
    wrong = client.post("/sign-in/device/", {"code": "000000"})
    assert (wrong.status_code, "验证码不对" in wrong.content.decode()) == (422, True)
    answer = client.post("/sign-in/device/", {"code": code_of(seed, clock.now)})
    answer = client.get(answer.headers["Location"])
    assert answer.request["PATH_INFO"] == "/sign-in/recovery-codes/"
    codes = re.findall(r"<code>([2-9A-Z]{5}-[2-9A-Z]{5})</code>", answer.content.decode())
    assert len(set(codes)) == 10
    assert client.get("/my-sign-in/").status_code == 302, "not in yet"
    assert "请先把恢复码打印" in client.post("/sign-in/recovery-codes/", {}).content.decode()
    answer = client.post("/sign-in/recovery-codes/", {"kept": "on"})
    assert answer.headers["Location"] == "/desk/"
    assert client.get("/my-sign-in/").status_code == 200
    assert client.get("/sign-in/recovery-codes/").headers["Location"] == "/sign-in/", "shown once"
    assert [act for act, _note in acts(account)] == [
        "account.device_begun", "session.refused", "account.second_factor", "session.open",
    ]  # fmt: skip


def test_the_device_is_asked_for_and_its_code_is_taken_once(client: Client, account: Account, clock: Clock) -> None:
    seed = with_device(account, clock.now)
    clock.forward(minutes=1)
    code = code_of(seed, clock.now)
    assert sign_in(client).headers["Location"] == "/sign-in/code/"
    assert client.get("/my-sign-in/").status_code == 302
    assert client.post("/sign-in/code/", {"code": code}).headers["Location"] == "/desk/"
    other = Client()
    sign_in(other)
    answer = other.post("/sign-in/code/", {"code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, "已经用过" in answer.content.decode()) == (422, True)
    clock.forward(seconds=30)
    assert other.post("/sign-in/code/", {"code": code_of(seed, clock.now)}).status_code == 302


def test_a_recovery_code_stands_in_for_the_device_once(client: Client, account: Account, clock: Clock) -> None:
    sign_in(client)
    client.post("/sign-in/device/", {"code": code_of(seed_of(account.pk, confirmed=False), clock.now)})
    codes = re.findall(r"<code>([2-9A-Z-]{11})</code>", client.get("/sign-in/recovery-codes/").content.decode())
    client.post("/sign-in/recovery-codes/", {"kept": "on"})
    assert not RecoveryCode.objects.filter(digest__in=[code.encode() for code in codes]).exists()
    lost = Client()
    sign_in(lost)
    answer = lost.post("/sign-in/code/?recovery", {"code": codes[0].replace("-", " ").lower()})
    assert answer.headers["Location"] == "/desk/"
    factor = standing.device(account.pk)
    assert factor is not None
    assert standing.codes_left(factor) == 9
    again = Client()
    sign_in(again)
    assert again.post("/sign-in/code/?recovery", {"code": codes[0]}).status_code == 422


def test_the_sixth_code_waits_however_often_the_password_is_given(
    client: Client, account: Account, clock: Clock
) -> None:
    seed = with_device(account, clock.now)
    clock.forward(minutes=1)
    for _attempt in range(5):
        sign_in(client)
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    sign_in(client)
    answer = client.post("/sign-in/code/", {"code": code_of(seed, clock.now)})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    clock.forward(minutes=15, seconds=1)
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": code_of(seed, clock.now)}).status_code == 302


def test_after_five_wrong_passwords_the_right_one_waits_too(client: Client, account: Account, clock: Clock) -> None:
    for _attempt in range(5):
        assert sign_in(client, password="wrong").status_code == 422
        clock.forward(minutes=1)
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "请过 10 分钟再试" in answer.content.decode()
    assert sign_in(client, "ZhouMin").status_code == 429, "the same name, however it is written"
    same = sign_in(client, "nobody-at-all", "x")
    assert same.status_code == 422
    clock.forward(minutes=10, seconds=1)
    assert sign_in(client).status_code == 302


def test_an_unknown_name_is_locked_like_a_known_one(client: Client, account: Account, clock: Clock) -> None:
    for username in ("zhoumin", "nobody"):
        assert [sign_in(client, username, "wrong").status_code for _attempt in range(7)] == [422] * 5 + [429] * 2
        clock.forward(minutes=1)


def test_half_way_in_ends_after_a_quarter_of_an_hour(client: Client, account: Account, clock: Clock) -> None:
    seed = with_device(account, clock.now)
    sign_in(client)
    clock.forward(minutes=15)
    answer = client.post("/sign-in/code/", {"code": code_of(seed, clock.now)})
    assert answer.headers["Location"] == "/sign-in/"


def test_only_a_form_signs_out(client: Client, account: Account, here: World) -> None:
    client.force_login(account)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/my-sign-in/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/"
    assert client.get("/my-sign-in/").status_code == 302
    assert not Session.objects.filter(account=account).exists()
    assert ("session.close", "") in acts(account)


def test_a_cookie_kept_back_opens_nothing_after_signing_out(client: Client, account: Account) -> None:
    client.force_login(account)
    kept = client.cookies[configured.SESSION_COOKIE_NAME].value
    client.post("/sign-out/")
    thief = Client()
    thief.cookies[configured.SESSION_COOKIE_NAME] = kept
    assert thief.get("/my-sign-in/").status_code == 302


def test_signing_in_gives_a_key_nobody_had_before(client: Client, account: Account, offered: None) -> None:
    """No fixation: neither the visitor's key nor that of the way in goes on."""
    client.get("/sign-in/worker/")
    sign_in(client, password="wrong")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = planted = session.session_key
    sign_in(client)
    assert client.cookies[configured.SESSION_COOKIE_NAME].value != planted
    assert "planted" not in client.session
    assert Session.objects.count() == 1


def test_demonstration_accounts_are_shown_only_in_a_demonstration(
    client: Client, db: None, settings: Settings, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    assert configured.DEMO is False
    settings.HOME = tmp_path
    shown = [{"username": "leader", "password": "wanghe-2015", "title": "区总领导"}]
    (tmp_path / "demo_accounts.json").write_text(json.dumps(shown), "utf-8")
    assert "wanghe-2015" not in client.get("/sign-in/").content.decode()
    settings.DEMO = True
    assert "wanghe-2015" in client.get("/sign-in/").content.decode()


def test_the_form_needs_its_token(account: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = sign_in(strict)
    assert answer.status_code == 419
    assert "页面停留太久" in answer.content.decode()


def test_an_invitation_lets_choose_a_password_once(client: Client, here: World, clock: Clock) -> None:
    account = Account.objects.create(username="newcomer", name="新来的", password="!")
    word = passwords.invite(account.pk, by=SYSTEM, now=clock.now)
    answer = client.get(f"/sign-in/invited/{word}/")
    assert answer.headers["Location"] == "/sign-in/invited/", "the word leaves the address bar"
    assert "newcomer" in client.get("/sign-in/invited/").content.decode()
    for password, said in (("short", "密码至少"), ("newcomer-and-more", "不要有用户名"), ("aaaaaaaaaaaaaa", "太常见")):
        answer = client.post("/sign-in/invited/", {"password": password, "repeated": password})
        assert (answer.status_code, said in answer.content.decode()) == (422, True), password
    answer = client.post("/sign-in/invited/", {"password": PASSWORD, "repeated": PASSWORD + "x"})
    assert "两次填的密码不一样" in answer.content.decode()
    answer = client.post("/sign-in/invited/", {"password": PASSWORD, "repeated": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/device/"
    late = Client()
    late.get(f"/sign-in/invited/{word}/")
    assert late.get("/sign-in/invited/").status_code == 410


@pytest.mark.parametrize("hours", [71, 73])
def test_an_invitation_holds_for_three_days(client: Client, here: World, clock: Clock, hours: int) -> None:
    account = Account.objects.create(username="newcomer", name="新来的", password="!")
    word = passwords.invite(account.pk, by=SYSTEM, now=clock.now)
    clock.forward(hours=hours)
    client.get(f"/sign-in/invited/{word}/")
    assert client.get("/sign-in/invited/").status_code == (200 if hours < 72 else 410)


def test_what_is_important_asks_for_the_password_again(client: Client, account: Account, clock: Clock) -> None:
    with_device(account, clock.now)
    client.force_login(account)
    assert client.post("/my-sign-in/device/new/").headers["Location"].startswith("/sign-in/again/")
    page = client.get("/sign-in/again/?next=/my-sign-in/")
    assert "请再填一次密码" in page.content.decode()
    wrong = client.post("/sign-in/again/", {"password": "wrong", "next": "/my-sign-in/"})
    assert (wrong.status_code, 'value="/my-sign-in/"' in wrong.content.decode()) == (422, True)
    right = client.post("/sign-in/again/", {"password": PASSWORD, "next": "/my-sign-in/"})
    assert right.headers["Location"] == "/my-sign-in/"
    assert client.post("/my-sign-in/device/new/").headers["Location"] == "/my-sign-in/device/"
    clock.forward(minutes=15)
    assert (
        client.get("/my-sign-in/device/")
        .headers["Location"]
        .startswith("/sign-in/again/?next=%2Fmy-sign-in%2Fdevice%2F")
    )
    fragment = client.get("/my-sign-in/device/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"].startswith("/sign-in/again/")


def test_asked_again_five_times_wrong_waits_too(client: Client, account: Account, clock: Clock) -> None:
    client.force_login(account)
    tried = [client.post("/sign-in/again/", {"password": "wrong"}).status_code for _attempt in range(6)]
    assert tried == [422] * 5 + [429]


def test_a_new_device_takes_the_place_of_the_old(client: Client, account: Account, clock: Clock) -> None:
    old = with_device(account, clock.now)
    client.force_login(account)
    client.post("/sign-in/again/", {"password": PASSWORD})
    client.post("/my-sign-in/device/new/")
    new = seed_of(account.pk, confirmed=False)
    assert new != old
    clock.forward(minutes=1)
    other = Client()
    sign_in(other)
    assert other.post("/sign-in/code/", {"code": code_of(old, clock.now)}).status_code == 302, (
        "until the new one is confirmed"
    )
    answer = client.post("/my-sign-in/device/", {"code": code_of(new, clock.now)})
    assert answer.headers["Location"] == "/my-sign-in/recovery-codes/"
    assert client.post("/my-sign-in/recovery-codes/", {"kept": "on"}).status_code == 302
    clock.forward(minutes=1)
    third = Client()
    sign_in(third)
    assert third.post("/sign-in/code/", {"code": code_of(old, clock.now)}).status_code == 422
    assert third.post("/sign-in/code/", {"code": code_of(new, clock.now)}).status_code == 302


def test_changing_the_password_signs_the_others_out_and_not_this_one(
    client: Client, account: Account, offered: None
) -> None:
    other = Client()
    for browser in (client, other):
        sign_in(browser)
    new = "another horse 7 entirely"
    wrong = client.post("/my-sign-in/password/", {"old": "wrong", "password": new, "repeated": new})
    assert (wrong.status_code, "现在的密码不对" in wrong.content.decode()) == (422, True)
    same = client.post("/my-sign-in/password/", {"old": PASSWORD, "password": PASSWORD, "repeated": PASSWORD})
    assert "以前用过" in same.content.decode()
    done = client.post("/my-sign-in/password/", {"old": PASSWORD, "password": new, "repeated": new})
    assert done.headers["Location"] == "/my-sign-in/"
    assert client.get("/my-sign-in/").status_code == 200
    assert other.get("/my-sign-in/").status_code == 302
    assert sign_in(Client(), password=new).status_code == 302


def test_where_i_am_signed_in_and_out_of_there(client: Client, account: Account, offered: None) -> None:
    phone = Client(
        headers={"user-agent": "Mozilla/5.0 (Linux; Android 13) Chrome/120.0 MicroMessenger/8.0"},
        REMOTE_ADDR="203.0.113.77",
    )
    desk = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36"})
    for browser in (phone, desk):
        sign_in(browser)
    text = desk.get("/my-sign-in/").content.decode()
    for shown in ("WeChat · Android", "203.0.113.*", "Chrome · Windows", "就是这里"):
        assert shown in text
    assert "203.0.113.77" not in text
    number = Session.objects.get(device="WeChat · Android").pk
    stranger = Client()
    stranger.force_login(staff("stranger"))
    stranger.post(f"/my-sign-in/sessions/{number}/end/")
    assert phone.get("/my-sign-in/").status_code == 200, "not a stranger's to end"
    desk.post(f"/my-sign-in/sessions/{number}/end/")
    assert phone.get("/my-sign-in/").status_code == 302
    sign_in(phone)
    desk.post("/my-sign-in/sessions/end/")
    assert (phone.get("/my-sign-in/").status_code, desk.get("/my-sign-in/").status_code) == (302, 200)


def test_a_post_that_was_taken_away_reaches_nothing_from_the_next_request(
    as_officer: Callable[..., Client], here: World
) -> None:
    client = as_officer("leader", here.root)
    page = "/board/figures/mediation.agreed/?year=2015"
    assert client.get(page).status_code == 200
    account = Account.objects.get(username__startswith="leader-")
    account.posts.update(until=timezone.localdate())
    assert client.get(page).status_code == 403
    account.posts.update(until=timezone.localdate() + timedelta(days=1))
    assert client.get(page).status_code == 200
