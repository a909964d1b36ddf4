"""Guards taken away, one at a time: the matrix must miss each of them. All of them: `python -m tests.matrix.mutants`."""

import os
import re
import subprocess
import sys

import pytest
from django.db import connection

from tests.matrix.guards import mutants

HERE = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}


def test_there_are_many_guards_of_every_kind() -> None:
    names = [one.name for one in mutants()]
    assert len(set(names)) >= 400
    for kind in ("open to all", "whoever is signed in", "given to", "taken from", "every case", "no password again",
                 "without visible_to", "without must_reach", "shows every row"):  # fmt: skip
        assert any(kind in name for name in names), kind


def _run(*arguments: str) -> tuple[int, int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.matrix.mutants", *arguments], capture_output=True, text=True, timeout=900,
        check=False, env=HERE,
    )  # fmt: skip
    said = re.search(r"(\d+) of (\d+) caught", done.stdout)
    assert said is not None, done.stdout[-2_000:] + done.stderr[-4_000:]
    return int(said[1]), int(said[2]), "\n".join(line for line in done.stdout.splitlines() if line.startswith("MISSED"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="in memory, on SQLite")
@pytest.mark.parametrize(("only", "every"), [("taken from", 12), ("gate of desk-", 60)])
def test_a_few_guards_are_missed_when_gone(only: str, every: int) -> None:
    caught, tried, missed = _run("--only", only, "--every", str(every))
    assert tried >= 3
    assert caught == tried, missed


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="in memory, on SQLite")
@pytest.mark.parametrize(
    ("only", "every", "least"),
    [("gate of ", 12, 30), ("given to", 2, 15), ("taken from", 2, 15), ("every case", 1, 6), ("no password", 1, 10)],
)
def test_guards_of_a_kind_are_missed_when_gone(only: str, every: int, least: int) -> None:
    caught, tried, missed = _run("--only", only, "--every", str(every))
    assert tried >= least
    assert caught == tried, missed
