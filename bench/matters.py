"""A step of a matter against the same statements by hand, and the desk of a station with 20,000 open matters.

    python -m bench.matters [--matters 20000] [--moves 2000] [--clients 1,4,16] [--rounds 3] [--postgresql URL]

The step is the one that does most: a grant approved is paid: the row locked, workflow, post, guard, budget and notice, journal
line, posting with both its entries, audit rows with their seals. The floor is the five statements of it on psycopg in one
transaction: the lock, the row, the line, the posting, the audit entry. Both sides run in the same processes and threads, in
turns, over eight funds. Goal: at least 0.4 of the floor's, 1 to 16 clients, on PostgreSQL. The inbox: at most 15 queries and
3 times a bare page of fifty rows, on both databases.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from bench.report import databases

LEAST, MOST_TIMES, MOST_QUERIES = 0.4, 3.0, 15


def main() -> int:
    """Exit status 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matters", type=int, default=20_000)
    parser.add_argument("--moves", type=int, default=2_000)
    parser.add_argument("--clients", default="1,4,16")
    parser.add_argument("--rounds", type=int, default=3, help="Rounds of each; the median stands.")
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1/postgres", help="'' leaves it out")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        django.setup()
        # Tables can be imported only now.
        print(json.dumps(importlib.import_module("bench.mattersrounds").run(options)))
        return 0
    missed = 0
    with tempfile.TemporaryDirectory(prefix="unionhall-bench-") as home:
        for name, url in databases(options.postgresql, Path(home), f"unionhall_bench_matters_{os.getpid()}"):
            told = in_a_process_of_its_own(url, Path(home) / name, options)
            print(f"{name}: {options.matters:,} open matters at a station, {options.moves:,} grants a run")
            missed += sum(say(one) for one in told)
    return min(missed, 1)


def in_a_process_of_its_own(url: str, home: Path, options: argparse.Namespace) -> list[dict[str, float]]:
    home.mkdir(parents=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = inherited | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_DATABASE_URL": url, "UNIONHALL_SECRET_KEY": "bench-" + "x" * 60,
        "UNIONHALL_LOG_LEVEL": "CRITICAL", "DJANGO_SETTINGS_MODULE": "unionhall.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.matters", "--measure", "--clients", options.clients]
    for name in ("matters", "moves", "rounds"):
        command += [f"--{name}", str(getattr(options, name))]
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, check=True
    )
    told: list[dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return told


def say(told: dict[str, float]) -> int:
    """Print one measurement; 1 when it missed its goal."""
    if "clients" in told:
        ratio = told["ours"] / told["by hand"]
        met = ratio >= LEAST
        print(
            f"  {told['clients']:.0f} clients: {told['ours']:,.0f} grants paid a second ÷ {told['by hand']:,.0f} by hand = "
            f"{ratio:.2f} (goal ≥ {LEAST:g}) {'✓' if met else '✗ missed'}"
        )
        return 0 if met else 1
    times = told["ms"] / told["bare"]
    met = times <= MOST_TIMES and told["queries"] <= MOST_QUERIES
    print(
        f"  {told['page']}: {told['ms']:.1f} ms ÷ bare {told['bare']:.1f} ms = {times:.2f} (goal ≤ {MOST_TIMES:g}), "
        f"{told['queries']:.0f} queries (≤ {MOST_QUERIES}) {'✓' if met else '✗ missed'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
