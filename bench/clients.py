"""Client processes let go at once, and what each of their threads does: what bench.rush and bench.matters share.

This side starts `python -m MODULE …`; the other, in that process, calls `at_work`. A client says "ready" once it stands, waits
for "go", and writes its results as one line of JSON.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from typing import Any


def started(module: str, arguments: Sequence[object], items: Sequence[int], file: Path) -> "subprocess.Popen[str]":
    """A client process with its share of the items, not let go yet."""
    file.write_text(json.dumps(items))
    command = [sys.executable, "-m", module, *map(str, arguments), str(file)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_ready(clients: Sequence["subprocess.Popen[str]"]) -> None:
    for one in clients:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"


def go(clients: Sequence["subprocess.Popen[str]"]) -> None:
    for one in clients:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()


def let_go(module: str, arguments: Sequence[object], items: Sequence[int], processes: int) -> list[Any]:
    """Share the items among so many processes, let all of them go at once; what each of them told."""
    with tempfile.TemporaryDirectory() as there:
        clients = [started(module, arguments, items[at::processes], Path(there) / f"{at}") for at in range(processes)]
        wait_ready(clients)
        go(clients)
        told = []
        for one in clients:
            assert one.stdout is not None
            told.append(json.loads(one.stdout.readline()))
            if one.wait() != 0:
                raise SystemExit("a client failed")
        return told


def at_work(doings: Sequence[Callable[[int], None]], items: Sequence[int]) -> None:
    """In the client: wait for "go", then let each doing work through its share in a thread of its own. What fails ends it."""
    failed: list[Exception] = []

    def work(part: Sequence[int], do: Callable[[int], None]) -> None:
        try:
            for item in part:
                do(item)
        except Exception as error:
            failed.append(error)
            raise

    print("ready", flush=True)
    sys.stdin.readline()
    threads = [Thread(target=work, args=(items[at :: len(doings)], do)) for at, do in enumerate(doings)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failed:
        raise SystemExit(repr(failed[0]))
