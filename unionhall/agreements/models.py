"""The tables of agreements, and which of their rows an actor may see."""

from typing import Any

from django.db import models

from unionhall.organisations.models import Employer, Rows, Union
from unionhall.storage.dated import Dated, Imported, Placed, ends_after_it_starts


class Agreement(Placed, Dated, Imported):
    """One document in force from a day until a day."""

    seen_with = "agreements.see"
    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=128)
    level = models.CharField(max_length=16, blank=True)
    union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="agreements")
    signed_on = models.DateField()
    filed_on = models.DateField(null=True, blank=True)
    filing_no = models.CharField(max_length=40, blank=True)
    workers = models.PositiveIntegerField(default=0)
    renews = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="renewed_by")
    ended_because = models.CharField(max_length=64, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="agreement_number_once"),
            ends_after_it_starts("agreement_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"agreement:{self.pk}"


class AgreementCover(Placed, Dated, Imported):
    """An agreement covers an employer from a day until a day; `path` is the employer's, `service` the agreement's."""

    seen_with = "agreements.see"
    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="covers")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="agreed")
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "employer", "since"], name="agreement_cover_once"),
            ends_after_it_starts("agreement_cover_ends_after_it_starts"),
        ]


def everything() -> tuple[type[models.Model], ...]:
    order: tuple[Any, ...] = (AgreementCover, Agreement)
    return order
