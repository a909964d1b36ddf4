"""Nothing passes that should not, however many ask at the same moment: real processes, on whichever database this run is."""

import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.utils import timezone

from tests import world
from tests.access_entry.bursts import burst
from tests.access_entry.cast import PASSWORD, code_of, staff, with_device
from unionhall.access.actions import codes, passwords, second, tries
from unionhall.access.models import OneTimeCode, SecondFactor, Tries
from unionhall.kernel.actor import SYSTEM
from unionhall.messages.models import Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_five_passwords_and_no_sixth_in_a_burst_of_thirty_two_over_four_processes() -> None:
    staff()

    def guess(number: int) -> bool:
        proof = passwords.prove_password(
            "zhoumin", f"guess {number}", f"203.0.{number}.1", by=SYSTEM, now=timezone.now()
        )
        return proof.wait == 0

    checked = burst(guess, processes=4, threads=8)
    assert sum(checked) == 5, checked
    assert sum(burst(guess, processes=4, threads=8)) == 0


def test_counted_only_after_the_check_more_get_through() -> None:
    """The control: what sign-ins usually do, and what the burst above would catch."""
    account = staff()

    def guess(number: int) -> bool:
        row = Tries.objects.filter(kind="naive", key=b"k").first()
        if row is not None and len(row.times) >= 5:
            return False
        check_password(f"guess {number}", account.password)
        row, _new = Tries.objects.get_or_create(kind="naive", key=b"k", defaults={"latest": timezone.now()})
        row.times.append(number)
        row.save()
        return True

    assert sum(burst(guess, processes=4, threads=8)) > 5


def test_the_right_password_within_the_burst_is_found_only_among_the_five() -> None:
    staff()
    now = timezone.now()

    def guess(number: int) -> tuple[bool, bool]:
        proof = passwords.prove_password(
            "zhoumin", PASSWORD if number == 31 else "wrong", f"198.51.{number}.1", by=SYSTEM, now=now
        )
        return proof.wait == 0, proof.account is not None

    found = burst(guess, processes=4, threads=8)
    checked, right = sum(one for one, _ in found), sum(one for _, one in found)
    # A success forgets the failures before it, so at most five more were checked after it.
    assert checked <= (10 if right else 5)


def test_an_address_tries_fifty_names_in_a_quarter_of_an_hour_and_no_more() -> None:
    now = timezone.now()

    def spray(number: int) -> int:
        return sum(
            tries.reserve(passwords.ADDRESS, "203.0.113.5", by=SYSTEM, now=now + timedelta(seconds=n)).passed
            for n in range(30)
        )

    assert sum(burst(spray, processes=4)) == 50
    assert tries.reserve(passwords.ADDRESS, "203.0.113.6", by=SYSTEM, now=now).passed, "another address is another's"
    early = passwords.prove_password("anybody", "x", "203.0.113.5", by=SYSTEM, now=now + timedelta(minutes=14))
    assert early.wait > 0
    assert passwords.prove_password("anybody", "x", "203.0.113.5", by=SYSTEM, now=now + timedelta(minutes=16)).wait == 0


def test_one_of_six_processes_with_the_same_code_gets_in() -> None:
    account, now = staff(), timezone.now()
    seed = with_device(account, now - timedelta(minutes=2))
    code = code_of(seed, now)

    def enter(number: int) -> bool:
        return second.prove(account.pk, code, by=SYSTEM, now=now).right

    assert sum(burst(enter, processes=6)) == 1


def test_read_then_written_the_same_code_gets_more_than_one_in() -> None:
    """The control: a device that compares what it read and then saves it."""
    account, now = staff(), timezone.now()
    with_device(account, now - timedelta(minutes=2))
    step = int(now.timestamp()) // 30

    def enter(number: int) -> bool:
        factor = SecondFactor.objects.get(account=account)
        if factor.last_step >= step:
            return False
        time.sleep(0.05)
        factor.last_step = step
        factor.save()
        return True

    assert sum(burst(enter, processes=6)) > 1


