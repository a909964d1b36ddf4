"""The table of an item's monthly statements."""

from django.db import models
from django.db.models import F, Q

from unionhall.organisations.models import Rows
from unionhall.storage.dated import Placed

PUT, APPROVED, RETURNED, PAID = "put", "approved", "returned", "paid"


class Statement(Placed):
    """What an item's uses without a session cost in one month that is over, on its way to being paid.

    `month` is its first day; `uses` and `fen` are what was put forward. Put forward by who runs the item, approved by
    another account of the finance department, paid by `posting`; or returned, and put forward again.
    """

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey("offers.Offer", models.PROTECT, related_name="statements")
    month = models.DateField()
    state = models.CharField(max_length=8)
    uses = models.PositiveIntegerField()
    fen = models.BigIntegerField()
    put_by = models.BigIntegerField()
    put_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=200, blank=True)
    paid_by = models.BigIntegerField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    posting = models.BigIntegerField(null=True, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "month"], name="statement_once_a_month"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("put_by")), name="statement_by_two_people"
            ),
        ]
