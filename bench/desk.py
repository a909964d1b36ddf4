"""The members' list over 230,584 members against a bare Django page, on both databases.

    python -m bench.desk [--members 230584] [--rounds 31] [--postgresql URL]

The bare page is what anybody would write first: signed in, one query for fifty rows, a plain template with nothing around
them. It is asked for in turn with each page of the desk, in one process and through the same middleware. Medians; only
the ratio of one run is to be read. "first" is the page's very first answer, with nothing remembered.
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

MOST_TIMES, MOST_QUERIES = 3.0, 15


def main() -> int:
    """Exit status 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=230_584)
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1/postgres", help="'' leaves it out")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(options.members, options.rounds)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="unionhall-bench-") as home:
        for name, url in databases(options.postgresql, Path(home)):
            told = _in_a_process_of_its_own(url, Path(home) / name, options.members, options.rounds)
            print(f"{name}: {options.members:,} members, {options.rounds} rounds")
            missed += sum(say(page, figures) for page, figures in told.items())
    return min(missed, 1)


def say(page: str, told: dict[str, float]) -> int:
    """Print one page; 1 when it missed a goal."""
    times = told["ms"] / told["bare"]
    met = times <= MOST_TIMES and told["queries"] <= MOST_QUERIES
    print(
        f"  {page:<26} {told['ms']:6.1f} ms ÷ bare {told['bare']:5.1f} ms = {times:4.2f} (goal ≤ {MOST_TIMES:g}), "
        f"{told['queries']:.0f} queries (≤ {MOST_QUERIES}), first {told['first']:.0f} ms {'✓' if met else '✗ missed'}"
    )
    return 0 if met else 1


def _in_a_process_of_its_own(url: str, home: Path, members: int, rounds: int) -> dict[str, dict[str, float]]:
    home.mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = kept | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_DATABASE_URL": url, "UNIONHALL_SECRET_KEY": "bench-" + "x" * 60,
        "DJANGO_SETTINGS_MODULE": "unionhall.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.desk", "--measure", "--members", str(members), "--rounds", str(rounds)]
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, check=True
    )
    told: dict[str, dict[str, float]] = json.loads(done.stdout)
    return told


def measure(members: int, rounds: int) -> int:
    """In the process of one database: build, then measure; JSON on standard output."""
    django.setup()
    district = importlib.import_module("bench.deskdistrict")  # these import tables, which Django must know first
    rounds_of = importlib.import_module("bench.deskrounds")
    district.build(members)
    print(json.dumps(rounds_of.measure(rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
