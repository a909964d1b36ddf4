"""A family for the tests of aid: 孙彩贺, his boy who is in no register, his sister who is a member, and who decides about them."""

from datetime import date
from typing import NamedTuple

from tests import world
from unionhall import catalogue
from unionhall.cases import aid_moves, case_moves
from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.people import household_moves

assert catalogue.SERVICES  # declared by being imported


class Family(NamedTuple):
    """The worker, a grown-up sister who is a member herself, and the officers."""

    sun: world.Member
    sister: world.Member
    clerk: Actor
    aid: Actor
    finance: Actor


def a_family(here: world.World) -> Family:
    """They live together from 2015 on; the boy of five has no number yet."""
    sun, sister = world.a_member(here, "孙彩贺"), world.a_member(here, "孙彩云")
    clerk = world.an_officer("station_worker", here.bridge)
    on = date(2015, 1, 5)
    household_moves.add_member(
        sun.person, name="孙彩云", number=sister.number, relation="sibling", on=on, path=sun.path, by=clerk
    )
    household_moves.add_member(sun.person, name="孙小宝", number="", relation="child", on=on, path=sun.path, by=clerk)
    aid, finance = world.an_officer("aid", here.root), world.an_officer("finance", here.root)
    return Family(sun, sister, clerk, aid, finance)


def asked_for(
    family: Family, *, of: world.Member | None = None, service: str = "aid.medical", cause: str = "illness", on: date = date(2015, 3, 2)
) -> Case:  # fmt: skip
    """A request that was brought to the station and checked there; the aid department decides next."""
    who = of or family.sun
    case = case_moves.open_one(
        service,
        path=who.path,
        on=on,
        values={"reason": "孩子住院"},
        by=family.clerk,
        person=who.person,
        employer=None,
        cause=cause,
    )
    return case_moves.take_on(case.pk, "verify", on=on, values={}, by=family.clerk)


def a_cap(family: Family, fen: int | None, *, service: str = "aid.medical", since: date = date(2015, 1, 1)) -> None:
    aid_moves.lay_down("cap", fen, service=service, since=since, reason="帮扶办法", by=family.aid)


def approved(family: Family, case: Case, fen: int, *, on: date = date(2015, 3, 9), override: str = "") -> Case:
    values = {"fen_agreed": fen} | ({"override": override} if override else {})
    return case_moves.take_on(case.pk, "approve", on=on, values=values, by=family.aid)
