"""The tables of a matter's time limits, and of what was written down about it while it was handled."""

from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.kernel.actor import Actor
from unionhall.kernel.clock import Term
from unionhall.organisations.accounts import Account
from unionhall.storage.dated import Imported, Placed, PlacedQuerySet
from unionhall.storage.sealed import SealedField


class OfCases(PlacedQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """What belongs to matters this actor sees."""
        cases = self.model._meta.get_field("case").related_model
        return self.filter(case__in=cases._default_manager.visible_to(actor))


class Deadlines(OfCases):
    def running(self) -> Self:
        return self.filter(ended_on=None)


class Deadline(Placed, Imported):
    """One clock of a matter: which rule, in which version, from which event, and by when.

    What is left is counted from `since`, the day it began or went on again; `due_on` is null while it is suspended, and
    in a year whose holidays are not known yet. `known_on`: the day a register told of it; null for one begun here.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="deadlines")
    clock = models.CharField(max_length=24)
    basis = models.CharField(max_length=80, blank=True)
    version = models.DateField()
    started_on = models.DateField()
    since = models.DateField()
    left = models.IntegerField()
    working = models.BooleanField()
    extended = models.IntegerField(default=0)
    due_on = models.DateField(null=True, blank=True)
    suspended_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)  # met, late, lapsed, restarted; "" while it runs
    told = models.PositiveSmallIntegerField(default=0)  # how often its handlers were reminded
    known_on = models.DateField(null=True, blank=True)
    objects = Deadlines.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "clock"], condition=Q(ended_on=None), name="deadline_runs_once"),
            models.CheckConstraint(condition=Q(left__gte=0), name="deadline_left"),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(ended_on=None, suspended_on=None), name="deadline_due"),
        ]

    @property
    def term(self) -> Term:
        return Term(self.since, self.left, self.working)


class Extension(Placed):
    """Somebody asked for more time, with a reason; somebody else said yes or no."""

    id = models.BigAutoField(primary_key=True)
    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="extensions")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)
    objects = OfCases.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deadline"], condition=Q(granted=None), name="extension_asked_once"),
        ]


class HouseLimit(models.Model):
    """The union's own length of a clock that no law lays down, from a day on: in days, or in working days."""

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    clock = models.CharField(max_length=24)
    since = models.DateField()
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "clock", "since"], name="house_limit_once"),
            models.CheckConstraint(
                condition=Q(days=None, working_days__gte=1) | Q(working_days=None, days__gte=1), name="house_limit_one"
            ),
        ]


class Note(Placed):
    """Something was written down: what was done about the matter, or what was decided about its handling.

    `text` is what somebody wrote in their own words, sealed; `said` holds the days and names a sentence about `kind` needs.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=16)
    said = models.JSONField(default=dict)
    text = SealedField()
    objects = OfCases.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="case_note")]
