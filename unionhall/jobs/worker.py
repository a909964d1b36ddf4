"""The worker: takes jobs one by one, runs them, and writes what became of each.

The task's effects and "done" commit together or not at all. What may pass (the database away, a deadlock) is tried
again later, at most five times; what a rule refuses is told to the person at once; anything else is our fault, and
leaves a number in the log and on the page.
"""

import logging
import os
import signal
import socket
import time
import traceback
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop as _
from django_tasks.base import Task

from unionhall.jobs import queue
from unionhall.jobs.arguments import hushed
from unionhall.jobs.backend import result_of
from unionhall.jobs.context import Context, read_only, shown
from unionhall.jobs.heart import Cancelled, Heart, Interrupted
from unionhall.jobs.leases import Taken
from unionhall.jobs.models import DONE, FAILED, WAITING, Job
from unionhall.kernel.errors import NotYours, Refused

log = logging.getLogger("unionhall.jobs")

IDLE = 0.5
"""Seconds between two looks into an empty queue."""
GRACE = 10.0
"""Seconds a running task is given to end when the worker has to stop; then its next word about progress is its last."""
BEYOND_REACH = _("您现在的岗位办不了这件事，或者记录已不在您的范围内。")
LATER = _("暂时没有办成，稍后自动再试。")
OUR_FAULT = _("系统出了差错，这不是您的问题。请联系系统管理员，报上这项任务的编号。")
_MAY_PASS = {"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_PROTOCOL"}


class Worker:
    """One process's loop. `alone`: without the thread that renews leases, for tests and whoever drains the queue once."""

    def __init__(self, *, alone: bool = False) -> None:
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}"
        self.alone = alone
        self.stopping: float | None = None

    def stop(self, *signalled: object) -> None:
        """Take no more jobs; the one in hand may end within GRACE."""
        self.stopping = self.stopping or time.monotonic()

    def run(self, parent: int | None = None) -> None:
        """Work until told to stop (SIGTERM, SIGINT), or until `parent`, who started this process, is gone."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while self.stopping is None and (parent is None or os.getppid() == parent):
            try:
                worked = self.run_one()
            except (OperationalError, InterfaceError) as away:
                log.warning("the database does not answer (%s); trying again", type(away).__name__)
                connection.close()
                worked = False
            close_old_connections()
            if not worked and self.stopping is None:
                time.sleep(IDLE)

    def run_one(self) -> bool:
        """Take and run one job; False when nothing is due."""
        taken = queue.take(self.name)
        if taken is None:
            return False
        with Heart(taken, alone=self.alone, ending=self._out_of_time) as heart:
            self.work(taken, heart)
        return True

    def work(self, taken: Taken, heart: Heart) -> None:
        """Run the task and settle it; every error ends here."""
        job = Job.objects.select_related("account").get(pk=taken.job)
        try:
            self._perform(job, taken, heart)
        except queue.Lost:
            log.warning("job %s: another worker holds it by now; nothing of take %s stays", taken.job, taken.fence)
        except Exception as error:  # noqa: BLE001 - the one place where any error ends
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            try:
                if isinstance(error, Cancelled):
                    queue.stopped(taken, heart.stop_asked_by)
                else:
                    state, values = _outcome(error, job, taken)
                    queue.settle(taken, state, **values)
            except queue.Lost:
                log.warning("job %s: another worker holds it by now", taken.job)

    def _perform(self, job: Job, taken: Taken, heart: Heart) -> None:
        heart.beat()
        heart.check()
        task: Task[Any, Any] = import_string(job.task)
        reading = job.queue == queue.READING
        heart.hushed = reading and heart.alone
        try:
            with ExitStack() as effects:
                context = Context(task_result=result_of(job, task), job=job, heart=heart, effects=effects, made={})
                if reading:
                    read_only(True)
                else:
                    context.begin()
                returned = task.func(*((context,) if task.takes_context else ()), **job.arguments)
                context.begin()
                heart.check()
                made = {name: value for name, value in context.made.items() if name != "begun"}
                queue.settle(taken, DONE, result=shown(returned), message="", **made)
        finally:
            if reading and connection.connection is not None:
                read_only(False)

    def _out_of_time(self) -> bool:
        return self.stopping is not None and time.monotonic() - self.stopping > GRACE


def run_until_empty(limit: int = 1_000) -> int:
    """Do everything that is due, here and now; how many jobs that was. For tests, and `unionhall work --once`."""
    worker = Worker(alone=True)
    done = 0
    while done < limit and worker.run_one():
        done += 1
    return done


def _outcome(error: Exception, job: Job, taken: Taken) -> tuple[str, dict[str, Any]]:
    """State and columns of a job whose task raised this."""
    if isinstance(error, Interrupted):
        return WAITING, {"attempts": taken.attempt - 1, "run_after": timezone.now()}
    if isinstance(error, Refused):
        return FAILED, {"message": hushed(error.message)[:500]}
    if isinstance(error, NotYours):
        return FAILED, {"message": BEYOND_REACH}
    if may_pass(error) and taken.attempt < queue.ATTEMPTS:
        _write_down(error, job, logging.WARNING)
        wait = timedelta(seconds=min(600, 5 * 3 ** (taken.attempt - 1)))
        return WAITING, {"run_after": timezone.now() + wait, "message": LATER}
    _write_down(error, job, logging.ERROR)
    return FAILED, {"message": OUR_FAULT}


def may_pass(error: Exception) -> bool:
    """Is it worth trying again: the database was busy, away or deadlocked?"""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    name = getattr(error.__cause__, "sqlite_errorname", None)
    return name is None or any(name.startswith(one) for one in _MAY_PASS)


def _write_down(error: Exception, job: Job, level: int) -> None:
    """Where it happened and what kind of error it was. Not its text: a database quotes the row it refuses."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.log(level, "%s job %s %s: %s\n%s", job.trace, job.pk, job.task, type(error).__name__, frames)
