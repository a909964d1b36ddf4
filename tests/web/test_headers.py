"""What every answer tells a browser, exactly."""

import importlib
import re
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests.world import World

POLICY = [
    "base-uri 'none'",
    "default-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
]
"""Styles may stand in a page (a bar's length); a script may not, but with this answer's own number."""

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}


def policy_of(text: str) -> list[str]:
    return sorted(re.sub(r" 'nonce-[A-Za-z0-9+/=]{24}'", "", part.strip()) for part in text.split(";"))


@pytest.mark.parametrize(
    ("address", "status"),
    [("/", 200), ("/sign-in/", 200), ("/nowhere", 404), ("/?year=%00", 400), ("/board/", 302), ("/robots.txt", 200)],
)
def test_every_answer_carries_them(client: Client, here: World, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert policy_of(answer.headers["Content-Security-Policy"]) == POLICY
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", answer.headers["X-Trace"])
    assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers


def test_while_maintained_too(client: Client, here: World, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.HOME = tmp_path
    (tmp_path / "maintenance").touch()
    answer = client.get("/")
    assert policy_of(answer.headers["Content-Security-Policy"]) == POLICY
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE


def test_scripts_are_never_let_in_unnamed() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "data:"} & set(directives["script-src"])


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client, here: World) -> None:
    client.get("/sign-in/")
    for morsel in client.cookies.values():
        assert morsel["httponly"] and morsel["samesite"] in ("Lax", "Strict")


@pytest.fixture
def over_https(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The settings as they read behind HTTPS."""
    monkeypatch.setenv("UNIONHALL_HTTPS", "true")
    before = sys.modules.pop("unionhall.settings")
    yield importlib.import_module("unionhall.settings")
    sys.modules["unionhall.settings"] = before


def test_over_https_browsers_are_told_to_stay_there(over_https, client: Client, here: World, settings) -> None:  # type: ignore[no-untyped-def]
    assert over_https.SECURE_HSTS_SECONDS == 31_536_000
    assert over_https.SESSION_COOKIE_SECURE and over_https.CSRF_COOKIE_SECURE
    settings.SECURE_HSTS_SECONDS = over_https.SECURE_HSTS_SECONDS
    answer = Client().get("/robots.txt", secure=True)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in Client().get("/robots.txt").headers
