"""Published facts, and the goals set for figures."""

from django.db import models
from django.db.models import Q

from unionhall.organisations.models import Rows
from unionhall.storage.dated import Dated, Placed, ends_after_it_starts


class PublishedFact(models.Model):
    """What was published: never changed, only followed by the next revision with the difference and the reason.

    A rate keeps numerator and denominator; a count has its value in the numerator and no denominator.
    """

    id = models.BigAutoField(primary_key=True)
    publication = models.BigIntegerField()
    indicator = models.CharField(max_length=64)
    definition_version = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=24)
    start = models.DateField()
    end = models.DateField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True, blank=True)
    records = models.BigIntegerField()
    evidence = models.BinaryField(max_length=32)
    revision = models.PositiveSmallIntegerField(default=1)
    difference = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()
    by = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "path", "start", "end", "revision"], name="fact_revision_once")
        ]


class Target(Placed, Dated):
    """What a figure should come to at a place by the end of a year. A goal set anew closes the row and opens the next.

    `goal` is in the figure's whole unit: a count, fen, or hundredths of a percent of a rate.
    """

    seen_with = "board.see"
    id = models.BigAutoField(primary_key=True)
    indicator = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    goal = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    by = models.BigIntegerField(null=True, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "path", "indicator"], condition=Q(until=None), name="target_standing_once"
            ),
            models.CheckConstraint(condition=Q(goal__gte=0), name="target_not_negative"),
            ends_after_it_starts("target_ends_after_it_starts"),
        ]
