"""Result files: sealed on disk, handed to their owner, gone in time."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tests import world
from tests.exchange.sheets import roster_rows, write_roster
from tests.jobs import errands
from unionhall.exchange.run import run_import
from unionhall.exchange.templates import by_name
from unionhall.jobs import files, queue
from unionhall.jobs.leases import FileLeases, Taken
from unionhall.jobs.models import DONE, RUNNING, WAITING, Job
from unionhall.jobs.periodic import PERIODIC, plan
from unionhall.jobs.queue import enqueue
from unionhall.jobs.tasks import seals, upkeep
from unionhall.jobs.upkeep import sweep_scratch, sweep_up
from unionhall.jobs.worker import run_until_empty
from unionhall.journal import audit
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.keys import SealBroken

pytestmark = pytest.mark.usefixtures("counted")


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")


def made(kilobytes: int = 1) -> Job:
    job = enqueue(errands.makes_a_file, by=SYSTEM, title="导出", kilobytes=kilobytes)
    run_until_empty()
    job.refresh_from_db()
    assert job.state == DONE
    return job


def test_a_file_comes_back_as_it_was_and_lies_sealed_under_a_random_name() -> None:
    job = made(kilobytes=2_500)
    content = b"".join(files.opened_file(job))
    assert content == b"13912345678\n" + b"x" * 1024 * 2_500
    assert (job.file_name, job.file_size) == ("名册.txt", len(content))
    stored = (files.folder() / job.file).read_bytes()
    assert re.fullmatch("[0-9a-f]{32}", job.file)
    assert b"13912345678" not in stored and b"xxxxxxxx" not in stored
    assert (files.folder() / job.file).stat().st_mode & 0o777 == 0o600


def test_an_empty_file_is_a_file() -> None:
    row = enqueue(errands.plain, by=SYSTEM, title="x")
    told = files.seal(row.pk, "空.txt", b"")
    assert b"".join(files.opened_file(Job(pk=row.pk, file=told["file"]))) == b""


def cut(stored: bytes) -> bytes:
    """Without its last piece, at a piece's very end."""
    length, _ = files._LENGTH.unpack(stored[:5])
    return stored[: 5 + length]


def swapped(stored: bytes) -> bytes:
    """The first two pieces exchanged."""
    length, _ = files._LENGTH.unpack(stored[:5])
    first = stored[: 5 + length]
    second = stored[5 + length : 2 * (5 + length)]
    return second + first + stored[2 * (5 + length) :]


@pytest.mark.parametrize(
    "tamper",
    [cut, swapped, lambda stored: stored[:-1], lambda stored: stored[:40] + bytes([stored[40] ^ 1]) + stored[41:],
     lambda stored: b"", lambda stored: cut(stored)[:4] + b"\1" + cut(stored)[5:]],
)  # fmt: skip
def test_a_changed_file_does_not_open(tamper: Callable[[bytes], bytes]) -> None:
    job = made(kilobytes=2_500)
    path = files.folder() / job.file
    path.write_bytes(tamper(path.read_bytes()))
    with pytest.raises(SealBroken):
        b"".join(files.opened_file(job))


def test_a_file_put_under_another_job_does_not_open() -> None:
    mine, other = made(), made()
    with pytest.raises(SealBroken):
        list(files.opened_file(Job(pk=other.pk, file=mine.file)))


def test_the_scratch_folder_goes_with_the_task() -> None:
    made()
    (folder,) = errands.seen
    assert not folder.exists()


def test_what_a_killed_worker_left_in_memory_is_swept_and_what_is_in_use_is_not() -> None:
    dead, alive = (files.memory() / f"{files.scratch_prefix()}{number}-abc" for number in (999_999, 999_998))
    for folder in (dead, alive):
        folder.mkdir()
    Job.objects.create(pk=999_998, task="x", title="x", trace="x", state=RUNNING, run_after=timezone.now())
    sweep_scratch()
    assert (dead.exists(), alive.exists()) == (False, True)
    alive.rmdir()


def age(job: Job, days: float) -> None:
    Job.objects.filter(pk=job.pk).update(ended_at=timezone.now() - timedelta(days=days))


def test_files_go_after_seven_days_and_rows_after_half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    week, fresh, old = made(), made(), made()
    age(week, 7.1)
    age(fresh, 6.9)
    age(old, 181)
    monkeypatch.setattr("unionhall.jobs.upkeep.ORPHANS_KEPT", -1)
    sweep_up()
    assert set(Job.objects.values_list("pk", flat=True)) == {week.pk, fresh.pk}
    week.refresh_from_db()
    assert week.file == ""
    assert {path.name for path in files.folder().iterdir()} == {fresh.file}


def test_a_file_whose_row_is_not_written_yet_is_left_alone() -> None:
    files.seal(1, "x", b"x")
    sweep_up()
    assert len(list(files.folder().iterdir())) == 1


def test_leases_of_jobs_that_no_longer_run_are_swept(tmp_path: Path) -> None:
    leases = FileLeases(tmp_path / "jobs")
    running = Job.objects.create(task="x", title="x", trace="x", state=RUNNING, fence=3, run_after=timezone.now())
    kept, gone = Taken(running.pk, 3), Taken(running.pk + 1, 1)
    for taken in (kept, gone):
        leases.take(taken)
    leases.stop(running, by=5)
    leases.sweep()
    assert {path.name for path in (tmp_path / "jobs").iterdir()} == {f"{running.pk}-3", f"{running.pk}.stop"}
    for taken in (kept, gone):
        leases.drop(taken)


# --- what comes round -------------------------------------------------------------------------------------------------


def test_what_comes_round_has_one_row_however_many_workers_start() -> None:
    plan()
    plan()
    assert Job.objects.filter(every__isnull=False).count() == len(PERIODIC)


def test_it_waits_again_when_it_is_done_and_keeps_no_second_row() -> None:
    queue.plan([(3600, upkeep.sweep, "清理")])
    assert run_until_empty() == 1
    assert run_until_empty() == 0
    job = Job.objects.get()
    assert (job.state, job.attempts, job.result) == (WAITING, 0, {"files": 0, "rows": 0, "folders": 0})
    assert (job.run_after - timezone.now()).total_seconds() == pytest.approx(3600, abs=60)


def test_one_that_fails_comes_round_all_the_same() -> None:
    queue.plan([(60, errands.breaks, "会坏的")])
    run_until_empty()
    job = Job.objects.get()
    assert job.state == WAITING and job.message
    assert job.run_after > timezone.now()


def test_what_is_no_longer_listed_goes() -> None:
    queue.plan([(60, errands.breaks, "会坏的"), (60, upkeep.sweep, "清理")])
    queue.plan([(90, upkeep.sweep, "清理")])
    assert list(Job.objects.values_list("title", "every")) == [("清理", 90)]


def test_the_rows_of_a_large_import_are_sealed_by_what_comes_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "SEALED_AT_ONCE", 0)
    world.a_district()
    roster = write_roster(tmp_path / "roster.xlsx", roster_rows(6))
    batch = run_import(by_name("members"), roster, by=SYSTEM).batch
    assert batch in audit.waiting()
    enqueue(seals.seal, by=SYSTEM, title="封存")
    run_until_empty()
    assert audit.waiting() == {}
