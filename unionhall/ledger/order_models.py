"""The tables of payments on their way to the bank: the order, its lines, and the sum above which a second person decides."""

from django.db import models
from django.db.models import F, Q

from unionhall.organisations.models import Rows
from unionhall.people.payee_models import PayeeAccount
from unionhall.storage.dated import Placed

MADE, APPROVED, SENT, DONE, CANCELLED = "made", "approved", "sent", "done", "cancelled"
WAITING, PAID, RETURNED, DROPPED = "waiting", "paid", "returned", "dropped"


class Threshold(Placed):
    """From `since` an order of more than this needs a second person; a change is a new row, and without any, every order does."""

    seen_with = "funds.see"
    id = models.BigAutoField(primary_key=True)
    fen = models.BigIntegerField()
    since = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fen__gte=0), name="threshold_not_negative")]


class Order(Placed):
    """Payments out of one fund sent to the bank together. `two`: a second person decides on it, as the rule stood when it was made.

    made → approved (only when `two`) → sent → done, when the bank has answered every line; or cancelled before it was sent.
    """

    seen_with = "funds.see"
    id = models.BigAutoField(primary_key=True)
    fund = models.ForeignKey("ledger.Fund", models.PROTECT, related_name="orders")
    state = models.CharField(max_length=10)
    fen = models.BigIntegerField()
    count = models.PositiveIntegerField()
    two = models.BooleanField()
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=200, blank=True)
    sent_by = models.BigIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("made_by")), name="order_by_two"),
            models.CheckConstraint(
                condition=Q(two=False) | Q(state__in=(MADE, CANCELLED)) | Q(decided_by__isnull=False),
                name="order_sent_after_two",
            ),
        ]


class OrderLine(Placed):
    """One payment of an order. `cause` and `subject` are those of what is paid; `code` is the bank's reason for a return."""

    seen_with = "funds.see"
    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    subject = models.CharField(max_length=40)
    cause = models.CharField(max_length=48)
    service = models.CharField(max_length=40)
    title = models.CharField(max_length=64)
    fen = models.BigIntegerField()
    payee = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default=WAITING)
    code = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    posting = models.BigIntegerField(null=True, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause"], condition=Q(state=WAITING), name="on_its_way_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="order_line_of_something"),
            models.CheckConstraint(condition=~Q(state=PAID) | Q(answered_on__isnull=False), name="paid_on_a_day"),
        ]
