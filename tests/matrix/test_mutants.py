"""Guards taken away, one at a time: the matrix must miss each of them. All of them: `python -m tests.matrix.mutants`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.matrix.behind import BEHIND, REPEATED
from tests.matrix.cutting import CALLED, Mutant, noticing
from tests.matrix.guards import mutants
from tests.matrix.policy import PAGES
from unionhall.kernel.actor import Actor
from unionhall.ledger.models import Fund

HERE = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}


def test_there_are_many_guards_of_every_kind() -> None:
    names = [one.name for one in mutants()]
    assert len(set(names)) == len(names) >= 700
    for kind in ("open to all", "whoever is signed in", "given to", "taken from", "every case", "no password again",
                 "without visible_to", "without must_reach", "without reaches", "shows every row"):  # fmt: skip
        assert any(kind in name for name in names), kind


def test_no_guard_is_left_out() -> None:
    """Every address but the public ones has a mutant of its gate, and what stands behind something is there to be taken."""
    names = {one.name for one in mutants()}
    for name, page in PAGES.items():
        assert (page.opens == "public") != (f"gate of {name} open to all" in names), name
    assert {guard for one, before in BEHIND.items() for guard in (one, *before)} <= names
    assert all(before and one not in before for one, before in BEHIND.items())
    assert REPEATED.keys() <= names
    assert not REPEATED.keys() & BEHIND.keys()


def _cut(name: str) -> Mutant:
    return next(one for one in mutants() if one.name == name)


_CONTROL = """
import os
from tests.matrix.stage import stage
with stage(in_memory=True):
    from tests.matrix.guards import mutants
    from tests.matrix.cutting import become
    from unionhall.kernel.actor import Actor
    from unionhall.ledger.models import Fund
    Fund.objects.create(name="x", path="101")
    nobody = Actor(None, "谁")
    before = Fund.objects.visible_to(nobody).count()
    child = os.fork()
    if child == 0:
        become([one for one in mutants() if one.name == "ledger.models.Kept.visible_to shows every row"])
        os._exit(Fund.objects.visible_to(nobody).count())
    cut = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(before, cut, Fund.objects.visible_to(nobody).count())
"""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a forked process would share the connection")
def test_a_guard_cut_out_lets_in_and_stands_again_in_the_next_process() -> None:
    """A control of the tool itself: with its guard gone `visible_to` shows what it hid, and only to who cut it out."""
    done = subprocess.run([sys.executable, "-c", _CONTROL], capture_output=True, text=True, check=True, env=HERE)
    assert done.stdout.split() == ["0", "1", "0"]


def test_a_function_says_that_it_was_called_as_long_as_one_asks(db: None) -> None:
    (place,) = _cut("ledger.models.Kept.visible_to shows every row").code
    assert Path(place[0]).name == "models.py"
    CALLED.clear()
    with noticing([place]):
        Fund.objects.visible_to(Actor(None, "谁"))
        assert {place} == CALLED
        CALLED.clear()
    Fund.objects.visible_to(Actor(None, "谁"))
    assert not CALLED


def _run(*arguments: str) -> tuple[int, int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.matrix.mutants", *arguments], capture_output=True, text=True, timeout=900,
        check=False, env=HERE,
    )  # fmt: skip
    said = re.search(r"(\d+) of (\d+) caught", done.stdout)
    assert said is not None, done.stdout[-2_000:] + done.stderr[-4_000:]
    wrong = [line for line in done.stdout.splitlines() if line.startswith(("MISSED", "WRONG"))]
    return int(said[1]), int(said[2]), "\n".join(wrong)


@pytest.mark.within("tests/matrix/test_mutants.py::test_guards_of_a_kind_are_missed_when_gone[only0-30-16]")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="in memory, on SQLite")
@pytest.mark.parametrize(("only", "every"), [("taken from", 12), ("gate of desk-", 60)])
def test_a_few_guards_are_missed_when_gone(only: str, every: int) -> None:
    caught, tried, wrong = _run("--only", only, "--every", str(every))
    assert tried >= 3
    assert caught == tried, wrong
    assert not wrong


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="in memory, on SQLite")
@pytest.mark.parametrize(
    ("only", "every", "least"),
    [(("gate of ", "given to", "taken from", "every case", "no password"), 30, 16),
     ((" without ", "shows every row"), 24, 8)],
)  # fmt: skip
def test_guards_of_a_kind_are_missed_when_gone(only: tuple[str, ...], every: int, least: int) -> None:
    caught, tried, wrong = _run("--only", *only, "--every", str(every))
    assert tried >= least
    assert caught == tried, wrong
    assert not wrong
