"""The members' roster: how fast a workbook becomes sealed, checked members, against its floor and a peer.

    .venv/bin/python -m bench.roster --rows 200000 [--postgresql URL] [--rounds 3]

Floor: calamine parses the file in this process and the same rows go in as plain text, unchecked, into one table with the
indexes a register of people needs (COPY on PostgreSQL, executemany on SQLite). A second floor parses the file and writes, ready-made, the three rows a member leaves behind (person, membership, journal
line) with their indexes and keys: what is left between it and ours is checking, sealing and judging. Every arm is a process of its own, arms
alternate within a round, and only ratios of medians of one run are to be read.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench import rosterfile

GOALS = {"ours": 0.70, "sm4": 0.55, "again": 0.90}
PEER_ROWS, PEER_TIMES, MOST_MIB = 5_000, 15, 700


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1/postgres", help="'' leaves it out")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="unionhall-bench-") as home:
        _compare(Path(home), told)


def _compare(home: Path, told: argparse.Namespace) -> None:
    rosterfile.write(home / "roster.xlsx", told.rows)
    rosterfile.write(home / "peer.xlsx", PEER_ROWS)
    servers = [""] + ([told.postgresql] if told.postgresql else [])
    print(
        f"{told.rows:,} rows, {(home / 'roster.xlsx').stat().st_size / 2**20:.1f} MiB, {told.rounds} rounds, load {os.getloadavg()[0]:.1f}"
    )
    for server in servers:
        title = "PostgreSQL" if server else "SQLite"
        seconds: dict[str, list[float]] = {}
        peak = 0.0
        for _ in range(told.rounds):
            for arm in ("floor", "ours", "sm4", "peer"):
                for name, value in _run(arm, home, server, PEER_ROWS if arm == "peer" else told.rows).items():
                    seconds.setdefault(name, []).append(value)
                peak = max(peak, *seconds.pop("peak", [0.0]))
        _tell(title, told.rows, {name: statistics.median(values) for name, values in seconds.items()}, peak)


def _tell(title: str, rows: int, seconds: dict[str, float], peak: float) -> None:
    floor = seconds["floor"]
    print(f"{title}: floor {floor:.2f} s ({rows / floor:,.0f} rows/s)")
    for name, goal in GOALS.items():
        ratio = floor / seconds[name]
        print(
            f"{title}: {name} {seconds[name]:.2f} s, {ratio:.2f} of the floor (goal {goal:.2f}) {_said(ratio >= goal)}"
        )
    kept = seconds["kept"]
    print(
        f"{title}: the very rows an import leaves, parsed and written ready-made: {kept:.2f} s; ours {kept / seconds['ours']:.2f} of that"
    )
    scaled = seconds["peer"] * rows / PEER_ROWS
    times = scaled / seconds["ours"]
    print(f"{title}: django-import-export, bulk mode, {seconds['peer']:.1f} s for {PEER_ROWS:,} rows; ours {times:.1f} times as"
          f" fast (goal {PEER_TIMES}) {_said(times >= PEER_TIMES)}")  # fmt: skip
    print(f"{title}: peak memory of both processes {peak:.0f} MiB (goal {MOST_MIB}) {_said(peak <= MOST_MIB)}")


def _said(reached: bool) -> str:
    return "reached" if reached else "NOT REACHED"


def _run(arm: str, home: Path, server: str, rows: int) -> dict[str, float]:
    url = _fresh(home, server)
    module = "ours" if arm == "sm4" else arm
    command = [sys.executable, "-m", f"bench.roster{module}", str(home), url, str(rows)]
    cipher = "sm4-gcm" if arm == "sm4" else "aes-gcm"
    environment = os.environ | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_SECRET_KEY": "bench-only-" + "x" * 50, "UNIONHALL_CIPHER": cipher,
        "UNIONHALL_KEY_FILE": str(home / f"{cipher}.json"), "UNIONHALL_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "unionhall.settings",
    }  # fmt: skip
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {"sm4": found["ours"], "peak": found["peak"]} if arm == "sm4" else found


def _fresh(home: Path, server: str) -> str:
    """An empty database."""
    if not server:
        shutil.rmtree(home / "db", ignore_errors=True)
        (home / "db").mkdir()
        return f"sqlite:///{home / 'db' / 'bench.sqlite3'}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS unionhall_bench_roster")
        connection.execute("CREATE DATABASE unionhall_bench_roster")
        connection.execute("CHECKPOINT")
    return urlsplit(server)._replace(path="/unionhall_bench_roster").geturl()


if __name__ == "__main__":
    main()
