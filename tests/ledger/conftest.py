"""The treasury of the small cast: a fund with money in it, and who keeps it."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import pytest

from tests import world
from tests.desk_business.conftest import at_desk
from tests.world import World
from unionhall.cases.actions import move, open_case
from unionhall.cases.models import Case
from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.ledger.fund_moves import take_in

__all__ = ["at_desk"]

ASKED, VERIFIED, APPROVED, PAID = date(2015, 3, 2), date(2015, 3, 4), date(2015, 3, 9), date(2015, 3, 20)


class Treasury(NamedTuple):
    """The fund 送温暖 with 10,000 yuan in it since 5 January 2015; `keeper` and `other` of finance, and a leader."""

    here: World
    fund: int
    keeper: Actor
    other: Actor
    leader: Actor


@pytest.fixture
def treasury(here: World) -> Treasury:
    return a_treasury(here)


def a_treasury(here: World) -> Treasury:
    fund = world.a_fund(here)
    take_in(fund, 1_000_000, voucher="P1", source="区财政", on=date(2015, 1, 5), by=SYSTEM)
    return Treasury(here, fund, *(world.an_officer(role, here.root) for role in ("finance", "finance", "leader")))


def somebody(here: World, *roles: str) -> Actor:
    return Actor(None, "经办", tuple(Post(role, here.root) for role in roles))


def asked(here: World, name: str = "小李", *, service: str = "aid.medical") -> Case:
    """An application that was verified, waiting for approval."""
    li = world.a_member(here, name)
    case = open_case(
        service, path=here.bridge, on=ASKED, person=li.person, values={"reason": "住院"}, by=somebody(here, "station_worker")
    )  # fmt: skip
    return move(case.pk, "verify", on=VERIFIED, values={}, by=somebody(here, "station_worker"))


def approved(here: World, name: str = "小李", *, fen: int = 300_000, fund: str = "送温暖", on: date = APPROVED) -> Case:
    """An application that was approved out of the fund."""
    case = asked(here, name)
    values = {"fen_agreed": fen, **({"fund": fund} if fund else {})}
    return move(case.pk, "approve", on=on, values=values, by=somebody(here, "aid"))


def paid(here: World, case: Case, *, by: Actor | None = None, on: date = PAID, fund: str = "送温暖") -> Case:
    return move(case.pk, "pay", on=on, values={"fund": fund}, by=by or somebody(here, "finance"))


Desk = Callable[..., object]
