"""In and out."""

import json

import pytest
from django.conf import settings as configured
from django.test import Client

from unionhall.organisations.models import Account


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.create_user("zhoumin", "correct horse 5", name="周敏")


def test_a_name_and_its_password_open_the_board(client: Client, account: Account) -> None:
    answer = client.post("/sign-in/", {"username": "zhoumin", "password": "correct horse 5"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/board/")


def test_passwords_are_argon2id_of_nineteen_mebibytes(account: Account) -> None:
    assert account.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("zhoumin", "wrong", "用户名或密码不对"),
        ("nobody", "correct horse 5", "用户名或密码不对"),
        ("", "x", "请填写用户名。"),
        ("zhoumin", "", "请填写密码。"),
    ],
)
def test_what_is_wrong_is_said_and_the_name_stays(
    client: Client, account: Account, username: str, password: str, said: str
) -> None:
    text = client.post("/sign-in/", {"username": username, "password": password}).content.decode()
    assert said in text
    assert text.count("<title>有错") == 1
    assert 'role="alert"' in text
    assert f'value="{username}"' in text if username else True
    assert "correct horse 5" not in text


def test_an_account_that_was_closed_does_not_open(client: Client, account: Account) -> None:
    Account.objects.update(is_active=False)
    assert (
        "用户名或密码不对"
        in client.post("/sign-in/", {"username": "zhoumin", "password": "correct horse 5"}).content.decode()
    )


def test_the_way_on_stays_in_the_house(client: Client, account: Account) -> None:
    for onward, goes in (
        ("/board/?year=2015", "/board/?year=2015"),
        ("https://elsewhere.example/", "/board/"),
        ("//elsewhere.example", "/board/"),
    ):
        answer = client.post("/sign-in/", {"username": "zhoumin", "password": "correct horse 5", "next": onward})
        assert answer.headers["Location"] == goes
        client.logout()


def test_only_a_form_signs_out(client: Client, account: Account) -> None:
    client.force_login(account)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/board/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/"
    assert client.get("/board/").status_code == 302


def test_demonstration_accounts_are_shown_only_in_a_demonstration(client: Client, db: None, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert configured.DEMO is False
    settings.HOME = tmp_path
    shown = [{"username": "leader", "password": "wanghe-2015", "title": "区总领导"}]
    (tmp_path / "demo_accounts.json").write_text(json.dumps(shown), "utf-8")
    assert "wanghe-2015" not in client.get("/sign-in/").content.decode()
    settings.DEMO = True
    assert "wanghe-2015" in client.get("/sign-in/").content.decode()


def test_the_form_needs_its_token(account: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/sign-in/", {"username": "zhoumin", "password": "correct horse 5"})
    assert answer.status_code == 419
    assert "页面停留太久" in answer.content.decode()
