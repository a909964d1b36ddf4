"""One worker process beside the pages: started with them, started again when it dies, ended with them."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from unionhall.jobs.worker import GRACE

log = logging.getLogger("unionhall.jobs")

LOOK = 0.5
LONGEST_WAIT = 60.0
"""Seconds before a worker that dies at once is started again; doubled each time from one on."""


@contextmanager
def beside(wanted: bool = True) -> Iterator[None]:
    """A worker runs while the block does. Should this process be killed, the worker notices and ends by itself."""
    if not wanted:
        yield
        return
    over = threading.Event()
    watching = threading.Thread(target=_watch, args=(_start(), over), name="worker", daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join(GRACE + 10)


def _start() -> int:
    """The worker's process id.

    Not subprocess.Popen: it waits on a pipe that a server which forks at that moment keeps open. A process group of its
    own: Ctrl+C at the terminal reaches the pages, which then end the worker.
    """
    command = [sys.executable, "-m", "unionhall", "work", "--child", str(os.getpid())]
    return os.posix_spawn(sys.executable, command, os.environ, setpgroup=0)


def _watch(worker: int, over: threading.Event) -> None:
    wait, began = 1.0, time.monotonic()
    while not over.wait(LOOK):
        status = _ended(worker)
        if status is None:
            continue
        wait = 1.0 if time.monotonic() - began > LONGEST_WAIT else wait
        log.error("the worker ended with %s; another starts in %.0f s", status, wait)
        if over.wait(wait):
            return
        wait = min(LONGEST_WAIT, wait * 2)
        worker, began = _start(), time.monotonic()
    _end(worker)


def _ended(worker: int) -> int | None:
    """Its exit status, or minus the signal that ended it; None while it runs."""
    pid, status = os.waitpid(worker, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def _end(worker: int) -> None:
    """Let it finish what it has in hand, for a while: what it cannot finish rolls back."""
    os.kill(worker, signal.SIGTERM)
    last = time.monotonic() + GRACE + 5
    while _ended(worker) is None:
        if time.monotonic() > last:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
            return
        time.sleep(0.1)
