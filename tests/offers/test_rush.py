"""Everybody wants one at the same moment: bench.rush in small, on this run's database, with its control."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

HERE = Path(__file__).resolve().parent.parent.parent


def rush(*rest: str) -> list[dict[str, float]]:
    """Runs of bench.rush on a database of its own beside this run's; its processes are real ones."""
    there = connection.settings_dict
    server = ""
    if connection.vendor == "postgresql":
        signed = f"{there['USER']}:{there['PASSWORD']}@" if there["PASSWORD"] else f"{there['USER']}@"
        server = f"postgresql://{signed}{there['HOST']}:{there['PORT'] or 5432}/postgres"
    command = [sys.executable, "-m", "bench.rush", "--json", "--only", connection.vendor, "--postgresql", server, *rest]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.postgres
def test_sixteen_clients_buy_twenty_places_and_without_the_condition_they_buy_more(db: None) -> None:
    ours, floor, _, control = rush("--members", "400", "--places", "20", "--clients", "16", "--rounds", "5")
    assert (ours["arm"], ours["oversold"]) == ("ours", 0)
    assert (floor["arm"], floor["oversold"]) == ("by hand", 0)
    assert control["arm"] == "control" and control["oversold"] > 0, "the control has to oversell, or nothing was shown"


@pytest.mark.slow
@pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="the other database is tried with its floor and control above"
)
def test_on_sqlite_sixteen_clients_in_eight_processes_buy_twenty_places(db: None) -> None:
    (ours,) = rush("--members", "400", "--places", "20", "--clients", "16", "--rounds", "3")
    assert (ours["arm"], ours["oversold"]) == ("ours", 0)


@pytest.mark.slow
def test_clients_killed_in_the_middle_lose_no_place_that_was_told_and_tear_none(db: None) -> None:
    (run,) = rush("--members", "400", "--places", "150", "--kills", "12")
    assert run["kills"] >= 12 and run["hit"] >= 4
    assert (run["granted"], run["told"]) == (150, 150)
    assert (run["oversold"], run["lost"], run["twice"], run["torn"]) == (0, 0, 0, 0)
