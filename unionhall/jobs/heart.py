"""Beside a running task: renews its lease, tells its progress, and hears that it should stop."""

import logging
import os
import threading
import time
from collections.abc import Callable
from types import TracebackType

from django.db import InterfaceError, OperationalError, connection

from unionhall.jobs.leases import Taken, leases
from unionhall.jobs.queue import Lost

SECONDS = 1.0
LONGEST = 2 * 3600.0
"""Seconds a task may run: no task of the house takes a tenth of it, and one that hangs would hold its rows for ever."""
HUNG = 75
"""The exit status of a worker whose task hung (EX_TEMPFAIL)."""
log = logging.getLogger("unionhall.jobs")


class Cancelled(Exception):
    """Somebody asked for the job to stop."""


class Interrupted(Exception):
    """The worker has to end; the job goes back to the others, and this attempt does not count."""


class Heart:
    """Beats every second from a thread with a connection of its own, from after the first second on.

    Without a thread (`alone`) every word about the progress is a beat, on the task's own connection; if that only reads
    (`hushed`), the progress is not told.
    """

    def __init__(self, taken: Taken, *, alone: bool = False, ending: Callable[[], bool] = lambda: False) -> None:
        self.taken = taken
        self.alone = alone
        self.ending = ending
        self.hushed = False
        self.lost = False
        self.stop_asked_by: int | None = None
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "Heart":
        if not self.alone:
            self._thread = threading.Thread(target=self._beat_on, name=f"job-{self.taken.job}", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        leases().drop(self.taken)

    def say(self, done: int, total: int, doing: str) -> None:
        """The task's word about its progress, and its chance to hear that it should stop."""
        self.taken.done, self.taken.total, self.taken.doing = max(0, done), max(0, total), doing
        if self.alone:
            self.beat()
        self.check()

    def check(self) -> None:
        """Raises `Cancelled`, `Lost` or `Interrupted` when the task should not go on."""
        if self.lost:
            raise Lost(self.taken.job)
        if self.stop_asked_by is not None:
            raise Cancelled
        if self.ending():
            raise Interrupted

    def beat(self) -> None:
        """Once."""
        if not self.hushed:
            self.lost = not leases().beat(self.taken)
        self.stop_asked_by = leases().asked_to_stop(self.taken.job)

    def _beat_on(self) -> None:
        end = time.monotonic() + LONGEST
        try:
            while not self._over.wait(SECONDS):
                if time.monotonic() > end:
                    # Nothing reaches a task that hangs, but the end of its process; the job counts one attempt more.
                    log.critical("job %s hangs after %.0f s: the worker ends", self.taken.job, LONGEST)
                    os._exit(HUNG)
                try:
                    self.beat()
                except (OperationalError, InterfaceError):
                    connection.close()  # the lease outlives a short absence of the database; the fence, any
        finally:
            connection.close()
