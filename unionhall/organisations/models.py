"""Tables of the standing order, and which of their rows an actor may see."""

from datetime import date
from typing import Any, Self

from django.db import models

from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import mask_name
from unionhall.organisations.accounts import Account, PostAsked, PostHeld
from unionhall.organisations.roles import holders
from unionhall.storage.dated import Dated, DatedQuerySet, Imported, Placed, ends_after_it_starts

__all__ = [
    "Account", "CareRoom", "Cover", "Employer", "Establishment", "PastAcceptance", "Place", "PlaceBecame", "PostAsked", "PostHeld", "Register",
    "RegisterEntry", "SocialOrganisation", "Staff", "Station", "Union", "UnionTag",
]  # fmt: skip


class Rows(DatedQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Rows at or below the places where this actor holds a post with the right to see them (`model.seen_with`); to a
        worker, the rows about themselves and no others. A model that names no right shows nothing to anybody.
        """
        if actor.person is not None:
            about = any(field.name == "person" for field in self.model._meta.concrete_fields)
            return self.filter(person=actor.person) if about else self.none()
        return self.at(*actor.paths(*holders(self.model.seen_with)))


class Place(Placed, Dated, Imported):
    """District, street or town, community, grid cell: one node of the tree, found by its digit path."""

    seen_with = "places.see"
    id = models.BigAutoField(primary_key=True)
    path = models.CharField(max_length=24, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=64)
    code = models.CharField(max_length=12, unique=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [ends_after_it_starts("place_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.name


class PlaceBecame(Imported):
    """Reorganisation: from a day on, what lay in `old` belongs to `new`. Records keep the path they were made with."""

    id = models.BigAutoField(primary_key=True)
    old = models.ForeignKey(Place, models.PROTECT, related_name="became")
    new = models.ForeignKey(Place, models.PROTECT, related_name="formerly")
    on = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old"], name="place_became_once")]


class Employer(Placed, Imported):
    """A legal person that employs workers, from the legal-person registers."""

    seen_with = "employers.see"
    id = models.BigAutoField(primary_key=True)
    uscc = models.CharField(max_length=18, unique=True)
    uscc_override = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=128)
    ownership = models.CharField(max_length=16, blank=True)
    industry = models.CharField(max_length=8, blank=True)
    workers = models.PositiveIntegerField(default=0)
    objects = Rows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="employer_name"),
            models.Index(fields=["path"], name="employer_path"),
        ]

    def __str__(self) -> str:
        return self.name


class Register(Imported):
    """A dated list of employers that serves as the base of rates: "the legal-person database as of 2014-12-31"."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=64)
    as_of = models.DateField()
    serves = models.CharField(max_length=32)
    definition = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["serves", "as_of"], name="register_once_a_day")]

    def __str__(self) -> str:
        return f"{self.name}（{self.as_of.isoformat()}）"


class RegisterEntry(Placed, Imported):
    """One employer on one dated list, with its head-count that day."""

    seen_with = "employers.see"
    id = models.BigAutoField(primary_key=True)
    register = models.ForeignKey(Register, models.PROTECT, related_name="entries")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="listed")
    workers = models.PositiveIntegerField()
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "employer"], name="employer_once_a_register")]


class Union(Placed, Dated, Imported):
    """A union of any kind, from its founding until it is merged or abolished."""

    seen_with = "unions.see"
    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=128)
    kind = models.CharField(max_length=24)
    upper = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="lower")
    uscc = models.CharField(max_length=18, blank=True)
    approval_no = models.CharField(max_length=40, blank=True)
    term_until = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=100, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [ends_after_it_starts("union_ends_after_it_starts")]
        indexes = [
            models.Index(fields=["name"], name="union_name"),
            models.Index(fields=["kind", "since"], name="union_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class UnionTag(Placed, Dated, Imported):
    """A dated mark on a union: three-in-one (会站家合一), demonstration unit, grid pilot."""

    seen_with = "unions.see"
    id = models.BigAutoField(primary_key=True)
    union = models.ForeignKey(Union, models.CASCADE, related_name="tags")
    tag = models.CharField(max_length=24)
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["union", "tag", "since"], name="tag_once")]


