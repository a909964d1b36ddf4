"""When a page cannot be given."""

import logging
import re

import pytest
from django.test import Client

from tests.world import World

pytestmark = pytest.mark.urls("tests.web.raising")


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/fail/broken/", 500, "系统出了差错"),
        ("/fail/refused/", 422, "请先填写日期。"),
        ("/fail/not-yours/", 404, "没有这个页面"),
        ("/fail/denied/", 403, "这里不对您开放"),
        ("/fail/suspicious/", 400, "这个请求读不懂"),
        ("/fail/database/", 503, "系统正在维护"),
        ("/nowhere", 404, "没有这个页面"),
    ],
)
def test_each_says_what_to_do_and_whom_to_ring(visitor: Client, caplog, address: str, status: int, said: str) -> None:  # type: ignore[no-untyped-def]
    with caplog.at_level(logging.WARNING, "unionhall.web"):
        answer = visitor.get(address)
    text = answer.content.decode()
    assert answer.status_code == status
    assert said in text
    assert "12351" in text
    assert "secret" not in text
    trace = re.search(r"<b>([2-9A-Z]{8})</b>", text)
    assert trace is not None
    assert [record for record in caplog.records if record.name == "unionhall.web" and trace[1] in record.getMessage()]


def test_in_english_for_who_chose_english(visitor: Client) -> None:
    visitor.cookies["django_language"] = "en"
    assert "There is no such page" in visitor.get("/nowhere").content.decode()


def test_what_failed_stands_in_the_log_beside_the_trace(visitor: Client, caplog) -> None:  # type: ignore[no-untyped-def]
    with caplog.at_level(logging.ERROR, "unionhall.web"):
        visitor.get("/fail/broken/?name=private")
    (record,) = [record for record in caplog.records if record.name == "unionhall.web"]
    assert record.exc_info and record.exc_info[0] is ZeroDivisionError
    assert "private" not in record.getMessage()


def test_a_character_no_database_keeps_is_refused_in_words(visitor: Client) -> None:
    """PostgreSQL takes no NUL, wherever a page looks something up by what was typed."""
    answer = visitor.post("/fail/nul/", {"into": "\x00"})
    assert answer.status_code == 422
    assert "看不见的控制字符" in answer.content.decode()
    assert visitor.post("/fail/nul/", {"into": "x"}).status_code == 500


def test_a_host_that_is_not_ours(visitor: Client) -> None:
    assert visitor.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_while_maintained_every_page_says_so(visitor: Client, here: World, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.HOME = tmp_path
    assert visitor.get("/").status_code == 200
    (tmp_path / "maintenance").touch()
    answer = visitor.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
