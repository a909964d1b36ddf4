"""Errors where they meet a person half-way through something, a program, or the person who reads the log."""

import json
import logging
import re
from collections.abc import Callable

import pytest
from django.conf import settings as configured
from django.core.checks import run_checks
from django.test import Client

from tests.web.raising import WRONG
from tests.world import World
from unionhall.web import gate, trace

pytestmark = pytest.mark.urls("tests.web.raising")


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_a_trace_is_the_same_in_page_header_log_and_actor(
    here: World, as_officer: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    client = as_officer("leader", here.root)
    client.raise_request_exception = False
    answer = client.get("/trace/")
    assert answer.content.decode() == answer.headers["X-Trace"]
    with caplog.at_level(logging.ERROR, "unionhall.web"):
        answer = client.get("/fail/broken/")
    number = answer.headers["X-Trace"]
    assert f"<b>{number}</b>" in answer.content.decode()
    assert [record for record in caplog.records if number in record.getMessage()]


def test_a_trace_is_never_one_a_client_chose(visitor: Client) -> None:
    answer = visitor.get("/nowhere", headers={"x-trace": "AAAAAAAA"})
    assert answer.headers["X-Trace"] != "AAAAAAAA"


def test_two_requests_have_two_numbers() -> None:
    numbers = {trace.number() for _turn in range(1000)}
    assert len(numbers) == 1000
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", number) for number in numbers)


@pytest.mark.parametrize("how", sorted(WRONG))
def test_htmx_gets_a_fragment_for_the_page_it_is_on(visitor: Client, how: str) -> None:
    whole, part = visitor.get(f"/fail/{how}/"), visitor.get(f"/fail/{how}/", headers={"hx-request": "true"})
    text = part.content.decode()
    assert part.status_code == whole.status_code
    assert part.headers["HX-Retarget"] == "#notice"
    assert 'role="alert"' in text and "<html" not in text
    assert part.headers["X-Trace"] in text
    assert "secret" not in text


@pytest.mark.parametrize("how", sorted(WRONG))
def test_a_program_gets_json(visitor: Client, how: str) -> None:
    whole = visitor.get(f"/fail/{how}/")
    answer = visitor.get(f"/fail/{how}/", headers={"accept": "application/json"})
    told = json.loads(answer.content)
    assert answer.status_code == told["status"] == whole.status_code
    assert told["trace"] == answer.headers["X-Trace"]
    assert told["phone"] == "12351"
    assert "secret" not in answer.content.decode()


def test_a_browser_that_takes_anything_gets_a_page(visitor: Client) -> None:
    answer = visitor.get("/nowhere", headers={"accept": "text/html,application/json;q=0.9,*/*;q=0.8"})
    assert "<html" in answer.content.decode()


def test_a_way_of_asking_that_is_not_offered(visitor: Client, here: World) -> None:
    answer = visitor.delete("/robots.txt")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert "这个网址不能这样用" in answer.content.decode()


def test_too_often_says_when_again(visitor: Client) -> None:
    answer = visitor.get("/often/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "90")
    assert "操作太频繁" in answer.content.decode()


def test_too_much_is_no_misunderstanding(visitor: Client) -> None:
    for sent in ({"text": "x" * 3_000_000}, {f"f{n}": "x" for n in range(1_500)}):
        answer = visitor.post("/read/", sent)
        assert answer.status_code == 413
        assert "提交的内容太大" in answer.content.decode()


@pytest.mark.parametrize("address", ["/figures/x%00y/", "/?year=%00", "/figures/card.made/?a%00b=1&place=1%00"])
def test_a_nul_is_understood_by_nobody(visitor: Client, here: World, address: str) -> None:
    assert visitor.get(address).status_code in (400, 404)


def test_who_is_not_signed_in_is_led_there_and_back(visitor: Client) -> None:
    assert visitor.get("/trace/?a=1").headers["Location"] == "/sign-in/?next=/trace/%3Fa%3D1"
    came_from = {"referer": "http://testserver/board/?year=2015"}
    assert visitor.post("/trace/", headers=came_from).headers["Location"] == "/sign-in/?next=/board/%3Fyear%3D2015"
    elsewhere = {"referer": "http://elsewhere.example/board/"}
    assert visitor.post("/trace/", headers=elsewhere).headers["Location"] == "/sign-in/"


def test_htmx_leads_the_whole_browser_to_sign_in(visitor: Client) -> None:
    asking = {"hx-request": "true", "hx-current-url": "http://testserver/board/?year=2015"}
    answer = visitor.get("/trace/", headers=asking)
    assert answer.headers["HX-Redirect"].startswith("/sign-in/?next=")
    assert (
        "elsewhere"
        not in visitor.get(
            "/trace/", headers={"hx-request": "true", "hx-current-url": "http://elsewhere.example/"}
        ).headers["HX-Redirect"]
    )


def test_a_program_that_is_not_signed_in_is_told_so(visitor: Client) -> None:
    answer = visitor.get("/trace/", headers={"accept": "application/json"})
    assert (answer.status_code, json.loads(answer.content)["status"]) == (401, 401)


def test_an_address_without_a_gate_is_an_error_and_answers_nobody(visitor: Client) -> None:
    assert gate.check_gates()[0].id == "unionhall.E010"
    assert visitor.get("/open/").status_code == 500
    assert "nobody thought" not in visitor.get("/open/").content.decode()


@pytest.mark.urls("unionhall.urls")
def test_every_address_of_the_house_has_one() -> None:
    assert run_checks() == []


def test_what_a_post_may_see_is_kept_by_no_cache(here: World, as_officer: Callable[..., Client]) -> None:
    client = as_officer("leader", here.root)
    assert client.get("/trace/").headers["Cache-Control"] == "no-store, private"


def test_forms_are_kept_from_other_pages() -> None:
    """No view is let off the check of where a form came from."""
    assert [route for route, one in gate.addresses() if getattr(one.callback, "csrf_exempt", False)] == []
    assert "django.middleware.csrf.CsrfViewMiddleware" in configured.MIDDLEWARE
