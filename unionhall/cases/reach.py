"""Whose matter it is to handle: by post, place and service."""

from unionhall.kernel.actor import Actor
from unionhall.organisations.roles import holders, of_their_service


def may_handle(actor: Actor, service: str, path: str) -> bool:
    """Does a post of this actor change matters of this service at this place?"""
    return any(actor.reaches(path, role) and of_their_service(role, service) for role in holders("cases.change"))


def may_see(actor: Actor, service: str) -> bool:
    """Does some post of this actor see matters of this service at all?"""
    return any(actor.holds(role) and of_their_service(role, service) for role in holders("cases.see"))
