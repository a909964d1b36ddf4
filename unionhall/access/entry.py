"""Tables of coming in: tries, second factors, one-time codes, invitations, passwords once used, sessions."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.people.models import Person
from unionhall.storage.sealed import SealedField


class Tries(models.Model):
    """When something was tried of late: a password for a name, a code for an account, anything from an address.

    `key` is the keyed digest of what is tried, so neither names nor addresses stand here. `times` are instants in
    milliseconds, the oldest first; a change is written only over the `version` it was made from.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16)
    key = models.BinaryField(max_length=16)
    times = models.JSONField(default=list)
    version = models.BigIntegerField(default=0)
    latest = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="tries_once")]
        indexes = [models.Index(fields=["latest"], name="tries_latest")]


class SecondFactor(models.Model):
    """The device an account proves itself with besides its password (RFC 6238, 6 digits, 30 s).

    It counts from `confirmed_at` on, when a code of it was given; until then the device it replaces counts. `last_step`
    is the time step of the last code taken: no code of that step or an earlier one is taken again. `unseen` holds the
    recovery codes, one a line, until their owner says that they are kept somewhere.
    """

    unsealed_columns = ("last_step", "unseen")
    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="second_factors")
    seed = SealedField()
    last_step = models.BigIntegerField(default=-1)
    unseen = SealedField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(confirmed_at=None), name="one_device_to_confirm"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(confirmed_at__isnull=False), name="one_confirmed_device"
            ),
        ]


class RecoveryCode(models.Model):
    """Opens once in place of the device. Kept as a keyed digest."""

    id = models.BigAutoField(primary_key=True)
    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=16)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]


class WorkerAccount(models.Model):
    """The account of a worker who comes in as themselves, by mobile and code: it has no password and holds no post."""

    unsealed_columns = ("seen_at",)
    id = models.BigAutoField(primary_key=True)
    account = models.OneToOneField(Account, models.PROTECT, related_name="worker")
    person = models.OneToOneField(Person, models.PROTECT, related_name="way_in")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class OneTimeCode(models.Model):
    """A code sent to a mobile: good until `until`, for five tries, once, and only in the browser that asked for it.

    There is one for a mobile nobody has, too, which no code opens: the page says the same for both.
    """

    id = models.BigAutoField(primary_key=True)
    mobile_index = models.BinaryField(max_length=16)
    bound_to = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=16)
    message = models.BigIntegerField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["until"], name="one_time_code_until")]


class Invitation(models.Model):
    """A link that lets an account choose its password, once, until `until`. Kept as a keyed digest."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="invitations")
    digest = models.BinaryField(max_length=16, unique=True)
    made_by = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class PasswordOnce(models.Model):
    """A password an account has, or had: its hash and since when. The newest row is the one that holds."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="passwords")
    encoded = models.CharField(max_length=128)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-since"], name="password_once_account")]


class Sessions(models.QuerySet["Session"]):
    def open(self, now: datetime) -> Self:
        """Sessions that still let in: neither at their absolute end nor idle for too long."""
        return self.filter(until__gt=now, idle_until__gt=now)

    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        return self.filter(account=actor.account) if actor.account is not None else self.none()


class Session(models.Model):
    """One browser: signed in when `account` is set, otherwise on its way in.

    The cookie holds the key; here stands its keyed digest, so whoever reads the table gets no way in. `address` is
    masked. `until` never moves once signed in; `idle_until` does, with use.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.BinaryField(max_length=16, unique=True)
    data = models.TextField(blank=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="sessions")
    person = models.BigIntegerField(null=True, blank=True)
    device = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=45, blank=True)
    since = models.DateTimeField()
    seen = models.DateTimeField()
    idle_until = models.DateTimeField()
    until = models.DateTimeField()
    objects = Sessions.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="session_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["account", "-seen"], name="session_account"),
            models.Index(fields=["until"], name="session_until"),
        ]
