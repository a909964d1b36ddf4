"""Rows that hold from a day until a day, so that any past day can be asked."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from unionhall.kernel.paths import span


def placed_at(paths: Iterable[str]) -> Q:
    """The condition that a row lies at or below any of these places; no place, no row."""
    where = Q(pk__in=())
    for path in paths:
        low, high = span(path)
        where |= Q(path__gte=low, path__lt=high)
    return where


class PlacedQuerySet(models.QuerySet[Any]):
    """Rows that carry the digit path of the place they belong to."""

    def at(self, *paths: str) -> Self:
        """Rows at or below any of these places; all rows for the empty path."""
        if "" in paths:
            return self.all()
        if not paths:
            return self.none()
        return self.filter(placed_at(paths))


class DatedQuerySet(PlacedQuerySet):
    def on(self, day: date) -> Self:
        """Rows valid on a day: since ≤ day < until."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


class Placed(models.Model):
    """Lies at a place of the tree."""

    path = models.CharField(max_length=24)

    class Meta:
        abstract = True


class Dated(models.Model):
    """Holds from `since` (included) until `until` (not included; null: still holds)."""

    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class Imported(models.Model):
    """May have come with an import: which one, and the keyed digest of the row it came from.

    The digest says "the record still stands as that row left it"; whoever changes the record otherwise clears it.
    """

    batch = models.BigIntegerField(null=True, blank=True, editable=False)
    digest = models.BinaryField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name=name)
