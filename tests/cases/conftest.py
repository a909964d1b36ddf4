"""Matters of the small cast: 小李 of the second street brings a dispute over pay to its station."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests import world
from tests.world import World
from unionhall import catalogue
from unionhall.cases import actions
from unionhall.cases.clock_models import Deadline
from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor

assert catalogue.SERVICES  # declared by being imported

ON = date(2026, 9, 16)
"""A Wednesday; a Sunday is worked before the long holiday of October, and a Saturday after it."""


@pytest.fixture
def clerk(here: World) -> Actor:
    """The station's worker in the second street."""
    return world.an_officer("station_worker", here.bridge)


@pytest.fixture
def head(here: World) -> Actor:
    return world.an_officer("station_head", here.bridge)


Bring = Callable[..., Case]


@pytest.fixture
def bring(here: World, clerk: Actor) -> Bring:
    """A dispute (or another matter) of somebody new, brought to the station on a day."""

    def brought(name: str = "小李", on: date = ON, service: str = "mediation", **values: Any) -> Case:
        member = world.a_member(here, name)
        said = {"claim": "支付拖欠的工资", "cause": "pay", "right": "x"} | values
        return actions.open_case(
            service, path=here.bridge_east, on=on, values=said, by=clerk, person=member.person, employer=here.diner
        )

    return brought


def clock(case: Case, key: str) -> Deadline:
    """The clock of this name that was begun last."""
    return Deadline.objects.filter(case=case, clock=key).latest("pk")
