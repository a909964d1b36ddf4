"""The table of accounts money is paid to: sealed, dated, opened by nobody but the file that goes to the bank."""

from django.db import models
from django.db.models import Q

from unionhall.kernel.identifiers import mask_card
from unionhall.organisations.models import Rows
from unionhall.storage.dated import Dated, Placed, ends_after_it_starts
from unionhall.storage.sealed import SealedField


class PayeeAccount(Placed, Dated):
    """Where a person is paid, from `since` until `until`. A change of account ends a row and begins the next.

    `path` is that of the membership when it was written down; `holder` is whose account it is, the person's own name as a rule.
    """

    seen_with = "payees.see"
    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="payee_accounts")
    bank = models.CharField(max_length=64)
    holder = models.CharField(max_length=64)
    number = SealedField(mask=mask_card)
    by = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="one_open_payee_account"),
            ends_after_it_starts("payee_account_ends_after_it_starts"),
        ]
