"""The table of duty rosters: who sits at which station's window, from when until when, and whether they were there."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Rows, Station
from unionhall.storage.dated import Placed

LAWYER, MEDIATOR = "lawyer", "mediator"
KINDS = {LAWYER: "律师", MEDIATOR: "调解员"}
"""Who is on duty, and as what."""


class Duties(Rows):
    def of(self, actor: Actor) -> Self:
        """This account's own; none for who has no account."""
        return self.none() if actor.account is None else self.filter(account=actor.account)

    def standing(self) -> Self:
        """Those not called off."""
        return self.filter(called_off="")

    def under_way(self, now: datetime) -> Self:
        """Those whose hours it is."""
        return self.standing().filter(starts_at__lte=now, ends_at__gt=now)


class Duty(Placed):
    """One account at one station's window for some hours. `arrived_at`, `left_at`: as they signed in and out; `asked`, the
    account that is asked to take it over.
    """

    seen_with = "stations.see"
    id = models.BigAutoField(primary_key=True)
    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    window = models.CharField(max_length=32, blank=True)
    account = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    asked = models.BigIntegerField(null=True, blank=True)
    called_off = models.CharField(max_length=200, blank=True)
    objects = Duties.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("arrived_at")), name="duty_left_after_arrival"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "starts_at"], name="duty_of_account"),
            models.Index(fields=["starts_at", "id"], name="duty_calendar"),
        ]

    @property
    def subject(self) -> str:
        return f"duty:{self.pk}"
