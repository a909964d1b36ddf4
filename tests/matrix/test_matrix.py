"""The matrix: every post × every address and method × own, child, sibling, parent and another street's row."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.matrix import deeds
from tests.matrix.deeds_table import DEEDS, TRUSTED
from tests.matrix.policy import CONFINED, DEPARTMENTS, KINDS, PAGES, TO_WORKERS
from tests.matrix.policy import RIGHTS as WRITTEN
from tests.matrix.scene import Scene, set_up
from tests.matrix.trial import ABOVE, FEW, VISITORS, Trial, cells, expected, routes, sees
from unionhall.organisations import roles
from unionhall.web import counted

HERE = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
"""The environment without the other database: a run of its own makes its own."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Half of all cells are refusals; a line of log for each would take longer than the cell."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def scene(db: None) -> Scene:
    counted.forget()
    return set_up()


def test_every_address_is_in_the_policy_and_no_other() -> None:
    assert sorted(routes().keys() ^ PAGES.keys()) == [], sorted(routes().keys() ^ PAGES.keys())


def test_the_posts_carry_the_rights_the_policy_says() -> None:
    assert dict(roles.RIGHTS) == dict(WRITTEN)


def test_no_post_is_of_two_minds_about_a_kind() -> None:
    assert {right for rights in KINDS.values() for right in rights.replace("|", " ").split()} <= set(WRITTEN)
    assert frozenset(roles.CASES_OF) == CONFINED
    for kind, service in (
        ("dispute", "mediation"),
        ("aid", "aid.medical"),
        ("bonus", "honour.bonus"),
        ("correction", "correction"),
        ("joining", "joining"),
        ("founding", "founding"),
        ("standard", "station.standard"),
    ):
        assert {role for role in CONFINED if roles.of_their_service(role, service)} == DEPARTMENTS[kind]


@pytest.mark.within("tests/matrix/test_matrix.py::test_the_whole_matrix")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="what a gate lets through does not hang on the database")
def test_zero_leaks_and_zero_wrong_denials(scene: Scene) -> None:
    """Those who stand on both sides of every right, reading and sending; everybody and every method below."""
    trial = Trial(scene, FEW)
    found = [finding for cell in cells(PAGES, FEW, ("GET", "POST")) if (finding := trial.finding(cell))]
    assert not found, "\n".join(map(str, found[:200]))


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the whole matrix is run once, over SQLite")
def test_the_whole_matrix() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.matrix"], capture_output=True, text=True, timeout=3_000, check=False, env=HERE
    )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    cells_tried, wrong = re.search(r"(\d+) cells .* (\d+) wrong", done.stdout).groups()  # type: ignore[union-attr]
    assert int(cells_tried) > 100_000
    assert wrong == "0"


def test_every_action_is_in_the_table_and_no_other() -> None:
    assert sorted(deeds.actions().keys() ^ (DEEDS.keys() | TRUSTED.keys())) == []


def test_actions_ask_for_the_right_themselves(scene: Scene) -> None:
    found = deeds.findings(scene, DEEDS)
    assert not found, "\n".join(found[:200])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="what a gate lets through does not hang on the database")
def test_what_is_asked_again_is_asked(scene: Scene) -> None:
    """Somebody whose password was given longer ago is asked for it, before anything else is looked at."""
    trial = Trial(scene, proven=False)
    again = [name for name, page in PAGES.items() if page.again]
    assert again
    found = [finding for cell in cells(again) if (finding := trial.finding(cell))]
    assert not found, "\n".join(map(str, found[:200]))


def test_the_policy_itself_lets_somebody_in_and_keeps_somebody_out() -> None:
    """A control: a policy that expects the same of everybody would prove nothing."""
    for name, page in PAGES.items():
        came = {expected(cell) for cell in cells([name])}
        assert "in" in came or page.hollow, name
        if page.opens != "public":
            assert "sign-in" in came, name
        if page.of and not (page.opens == "worker" and set(page.of.split()) <= TO_WORKERS):
            assert "404" in came, name


def test_the_few_visitors_stand_on_both_sides_of_every_right() -> None:
    for right, holding in WRITTEN.items():
        assert holding & set(FEW), right
        assert set(FEW) - holding, right
    assert set(FEW) <= set(VISITORS)


def test_somebody_sees_each_kind() -> None:
    for kind in KINDS:
        assert any(sees(visitor, kind, "own") for visitor in VISITORS), kind
        assert not any(
            sees(visitor, kind, "sibling")
            for visitor in VISITORS
            if not visitor.endswith(ABOVE) and not (visitor == "worker" and kind in TO_WORKERS)
        ), kind
