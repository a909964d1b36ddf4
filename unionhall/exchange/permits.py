"""Who may bring in which form in the browser: each names the rights it needs, and holds where they are all held.

At the command line, where whoever types already holds the server, every form may be brought in.
"""

from unionhall.kernel.actor import Actor
from unionhall.kernel.paths import within
from unionhall.organisations.roles import holders, of_their_service

DOOR = "imports.do"
"""The right to bring anything in at all."""

NEEDS: dict[str, tuple[str, ...]] = {
    "tree": ("places.change",),
    "posts": ("accounts.change", "posts.change"),  # nobody holds both: accounts with posts come in at the command line
    "funds": ("funds.change",),
    "incomes": ("funds.change",),
    "stations": ("stations.change",),
    "staff": ("staff.change",),
    "employers": ("employers.change",),
    "unions": ("unions.change",),
    "cover": ("employers.change", "unions.change"),
    "members": ("members.change",),
    "card_batch": ("cards.change",),
    "card_reply": ("cards.change",),
    "items": ("offers.change",),
    "uses": ("offers.change",),
    "sessions": ("offers.change",),
    "attendance": ("offers.change",),
    "booths": ("offers.change",),
    "outcomes": ("offers.change",),
    "social": ("offers.change",),
    "rooms": ("offers.change",),
    "hardship": ("cases.change",),
    "aid": ("cases.change",),
    "disputes": ("cases.change",),
    "matters": ("cases.change",),
    "policies": ("offers.change",),
    "claims": ("cases.change",),
    "agreements": ("agreements.change",),
    "agreement_cover": ("agreements.change",),
    "honours": ("honours.change",),
}
"""Template -> rights, all of them needed."""


SERVICE = {"disputes": "mediation", "hardship": "aid.file", "aid": "aid", "claims": "insurance"}
"""Templates that are of a service: departments bring in the matters of their own."""


def places(actor: Actor, template: str, service: str = "") -> tuple[str, ...]:
    """Where this actor may bring this form in: the places at and below which all its rights are held.

    `service`: of one row, where a form has rows of several services.
    """
    service = service or SERVICE.get(template, "")
    found: tuple[str, ...] | None = None
    for right in (DOOR, *NEEDS[template]):
        roles = holders(right)
        if right == "cases.change" and service:
            roles = frozenset(role for role in roles if of_their_service(role, service))
        here = actor.paths(*roles)
        found = here if found is None else _both(found, here)
    return found or ()


def reached(actor: Actor) -> dict[str, tuple[str, ...]]:
    """Template -> places, for the forms this actor may bring in somewhere."""
    found = {template: places(actor, template) for template in NEEDS}
    return {template: paths for template, paths in found.items() if paths}


def may(actor: Actor, template: str) -> bool:
    """May this actor bring this form in somewhere?"""
    return template in NEEDS and bool(places(actor, template))


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Places below one of each."""
    return tuple(sorted({max(a, b, key=len) for a in one for b in other if within(a, b) or within(b, a)}))
