"""The tables of what a fund may be spent on: its earmarks, its yearly budgets, what was allowed beyond them, what is promised."""

from django.db import models
from django.db.models import F, Q

from unionhall.organisations.models import Rows
from unionhall.storage.dated import Dated, Placed, ends_after_it_starts

WHOLE = ""
"""The service of a budget that is for the whole fund."""


class Earmark(Placed, Dated):
    """From `since` until `until` the fund may pay this service, called `title`. A fund without any may pay whatever its purpose allows."""

    seen_with = "funds.see"
    id = models.BigAutoField(primary_key=True)
    fund = models.ForeignKey("ledger.Fund", models.PROTECT, related_name="earmarks")
    service = models.CharField(max_length=40)
    title = models.CharField(max_length=64)
    by = models.BigIntegerField(null=True, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "service"], condition=Q(until=None), name="one_open_earmark"),
            ends_after_it_starts("earmark_ends_after_it_starts"),
        ]


class Budget(Placed):
    """What a fund may spend on a service ("": on everything) in a year. A revision is a new row; the latest one holds."""

    seen_with = "funds.see"
    id = models.BigAutoField(primary_key=True)
    fund = models.ForeignKey("ledger.Fund", models.PROTECT, related_name="budgets")
    year = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=64, blank=True)
    fen = models.BigIntegerField()
    since = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fen__gte=0), name="budget_not_negative")]
        indexes = [models.Index(F("fund"), F("year"), F("service"), name="budget_of_year")]


class Allowance(Placed):
    """So much may be spent beyond a budget, and why: given by a leader, who pays nothing themselves."""

    seen_with = "funds.see"
    id = models.BigAutoField(primary_key=True)
    fund = models.ForeignKey("ledger.Fund", models.PROTECT, related_name="allowances")
    year = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=40, blank=True)
    fen = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    by = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fen__gt=0), name="allowance_of_something")]


class Commitment(Placed):
    """Money promised to a cause: kept back in its fund's budget from `on` until it is paid or the promise falls.

    `cause` is that of the payment to come; `ended_because` is "paid", "dropped" or "changed".
    """

    seen_with = "funds.see"
    id = models.BigAutoField(primary_key=True)
    cause = models.CharField(max_length=48)
    subject = models.CharField(max_length=40)
    fund = models.ForeignKey("ledger.Fund", models.PROTECT, related_name="commitments")
    service = models.CharField(max_length=40)
    fen = models.BigIntegerField()
    on = models.DateField()
    by = models.BigIntegerField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=8, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause"], condition=Q(ended_on=None), name="promised_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="promise_of_something"),
        ]
        indexes = [models.Index(F("fund"), condition=Q(ended_on=None), name="promised_of_fund")]
