"""The district put together: places, employers, unions, and which member numbers belong to which."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from random import Random
from typing import NamedTuple

from demo.chance import allocate
from demo.employers import NONE, Employer, community_workers, employers
from demo.people import Member, admitted, person
from demo.places import STREETS, Community, communities, street_code
from demo.plan import Plan
from demo.unions import Union, unions


class Group(NamedTuple):
    """Members `first` to `first + size - 1`: one employer's, or those of a community-worker union (employer None).

    The first `before` of them were admitted before 2014, the next `in_2014` in 2014, the others in 2015; none before
    `since`, the day the union was there for them.
    """

    first: int
    size: int
    before: int
    in_2014: int
    since: int  # date.toordinal()
    union: str
    uscc: str
    street: int
    place: str


class World:
    """Everything but the persons themselves, who follow from their numbers (`people.person`)."""

    def __init__(self, scale: float) -> None:
        self.plan = Plan(scale)
        self.communities: list[Community] = communities(scale)
        self.employers: list[Employer] = employers(self.plan, self.communities)
        self.unions: list[Union] = unions(self.plan, self.communities, self.employers)
        self.groups: list[Group] = _groups(self.plan, self.employers, self.unions)
        self._firsts = [group.first for group in self.groups]
        self.members = sum(group.size for group in self.groups)

    def street_groups(self, street: int) -> list[Group]:
        """The groups of one street, or those at the district itself (-1)."""
        return [group for group in self.groups if group.street == street]

    def group_of(self, number: int) -> Group:
        return self.groups[bisect_right(self._firsts, number) - 1]

    def member(self, number: int) -> Member:
        """One member with what other registers need of it."""
        group = self.group_of(number)
        one = person(number)
        joined = date.fromordinal(admitted(number, number - group.first, group, one.birth))
        return Member(number, one.name, one.kind, one.number, one.sex, joined, group.uscc, group.street, group.place)

    def pick(
        self, random: Random, count: int, before: date, taken: set[int], street: int | None = None
    ) -> list[Member]:
        """Distinct members with a citizen number and an employer, admitted before a day, none of them taken yet.

        Takes them. Where a district is too small for so many, the last ones may be of another street.
        """
        groups = [group for group in self.groups if group.before and group.uscc]
        pool = [group for group in groups if street in (None, group.street)] or groups
        found: list[Member] = []
        tries = 0
        while len(found) < count:
            tries += 1
            if tries > 200 * count:
                pool = groups
            if tries > 5_000 * count:
                raise ValueError(f"not enough members admitted before {before} for {count} more")
            group = random.choice(pool)
            number = group.first + random.randrange(group.before)
            if number in taken:
                continue
            one = self.member(number)
            if one.kind == "citizen" and one.joined < before:
                taken.add(number)
                found.append(one)
        return found


@lru_cache(maxsize=2)
def world(scale: float) -> World:
    """The world at a scale; built once in a process."""
    return World(scale)


def _groups(plan: Plan, found: Sequence[Employer], all_unions: Sequence[Union]) -> list[Group]:
    """Employers are in the order of their places; each street's community workers come after its employers."""
    community = {one.street: one for one in all_unions if one.kind == "社区工作者工会"}
    workers = allocate(community_workers(plan), [known.communities for known in STREETS], 1)
    groups: list[Group] = []
    at = 0
    for street in range(-1, len(STREETS)):
        for one in found:
            if one.street == street and one.under != NONE and one.members:
                assert one.since is not None
                groups.append(
                    Group(
                        at,
                        one.members,
                        one.before,
                        one.in_2014,
                        one.since.toordinal(),
                        one.union,
                        one.uscc,
                        street,
                        one.place,
                    )
                )
                at += one.members
        if street >= 0:
            union = community[street]
            size = workers[street]
            groups.append(
                Group(at, size, 0, size, union.since.toordinal(), union.code, "", street, street_code(street))
            )
            at += size
    return groups
