"""The worker as a process of its own: started with the pages, started again, ended with them; told to end; left alone."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

SUPERVISED = """
import time
from unionhall.jobs.supervision import beside
with beside():
    print("up", flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An installation of its own on SQLite, with its tables; the environment of its processes."""
    there = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    there["UNIONHALL_HOME"] = str(tmp_path_factory.mktemp("home"))
    subprocess.run([sys.executable, "-m", "unionhall", "migrate"], env=there, check=True, capture_output=True)
    return there


@pytest.fixture
def home(installed: dict[str, str]) -> Iterator[dict[str, str]]:
    yield installed
    for pid in workers(installed["UNIONHALL_HOME"]):
        os.kill(pid, signal.SIGKILL)


def workers(home: str | Path) -> list[int]:
    """Living worker processes of this installation, by its home in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            called = (process / "cmdline").read_bytes().split(b"\0")
            around = (process / "environ").read_bytes().split(b"\0")
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if b"work" in called and f"UNIONHALL_HOME={home}".encode() in around and state != "Z":
            found.append(int(process.name))
    return found


def until(true: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError("it never came")


def start(code: str, home: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", f"import django; django.setup(){code}"], env=home | {
        "DJANGO_SETTINGS_MODULE": "unionhall.settings"
    })  # fmt: skip


def test_a_killed_worker_is_started_again_and_the_last_one_ends_with_the_pages(home: dict[str, str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    called = [sys.executable, "-m", "unionhall", "serve", "--port", port, "--workers", "1"]
    pages = subprocess.Popen(called, env=home, start_new_session=True)
    try:
        (first,) = until(lambda: workers(home["UNIONHALL_HOME"]))
        until(lambda: answers(port))  # the pages' own processes are forked by now
        os.kill(first, signal.SIGKILL)
        (second,) = until(lambda: [pid for pid in workers(home["UNIONHALL_HOME"]) if pid != first], 10)
        assert second != first
        pages.send_signal(signal.SIGTERM)
        pages.wait(30)
        until(lambda: not workers(home["UNIONHALL_HOME"]), 5)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pages.pid, signal.SIGKILL)


def answers(port: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=1):
            return True
    except OSError:
        return False


def test_a_worker_whose_pages_were_killed_ends_by_itself(home: dict[str, str]) -> None:
    pages = start(SUPERVISED, home)
    until(lambda: workers(home["UNIONHALL_HOME"]))
    pages.kill()
    pages.wait()
    until(lambda: not workers(home["UNIONHALL_HOME"]))


def test_a_worker_told_to_end_ends_well(home: dict[str, str]) -> None:
    worker = subprocess.Popen([sys.executable, "-m", "unionhall", "work"], env=home)
    until(lambda: catches(worker.pid, signal.SIGTERM))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0


def catches(pid: int, number: int) -> bool:
    """Has this process said what to do on this signal? Before, it simply ends."""
    told = Path(f"/proc/{pid}/status").read_text()
    (mask,) = (line.split()[1] for line in told.splitlines() if line.startswith("SigCgt:"))
    return bool(int(mask, 16) >> (number - 1) & 1)


def test_once_does_what_is_due_and_ends(home: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "unionhall", "work", "--once"], env=home, check=True, capture_output=True, text=True
    )
    assert "项任务" in done.stdout
