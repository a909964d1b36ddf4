"""Who holds a running job, how far it is, and whether it should stop: told outside the job's own transaction.

A task's effects and its "done" are one transaction, so while it runs nobody sees a row it wrote. What must be seen
meanwhile goes another way, which differs by database:

- PostgreSQL: the job's row, over a second connection. The task's transaction touches that row only as its last
  statement, so the two do not wait for each other. Times are the server's: workers may stand on several machines.
- SQLite has one writer, and that is the task for its whole length: a second connection could renew nothing. There every
  take has a small file HOME/jobs/<job>-<fence>, locked by the process that holds the job (flock), with the time until
  which the lease is good and the progress. A killed process loses the lock at once, a stopped one when the time is up.
  A request to stop is a file too. All processes of an embedded installation are on one machine.

A lease only says when somebody else may try. That nothing is done twice is the fence's doing (see queue.py).
"""

import fcntl
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, QuerySet, Value
from django.db.models.functions import Now

from unionhall.jobs.models import RUNNING, Job

LEASE = timedelta(seconds=30)
DOING = 60
_BLOCK = 512


@dataclass(slots=True)
class Taken:
    """A job in the hands of one worker: the take's own number (fence), and how far it says it is."""

    job: int
    fence: int
    attempt: int = 1
    done: int = 0
    total: int = 0
    doing: str = ""
    descriptor: int | None = field(default=None, repr=False)  # the locked file, on SQLite


class Leases(Protocol):
    """See the two below."""

    def take(self, taken: Taken) -> None:
        """Hold it. Inside the transaction that takes the job."""

    def mark(self, taken: Taken) -> None:
        """Say on the task's own connection whose it is, so that the next taker may end it."""

    def evict(self, taken: Taken) -> None:
        """End what the take before this one, whose lease is over, still keeps open in the database."""

    def free(self, jobs: QuerySet[Job]) -> Job | None:
        """Of these running jobs, one that nobody holds any more."""

    def beat(self, taken: Taken) -> bool:
        """Renew it and tell the progress; False when it is somebody else's by now."""

    def stop(self, job: Job, by: int) -> None:
        """Ask whoever runs the job to stop; `by` is the account that asks."""

    def asked_to_stop(self, job: int) -> int | None:
        """The account that asked for the job to stop."""

    def watch(self, jobs: Iterable[Job]) -> None:
        """Put today's progress on the rows of running jobs, and who asked for them to stop."""

    def drop(self, taken: Taken) -> None:
        """Let go, when the outcome is written."""

    def sweep(self) -> None:
        """Take away what takes of jobs that no longer run left behind."""


class RowLeases:
    """On PostgreSQL: columns of the job's own row, by the server's clock."""

    def take(self, taken: Taken) -> None:
        Job.objects.filter(pk=taken.job).update(lease_until=self._until())

    def mark(self, taken: Taken) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, false)", [self._name(taken.job, taken.fence)])

    def evict(self, taken: Taken) -> None:
        # A worker that was stopped in the middle still holds its rows' locks: without this, all would wait for it.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND usename = current_user AND application_name = %s",
                [self._name(taken.job, taken.fence - 1)],
            )

    def free(self, jobs: QuerySet[Job]) -> Job | None:
        return jobs.filter(lease_until__lt=Now()).order_by("lease_until").first()

    def beat(self, taken: Taken) -> bool:
        mine = Job.objects.filter(pk=taken.job, fence=taken.fence, state=RUNNING)
        return bool(
            mine.update(lease_until=self._until(), done=taken.done, total=taken.total, doing=taken.doing[:DOING])
        )

    def stop(self, job: Job, by: int) -> None:
        Job.objects.filter(pk=job.pk, state=RUNNING).update(cancelled_by=by)

    def asked_to_stop(self, job: int) -> int | None:
        return Job.objects.filter(pk=job).values_list("cancelled_by", flat=True).first()

    def watch(self, jobs: Iterable[Job]) -> None:
        """The rows say it themselves."""

    def drop(self, taken: Taken) -> None:
        """The outcome is in the row."""

    def sweep(self) -> None:
        """Nothing lies outside the rows."""

    @staticmethod
    def _name(job: int, fence: int) -> str:
        return f"unionhall job {job}-{fence}"

    @staticmethod
    def _until() -> Any:
        return ExpressionWrapper(Now() + Value(LEASE), output_field=DateTimeField())


class FileLeases:
    """On SQLite: a locked file a take. Times are of the machine's monotonic clock, which all its processes share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def take(self, taken: Taken) -> None:
        # A file of that number is of a take that never was: its transaction did not end.
        mine = self._file(taken.job, taken.fence)
        mine.unlink(missing_ok=True)
        taken.descriptor = os.open(mine, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(taken.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.beat(taken)
        self._file(taken.job, taken.fence - 1).unlink(missing_ok=True)

    def mark(self, taken: Taken) -> None:
        """Nothing can be ended from outside a process here; a stopped one that is writing holds up every writer."""

    def evict(self, taken: Taken) -> None:
        """See `mark`."""

    def free(self, jobs: QuerySet[Job]) -> Job | None:
        return next((job for job in jobs if not self._stands(job)), None)

    def beat(self, taken: Taken) -> bool:
        if taken.descriptor is None or not os.fstat(taken.descriptor).st_nlink:
            return False
        until = time.monotonic() + LEASE.total_seconds()
        said = {"until": until, "done": taken.done, "total": taken.total, "doing": taken.doing[:DOING]}
        os.pwrite(taken.descriptor, json.dumps(said, ensure_ascii=False).encode().ljust(_BLOCK), 0)
        return True

    def stop(self, job: Job, by: int) -> None:
        (self.folder / f"{job.pk}.stop").write_text(str(by))

    def asked_to_stop(self, job: int) -> int | None:
        asked = self.folder / f"{job}.stop"
        try:
            return int(asked.read_text() or 0)
        except FileNotFoundError:
            return None

    def watch(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            if job.state == RUNNING:
                said = self._read(job)
                job.done, job.total = int(said.get("done", 0)), int(said.get("total", 0))
                job.doing = str(said.get("doing", ""))
                job.cancelled_by = self.asked_to_stop(job.pk)

    def drop(self, taken: Taken) -> None:
        if taken.descriptor is not None:
            self._file(taken.job, taken.fence).unlink(missing_ok=True)
            (self.folder / f"{taken.job}.stop").unlink(missing_ok=True)
            os.close(taken.descriptor)
            taken.descriptor = None

    def sweep(self) -> None:
        running = {f"{job}-{fence}" for job, fence in Job.objects.filter(state=RUNNING).values_list("pk", "fence")}
        running |= {f"{name.partition('-')[0]}.stop" for name in running}
        for path in self.folder.iterdir():
            if path.name not in running:
                path.unlink(missing_ok=True)

    def _file(self, job: int, fence: int) -> Path:
        return self.folder / f"{job}-{fence}"

    def _read(self, job: Job) -> dict[str, float | str]:
        try:
            said: dict[str, float | str] = json.loads(self._file(job.pk, job.fence).read_text())
        except (FileNotFoundError, ValueError):  # not there yet, or being written this moment
            return {}
        return said

    def _stands(self, job: Job) -> bool:
        try:
            descriptor = os.open(self._file(job.pk, job.fence), os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return float(self._read(job).get("until", 0)) > time.monotonic()
        finally:
            os.close(descriptor)
        return False


@cache
def leases() -> Leases:
    """Those of this installation's database."""
    return RowLeases() if connection.vendor == "postgresql" else FileLeases(Path(settings.HOME) / "jobs")
