"""The minute in which everybody wants one of 2,000 places: 20,000 members ask once each, on PostgreSQL.

    python -m bench.rush [--members 20000] [--places 2000] [--clients 2,16,64] [--postgresql URL] [--kills 0]

The floor is the same statements by hand, on psycopg in one transaction: an unlocked test, the participation, its journal line,
an audit entry, the conditional update last. It knows no rules, no idempotency key and no seals. Both sides run in the same
processes and threads, in turns. Goals: places granted and asks refused a second at least 0.4 of the floor's; p99 at 64
clients at most 10 times the median, of each kind; nothing oversold. The control asks first and then counts without asking
again, and has to oversell. With --kills, clients are killed in the middle instead, and every place that was told must stand.
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

LEAST, MOST = 0.4, 10.0


def main() -> int:
    """Exit status 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--places", type=int, default=2_000)
    parser.add_argument("--clients", default="2,16,64")
    parser.add_argument("--rounds", type=int, default=1, help="Rounds a number of clients; the median stands.")
    parser.add_argument("--kills", type=int, default=0, help="Kill so many clients instead of measuring.")
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1/postgres", help="'' leaves it out")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--json", action="store_true", help="One line a run, for the tests.")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        django.setup()
        # Tables can be imported only now.
        told = importlib.import_module("bench.rushrounds").run(options)
        print(json.dumps(told))
        return 0
    missed = False
    with tempfile.TemporaryDirectory(prefix="unionhall-bench-") as home:
        server = "" if options.only == "sqlite" else options.postgresql
        for name, url in databases(server, Path(home), f"unionhall_bench_rush_{os.getpid()}"):
            if name.lower() != options.only:
                continue
            runs = in_a_process_of_its_own(url, Path(home) / name, options)
            for run in runs:
                print(json.dumps({"database": name, **run}) if options.json else said(name, run), flush=True)
            missed |= not good(runs)
    return int(missed)


def in_a_process_of_its_own(url: str, home: Path, options: argparse.Namespace) -> list[dict[str, float]]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = inherited | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_DATABASE_URL": url, "UNIONHALL_SECRET_KEY": "bench-" + "x" * 60,
        "UNIONHALL_LOG_LEVEL": "CRITICAL", "DJANGO_SETTINGS_MODULE": "unionhall.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.rush", "--measure", "--clients", options.clients]
    for name in ("members", "places", "kills", "rounds"):
        command += [f"--{name}", str(getattr(options, name))]
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, check=True
    )
    told: list[dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return told


def said(name: str, run: dict[str, float]) -> str:
    """One run in words."""
    if "kills" in run:
        return (
            f"{name}, {run['kills']:.0f} clients killed ({run['hit']:.0f} with an ask in hand): {run['places']:.0f} places, "
            f"{run['granted']:.0f} granted, {run['oversold']:.0f} oversold, {run['lost']:.0f} of {run['told']:.0f} told places lost, "
            f"{run['twice']:.0f} people twice, {run['torn']:.0f} rows without their line"
        )
    if "granted_ratio" in run:
        return (
            f"  {run['clients']:.0f} clients: {run['granted_ratio']:.2f} of the floor granting, {run['refused_ratio']:.2f} refusing; "
            f"p99/p50 {run['granted_spread']:.1f} granted, {run['refused_spread']:.1f} refused"
        )
    return (
        f"{name} {run['arm']}, {run['clients']:.0f} clients: {run['granted_rate']:,.0f} granted/s, {run['refused_rate']:,.0f} refused/s; "
        f"granted p50 {run['granted_p50']:.1f} p99 {run['granted_p99']:.1f} ms, refused p50 {run['refused_p50']:.1f} p99 "
        f"{run['refused_p99']:.1f} ms; {run['oversold']:.0f} oversold"
    )


def good(runs: list[dict[str, float]]) -> bool:
    """Were the goals met?"""
    for run in runs:
        if "kills" in run and (run["oversold"] or run["lost"] or run["twice"] or run["torn"]):
            return False
        if "granted_ratio" in run:
            if min(run["granted_ratio"], run["refused_ratio"]) < LEAST:
                return False
            if run["clients"] >= 64 and max(run["granted_spread"], run["refused_spread"]) > MOST:
                return False
        if "arm" in run and bool(run["oversold"]) != (run["arm"] == "control"):
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