def test_one_of_six_processes_with_the_same_recovery_code_gets_in() -> None:
    account, now = staff(), timezone.now()
    with_device(account, now - timedelta(minutes=2))
    second.renew_codes(account.pk, by=account.actor(timezone.localdate()))
    code = second.codes_to_show(account.pk, by=SYSTEM)[0]
    found = burst(lambda number: second.prove(account.pk, code, by=SYSTEM, now=now).right, processes=6)
    assert sum(found) == 1


def a_code(mobile: str, now: datetime) -> int:
    asked = codes.ask(mobile, "browser", "203.0.113.9", by=SYSTEM, now=now)
    assert asked.code is not None
    return asked.code


def test_one_of_six_processes_with_the_same_message_gets_in() -> None:
    _person, _number, mobile = world.a_person("李秀英")
    now = timezone.now()
    number = a_code(mobile, now)
    sent = Message.objects.get()
    assert sent.text is not None
    code = re.findall(r"\d{6}", sent.text.reveal(SYSTEM, "test", lambda *told: None))[0]
    assert sum(burst(lambda n: codes.answer(number, code, "browser", by=SYSTEM, now=now).right, processes=6)) == 1


def test_five_guesses_at_a_message_and_no_sixth() -> None:
    _person, _number, mobile = world.a_person("李秀英")
    now = timezone.now()
    number = a_code(mobile, now)
    answers = burst(lambda n: codes.answer(number, "------", "browser", by=SYSTEM, now=now), processes=4, threads=4)
    assert sum(not answer.wait and not answer.over for answer in answers) == 5
    assert OneTimeCode.objects.get(pk=number).tries == 5
    another = a_code(mobile, now)
    assert codes.answer(another, "------", "browser", by=SYSTEM, now=now).wait, "asking anew gives no new tries"


def apart(name: str, took: Callable[[str], float], known: str, unknown: str, goal: float) -> float:
    """How far the medians of both are apart; said aloud. Another process may add to it for a while, and never takes a
    true difference away: so a round that misses the goal is measured again, three in all, and the nearest counts."""
    nearest = 1.0
    for _round in range(3):
        times: dict[str, list[float]] = {known: [], unknown: []}
        for turn in range(40):
            # Each goes first as often as the other: what comes second finds other caches.
            for one in sorted(times, reverse=turn % 2 == 1):
                Tries.objects.all().delete()
                times[one].append(took(one))
        medians = [statistics.median(times[one]) * 1000 for one in (known, unknown)]
        found = abs(medians[0] - medians[1]) / max(medians)
        sys.stdout.write(
            f"\n{connection.vendor}, {name}: known {medians[0]:.1f} ms, unknown {medians[1]:.1f} ms, apart {found:.1%}\n"
        )
        nearest = min(nearest, found)
        if nearest < goal:
            break
    return nearest


def test_a_name_nobody_has_takes_as_long_as_one_somebody_has() -> None:
    staff()
    now = timezone.now()

    def took(username: str) -> float:
        began = time.perf_counter()
        passwords.prove_password(username, "wrong", "203.0.113.7", by=SYSTEM, now=now)
        return time.perf_counter() - began

    # The goal is a tenth; a busy machine is given twice that.
    assert apart("password", took, "zhoumin", "nobody", 0.2) < 0.2


def test_a_name_that_is_answered_without_a_hash_is_seen_by_that_measure() -> None:
    """The control: what the test above would find if an unknown name were answered at once."""
    account = staff()

    def took(username: str) -> float:
        began = time.perf_counter()
        if username == account.username:
            check_password("wrong", account.password)
        return time.perf_counter() - began

    assert apart("control", took, account.username, "nobody", 0.2) > 0.5


def test_a_mobile_nobody_has_takes_as_long_as_one_somebody_has() -> None:
    _person, _number, mobile = world.a_person("李秀英")
    now = timezone.now()

    def took(mobile: str) -> float:
        began = time.perf_counter()
        codes.ask(mobile, "browser", "203.0.113.7", by=SYSTEM, now=now)
        return time.perf_counter() - began

    assert apart("mobile", took, mobile, world.a_mobile(99_999_999), 0.3) < 0.3
