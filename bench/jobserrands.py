"""What the jobs of bench.jobs do: rows in a table of their own, which keeps no rule, so that nothing hides a second one."""

import time
from collections.abc import Callable
from random import Random

from django.db import connection
from django_tasks import task

from unionhall.jobs.context import Context
from unionhall.jobs.queue import READING

PARTS = 3
"""Rows every job leaves."""
MAKE = "CREATE TABLE bench_effect (job bigint NOT NULL, part integer NOT NULL)"
POINTS = ("taken", "reading", "wrote", "settled", "committed")
"""Between taking and starting · in a reading task · with effects written · before COMMIT · after it."""

passing: list[Callable[[str], None]] = []
"""Called with the name of each point a worker comes past."""


def at(point: str) -> None:
    for told in passing:
        told(point)


@task(takes_context=True)
def write(context: Context, milliseconds: int) -> None:
    """Effects in one transaction from the first line on."""
    _effects(context, milliseconds)


@task(takes_context=True, queue_name=READING)
def read_then_write(context: Context, milliseconds: int) -> None:
    """As an export or a preview: long reading, then a short transaction."""
    time.sleep(milliseconds / 1000)
    context.progress(1, PARTS)
    at("reading")
    context.begin()
    _effects(context, 0)


def _effects(context: Context, milliseconds: int) -> None:
    random = Random(context.job.pk)
    for part in range(1, PARTS + 1):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_effect (job, part) VALUES (%s, %s)", [context.job.pk, part])
        at("wrote")
        time.sleep(milliseconds / 1000 / PARTS * random.random())
        context.progress(part, PARTS)
