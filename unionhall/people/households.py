"""Whose household somebody belongs to on a day, and who else does. Nothing here writes."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from unionhall.people.household_models import HouseholdMember
from unionhall.people.models import Person


class Belongs(NamedTuple):
    """One of a household. `person` is None of somebody the union has no register of; their name and number stay sealed."""

    row: HouseholdMember | None
    person: Person | None
    relation: str


def household_of(person: int, on: date) -> list[Belongs]:
    """Everybody of a person's household on a day, the person first; of one who has none written down, the person alone.

    Of somebody merged into another, the household of both. Four questions to the database, however large it is.
    """
    self = Person.objects.select_related("merged_into").get(pk=person)
    self = self.merged_into or self
    holds = Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))
    mine = HouseholdMember.objects.filter(holds, Q(person=self) | Q(person__merged_into=self)).values("household")
    rows = list(
        HouseholdMember.objects.filter(holds, household__in=mine)
        .select_related("person", "household")
        .order_by("since", "pk")
    )
    found = _registered_since(rows)
    told = [Belongs(row, row.person or found.get(row.number_index), row.relation) for row in rows]
    if not told:
        return [Belongs(None, self, "self")]
    return sorted(told, key=lambda one: one.person is None or one.person.pk not in (person, self.pk))


def people_of(members: Sequence[Belongs]) -> list[int]:
    """Those of them the union knows, whatever they received."""
    return sorted({one.person.pk for one in members if one.person is not None})


def _registered_since(rows: Sequence[HouseholdMember]) -> dict[bytes | None, Person]:
    """Those written down by name and number who were registered as persons later."""
    wanted = [row.number_index for row in rows if row.person_id is None and row.number_index]
    if not wanted:
        return {}
    return {bytes(one.number_index): one for one in Person.objects.filter(number_index__in=wanted)}
