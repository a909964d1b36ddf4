"""Which part of a session's places is somebody's."""

from collections.abc import Sequence

from unionhall.kernel.paths import within
from unionhall.offers import conditions
from unionhall.offers.conditions import Facts
from unionhall.offers.models import REST, Share


def share_of(shares: Sequence[Share], facts: Facts, offer: int) -> Share:
    """The part of the places a person draws on: of their union, else of the nearest place, else of a group, else the rest.

    `shares` are those of one session, which is divided, in the order they were made.
    """
    ours = [one for one in shares if one.kind == "union" and one.whose == str(facts.union)]
    near = [one for one in shares if one.kind == "place" and facts.path and within(facts.path, one.whose)]
    near.sort(key=lambda one: -len(one.whose))
    kin = [one for one in shares if one.kind == "group" and conditions.find(one.whose).met(facts, "", offer)]
    rest = [one for one in shares if one.kind == REST]
    return next(iter((*ours, *near, *kin, *rest)))
