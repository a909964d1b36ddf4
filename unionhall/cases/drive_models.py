"""The tables of donations: a drive for one matter, its gifts, and what was handed over to the family."""

from django.db import models
from django.db.models import Q

from unionhall.ledger.models import Fund
from unionhall.organisations.models import Rows
from unionhall.storage.dated import Placed
from unionhall.storage.sealed import SealedField

WAYS = {"cash": "现金", "bank": "转账"}
"""How a gift came: key -> Chinese title."""


class Drive(Placed):
    """Money is asked for one matter. It lies in a fund of its own, which pays nothing else.

    `title` is what the public reads: it names nobody.
    """

    seen_with = "drives.see"
    id = models.BigAutoField(primary_key=True)
    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="drive")
    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=60)
    fund = models.OneToOneField(Fund, models.PROTECT, related_name="drive")
    fen_target = models.BigIntegerField()
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    closed_because = models.CharField(max_length=200, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fen_target__gt=0), name="drive_asks_for_something")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"drive:{self.pk}"


class Gift(Placed):
    """One gift to a drive. Who gave it is sealed; `anonymous`: they do not want to be named, to the family either."""

    seen_with = "drives.see"
    id = models.BigAutoField(primary_key=True)
    drive = models.ForeignKey(Drive, models.PROTECT, related_name="gifts")
    on = models.DateField()
    fen = models.BigIntegerField()
    way = models.CharField(max_length=8)
    voucher = models.CharField(max_length=24)
    anonymous = models.BooleanField(default=False)
    donor = SealedField()
    posting = models.BigIntegerField()
    void_because = models.CharField(max_length=200, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "voucher"], name="gift_voucher_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="gift_is_something"),
        ]

    @property
    def subject(self) -> str:
        return f"gift:{self.pk}"


class Handover(Placed):
    """What of a drive's money was handed to the family, by a voucher. `void_because`: why it was taken back, if it was."""

    seen_with = "drives.see"
    id = models.BigAutoField(primary_key=True)
    drive = models.ForeignKey(Drive, models.PROTECT, related_name="handovers")
    on = models.DateField()
    fen = models.BigIntegerField()
    voucher = models.CharField(max_length=24)
    posting = models.BigIntegerField()
    void_because = models.CharField(max_length=200, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "voucher"], name="handover_voucher_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="handover_is_something"),
        ]
