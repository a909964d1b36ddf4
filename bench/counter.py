"""A merchant's redemption against a bare Django POST, both over HTTP from the same server, in turns.

    python -m bench.counter [--rounds 300] [--members 1000] [--postgresql URL]

The bare POST is what anybody would write first: signed in, a form with its CSRF token, the code looked up, one row written,
a redirect; it knows no rules, no limit of tries, no journal and no audit. "empty" writes nothing at all. The server is the
product's own (granian), with both addresses in it; one client keeps its connection open. Medians; goal: at most 2 times
the bare one.
"""

import argparse
import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from bench.report import databases

MOST_TIMES = 2.0


def main() -> int:
    """Exit status 1 when the goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--members", type=int, default=1_000)
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1/postgres", help="'' leaves it out")
    parser.add_argument("--measure", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        django.setup()
        told = importlib.import_module("bench.counterrounds").run(options.rounds, options.members, options.measure)
        print(json.dumps(told))
        return 0
    missed = False
    with tempfile.TemporaryDirectory(prefix="unionhall-bench-") as home:
        for name, url in databases(options.postgresql, Path(home), f"unionhall_bench_counter_{os.getpid()}"):
            told = _in_a_process_of_its_own(url, Path(home) / name, options)
            times = told["ours"] / told["bare"]
            met = times <= MOST_TIMES
            missed |= not met
            print(
                f"{name}: redemption {told['ours']:.1f} ms ÷ bare {told['bare']:.1f} ms = {times:.2f} (goal ≤ {MOST_TIMES:g}) "
                f"{'✓' if met else '✗ missed'}; an empty POST {told['empty']:.1f} ms; {options.rounds} rounds, "
                f"{told['redeemed']:.0f} redeemed",
                flush=True,
            )
    return int(missed)


def _in_a_process_of_its_own(url: str, home: Path, options: argparse.Namespace) -> dict[str, float]:
    home.mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = kept | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_DATABASE_URL": url, "UNIONHALL_SECRET_KEY": "bench-" + "x" * 60,
        "UNIONHALL_LOG_LEVEL": "CRITICAL", "UNIONHALL_SECOND_FACTOR": "offered", "DJANGO_SETTINGS_MODULE": "unionhall.settings",
    }  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bench.counter", "--measure", str(port)]
    command += ["--rounds", str(options.rounds), "--members", str(options.members)]
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, check=True
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    sys.exit(main())
