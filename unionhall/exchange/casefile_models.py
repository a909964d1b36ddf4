"""The table of the files of a matter: photographs and scans its worker or an officer added."""

from typing import Self

from django.db import models

from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.organisations.accounts import Account
from unionhall.storage.sealed import SealedField


class CaseFiles(models.QuerySet["CaseFile"]):
    def visible_to(self, actor: Actor) -> Self:
        """Files of matters this actor sees; to a worker, those of their own matters."""
        cases = Case.objects.visible_to(actor)
        return self.filter(case__in=cases.filter(person=actor.person) if actor.person is not None else cases)


class CaseFile(models.Model):
    """One file. Its bytes lie sealed under `token` (exchange.strongroom), "" when it was taken away; what it was called is
    sealed, too, for names tell. `form` is what its bytes are: jpg, png, pdf. `by` is null for what its worker added.
    """

    seen_with = "cases.see"
    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="files")
    name = SealedField()
    form = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    token = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    away_at = models.DateTimeField(null=True, blank=True)
    away_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    away_reason = models.CharField(max_length=200, blank=True)
    objects = CaseFiles.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="file_of_case")]

    def __str__(self) -> str:
        return f"{self.pk}.{self.form}"
