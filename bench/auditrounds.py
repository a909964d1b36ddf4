"""The rounds of bench.audit, in a process whose database is empty."""

import hashlib
import time
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from unionhall.journal import actions, audit, walk
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor, Post
from unionhall.kernel.keys import create_keys

TABLE = "journal.line"
_PART = 5_000
BY = Actor(7, "干部", (Post("street", "101002"),), trace="t-0001")


def rounds(entries: int, rows: int, goal: int) -> int:
    """Print every round; 1 when the chain was walked slower than `goal` entries a second."""
    settings.HOME.mkdir(parents=True)
    (settings.HOME / "files" / "open").mkdir(parents=True)
    create_keys(settings.KEY_FILE)
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    _write_lines(rows)
    began = time.perf_counter()
    sealed = audit.seal_waiting()
    _say("sealing an import's rows", sealed, time.perf_counter() - began)
    began = time.perf_counter()
    with transaction.atomic():
        for number in range(entries):
            audit.write("bench.act", by=BY, subject=f"union:{number}", path="101002", note="n")
        _say("writing entries, one action each, one commit", entries, time.perf_counter() - began)
        began = time.perf_counter()
    _say("linking them", entries, time.perf_counter() - began)
    began = time.perf_counter()
    found = walk.walk()
    walked = found.entries / (time.perf_counter() - began)
    _say("walking the chain", found.entries, found.entries / walked)
    floor = _floor()
    _say("floor: the lines by a bare cursor, SHA-256 of each", rows, floor)
    began = time.perf_counter()
    compared = walk.compare(found, TABLE)
    seconds = time.perf_counter() - began
    _say("comparing the lines with their digests", compared.rows, seconds)
    print(f"  {seconds / floor:.1f} times the floor; walked at {walked:,.0f} entries/s, goal {goal:,}", flush=True)
    if found.faults or compared.faults or compared.rows != rows:
        raise RuntimeError(f"{found.faults[:3]} {compared.faults[:3]} {compared.rows}")
    return int(walked < goal)


def _write_lines(rows: int) -> None:
    for at in range(0, rows, _PART):
        count = min(_PART, rows - at)
        entries = [
            Entry("member", "admitted", "101002001", date(2015, 1, 1), f"membership:{at + n}") for n in range(count)
        ]
        with transaction.atomic():
            actions.write_many(entries, by=BY, batch=1)
    with transaction.atomic():
        audit.write_batch("import.confirm", by=BY, batch=1)


def _floor() -> float:
    columns = ", ".join(connection.ops.quote_name(field.column) for field in Line._meta.concrete_fields)
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {Line._meta.db_table}")
        while part := cursor.fetchmany(2_000):
            for row in part:
                hashlib.sha256(repr(row).encode()).digest()
    return time.perf_counter() - began


def _say(what: str, rows: int, seconds: float) -> None:
    print(f"  {what:<52}{rows:>9,} rows {seconds:7.2f} s {rows / seconds:>11,.0f} rows/s", flush=True)
