"""The tables of goods given out through unions: what each is meant to get, and what was brought there."""

from django.db import models
from django.db.models import Q

from unionhall.organisations.models import Rows, Union
from unionhall.storage.dated import Placed


class Allotment(Placed):
    """Units of an item meant for one union; `path` is the union's. What became of them stands in deliveries and signatures."""

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey("offers.Offer", models.PROTECT, related_name="allotments")
    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    units = models.PositiveIntegerField()
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "union"], name="allotment_once")]
        indexes = [models.Index(fields=["path", "id"], name="allotment_place")]

    @property
    def subject(self) -> str:
        return f"allotment:{self.pk}"


class Delivery(Placed):
    """Units brought to a union on a day, and who signed for them there; `posting` is the payment that paid for them."""

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    allotment = models.ForeignKey(Allotment, models.PROTECT, related_name="deliveries")
    on = models.DateField()
    units = models.PositiveIntegerField()
    receiver = models.CharField(max_length=64)
    posting = models.BigIntegerField(null=True, blank=True)
    void_because = models.CharField(max_length=200, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(units__gt=0), name="delivery_of_something")]

    @property
    def subject(self) -> str:
        return f"delivery:{self.pk}"