class Cover(Placed, Dated, Imported):
    """A union covers an employer, from a day until a day. Many to many; `path` is the employer's."""

    seen_with = "employers.see"
    id = models.BigAutoField(primary_key=True)
    union = models.ForeignKey(Union, models.PROTECT, related_name="covers")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="covers")
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["union", "employer", "since"], name="cover_once"),
            ends_after_it_starts("cover_ends_after_it_starts"),
        ]


class Station(Placed, Dated, Imported):
    """A union service station. It serves places; it is not a place (17 stations stand in 15 streets).

    `hours`: when it is open, in words; `windows` and `rooms`: what they are called.
    """

    seen_with = "stations.see"
    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=64)
    address = models.CharField(max_length=128, blank=True)
    area = models.PositiveIntegerField(null=True, blank=True)
    rooms = models.JSONField(default=list)
    accepted_on = models.DateField(null=True, blank=True)
    star_declared_on = models.DateField(null=True, blank=True)
    hours = models.CharField(max_length=100, blank=True, db_default="")
    windows = models.JSONField(default=list, db_default=[])
    objects = Rows.as_manager()

    def __str__(self) -> str:
        return self.name


class PastAcceptance(Dated):
    """A station stood accepted from a day until the day the city took that back. An acceptance that stands is `accepted_on`."""

    id = models.BigAutoField(primary_key=True)
    station = models.ForeignKey(Station, models.PROTECT, related_name="once_accepted")
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "since"], name="past_acceptance_once"),
            ends_after_it_starts("past_acceptance_ends_after_it_starts"),
        ]


class Establishment(Placed, Dated, Imported):
    """How many posts of a kind a station is granted, from a day until a day."""

    seen_with = "stations.see"
    id = models.BigAutoField(primary_key=True)
    station = models.ForeignKey(Station, models.PROTECT, related_name="establishment")
    kind = models.CharField(max_length=24)
    posts = models.PositiveIntegerField()
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "kind", "since"], name="establishment_once")]


class Staff(Placed, Dated, Imported):
    """Someone on post at a station, from a day until a day."""

    seen_with = "staff.see"
    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20)
    station = models.ForeignKey(Station, models.PROTECT, related_name="staff")
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=64)
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "since"], name="staff_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def masked(self) -> str:
        return mask_name(self.name)


class SocialOrganisations(Rows):
    def on_with_first_of_field(self, day: date) -> Self:
        """Of the associations on a day, the first of each field: one row a field."""
        here = self.on(day).filter(kind="association")
        first = here.order_by().values("field").annotate(first=models.Min("pk")).values("first")
        return here.filter(pk__in=first)


class SocialOrganisation(Placed, Dated, Imported):
    """A centre or association at the union's base for social organisations, from a day until a day."""

    seen_with = "stations.see"
    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=128)
    kind = models.CharField(max_length=16)
    field = models.CharField(max_length=16, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    objects = SocialOrganisations.as_manager()

    def __str__(self) -> str:
        return self.name


class CareRoom(Placed, Dated, Imported):
    """A room kept for workers of one kind (a mother-and-baby room), at an employer or a public place."""

    seen_with = "stations.see"
    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=128)
    kind = models.CharField(max_length=16)
    address = models.CharField(max_length=128, blank=True)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    objects = Rows.as_manager()

    def __str__(self) -> str:
        return self.name


def everything() -> tuple[type[models.Model], ...]:
    """Every table an import may have written here, in the order in which a withdrawal takes them back."""
    order: tuple[Any, ...] = (
        SocialOrganisation, CareRoom, Staff, Establishment, Station, Cover, UnionTag, RegisterEntry, Register, Union, Employer, PostHeld, PlaceBecame, Place,
    )  # fmt: skip
    return order
