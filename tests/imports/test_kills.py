"""A worker or a server killed in the middle of an import: bench.imports_kill in small, on this run's database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

HERE = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_killed_at_ten_random_moments_a_batch_is_whole_or_absent_and_the_re_run_ends_equal(db: None) -> None:
    command = [
        sys.executable, "-m", "bench.imports_kill", "--json", "--rows", "5000", "--kills", "10",
        "--only", connection.vendor, "--postgresql", _server(),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-2_000:]
    (told,) = (json.loads(line) for line in done.stdout.splitlines())
    assert (told["torn"], told["different"]) == (0, 0)
    assert told["hit"] >= 10, "killed before or after it, nothing is shown"


def _server() -> str:
    """The server this run's database is on; the measurement makes one of its own beside it."""
    if connection.vendor != "postgresql":
        return ""
    there = connection.settings_dict
    signed = f"{there['USER']}:{there['PASSWORD']}@" if there["PASSWORD"] else f"{there['USER']}@"
    return f"postgresql://{signed}{there['HOST']}:{there['PORT'] or 5432}/postgres"
