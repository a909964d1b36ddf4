"""The inbox, the outbox, what somebody wants to be reached by, and what officers set: words and quiet hours."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import mask_mobile
from unionhall.organisations.accounts import Account
from unionhall.people.models import Person
from unionhall.storage.dated import Dated, DatedQuerySet, ends_after_it_starts
from unionhall.storage.sealed import SealedField

HELD, WAITING, SENT, FAILED, EXPIRED, GATHERED = "held", "waiting", "sent", "failed", "expired", "gathered"
"""A message's way: held until the hour is right and its like are gathered, waiting for the gateway, and then an end of it."""
OPEN = (HELD, WAITING)

_ONE_OWNER = Q(person=None, account__isnull=False) | Q(person__isnull=False, account=None)


class Notices(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own and nobody else's: a worker's by the person, also from before two records of them became one."""
        if actor.person is not None:
            # As a list of people: the index of notices is then walked once for each, and no other row is looked at.
            records = Person.objects.filter(Q(pk=actor.person) | Q(merged_into=actor.person))
            return self.filter(person__in=records.values("pk"))
        return self.filter(account=actor.account) if actor.account is not None else self.none()


class Notice(models.Model):
    """Something told to one person, or to one officer's account, to be read after signing in.

    `content` is JSON, {language: [title, text]}, sealed: it may tell of hardship. `subject` is what it is about, as in the
    journal ("case:17"). `key` says which message it is: a second one of the same key is the first.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="notices", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="notices", db_index=False)
    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=54, unique=True)
    subject = models.CharField(max_length=48, blank=True)
    content = SealedField()
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    objects = Notices.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=_ONE_OWNER, name="notice_to_one")]
        indexes = [
            models.Index(fields=["person", "-id"], condition=Q(person__isnull=False), name="notice_person"),
            models.Index(fields=["account", "-id"], condition=Q(account__isnull=False), name="notice_account"),
            models.Index(fields=["account"], condition=Q(read_at=None, account__isnull=False), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Messages(models.QuerySet["Message"]):
    def due(self, now: datetime, *, quiet: bool) -> Self:
        """Messages to be handed over now, those that cannot wait first; in quiet hours only those."""
        rows = self.filter(state=WAITING, not_before__lte=now, until__gt=now)
        return (rows.filter(urgent=True) if quiet else rows).order_by("-urgent", "not_before", "pk")


class Message(models.Model):
    """A text for one telephone or mailbox. `key` says what it is about: a second message of the same key is the first one.

    `until` is when it would be of no more use. Text and destination are emptied once it is sent, given up or of no use.
    Not `urgent`: it waits for the quiet hours to end and, `held`, for others of its kind to the same owner; several are
    gathered `into` one.
    """

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=12)
    about = models.CharField(max_length=24)
    key = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    destination = SealedField(mask=mask_mobile)
    text = SealedField()
    urgent = models.BooleanField(default=True)
    state = models.CharField(max_length=12, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    until = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="gathered", db_index=False)
    objects = Messages.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-urgent", "not_before", "id"], condition=Q(state=WAITING), name="message_due"),
            models.Index(fields=["not_before", "id"], condition=Q(state=HELD), name="message_held"),
            models.Index(fields=["-id"], condition=Q(state=FAILED), name="message_failed"),
            models.Index(fields=["into"], condition=Q(into__isnull=False), name="message_into"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.state}"


class Preferences(models.QuerySet["Preference"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        if actor.person is not None:
            return self.filter(person=actor.person)
        return self.filter(account=actor.account) if actor.account is not None else self.none()


class Preference(models.Model):
    """What somebody wants to be reached by, besides the inbox, and in which language. No row: SMS to the mobile of the roster.

    `mailbox` is an e-mail address, `wechat_id` what the federation's official account knows a follower by (openid).
    """

    id = models.BigAutoField(primary_key=True)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="preference")
    account = models.OneToOneField(Account, models.PROTECT, null=True, blank=True, related_name="preference")
    sms = models.BooleanField(default=True)
    wechat = models.BooleanField(default=False)
    email = models.BooleanField(default=False)
    mailbox = SealedField()
    wechat_id = SealedField()
    language = models.CharField(max_length=8, default="zh-hans")
    changed_at = models.DateTimeField()
    objects = Preferences.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=_ONE_OWNER, name="preference_of_one")]

    def __str__(self) -> str:
        return " ".join(name for name in ("sms", "wechat", "email") if getattr(self, name))


class Wording(Dated):
    """An officer's own words for a kind in one language, from a day until a day; without a row the kind's own hold."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=24)
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=60)
    text = models.CharField(max_length=1000)
    short = models.CharField(max_length=160)
    by = models.BigIntegerField(null=True, blank=True)
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], condition=Q(until=None), name="wording_standing_once"),
            ends_after_it_starts("wording_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.since}"


class QuietHours(Dated):
    """From when until when no telephone rings: minutes after midnight, over midnight when the end is the smaller. Equal: never."""

    id = models.BigAutoField(primary_key=True)
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    by = models.BigIntegerField(null=True, blank=True)
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(begins__lt=1440, ends__lt=1440), name="quiet_within_a_day"),
            ends_after_it_starts("quiet_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.begins // 60:02d}:{self.begins % 60:02d}-{self.ends // 60:02d}:{self.ends % 60:02d}"
