"""The yearly report against hand-written SQL for the same numbers, and how it grows.

    python -m bench.report [--scale 0.1] [--rounds 5] [--postgresql URL]

The demonstration district is imported at a tenth of its size, measured, made ten times as large inside the database
(bench.tenfold: the full size) and measured again. Both sides answer the same questions on the same connection in
alternating rounds: every figure at the district and every street for 2015, and at the district for 2014. Medians.
The answers are compared number by number before anything is timed.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
from psycopg import sql

MOST_REPORT, MOST_FIGURE, MOST_GROWTH = 1.5, 1.5, 10.0
FIGURES = ("member.members", "card.items.uses", "card.items.users", "card.made", "union.unionisation.numerator")
SCRATCH = "unionhall_bench_report"
MANY = 20


def main() -> int:
    """Exit status 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1/postgres", help="'' leaves it out")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(options.scale, options.rounds)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="unionhall-bench-") as home:
        for name, url in databases(options.postgresql, Path(home)):
            told = _in_a_process_of_its_own(url, Path(home) / name, options.scale, options.rounds)
            missed += say(name, told)
    return min(missed, 1)


def databases(server: str, home: Path, scratch: str = "") -> Iterator[tuple[str, str]]:
    """A fresh database of each kind, with its URL; `scratch`: the name of PostgreSQL's, made anew and dropped."""
    yield "SQLite", f"sqlite:///{home / 'bench.sqlite3'}"
    if not server:
        return
    scratch = scratch or SCRATCH
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(scratch))
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        print("PostgreSQL: not reachable, left out")
        return
    with connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(scratch)))
    yield "PostgreSQL", urlsplit(server)._replace(path=f"/{scratch}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop)


def _in_a_process_of_its_own(url: str, home: Path, scale: float, rounds: int) -> dict[str, dict[str, float]]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = inherited | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_DATABASE_URL": url, "UNIONHALL_SECRET_KEY": "bench-" + "x" * 60,
        "DJANGO_SETTINGS_MODULE": "unionhall.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.report", "--measure", "--scale", str(scale), "--rounds", str(rounds)]
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, check=True
    )
    told: dict[str, dict[str, float]] = json.loads(done.stdout)
    return told


def say(name: str, told: dict[str, dict[str, float]]) -> int:
    """Print what was measured; how many goals were missed."""
    small, large = told["small"], told["large"]
    print(
        f"{name}: {small['members']:,.0f} members, {small['lines']:,.0f} journal lines; then {large['members']:,.0f} and {large['lines']:,.0f}"
    )
    missed = 0
    print(f"  at the smaller size: whole report {small['report']:.0f} ms, its SQL {small['sql']:.0f} ms")
    # The goals are for the larger size: below it, the fixed cost of any query is most of what there is to see.
    missed += _goal(
        f"  whole report {large['report']:.0f} ms ÷ its SQL {large['sql']:.0f} ms",
        large["report"] / large["sql"],
        MOST_REPORT,
    )
    for key in FIGURES:
        ours, theirs = large[f"{key} ours"], large[f"{key} sql"]
        missed += _goal(f"  {key} at one street {ours:.2f} ms ÷ its SQL {theirs:.2f} ms", ours / theirs, MOST_FIGURE)
    growth = large["report"] / small["report"]
    return missed + _goal("  whole report, larger ÷ smaller (ten times the records)", growth, MOST_GROWTH)


def _goal(what: str, ratio: float, most: float) -> int:
    met = ratio <= most
    print(f"{what}: {ratio:.2f} (goal ≤ {most:g}) {'✓' if met else '✗ missed'}")
    return 0 if met else 1


def measure(scale: float, rounds: int) -> int:
    """In the process of one database: build, measure, grow, measure; JSON on standard output."""
    django.setup()
    measuring = importlib.import_module("bench.reportrounds")  # it imports tables, which Django must know first
    measuring.build(scale)
    small = measuring.rounds(rounds, FIGURES, MANY)
    measuring.tenfold.grow()
    large = measuring.rounds(rounds, FIGURES, MANY)
    print(json.dumps({"small": small, "large": large}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
