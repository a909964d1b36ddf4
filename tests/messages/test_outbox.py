"""Each message once, sealed until it went, through whichever way out there is."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from unionhall.jobs.cli import main
from unionhall.jobs.models import Job
from unionhall.jobs.queue import enqueue
from unionhall.jobs.tasks import doors, outbox
from unionhall.jobs.worker import run_until_empty
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.messages import actions, adapters
from unionhall.messages.adapters import Undelivered, Ways
from unionhall.messages.adapters.console import Console
from unionhall.messages.adapters.gateway import Gateway
from unionhall.messages.models import Message

NOW = datetime(2015, 6, 1, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Told:
    """A way out that remembers what it was given and answers as it is told."""

    def __init__(self, *answers: Undelivered | None) -> None:
        self.answers = list(answers)
        self.got: list[tuple[str, str, str]] = []

    def send(self, destination: str, text: str, *, key: str) -> None:
        self.got.append((destination, text, key))
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


def post(key: str = "code:1", text: str = "验证码 123456", minutes: int = 5) -> int:
    letter = actions.Letter("sms", "sign_in", "13900001111", text)
    return actions.post(letter, key=key, until=NOW + timedelta(minutes=minutes), by=SYSTEM, now=NOW)


def send(way: Told, now: datetime = NOW) -> actions.Outcome:
    """Everything that is due."""
    told = actions.Outcome(0, 0, 0)
    while (handed := actions.hand_over(Ways({"sms": way}), by=SYSTEM, now=now)) is not None:
        came = actions.settle([handed], by=SYSTEM, now=now)
        told = actions.Outcome(*(before + more for before, more in zip(told, came, strict=True)))
    return told


def test_a_message_goes_once_and_leaves_nothing_of_what_it_said() -> None:
    number = post()
    row = Message.objects.get()
    assert str(row.destination) == "139****1111"
    assert b"13900001111" not in row.destination.envelope  # type: ignore[union-attr]
    way = Told()
    assert send(way) == (1, 0, 0)
    assert way.got == [("13900001111", "验证码 123456", "code:1")]
    assert send(way) == (0, 0, 0)
    row = Message.objects.get(pk=number)
    assert (row.state, row.destination, row.text, row.attempts, row.sent_at) == ("sent", None, None, 1, NOW)
    assert AuditEntry.objects.filter(act="message.post", subject=f"message:{number}").count() == 1


def test_the_same_key_is_the_same_message() -> None:
    assert post() == post(text="something else")
    assert Message.objects.count() == 1


def test_a_gateway_that_is_down_is_asked_again_with_the_same_key_and_longer_pauses() -> None:
    post(minutes=60)
    way = Told(*(Undelivered("http 503", again=True) for _time in range(4)))
    now, pauses = NOW, (5, 20, 60, 180)
    for seconds in pauses:
        assert send(way, now) == (0, 1, 0)
        assert send(way, now + timedelta(seconds=seconds - 1)) == (0, 0, 0), "not before its time"
        now += timedelta(seconds=seconds)
    assert send(way, now) == (1, 0, 0)
    assert {key for _to, _text, key in way.got} == {"code:1"}
    assert len(way.got) == 5


def test_after_five_attempts_or_a_flat_no_it_is_given_up_and_emptied() -> None:
    post(minutes=60)
    now, way = NOW, Told(*(Undelivered("unreachable", again=True) for _time in range(9)))
    for _attempt in range(5):
        send(way, now)
        now += timedelta(minutes=4)
    assert (len(way.got), Message.objects.get().state, Message.objects.get().text) == (5, "failed", None)
    post("code:2", minutes=60)
    assert send(Told(Undelivered("http 400", again=False))) == (0, 0, 1)
    assert Message.objects.get(key="code:2").trouble == "http 400"


def test_what_is_of_no_more_use_is_not_sent() -> None:
    post()
    way = Told()
    send(way, NOW + timedelta(minutes=5))
    assert actions.release(by=SYSTEM, now=NOW + timedelta(minutes=5)).expired == 1
    assert (way.got, Message.objects.get().state, Message.objects.get().destination) == ([], "expired", None)


def test_of_two_senders_one_writes_down_what_came_of_it() -> None:
    post()
    first, second = (actions.hand_over(Ways({"sms": Told()}), by=SYSTEM, now=NOW) for _sender in range(2))
    assert first is not None and second is not None
    assert actions.settle([first], by=SYSTEM, now=NOW) == (1, 0, 0)
    late = second._replace(trouble="http 500", again=True)
    assert actions.settle([late], by=SYSTEM, now=NOW) == (0, 0, 0)
    assert Message.objects.get().state == "sent"


def test_old_news_is_forgotten_after_half_a_year() -> None:
    post()
    assert actions.forget_old(by=SYSTEM, now=NOW + timedelta(days=179)) == 0
    assert actions.forget_old(by=SYSTEM, now=NOW + timedelta(days=181)) == 1


def test_only_a_demonstration_shows_what_a_message_says(settings: Settings) -> None:
    number = post()
    with pytest.raises(Refused):
        actions.text_of(number, by=SYSTEM)
    settings.DEMO = True
    assert actions.text_of(number, by=SYSTEM) == "验证码 123456"


def test_the_console_masks_the_number(capsys: pytest.CaptureFixture[str]) -> None:
    Console("sms").send("13900001111", "验证码", key="k")
    assert capsys.readouterr().out == "SMS 139****1111 验证码\n"


class Provider(BaseHTTPRequestHandler):
    """A gateway next door."""

    answers: list[int] = []
    got: list[tuple[dict[str, Any], str, str]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.got.append((body, self.headers["Authorization"], self.headers["Idempotency-Key"]))
        self.send_response(self.answers.pop(0))
        self.end_headers()

    def log_message(self, *told: object) -> None:
        """Quiet."""


@pytest.fixture
def provider() -> Iterator[str]:
    Provider.answers, Provider.got = [], []
    server = HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sms"
    server.shutdown()
    server.server_close()


def test_a_gateway_is_given_number_text_key_and_token(provider: str, settings: Settings) -> None:
    settings.SMS, settings.SMS_TOKEN = provider, "secret"
    Provider.answers = [202]
    adapters.way("sms").send("13900001111", "验证码 123456", key="code:9")
    assert Provider.got == [
        ({"to": "13900001111", "text": "验证码 123456", "key": "code:9"}, "Bearer secret", "code:9")
    ]


@pytest.mark.parametrize(
    ("status", "again"), [(400, False), (404, False), (408, True), (429, True), (500, True), (503, True)]
)
def test_what_a_gateway_says_decides_whether_to_try_again(provider: str, status: int, again: bool) -> None:
    Provider.answers = [status]
    with pytest.raises(Undelivered) as told:
        Gateway(provider, "").send("13900001111", "x", key="k")
    assert (told.value.again, told.value.why) == (again, f"http {status}")


def test_a_gateway_that_is_not_there_is_tried_again(provider: str) -> None:
    with pytest.raises(Undelivered) as told:
        Gateway("http://127.0.0.1:1/sms", "").send("13900001111", "x", key="k")
    assert (told.value.again, told.value.why) == (True, "unreachable")


def test_without_a_way_out_the_operator_is_told(settings: Settings) -> None:
    settings.SMS = ""
    with pytest.raises(Refused, match="UNIONHALL_SMS"):
        adapters.way("sms")


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_what_lies_there_and_sweeps_the_door(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SMS = "console"
    now = timezone.now()
    actions.post(actions.Letter("sms", "sign_in", "13900001111", "验证码 123456"), key="code:1", until=now + timedelta(minutes=5),
                 by=SYSTEM, now=now)  # fmt: skip
    for task in (outbox.send, doors.tidy):
        enqueue(task, by=SYSTEM, title="测试")
    assert run_until_empty() == 2
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert Message.objects.get().state == "sent"
    assert "SMS 139****1111 验证码 123456" in capsys.readouterr().out
    assert "123456" not in str(list(Job.objects.values()))


def test_an_operator_sees_what_waits_and_why_the_last_ones_did_not_go(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SMS = "console"
    post("code:1")
    send(Told(Undelivered("http 403", again=False)))
    post("code:2", minutes=60)
    send(Told(Undelivered("http 503", again=True)))
    with pytest.raises(SystemExit) as ended:
        main(["outbox"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert "短信：待发 1，未能发出 1\n" in said and "微信：没有消息（没有设置 UNIONHALL_WECHAT）" in said
    assert "✗" in said and "sign_in 试过 1 次" in said and "http 403" in said
    assert "等得最久的" in said and "http 503" in said
    assert "13900001111" not in said and "123456" not in said
