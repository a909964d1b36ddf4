"""How long one stays in: idle and absolute limits, by a clock the test moves."""

import sqlite3
import time
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from tests import world
from tests.access_entry.cast import Clock, staff
from unionhall.access import standing
from unionhall.access.actions import codes, sessions
from unionhall.access.models import Session, WorkerAccount
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.models import Account
from unionhall.people.models import Person
from unionhall.web import browsers
from unionhall.web.sessions import SEEN_EVERY, SessionStore


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def account(db: None) -> Account:
    return staff()


def a_worker(clock: Clock) -> Account:
    person, _number, _mobile = world.a_person("李秀英")
    account = Account.objects.create(username=f"worker:{person}", name="李**", password="!")
    WorkerAccount.objects.create(account=account, person_id=person, created_at=clock.now, seen_at=clock.now)
    return account


def still_in(client: Client) -> bool:
    return client.get("/my-sign-in/").status_code == 200


def test_staff_are_out_after_half_an_hour_of_nothing(client: Client, account: Account, clock: Clock) -> None:
    client.force_login(account)
    clock.forward(minutes=29, seconds=59)
    assert still_in(client)
    clock.forward(minutes=29, seconds=59)
    assert still_in(client), "used in between"
    clock.forward(minutes=30)
    assert not still_in(client)


def test_use_within_the_minute_is_not_written_down_and_never_adds_time(
    client: Client, account: Account, clock: Clock
) -> None:
    client.force_login(account)
    clock.forward(seconds=SEEN_EVERY.total_seconds() - 1)
    with CaptureQueriesContext(connection) as asked:
        assert still_in(client)
    assert not [query for query in asked if query["sql"].startswith("UPDATE")]
    clock.forward(minutes=29, seconds=1)
    assert not still_in(client), "a minute early at most, never late"


def test_staff_are_out_after_twelve_hours_whatever_they_do(client: Client, account: Account, clock: Clock) -> None:
    client.force_login(account)
    for _round in range(12 * 3 - 1):
        clock.forward(minutes=20)
        assert still_in(client)
    assert client.post("/sign-in/again/", {"password": "correct horse 5 battery"}).status_code == 302
    clock.forward(minutes=19, seconds=59)
    assert still_in(client), "the password given again is a new key, not new time"
    clock.forward(seconds=1)
    assert not still_in(client)


def test_workers_stay_a_week_of_nothing_and_thirty_days(client: Client, db: None, clock: Clock) -> None:
    worker = a_worker(clock)
    client.force_login(worker)
    for _round in range(4):
        clock.forward(days=6, hours=23)
        assert still_in(client)
    clock.forward(days=2, hours=3, minutes=59)
    assert still_in(client)
    clock.forward(minutes=1)
    assert not still_in(client)
    client.force_login(worker)
    clock.forward(days=7)
    assert not still_in(client)


def test_a_page_asks_one_query_for_its_session(client: Client, account: Account) -> None:
    client.force_login(account)
    with CaptureQueriesContext(connection) as asked:
        assert still_in(client)
    assert (
        len([query for query in asked if "access_session" in query["sql"] and 'session"."key" =' in query["sql"]]) == 1
    )


def test_the_table_of_sessions_opens_nothing(client: Client, account: Account) -> None:
    client.force_login(account)
    cookie = client.cookies[configured.SESSION_COOKIE_NAME].value
    row = Session.objects.get()
    assert cookie.encode() not in bytes(row.key) + row.data.encode()
    thief = Client()
    thief.cookies[configured.SESSION_COOKIE_NAME] = bytes(row.key).hex()
    assert not still_in(thief)


def test_a_signed_out_session_is_not_written_back(account: Account) -> None:
    """Two requests at once: one signs out, the other, still running, changes something in its session."""
    first = SessionStore()
    first["n"] = 1
    first.save()
    second = SessionStore(first.session_key)
    assert second["n"] == 1
    first.flush()
    second["n"] = 2
    with pytest.raises(UpdateError):
        second.save()
    assert not Session.objects.exists()


def test_what_is_over_is_swept_away_and_nothing_else(client: Client, account: Account, clock: Clock) -> None:
    client.force_login(account)
    clock.forward(minutes=31)
    other = Client()
    other.force_login(account)
    codes.ask(world.a_mobile(1), "b", "203.0.113.1", by=SYSTEM, now=clock.now - timedelta(minutes=6))
    assert sessions.sweep(by=SYSTEM, now=clock.now) == 2
    assert still_in(other)


def test_who_was_merged_into_another_comes_in_as_the_other(client: Client, here: world.World, clock: Clock) -> None:
    worker = a_worker(clock)
    kept = world.a_member(here, "李秀英")
    Person.objects.filter(pk=worker.worker.person_id).update(merged_into=kept.person)
    client.force_login(worker)
    assert "石桥东社区联合工会" in client.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", "nonsense", ""),
        ("127.0.0.1", "", "127.0.0.1"),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "", "203.0.113.5"),
    ],
)
def test_where_a_request_comes_from_only_a_proxy_of_ours_may_say(remote: str, forwarded: str, address: str) -> None:
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert browsers.address_of(RequestFactory().get("/", REMOTE_ADDR=remote, **more)) == address


def test_an_address_is_shown_masked() -> None:
    assert browsers.masked("203.0.113.5") == "203.0.113.*"
    assert browsers.masked("2001:db8:1:2::/64") == "2001:db8:*"
    assert browsers.masked("") == ""


def test_the_cookie_of_staff_goes_with_the_window_and_is_no_script_s(
    client: Client, account: Account, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "offered"
    client.post("/sign-in/", {"username": "zhoumin", "password": "correct horse 5 battery"})
    cookie = client.cookies[configured.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="elsewhere a writer holds up nobody but who wants the same row"
)
def test_a_page_does_not_wait_for_an_import_to_note_that_it_was_opened(clock: Clock) -> None:
    client, account = Client(), staff()
    client.force_login(account)
    clock.forward(minutes=2)
    seen = Session.objects.get().seen
    importing = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    importing.execute("BEGIN IMMEDIATE")
    began = time.perf_counter()
    assert still_in(client)
    assert time.perf_counter() - began < 5, "the database waits half a minute for a writer"
    importing.execute("ROLLBACK")
    importing.close()
    assert Session.objects.get().seen == seen
    assert still_in(client)
    assert Session.objects.get().seen == clock.now, "noted by the next"
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] == 30_000, "others wait as before"


def test_a_real_district_is_told_when_it_only_offers_devices(settings: Settings) -> None:
    def said() -> list[str]:
        return [one.id or "" for one in standing.check_second_factor()]

    assert said() == []
    settings.SECOND_FACTOR = "offered"
    assert said() == ["unionhall.W020"]
    settings.DEMO = True
    assert said() == []
