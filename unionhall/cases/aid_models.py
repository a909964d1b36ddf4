"""The tables of what the aid department lays down, and of how a household's income was reckoned."""

from django.db import models
from django.db.models import Q

from unionhall.cases.clock_models import OfCases
from unionhall.storage.dated import Placed
from unionhall.storage.sealed import SealedField

RULES = {
    "cap": "一户一年最多",
    "allowance": "最低生活保障标准（每人每月）",
    "relative": "相对困难：低于低保标准的多少倍",
    "loss": "意外致困：损失超过年收入的百分之几",
    "notice": "建档前公示的工作日",
}
"""What is laid down by rows: key -> Chinese title. Sums are fen; multiples are hundredths."""


class AidRule(models.Model):
    """What the aid department laid down, from a day on; the latest row that has begun holds.

    `service`: the aid a cap is of, "" for all of them together. `amount` null: from that day on there is no such rule.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    service = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    amount = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    by = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "service", "since"], name="aid_rule_once"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="aid_rule_not_negative"),
        ]


class Reckoning(Placed):
    """How a household's income was reckoned on a day, for a hardship file: the class that follows is open, the sums are sealed.

    `told` is the whole reckoning in words, item by item. `level` is a key of HARDSHIPS, "" where none follows.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="reckonings")
    on = models.DateField()
    size = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=24, blank=True)
    rule_since = models.DateField()
    by = models.BigIntegerField(null=True, blank=True)
    told = SealedField()
    objects = OfCases.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "on"], name="reckoned_once_a_day"),
            models.CheckConstraint(condition=Q(size__gte=1), name="household_has_somebody"),
        ]
