"""Whose matter it is to handle: by post, place, service, and who answers for it now."""

from collections.abc import Iterable
from datetime import date

from unionhall.cases.models import Case
from unionhall.cases.party_models import Party
from unionhall.kernel.actor import Actor
from unionhall.kernel.paths import level
from unionhall.kernel.workflow import Move
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.roles import CASES_OF, LAWYER, holders, of_their_service

LEVELS = {"cell": "网格", "station": "服务站", "street": "街道总工会", "district": "区总工会"}
"""Who answers for a matter, from below: each takes over what the one before did not bring to an end."""
CELL, STATION = "cell", "station"
OF_THE_STATION = (CELL, STATION)
"""The levels at which it is a station worker's: the one on duty for a cell, or whoever of the station takes it up."""
WORKER = "worker"
"""A step its own worker takes, from their telephone; no post does."""
COMMUNITY = 2
"""The level of places from which a station worker's post is one of the grid, and not the station's."""
_STATION = frozenset(("station_worker", "station_head"))


def may_handle(actor: Actor, service: str, path: str) -> bool:
    """Does a post of this actor change matters of this service at this place?"""
    return any(actor.reaches(path, role) and of_their_service(role, service) for role in holders("cases.change"))


def may_see(actor: Actor, service: str) -> bool:
    """Does some post of this actor see matters of this service at all?"""
    return any(actor.holds(role) and of_their_service(role, service) for role in holders("cases.see"))


def answering(service: str, level: str) -> tuple[str, ...]:
    """The posts that answer for a matter at a level; at the district, the departments of its service."""
    if level in OF_THE_STATION:
        return ("station_worker",)
    if level == "street":
        return ("street",)
    return tuple(
        sorted(role for role in CASES_OF if role in holders("cases.change") and of_their_service(role, service))
    )


def on_duty(path: str, day: date) -> int | None:
    """网格责任人: the account that alone holds a station worker's post at the nearest cell or community over a place. None
    where nobody stands below the station, or several do: then a matter waits for whoever takes it up.
    """
    held = PostHeld.objects.over(path, answering("", CELL), day).values_list("account", "path")
    found = nearest([(account, at) for account, at in held if level(at) >= COMMUNITY])
    return found.pop() if len(found) == 1 else None


def nearest(held: Iterable[tuple[int, str]]) -> set[int]:
    """Of accounts and the places their posts stand at, all of them over one place: those at the lowest."""
    posts = list(held)
    lowest = max((len(at) for _account, at in posts), default=0)
    return {account for account, at in posts if len(at) == lowest}


def is_lawyer_of(actor: Actor, case: Case) -> bool:
    """Was the matter given to this actor by name, as its lawyer, and is that still their post there?"""
    return actor.account is not None and actor.account == case.lawyer_id and actor.reaches(case.path, LAWYER)


def may_step(actor: Actor, case: Case, step: Move) -> bool:
    """May this actor take this step? A post it names at the matter's place; of a station's steps, whoever the matter has
    risen to; of a lawyer's, the one it was given to, and the station's worker while that is nobody with an account.
    """
    if step.by == WORKER:
        return speaks(actor, case)
    if step.by == LAWYER and case.lawyer_id is not None:
        return is_lawyer_of(actor, case)
    posts = ("station_worker",) if step.by == LAWYER else tuple(step.by.split())
    if actor.reaches(case.path, *posts):
        return True
    above = not _STATION.isdisjoint(posts) and case.level not in OF_THE_STATION
    return above and any(actor.reaches(case.path, role) for role in answering(case.service, case.level))


def speaks(actor: Actor, case: Case) -> bool:
    """Is this the worker whose word counts in a matter: who brought it, or, of many, one of those who speak for them?"""
    if actor.person is None:
        return False
    named = set(Party.objects.applicants().filter(case=case.pk, representative=True).values_list("person", flat=True))
    return actor.person in named if named else actor.person == case.person_id


def may_approve(actor: Actor, case: Case) -> bool:
    """May this actor say yes to what a handler asks for: a head of station, the street, the service's department?"""
    above = holders("cases.approve")
    return any(actor.reaches(case.path, role) and of_their_service(role, case.service) for role in above)


def may_lay_down(actor: Actor, service: str) -> bool:
    """Does a department of the district answer for this service?"""
    return any(actor.holds(role) and of_their_service(role, service) for role in holders("cases.limits"))
