"""Many write at once: the chain has every entry once, in an order its seals prove; nothing waits behind a slow action."""

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests import world
from tests.world import World
from unionhall.access import reveal
from unionhall.access.models import AccessRow
from unionhall.jobs.sealing import SEALED
from unionhall.journal import audit, chain, walk
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.actions import rename
from unionhall.organisations.models import Union

pytestmark = [pytest.mark.django_db(transaction=True)]
THREADS, EACH = 16, 25


def _at_once(count: int, work: Callable[[int], None]) -> None:
    """Run `work(0…count-1)` in threads that start together; what one of them raises is raised."""
    together = threading.Barrier(count)

    def one(number: int) -> None:
        try:
            together.wait(30)
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(one, number) for number in range(count)]:
            done.result(60)


def _faults() -> list[walk.Fault]:
    found = walk.walk()
    return found.faults + [fault for table in SEALED for fault in walk.compare(found, table).faults]


@pytest.mark.postgres
def test_sixteen_writers_make_one_unbroken_chain(here: World) -> None:
    """Rows of their own and one row all of them change; some transactions are taken back."""
    before = AuditEntry.objects.count()

    def write(number: int) -> None:
        by = Actor(number + 1, f"干部{number}")
        for turn in range(EACH):
            with contextlib.suppress(Refused), transaction.atomic():
                shared = Union.objects.select_for_update().get(code="U00")
                Union.objects.filter(pk=shared.pk).update(name=f"{number}-{turn}")
                audit.write("test.shared", by=by, rows=[shared])
                if turn % 5 == 4:
                    raise Refused("taken back")
            with transaction.atomic():
                audit.write("test.own", by=by, note=f"{number}-{turn}")

    _at_once(THREADS, write)
    written = AuditEntry.objects.count() - before
    assert written == THREADS * EACH * 9 // 5
    assert not AuditEntry.objects.filter(place=None).exists()
    places = list(AuditEntry.objects.order_by("place").values_list("place", flat=True))
    assert places == list(range(1, len(places) + 1))
    assert _faults() == []


@pytest.mark.postgres
def test_a_slow_action_keeps_nobody_waiting_and_loses_nothing(here: World) -> None:
    """An entry written in a long transaction is linked when it commits; entries committed meanwhile are linked before."""
    entered, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                audit.write("test.slow", by=SYSTEM)
                entered.set()
                assert go_on.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert entered.wait(30)
    began = time.monotonic()
    for turn in range(20):
        with transaction.atomic():
            audit.write("test.quick", by=SYSTEM, note=str(turn))
    quick = AuditEntry.objects.filter(act="test.quick")
    assert quick.exclude(place=None).count() == 20 and time.monotonic() - began < 10
    go_on.set()
    thread.join(30)
    slow_entry = AuditEntry.objects.get(act="test.slow")
    assert slow_entry.pk < quick.earliest("pk").pk and (slow_entry.place or 0) > (quick.latest("place").place or 0)
    assert _faults() == []


@pytest.mark.postgres
def test_rows_written_while_verify_walks_are_no_findings(here: World) -> None:
    stop = threading.Event()

    def write() -> None:
        try:
            for turn in range(10_000):
                if stop.is_set():
                    return
                rename("W0201", f"石桥东{turn}", on=world.TODAY, by=SYSTEM)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        found = [_faults() for _ in range(5)]
    finally:
        stop.set()
        thread.join(30)
    assert found == [[]] * 5 and AuditEntry.objects.filter(act="place.rename").count() > 5


@pytest.mark.postgres
def test_the_limit_of_a_day_holds_when_one_account_looks_from_many_windows(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reveal, "MOST_A_DAY", 10)
    li, officer = world.a_member(here), world.an_officer("station_worker", here.bridge)
    opened: list[str] = []

    def look(number: int) -> None:
        with contextlib.suppress(Refused):
            opened.append(reveal.reveal("people.person.mobile", li.person, by=officer, purpose=f"回访{number}"))

    _at_once(THREADS, look)
    assert opened == [li.mobile] * 10 and AccessRow.objects.count() == 10


def test_an_entry_whose_process_died_before_the_link_is_linked_by_the_next(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "link_soon", lambda: None)  # dies right after the commit
    with transaction.atomic():
        lost = audit.write("test.lost", by=SYSTEM)
    assert AuditEntry.objects.get(pk=lost).place is None
    monkeypatch.undo()
    with transaction.atomic():
        following = audit.write("test.next", by=SYSTEM)
    places = dict(AuditEntry.objects.filter(pk__in=[lost, following]).values_list("pk", "place"))
    assert places[following] == (places[lost] or 0) + 1
    assert _faults() == []


def test_what_is_rolled_back_was_never_said(here: World) -> None:
    count, anchored = AuditEntry.objects.count(), chain.anchor_path().read_text()
    with transaction.atomic():
        audit.write("test.gone", by=SYSTEM)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == count and chain.anchor_path().read_text() == anchored


def test_one_transaction_is_linked_once_however_much_it_wrote(here: World) -> None:
    lines = len(chain.anchor_path().read_text().splitlines())
    with transaction.atomic():
        for _ in range(5):
            with transaction.atomic():
                audit.write("test.many", by=SYSTEM)
    assert len(chain.anchor_path().read_text().splitlines()) == lines + 1
