"""The table of periods that are closed: nothing is posted into them any more."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from unionhall.organisations.models import Rows
from unionhall.storage.dated import Placed


class Closing(Placed):
    """The books of the funds at or below `path` are closed from `since` until `until` (not included), for good unless reopened.

    `since` null: from the beginning. `postings` and `fen` are how many were dated in the period and what they put into
    accounts together, as it was closed: they must say the same ever after. Reopening is asked for by one and granted by another.
    """

    seen_with = "funds.see"
    id = models.BigAutoField(primary_key=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField()
    postings = models.PositiveIntegerField()
    fen = models.BigIntegerField()
    by = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    reopened_by = models.BigIntegerField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    objects = Rows.as_manager()

    @property
    def last(self) -> date:
        """The last day that is closed."""
        return self.until - timedelta(days=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path", "until"], condition=Q(reopened_at=None), name="closed_once"),
            models.CheckConstraint(
                condition=Q(reopened_by=None) | ~Q(reopened_by=F("asked_by")), name="reopened_by_another"
            ),
        ]
