"""The tables of offers, and which of their rows an actor may see."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from unionhall.kernel.period import Period
from unionhall.organisations.models import Rows
from unionhall.people.models import Person
from unionhall.storage.dated import Dated, Imported, Placed


class Offers(Rows):
    def open_in(self, period: Period) -> Self:
        """Items open on at least one day of the period."""
        return self.filter(Q(until=None) | Q(until__gt=period.start), since__lt=period.end)


class Offer(Placed, Dated, Imported):
    """One item that is open from a day until a day: a cinema ticket, a class, a pack."""

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    code = models.CharField(max_length=24)
    title = models.CharField(max_length=128)
    provider = models.CharField(max_length=128, blank=True)
    kind = models.CharField(max_length=24, blank=True)
    objects = Offers.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "code"], name="offer_code_once")]

    def __str__(self) -> str:
        return self.title


class Participation(Placed, Imported):
    """One person's one use of an offer on a day. `path` is the person's place at that time."""

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    on = models.DateField()
    number = models.CharField(max_length=32)
    quantity = models.PositiveIntegerField(default=1)
    verified_by = models.CharField(max_length=12, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "number"], name="participation_once")]

    @property
    def subject(self) -> str:
        return f"participation:{self.pk}"


def everything() -> tuple[type[models.Model], ...]:
    order: tuple[Any, ...] = (Participation, Offer)
    return order
