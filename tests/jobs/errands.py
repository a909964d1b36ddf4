"""Tasks for the tests of the queue, over a table of their own, so that what they did can be counted."""

import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django_tasks import task

from unionhall.jobs.context import Context
from unionhall.jobs.queue import READING
from unionhall.kernel.errors import NotYours, Refused

seen: list[Any] = []
"""What tasks of this process noted; emptied by the fixture."""
meanwhile: list[Callable[[Context], None]] = []
"""Called by `interrupted` in the middle of its work, in this process."""


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE errand_done (job bigint NOT NULL, note varchar(20) NOT NULL)")


def drop_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS errand_done")


def done() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT job, note FROM errand_done ORDER BY job, note")
        return list(cursor.fetchall())


def _write(job: int, note: str = "done") -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO errand_done (job, note) VALUES (%s, %s)", [job, note])


@task(takes_context=True)
def plain(context: Context, note: str = "done") -> dict[str, str]:
    """One effect."""
    _write(context.job.pk, note)
    return {"note": note}


@task
def without_context(number: int = 1) -> int:
    return number * 2


@task(takes_context=True)
def interrupted(context: Context, after: int = 1) -> dict[str, int]:
    """Three effects, and a word about each; what `meanwhile` holds happens after step `after`."""
    for step in range(1, 4):
        _write(context.job.pk, f"step {step}")
        context.progress(step, 3, f"第{step}步")
        if step == after:
            for happens in meanwhile:
                happens(context)
    return {"steps": 3}


@task(takes_context=True)
def refuses(context: Context) -> None:
    _write(context.job.pk)
    raise Refused("身份证号 110101198506010019 已经登记，请核对后再导。")


@task(takes_context=True)
def strays(context: Context) -> None:
    raise NotYours("101004")


@task(takes_context=True)
def breaks(context: Context) -> None:
    _write(context.job.pk)
    mobile = str(13_912_345_678)
    raise ValueError(f"{mobile} is no date")


@task(takes_context=True)
def stumbles(context: Context, times: int) -> dict[str, int]:
    """The database goes away the first `times` times."""
    _write(context.job.pk)
    if context.attempt <= times:
        raise OperationalError("server closed the connection unexpectedly")
    return {"attempt": context.attempt}


@task(takes_context=True)
def asks_who(context: Context) -> None:
    actor = context.actor()
    seen.append((actor.account, sorted((post.role, post.path) for post in actor.posts), actor.trace))


@task(takes_context=True)
def opens_private(context: Context) -> None:
    seen.append(context.private())


@task(takes_context=True)
def makes_a_file(context: Context, kilobytes: int = 1) -> None:
    folder = context.scratch()
    made = folder / "made.bin"
    made.write_bytes(b"13912345678\n" + b"x" * 1024 * kilobytes)
    seen.append(folder)
    context.keep("名册.txt", made)


@task(takes_context=True, queue_name=READING)
def reads_then_writes(context: Context) -> dict[str, bool]:
    """A write before `begin` is refused by the connection; after it, it counts."""
    try:
        with transaction.atomic():
            _write(context.job.pk, "too early")
        refused = False
    except DatabaseError:
        refused = True
    for happens in meanwhile:
        happens(context)
    context.progress(1, 2)
    context.begin()
    _write(context.job.pk, "in time")
    return {"refused": refused}


@task(takes_context=True, queue_name=READING)
def hands_over(context: Context) -> None:
    """Two things done outside of the database, each committed at once; `meanwhile` happens during the second. Then it breaks."""
    with context.aside():
        _write(context.job.pk, "first")
    with context.aside():
        _write(context.job.pk, "second")
        for happens in meanwhile:
            happens(context)
    raise ValueError("broken")


@task(takes_context=True)
def slow(context: Context, seconds: float = 3.0) -> None:
    """Some seconds, with a word every tenth."""
    _write(context.job.pk)
    for at in range(int(seconds * 10)):
        time.sleep(0.1)
        context.progress(at + 1, int(seconds * 10))


@task(takes_context=True)
def hangs(context: Context) -> None:
    """Writes, and then says nothing for a minute."""
    _write(context.job.pk)
    time.sleep(60)


@task(takes_context=True)
def returns_too_much(context: Context) -> str:
    _write(context.job.pk)
    return "x" * 30_000
