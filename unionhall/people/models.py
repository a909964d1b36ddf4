"""Tables of people, and which of their rows an actor may see."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import mask_card, mask_document, mask_mobile, mask_name
from unionhall.organisations.models import Employer, Rows, Union
from unionhall.people.household_models import Household, HouseholdMember
from unionhall.people.payee_models import PayeeAccount
from unionhall.storage.dated import Dated, Imported, Placed, ends_after_it_starts
from unionhall.storage.sealed import SealedField

__all__ = [
    "Card", "Cards", "Duplicate", "Household", "HouseholdMember", "Membership", "Memberships", "PayeeAccount", "People", "Person",
    "everything",
]  # fmt: skip


class People(models.QuerySet["Person"]):
    def lock(self, person: int) -> bool:
        """Within a transaction: two doings of one person come one after the other. False where there is nobody."""
        return bool(self.select_for_update(no_key=True).filter(pk=person).values_list("pk", flat=True))

    def visible_to(self, actor: Actor) -> Self:
        """Persons with a membership, past or present, within the actor's places; to a worker, themselves."""
        if actor.person is not None:
            return self.filter(pk=actor.person)
        mine = Membership.objects.visible_to(actor).filter(person=OuterRef("pk"))
        return self.filter(Exists(mine))


class Person(Imported):
    """An identified person. The number is sealed; equal numbers are found by the blind index."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=64)
    name_key = models.CharField(max_length=64)
    document = models.CharField(max_length=16)
    number = SealedField(mask=mask_document)
    number_index = models.BinaryField(max_length=16)
    mobile = SealedField(mask=mask_mobile)
    mobile_index = models.BinaryField(max_length=16, null=True)
    sex = models.CharField(max_length=6, blank=True)
    birth = models.DateField(null=True, blank=True)
    ethnicity = models.CharField(max_length=16, blank=True)
    education = models.CharField(max_length=16, blank=True)
    hukou = models.CharField(max_length=16, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    objects = People.as_manager()

    class Meta:
        # By expression, so that it is an index of its own on SQLite too: what a first load fills is indexed at its end.
        constraints = [models.UniqueConstraint(F("number_index"), name="person_number_once")]
        indexes = [
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_merged"),
            models.Index(fields=["mobile_index"], name="person_mobile"),
            # So that PostgreSQL answers "begins with", whatever its collation; SQLite's text compares by bytes anyway.
            models.Index(fields=["name_key"], opclasses=["varchar_pattern_ops"], name="person_name_begins"),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        return mask_name(self.name)


class Memberships(Rows):
    def admitted(self) -> Self:
        """Rows that begin a membership, not a later change of its state or place."""
        return self.filter(follows=None)


class Membership(Placed, Dated, Imported):
    """A person's membership, dated from the committee's approval. A change of union or state closes a row and opens the next."""

    seen_with = "members.see"
    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    union = models.ForeignKey(Union, models.PROTECT, related_name="memberships")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="members")
    state = models.CharField(max_length=12, default="active")
    job = models.CharField(max_length=64, blank=True)
    contract = models.CharField(max_length=16, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=32, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", db_index=False
    )
    objects = Memberships.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="one_open_membership"),
            ends_after_it_starts("membership_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["follows"], condition=Q(follows__isnull=False), name="membership_follows"),
            models.Index(fields=["path", "since", "until", "person", "state"], name="membership_held"),
            models.Index(fields=["-since", "-id"], name="membership_newest"),  # the register as the desk lists it
            models.Index(fields=["state", "-since", "-id"], name="membership_state"),
            models.Index(fields=["-since", "-id"], condition=Q(until__isnull=False), name="membership_ended"),
        ]


class Cards(Rows):
    def valid_on(self, day: date) -> Self:
        """Cards made by that day and not replaced or cancelled by it."""
        return self.filter(Q(until=None) | Q(until__gt=day), made_on__lte=day)


class Card(Placed, Imported):
    """A mutual-service card (京卡). Voluntary; asked for, made, delivered, active, replaced or cancelled. Never a key.

    It is valid from `made_on` until `until`; `path` is the membership's when the card was asked for.
    """

    seen_with = "cards.see"
    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cards")
    state = models.CharField(max_length=12, default="requested")
    number = SealedField(mask=mask_card)
    number_index = models.BinaryField(max_length=16, null=True, unique=True)
    consented_on = models.DateField(null=True, blank=True)
    requested_on = models.DateField()
    made_on = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    activated_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    rejected_because = models.CharField(max_length=100, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    objects = Cards.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None) & ~Q(state="rejected"), name="one_open_card"
            )
        ]
        indexes = [models.Index(fields=["path", "made_on", "until", "person"], name="card_place")]


class Duplicate(models.Model):
    """Two persons who may be one, offered to an officer for merging."""

    id = models.BigAutoField(primary_key=True)
    one = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    because = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="offered")
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="pair_once")]


def everything() -> tuple[type[models.Model], ...]:
    """Every table an import may have written here, in the order in which a withdrawal takes them back."""
    order: tuple[Any, ...] = (Card, Membership, Person)
    return order
