"""Tables of looking: who opened which sealed value and why; who asked for a large export and who allowed it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.kernel.actor import Actor
from unionhall.storage.dated import Placed, PlacedQuerySet


class AccessRows(PlacedQuerySet):
    def about(self, person: int) -> Self:
        """Who looked at this person's sealed data, newest first; what they opened themselves is no news to them."""
        return self.filter(about=person).filter(~Q(person=person) | Q(person=None)).order_by("-at", "-pk")

    def visible_to(self, actor: Actor, *roles: str) -> Self:
        """Rows at or below the places of the actor's posts of these roles; to a worker, those about themselves."""
        if actor.person is not None:
            return self.about(actor.person)
        return self.at(*actor.paths(*roles))


class AccessRow(models.Model):
    """One sealed value was opened: by whom with which posts, which field of which row, of whom, and why.

    Written before the value is given, in a transaction of its own that must commit first. `path` is where the person
    stood. `approval`: it went out with an export a second officer allowed. `alarm`: beyond what a day's work asks for.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    account = models.BigIntegerField(null=True, blank=True)
    person = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=64)
    posts = models.TextField(blank=True)
    field = models.CharField(max_length=64)
    row = models.BigIntegerField()
    path = models.CharField(max_length=24, blank=True)
    about = models.BigIntegerField(null=True, blank=True)
    purpose = models.CharField(max_length=200)
    approval = models.BigIntegerField(null=True, blank=True)
    alarm = models.BooleanField(default=False)
    trace = models.CharField(max_length=40, blank=True)
    objects = AccessRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["about", "at"], name="access_about"),
            models.Index(fields=["account", "at"], name="access_account"),
        ]


class Approvals(PlacedQuerySet):
    def visible_to(self, actor: Actor, *roles: str) -> Self:
        """Requests at or below the places of the actor's posts of these roles, and the actor's own."""
        mine = self.filter(asked_by=actor.account) if actor.account is not None else self.none()
        return self.at(*actor.paths(*roles)) | mine

    def open_on(self, now: datetime) -> Self:
        """Requests nobody has decided and that have not run out."""
        return self.filter(state="waiting", expires_at__gt=now)


class Approval(Placed):
    """One officer asks to take the data of many people out, another says yes or no. Good once, for a day.

    `what` is the keyed digest of what exactly is to be exported, so that a yes to one list is no yes to another.
    """

    id = models.BigAutoField(primary_key=True)
    what = models.BinaryField(max_length=16)
    title = models.CharField(max_length=100)
    reason = models.CharField(max_length=200)
    people = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="waiting")  # waiting, approved, refused, used
    asked_by = models.BigIntegerField()
    asked_name = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_name = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=200, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    objects = Approvals.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")), name="another_one_decides"
            )
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="approval_state")]

    def lapsed(self, now: datetime) -> bool:
        """Has its day passed unused?"""
        return self.state in ("waiting", "approved") and now >= self.expires_at
