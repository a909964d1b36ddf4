"""The half of bench.report that knows the tables: import after django.setup()."""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.db import connection

from bench import tenfold
from bench.reportsql import QUERIES, Query
from demo.build import build_iter
from unionhall import catalogue
from unionhall.exchange.run import run_import
from unionhall.exchange.templates import by_name
from unionhall.indicators.figures import Ratio, Value
from unionhall.indicators.report import Report, yearly
from unionhall.jobs.installation import prepare
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.people.models import Membership

__all__ = ["build", "rounds", "tenfold"]

YEAR = 2015


def build(scale: float) -> None:
    """The demonstration district at this scale, imported into the empty database."""
    prepare()
    call_command("migrate", interactive=False, verbosity=0)
    with tempfile.TemporaryDirectory(prefix="unionhall-books-") as folder:
        for name, path in build_iter(Path(folder), scale, processes=os.cpu_count() or 1):
            run_import(by_name(name), path, by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def rounds(count: int, keys: Sequence[str], many: int) -> dict[str, float]:
    """Medians in milliseconds: the whole report, its SQL, and figures at one street with theirs."""
    report = yearly(catalogue.SERVICES, YEAR)
    _must_agree(report, by_sql(report))
    found = {"members": float(Membership.objects.count()), "lines": float(Line.objects.count())}
    found["report"], found["sql"] = _alternating(
        lambda: yearly(catalogue.SERVICES, YEAR), lambda: by_sql(report), count
    )
    period = Period.year(YEAR)
    street = max(report.parts, key=lambda part: Membership.objects.at(part.path).count())
    for key in keys:
        figure, statement = catalogue.figure(key), QUERIES[key].total(**_asked(street.path, period))
        assert figure.value(street.path, period) == _one(statement), key
        found[f"{key} ours"], found[f"{key} sql"] = _alternating(
            lambda figure=figure: figure.value(street.path, period),  # type: ignore[misc]
            lambda statement=statement: _one(statement),  # type: ignore[misc]
            many,
        )
    return found


Answers = dict[str, tuple[int, dict[str, int], int]]
"""Key -> the district, its streets, the district a year before."""


def by_sql(report: Report) -> Answers:
    """The numbers of the report by hand-written SQL."""
    path = report.place.path
    now, before = _asked(path, report.period), _asked(path, report.before)
    found: Answers = {}
    with connection.cursor() as cursor:
        for key, query in QUERIES.items():
            cursor.execute(query.parts(**now))
            parts = {part: int(n or 0) for part, n in cursor.fetchall()}
            total = _total(cursor, query, now) if query.distinct else sum(parts.values())
            found[key] = (total, parts, _total(cursor, query, before))
    return found


def _total(cursor: object, query: Query, asked: dict[str, str]) -> int:
    cursor.execute(query.total(**asked))  # type: ignore[attr-defined]
    return int(cursor.fetchone()[0] or 0)  # type: ignore[attr-defined]


def _one(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0] or 0)


def _asked(path: str, period: Period) -> dict[str, str]:
    return {
        "low": path, "high": f"{int(path) + 1:0{len(path)}d}", "day": period.last.isoformat(),
        "start": period.start.isoformat(), "end": period.end.isoformat(),
    }  # fmt: skip


def _must_agree(report: Report, answers: Answers) -> None:
    """Every number of the report is the clerk's."""
    for row in report.rows():
        keys = (
            (f"{row.figure.key}.numerator", f"{row.figure.key}.denominator")
            if isinstance(row.figure, Ratio)
            else (row.figure.key,)
        )
        for at, key in enumerate(keys):
            total, parts, before = answers[key]
            assert _number(row.now.value, at) == total, key
            assert _number(row.before, at) == before, key
            for place, value in zip(report.parts, row.now.parts, strict=True):
                assert _number(value, at) == parts.get(place.path, 0), (key, place.name)
    asked = sum(2 if isinstance(row.figure, Ratio) else 1 for row in report.rows())
    assert asked == len(QUERIES), "a figure of the catalogue has no SQL here, or SQL no figure"


def _number(value: Value, at: int) -> int:
    if isinstance(value, int):
        return value
    assert value is not None
    return value.denominator if at else value.numerator


def _alternating(ours: Callable[[], object], theirs: Callable[[], object], count: int) -> tuple[float, float]:
    """Medians of both, run in turns after one round that is not counted."""
    took: tuple[list[float], list[float]] = ([], [])
    for at in range(count + 1):
        for place, work in enumerate((ours, theirs) if at % 2 else (theirs, ours)):
            began = time.perf_counter()
            work()
            if at:
                took[place if at % 2 else 1 - place].append((time.perf_counter() - began) * 1000)
    return median(took[0]), median(took[1])
