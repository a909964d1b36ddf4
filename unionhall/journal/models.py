"""The journal's one table."""

from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.storage.dated import Placed, PlacedQuerySet


class Lines(PlacedQuerySet):
    def standing(self) -> Self:
        """Lines that were not voided and are not themselves the voiding of another."""
        return self.filter(voided_by=None).exclude(act="void")

    def visible_to(self, actor: Actor) -> Self:
        return self.at(*actor.paths())


class Line(Placed):
    """Something was done: which service, which act, where, on which day, to whom, for how much."""

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    act = models.CharField(max_length=24)
    kind = models.CharField(max_length=40, blank=True)
    on = models.DateField()
    # By name, so that organisations and people, whose actions write lines too, may stand above the journal.
    # Millions of rows that are never deleted and point at rows that are never deleted: the key is checked by the one
    # action that writes them, not once more per row by the database.
    person = models.ForeignKey(
        "people.Person", models.DO_NOTHING, null=True, blank=True, db_constraint=False, db_index=False
    )
    employer = models.ForeignKey(
        "organisations.Employer", models.DO_NOTHING, null=True, blank=True, db_constraint=False, db_index=False
    )
    headcount = models.IntegerField(default=1)
    fen = models.BigIntegerField(default=0)
    quantity = models.IntegerField(default=0)
    subject = models.CharField(max_length=32)
    by = models.BigIntegerField(null=True, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    voided_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="voids", db_index=False)
    reason = models.CharField(max_length=200, blank=True)
    objects = Lines.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["service", "act", "on", "path", "person"], condition=Q(voided_by=None), name="line_figure"
            ),
            models.Index(fields=["subject"], name="line_subject"),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="line_person"),
        ]

    @property
    def yuan(self) -> str:
        """The amount for people: yuan, empty when no money moved."""
        return f"{yuan(self.fen):,}" if self.fen else ""
