"""The journal's lines, and the audit's entries that seal them and every other row."""

from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.kernel.paths import STEP
from unionhall.storage.dated import Placed, PlacedQuerySet


class Lines(PlacedQuerySet):
    def standing(self) -> Self:
        """Lines that were not voided and are not themselves the voiding of another."""
        return self.filter(voided_by=None).exclude(act="void")

    def visible_to(self, actor: Actor, *roles: str) -> Self:
        """Lines at or below the places of the actor's posts of these roles; to a worker, the lines about themselves."""
        if actor.person is not None:
            return self.filter(person=actor.person)
        return self.at(*actor.paths(*roles))


class Line(Placed):
    """Something was done: which service, which act, where, on which day, to whom, for how much."""

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    act = models.CharField(max_length=24)
    kind = models.CharField(max_length=80, blank=True)
    on = models.DateField()
    # By name, so that organisations and people, whose actions write lines too, may stand above the journal.
    # Millions of rows that are never deleted and point at rows that are never deleted: the key is checked by the one
    # action that writes them, not once more per row by the database.
    person = models.ForeignKey(
        "people.Person", models.DO_NOTHING, null=True, blank=True, db_constraint=False, db_index=False
    )
    employer = models.ForeignKey(
        "organisations.Employer", models.DO_NOTHING, null=True, blank=True, db_constraint=False, db_index=False
    )
    headcount = models.IntegerField(default=1)
    fen = models.BigIntegerField(default=0)
    quantity = models.IntegerField(default=0)
    subject = models.CharField(max_length=32)
    by = models.BigIntegerField(null=True, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    voided_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="voids", db_index=False)
    reason = models.CharField(max_length=200, blank=True)
    objects = Lines.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["service", "act", "on", "path", "person"], condition=Q(voided_by=None), name="line_figure"
            ),
            models.Index(fields=["subject"], name="line_subject"),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="line_person"),
        ]

    @property
    def yuan(self) -> str:
        """The amount for people: yuan, empty when no money moved."""
        return f"{yuan(self.fen):,}" if self.fen else ""


class AuditEntries(PlacedQuerySet):
    def visible_to(self, actor: Actor, *roles: str) -> Self:
        """Entries at or below the places of the actor's posts of these roles; those of no place for who holds the root."""
        paths = actor.paths(*roles)
        mine = self.at(*paths)
        return mine | self.filter(path="") if any(len(path) == STEP for path in paths) else mine


class AuditEntry(models.Model):
    """An action was taken: when, by whom with which posts, on what, and the digests of the rows it left.

    `rows` packs those digests (journal.digests). `mac` makes the entry itself unforgeable and is written with it; `place`
    and `seal` link it to the one before and are given right after the commit (journal.chain). `stands_at`: the digests
    are those of an earlier entry, an import's, and hold from it on.
    """

    seen_with = "audit.see"
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    account = models.BigIntegerField(null=True, blank=True)
    person = models.BigIntegerField(null=True, blank=True)
    posts = models.TextField(blank=True)
    act = models.CharField(max_length=48)
    subject = models.CharField(max_length=48, blank=True)
    path = models.CharField(max_length=24, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    about = models.BigIntegerField(null=True, blank=True)
    trace = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)
    stands_at = models.BigIntegerField(null=True, blank=True)
    rows = models.BinaryField(blank=True)
    mac = models.BinaryField(max_length=16)
    place = models.BigIntegerField(null=True, blank=True, unique=True)
    seal = models.BinaryField(max_length=32, null=True)
    objects = AuditEntries.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(place=None), name="audit_unlinked"),
            models.Index(fields=["subject"], condition=~Q(subject=""), name="audit_subject"),
            models.Index(fields=["account", "id"], name="audit_account"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="audit_about"),
            models.Index(fields=["path", "id"], name="audit_path"),
        ]


class ChainHead(models.Model):
    """The last place of the chain and its seal: one row, locked by whoever links entries."""

    id = models.BigAutoField(primary_key=True)
    place = models.BigIntegerField()
    seal = models.BinaryField(max_length=32)


class Unsealed(models.Model):
    """Rows of one table a batch wrote (or took away: `gone`) whose digests are not in the chain yet.

    `ids` are packed (journal.digests); `entry` is the batch's own audit entry, from which the digests will stand. `mac` keeps
    anyone else from having rows sealed.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.BigIntegerField()
    entry = models.BigIntegerField(null=True, blank=True)
    table = models.CharField(max_length=64)
    ids = models.BinaryField()
    count = models.PositiveIntegerField()
    gone = models.BooleanField(default=False)
    mac = models.BinaryField(max_length=16, null=True)

    class Meta:
        indexes = [models.Index(fields=["batch"], name="unsealed_batch")]
