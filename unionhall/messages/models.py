"""The outbox: one row per message to one telephone."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.kernel.identifiers import mask_mobile
from unionhall.storage.sealed import SealedField

WAITING, SENT, FAILED, EXPIRED = "waiting", "sent", "failed", "expired"


class Messages(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """Messages to be sent now."""
        return self.filter(state=WAITING, not_before__lte=now, until__gt=now)


class Message(models.Model):
    """A text for one telephone. `key` says what it is about: a second message of the same key is the first one.

    `until` is when it would be of no more use. Text and number are emptied once it is sent, given up or of no use.
    """

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=12)
    about = models.CharField(max_length=24)
    key = models.CharField(max_length=64, unique=True)
    destination = SealedField(mask=mask_mobile)
    text = SealedField()
    state = models.CharField(max_length=12, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    objects = Messages.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(state=WAITING), name="message_due"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.state}"
