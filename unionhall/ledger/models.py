"""Tables of the ledger."""

from typing import Any, Self

from django.db import models
from django.db.models import F

from unionhall.kernel.actor import Actor
from unionhall.ledger.budget_models import Allowance, Budget, Commitment, Earmark
from unionhall.ledger.order_models import Order, OrderLine, Threshold
from unionhall.ledger.period_models import Closing
from unionhall.ledger.receipt_models import Receipt
from unionhall.organisations.roles import holders
from unionhall.storage.dated import Imported, Placed, PlacedQuerySet

__all__ = [
    "Allowance", "Budget", "Closing", "Commitment", "Earmark", "Entry", "Fund", "Kept", "Order", "OrderLine", "Posting", "Receipt",
    "Threshold", "everything",
]  # fmt: skip


class Kept(PlacedQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Rows at or below the places where this actor holds a post that sees the money; to a worker, none."""
        return self.at(*actor.paths(*holders("funds.see")))


class Fund(Placed, Imported):
    """A purse with a purpose: special aid, bonus, mutual, donations. Its money may be spent on its purpose only."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40, unique=True)
    purpose = models.CharField(max_length=200, blank=True)
    objects = Kept.as_manager()

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """One movement of money and why; its entries sum to zero. Corrected only by a reversing posting."""

    id = models.BigAutoField(primary_key=True)
    cause = models.CharField(max_length=48, unique=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.CharField(max_length=200, blank=True)


class Entry(Placed):
    """One side of a posting: fen into (+) or out of (-) an account of a fund ("cash", "paid:aid.medical")."""

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="entries")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="entries")
    account = models.CharField(max_length=48)
    fen = models.BigIntegerField()
    objects = Kept.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(fen=0), name="entry_moves_money")]
        indexes = [models.Index(F("fund"), F("account"), name="entry_account")]


def everything() -> tuple[type[models.Model], ...]:
    """What a withdrawal takes back; postings are never taken back, only reversed."""
    order: tuple[Any, ...] = (Fund,)
    return order
