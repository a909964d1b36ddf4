"""The register of honours, and which of its rows an actor may see."""

from typing import Any

from django.db import models

from unionhall.organisations.models import Employer, Rows
from unionhall.people.models import Person
from unionhall.storage.dated import Dated, Imported, Placed


class Honour(Placed, Dated, Imported):
    """One grant: held from the day of the decision (`since`) until it is revoked (`until`)."""

    seen_with = "honours.see"
    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=64)
    level = models.CharField(max_length=12)
    recipient = models.CharField(max_length=12)
    recipient_name = models.CharField(max_length=128)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="honours")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="honours")
    decided_by = models.CharField(max_length=64, blank=True)
    document_no = models.CharField(max_length=64, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="honour_number_once")]

    @property
    def subject(self) -> str:
        return f"honour:{self.pk}"


def everything() -> tuple[type[models.Model], ...]:
    order: tuple[Any, ...] = (Honour,)
    return order
