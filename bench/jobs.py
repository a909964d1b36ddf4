"""Jobs under fire: is one lost, or done twice, when workers are killed and stopped in the middle?

    python -m bench.jobs [--jobs 3000] [--kills 100] [--pauses 20] [--postgresql URL] [--only sqlite|postgresql]

Four workers do the jobs, whose effects are three rows each in a table without a rule. Workers are sent SIGKILL at any
moment and at chosen points (taken and not started, reading, effects written, before COMMIT, after it), and SIGSTOP for
longer than the lease. A pause is effective when somebody else took the job meanwhile. The control leaves the fence's
check out, and has to double. The lease is 2 seconds here, so that it runs out often; in the product it is 30.
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

SECONDS_TO_RECOVER = 5.0
"""Beyond the lease."""


def main() -> int:
    """Exit status 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pauses", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1/postgres", help="'' leaves it out")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="One database.")
    parser.add_argument("--json", action="store_true", help="One line a run, for the tests.")
    parser.add_argument("--measure", choices=["fenced", "unfenced"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(options)
    missed = False
    with tempfile.TemporaryDirectory(prefix="unionhall-bench-") as home:
        server = "" if options.only == "sqlite" else options.postgresql
        for name, url in databases(server, Path(home), f"unionhall_bench_jobs_{os.getpid()}"):
            if options.only and name.lower() != options.only:
                continue
            missed |= fought(name, url, Path(home), options)
    return int(missed)


def fought(name: str, url: str, home: Path, options: argparse.Namespace) -> bool:
    """Both arms on one database; was a goal missed?"""
    ours = in_a_process_of_its_own(url, home / name, "fenced", options)
    missed = say(name, ours, options)
    control = in_a_process_of_its_own(fresh(url, home), home / f"{name}-control", "unfenced", options)
    say_control(name, control, options)
    return missed or not control["doubled"]


def fresh(url: str, home: Path) -> str:
    """The control's own database: another file, or tables made anew."""
    return f"sqlite:///{home / 'control.sqlite3'}" if url.startswith("sqlite") else url


def in_a_process_of_its_own(url: str, home: Path, arm: str, options: argparse.Namespace) -> dict[str, float]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = inherited | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_DATABASE_URL": url, "UNIONHALL_SECRET_KEY": "bench-" + "x" * 60,
        "UNIONHALL_LOG_LEVEL": "CRITICAL", "DJANGO_SETTINGS_MODULE": "unionhall.settings",
    }  # fmt: skip
    # The control needs pauses, not many jobs.
    jobs, kills = (options.jobs, options.kills) if arm == "fenced" else (options.jobs // 3, 0)
    asked = [("jobs", jobs), ("kills", kills), ("pauses", options.pauses), ("seed", options.seed)]
    command = [sys.executable, "-m", "bench.jobs", "--measure", arm]
    command += [text for key, value in asked for text in (f"--{key}", str(value))]
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        check=True,
    )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout)
    return told


def measure(options: argparse.Namespace) -> int:
    """In the process that has a database of its own: print what came of it as JSON."""
    django.setup()
    kills = importlib.import_module("bench.jobskills")
    print(
        json.dumps(
            kills.run(
                options.jobs, options.kills, options.pauses, fenced=options.measure == "fenced", seed=options.seed
            )
        )
    )
    return 0


def say(name: str, told: dict[str, float], options: argparse.Namespace) -> bool:
    """Print one run; was a goal missed?"""
    missed = bool(
        told["lost"]
        or told["doubled"]
        or told["kills"] < options.kills
        or told["effective"] < options.pauses
        or told["recovered"] > told["lease"] + SECONDS_TO_RECOVER
    )
    if options.json:
        print(json.dumps({"database": name, "arm": "fenced", **told}))
        return missed
    print(
        f"{name}: {told['jobs']:,} jobs, {told['kills']} kills ({told['hit']} with a job in hand), {told['pauses']} pauses "
        f"({told['effective']} effective): {told['lost']} lost, {told['doubled']} doubled, {told['failed']} given up; back within "
        f"{told['recovered']:.1f} s of a lease of {told['lease']:.0f}; {told['seconds']:.0f} s{' ✗' if missed else ''}"
    )
    points = [f"{key.removeprefix('killed ')} {value}" for key, value in told.items() if key.startswith("killed ")]
    print(f"  killed: {', '.join(points)}; most takes of one job: {told['attempts']}")
    return missed


def say_control(name: str, told: dict[str, float], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps({"database": name, "arm": "unfenced", **told}))
        return
    print(
        f"  control without the fence: {told['jobs']:,} jobs, {told['effective']} effective pauses: "
        f"{told['doubled']} doubled{'' if told['doubled'] else ' ✗ (it has to)'}"
    )


if __name__ == "__main__":
    sys.exit(main())
