"""A worker beside the pages: its task's transaction is open while others look, ask it to stop, or take its job away."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.jobs import errands
from unionhall.jobs import heart, leases, queue
from unionhall.jobs.models import CANCELLED, DONE, RUNNING, WAITING, Job
from unionhall.jobs.queue import enqueue
from unionhall.jobs.worker import Worker, run_until_empty
from unionhall.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _counted(transactional_db: None) -> Iterator[None]:
    errands.seen.clear()
    errands.meanwhile.clear()
    errands.make_table()
    yield
    errands.meanwhile.clear()
    errands.drop_table()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heart, "SECONDS", 0.05)


def elsewhere(what: Callable[[], Any]) -> Any:
    """What somebody else gets, over a connection of their own."""
    found: list[Any] = []

    def look() -> None:
        try:
            found.append(what())
        except Exception as error:  # noqa: BLE001 - raised again where it is asked for
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def watched(number: int) -> Job:
    job = Job.objects.get(pk=number)
    leases.leases().watch([job])
    return job


def until(true: Callable[[], Any], seconds: float = 5) -> Any:
    """The first truth within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError("it never came")


def asked(task: Any, **arguments: Any) -> Job:
    return enqueue(task, by=SYSTEM, title="跑腿", **arguments)


# --- while it runs ----------------------------------------------------------------------------------------------------


def test_progress_is_seen_by_others_while_the_effects_are_not() -> None:
    saw: list[Any] = []

    def look(context: Any) -> None:
        job = elsewhere(lambda: until(lambda: (now := watched(context.job.pk)).done and now))
        saw.append((job.state, job.done, job.total, job.doing, job.share, elsewhere(errands.done)))

    errands.meanwhile.append(look)
    job = asked(errands.interrupted)
    assert Worker().run_one()
    assert saw == [(RUNNING, 1, 3, "第1步", 33, [])]
    assert Job.objects.get(pk=job.pk).state == DONE
    assert len(errands.done()) == 3


def test_somebody_else_stops_it_while_its_transaction_is_open() -> None:
    def stop(context: Any) -> None:
        elsewhere(lambda: queue.cancel(Job.objects.get(pk=context.job.pk), by=SYSTEM))
        until(lambda: context.heart.stop_asked_by is not None)

    errands.meanwhile.append(stop)
    job = asked(errands.interrupted)
    assert Worker().run_one()
    job.refresh_from_db()
    assert (job.state, job.done, errands.done()) == (CANCELLED, 2, [])


def test_a_stop_asked_for_after_the_last_word_still_counts() -> None:
    def stop(context: Any) -> None:
        elsewhere(lambda: queue.cancel(Job.objects.get(pk=context.job.pk), by=SYSTEM))
        until(lambda: context.heart.stop_asked_by is not None)

    errands.meanwhile.append(stop)
    job = asked(errands.interrupted, after=3)
    assert Worker().run_one()
    assert (Job.objects.get(pk=job.pk).state, errands.done()) == (CANCELLED, [])


def test_the_lease_is_renewed_while_a_task_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than the lease, in one silent step; nobody else may take the job."""
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=0.5))
    others: list[Any] = []

    def wait(context: Any) -> None:
        for _ in range(4):
            time.sleep(0.3)
            others.append(elsewhere(lambda: leases.leases().free(Job.objects.filter(state=RUNNING))))

    errands.meanwhile.append(wait)
    job = asked(errands.interrupted)
    assert Worker().run_one()
    assert others == [None] * 4
    assert Job.objects.get(pk=job.pk).state == DONE


# --- the fence --------------------------------------------------------------------------------------------------------


def fallen_silent(monkeypatch: pytest.MonkeyPatch, context: Any) -> None:
    """As if this process had been stopped for longer than its lease: no beat, then somebody else takes the job."""
    context.heart._over.set()
    context.heart._thread.join()
    if connection.vendor == "postgresql":
        elsewhere(
            lambda: Job.objects.filter(pk=context.job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        )
    else:
        monkeypatch.setattr(leases, "LEASE", timedelta(seconds=-1))
        context.heart.beat()
        monkeypatch.setattr(leases, "LEASE", timedelta(seconds=30))


def test_a_worker_overtaken_while_it_only_read_commits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """On either database: the second take is done, the first finds its fence fallen."""
    assert overtaken(monkeypatch) == ["in time"]


def test_without_the_fence_it_would_commit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the test above can fail."""
    monkeypatch.setattr(queue, "held", lambda taken: Job.objects.filter(pk=taken.job))
    assert overtaken(monkeypatch) == ["in time", "in time"]


