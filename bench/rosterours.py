"""Our arm of the roster bench: into an empty district, then the same file again."""

import json
import os
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models want Django set up
from django.db import connection, transaction  # noqa: E402
from python_calamine import load_workbook  # noqa: E402

from bench import rosterfile  # noqa: E402
from unionhall.exchange.run import run_import  # noqa: E402
from unionhall.exchange.template import Verdict  # noqa: E402
from unionhall.exchange.templates import by_name  # noqa: E402
from unionhall.journal.models import Line  # noqa: E402
from unionhall.kernel.actor import SYSTEM  # noqa: E402
from unionhall.kernel.keys import create_keys  # noqa: E402
from unionhall.organisations.models import Employer, Union  # noqa: E402
from unionhall.people.models import Membership, Person  # noqa: E402
from unionhall.storage import bulk  # noqa: E402
from unionhall.storage.loading import into_empty  # noqa: E402


def ours(home: Path, url: str, rows: int) -> dict[str, float]:
    _district(home)
    found = {}
    peaks: list[float] = []
    for name in ("ours", "again"):
        started = time.perf_counter()
        outcome = run_import(
            by_name("members"), home / "roster.xlsx", by=SYSTEM, progress=lambda _: peaks.append(_children_peak())
        )
        found[name] = time.perf_counter() - started
        done = outcome.counts[Verdict.NEW if name == "ours" else Verdict.UNCHANGED]
        if outcome.rows != rows or done < rows * 0.99:
            raise SystemExit(f"{name}: {outcome.counts}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + max(peaks)
    return found | {"peak": peak, "kept": _kept(home)}


def _kept(home: Path) -> float:
    """Seconds to parse the file in this process and to write, unchecked and ready-made, the very rows an import leaves."""
    tables = (Person, Membership, Line)
    names = [table._meta.db_table for table in tables]
    with connection.cursor() as cursor:
        rows = [_out(cursor, name) for name in names]
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")  # no line voids another, and looking is quadratic
            for name in reversed(names):
                cursor.execute(f"DELETE FROM {name}")
            cursor.execute("PRAGMA foreign_keys = ON")
    started = time.perf_counter()
    load_workbook(str(home / "roster.xlsx")).get_sheet_by_index(0).to_python()
    with transaction.atomic(), into_empty(*tables), connection.cursor() as cursor:
        for name, content in zip(names, rows, strict=True):
            _in(cursor, name, content)
    return time.perf_counter() - started


def _out(cursor: Any, name: str) -> Any:
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {name} TO STDOUT (FORMAT BINARY)") as copy:
            return b"".join(bytes(block) for block in copy)
    cursor.execute(f"SELECT * FROM {name}")
    return cursor.cursor.fetchall() if hasattr(cursor, "cursor") else cursor.fetchall()


def _in(cursor: Any, name: str, content: Any) -> None:
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {name} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(content)
        return
    marks = ", ".join("?" * len(content[0]))
    connection.connection.executemany(f"INSERT INTO {name} VALUES ({marks})", content)


def _children_peak() -> float:
    """MiB at the peak, of the reading process. Not RUSAGE_CHILDREN: a child starts with its parent's peak as its own."""
    peak = 0
    for number in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        status = Path(f"/proc/{number}/status").read_text()
        peak += sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return peak / 1024


def _district(home: Path) -> None:
    """Migrate, and write the unions and employers the rows name."""
    key_file = Path(os.environ["UNIONHALL_KEY_FILE"])
    if not key_file.exists():
        create_keys(key_file, os.environ["UNIONHALL_CIPHER"])  # type: ignore[arg-type]
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        unions, employers = bulk.ids(Union, rosterfile.UNIONS), bulk.ids(Employer, rosterfile.EMPLOYERS)
        path = [f"101{1 + n:03d}" for n in range(rosterfile.STREETS)]
        bulk.insert(
            Union, ("id", "path", "since", "code", "name", "kind", "uscc", "approval_no", "ended_because"),
            [(number, path[n % len(path)], date(2010, 1, 1), rosterfile.union_code(n), f"第{n}工会", "independent", "", "", "")
             for n, number in enumerate(unions)],
        )  # fmt: skip
        bulk.insert(
            Employer, ("id", "path", "uscc", "uscc_override", "name", "ownership", "industry", "workers"),
            [(number, path[n % len(path)], rosterfile.uscc(n), "", f"第{n}单位", "private", "", 10) for n, number in enumerate(employers)],
        )  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(ours(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
