"""The table of receipts that were signed: that a payment reached who it was for."""

from django.db import models

from unionhall.organisations.models import Rows
from unionhall.storage.dated import Placed


class Receipt(Placed):
    """A payment was signed for on a day. `proxy` is who signed for the payee, empty when they did so themselves."""

    seen_with = "funds.see"
    id = models.BigAutoField(primary_key=True)
    posting = models.OneToOneField("ledger.Posting", models.PROTECT, related_name="receipt")
    number = models.CharField(max_length=20, unique=True)
    signed_on = models.DateField()
    proxy = models.CharField(max_length=64, blank=True)
    by = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    objects = Rows.as_manager()