def overtaken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    def second(context: Any) -> None:
        errands.meanwhile.clear()
        fallen_silent(monkeypatch, context)
        assert elsewhere(lambda: Worker().run_one())

    errands.meanwhile.append(second)
    job = asked(errands.reads_then_writes)
    assert Worker().run_one()
    job.refresh_from_db()
    assert job.attempts == 2
    return [note for _, note in errands.done()]


@pytest.mark.postgres
def test_who_takes_over_ends_what_the_first_keeps_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first had written and not committed; its connection is ended, so that its locks hold up nobody."""

    def second(context: Any) -> None:
        errands.meanwhile.clear()
        fallen_silent(monkeypatch, context)
        assert elsewhere(lambda: Worker().run_one())

    errands.meanwhile.append(second)
    job = asked(errands.interrupted, after=3)
    assert Worker().run_one()
    job.refresh_from_db()
    assert (job.state, job.fence) == (DONE, 2)
    assert [note for _, note in errands.done()] == ["step 1", "step 2", "step 3"]


# --- what else may happen to a worker ---------------------------------------------------------------------------------


def test_a_reading_task_cannot_write_before_it_begins() -> None:
    job = asked(errands.reads_then_writes)
    assert Worker().run_one()
    job.refresh_from_db()
    assert (job.state, job.result) == (DONE, {"refused": True})
    asked(errands.plain)  # the connection writes again
    run_until_empty()
    assert [note for _, note in errands.done()] == ["in time", "done"]


def test_nobody_waits_for_a_task_that_only_reads() -> None:
    """On SQLite a task's transaction is the only writer; a reading one has none yet."""
    errands.meanwhile.append(lambda context: elsewhere(lambda: asked(errands.plain)))
    asked(errands.reads_then_writes)
    assert Worker().run_one()
    assert Job.objects.filter(state=WAITING).count() == 1


def test_told_to_end_it_gives_the_task_a_while_then_hands_the_job_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionhall.jobs.worker.GRACE", 0.3)
    job, worker = asked(errands.slow), Worker()
    threading.Timer(0.2, worker.stop).start()
    began = time.monotonic()
    assert worker.run_one()
    assert time.monotonic() - began < 2
    job.refresh_from_db()
    assert (job.state, job.attempts, errands.done()) == (WAITING, 0, [])


def test_told_to_end_it_lets_a_short_task_end(monkeypatch: pytest.MonkeyPatch) -> None:
    job, worker = asked(errands.slow, seconds=0.5), Worker()
    threading.Timer(0.2, worker.stop).start()
    assert worker.run_one()
    assert Job.objects.get(pk=job.pk).state == DONE


def test_a_job_nobody_survives_is_given_up_after_five_takes() -> None:
    job = asked(errands.plain)
    for take in range(1, queue.ATTEMPTS + 1):
        taken = queue.take("doomed")
        assert taken is not None and taken.fence == take
        died(taken)
    assert queue.take("the next") is None
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", queue.GIVEN_UP)
    assert errands.done() == []


def test_a_task_that_hangs_takes_its_worker_down_and_the_job_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own, which is gone afterwards: the effects roll back, the lease falls."""
    job = asked(errands.hangs)
    connection.close()
    pid = os.fork()
    if pid == 0:
        heart.LONGEST = 0.3
        Worker().run_one()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == heart.HUNG
    job.refresh_from_db()
    assert (job.state, errands.done()) == (RUNNING, [])
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))  # PostgreSQL waits for it
    assert queue.take("the next") is not None


def died(taken: leases.Taken) -> None:
    """As kill -9 leaves a job: the lock falls with the process, the lease some time later."""
    if taken.descriptor is not None:
        os.close(taken.descriptor)
    Job.objects.filter(pk=taken.job).update(lease_until=timezone.now() - timedelta(seconds=1))
