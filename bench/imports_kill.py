"""Imports under fire: does a worker or a server killed in the middle of an import leave half a batch?

    python -m bench.imports_kill [--rows 200000] [--kills 10] [--postgresql URL] [--only sqlite|postgresql]

A roster is uploaded, checked and confirmed as in the browser. While the worker brings it in, it is sent SIGKILL at a
moment drawn at random over the time an import takes, until ten were hit in the middle of it (every third time the server that started the worker is
killed instead, and the worker left to itself). Whoever looks then must find the whole batch or nothing of it; the next
worker does the job again, and what stands in the end must be, person by person and line by line, what the undisturbed
import left. Then the batch is taken back, and the next round begins; every second round the tables are not empty.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import django

from bench import report

report.SCRATCH = "unionhall_bench_imports"  # other measurements may be running beside it


def main() -> int:
    """Exit status 1 when a batch was torn or a re-run ended otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1/postgres", help="'' leaves it out")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="One database.")
    parser.add_argument("--json", action="store_true", help="One line a database, for the tests.")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        django.setup()
        killed = importlib.import_module("bench.importskilled")
        print(json.dumps(killed.run(options.rows, options.kills, options.seed)))
        return 0
    missed = False
    with tempfile.TemporaryDirectory(prefix="unionhall-bench-") as home:
        for name, url in report.databases("" if options.only == "sqlite" else options.postgresql, Path(home)):
            if not options.only or name.lower() == options.only:
                missed |= say(name, in_a_process_of_its_own(url, Path(home) / name, options), options)
    return int(missed)


def in_a_process_of_its_own(url: str, home: Path, options: argparse.Namespace) -> dict[str, Any]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = inherited | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_DATABASE_URL": url, "UNIONHALL_SECRET_KEY": "bench-" + "x" * 60,
        "UNIONHALL_KEY_FILE": str(home / "keys.json"), "UNIONHALL_CIPHER": "aes-gcm", "UNIONHALL_LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "unionhall.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.imports_kill", "--measure", "--rows", str(options.rows)]
    command += ["--kills", str(options.kills), "--seed", str(options.seed)]
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def say(name: str, told: dict[str, Any], options: argparse.Namespace) -> bool:
    """Print what came of it; was a goal missed?"""
    missed = bool(
        told["torn"] or told["different"] or told["kills"] < options.kills or told["hit"] < options.kills // 2
    )
    if options.json:
        print(json.dumps({"database": name, **told}))
        return missed
    print(
        f"{name}: {told['rows']:,} rows, {told['kills']} kills ({told['hit']} in the middle, {told['servers']} of the server): "
        f"{told['torn']} torn, {told['different']} re-runs ended otherwise; undisturbed {told['seconds']:.1f} s"
        f"{' ✗' if missed else ''}\n  killed after {', '.join(f'{at:.2f}' for at in told['moments'])} s"
    )
    return missed


if __name__ == "__main__":
    sys.exit(main())
