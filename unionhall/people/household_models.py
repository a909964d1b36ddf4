"""The tables of households: who lives together, from a day until a day, whether the union knows them or not."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import mask_document, mask_name
from unionhall.organisations.models import Rows
from unionhall.storage.dated import Dated, Placed, ends_after_it_starts
from unionhall.storage.sealed import SealedField

RELATIONS = {
    "self": "本人",
    "spouse": "配偶",
    "child": "子女",
    "parent": "父母",
    "sibling": "兄弟姐妹",
    "other": "其他",
}
"""What somebody is to the worker the household was written down for: key -> Chinese title."""


class Household(Placed):
    """A household, at the place where it was written down, for the worker `head`. Who belongs to it, its members say."""

    seen_with = "households.see"
    id = models.BigAutoField(primary_key=True)
    head = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    opened_on = models.DateField()
    objects = Rows.as_manager()


class OfHouseholds(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Members of the households this actor sees."""
        return self.filter(household__in=Household.objects.visible_to(actor))


class HouseholdMember(Dated):
    """One of a household, from `since` until `until`: somebody in the roster (`person`), or a name and perhaps a number, sealed.

    `number_index` is that of `people.Person.number`: whoever is registered later is found again by it.
    """

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="households")
    relation = models.CharField(max_length=8)
    name = SealedField(mask=mask_name)
    number = SealedField(mask=mask_document)
    number_index = models.BinaryField(max_length=16, null=True)
    objects = OfHouseholds.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="one_household_at_a_time"),
            ends_after_it_starts("household_member_ends_after_it_starts"),
        ]
