"""What came in with which file, what stood there before, and the files people are still at work on."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from unionhall.exchange.casefile_models import CaseFile
from unionhall.exchange.permits import reached
from unionhall.kernel.actor import Actor
from unionhall.kernel.paths import span
from unionhall.storage.sealed import SealedField

__all__ = ["TOP", "Batch", "Before", "CaseFile", "Fix", "Mapping", "Shown", "Upload"]


class Uploads(models.QuerySet["Upload"]):
    def visible_to(self, actor: Actor) -> Self:
        """My own files, and those of my places whose forms I may bring in myself."""
        mine = Q(account=actor.account) if actor.account is not None else Q(pk__in=[])
        return self.filter(mine | _within(actor), template__in=list(reached(actor)))


class Batches(models.QuerySet["Batch"]):
    def visible_to(self, actor: Actor) -> Self:
        """Imports whose file I may see; those made at the command line, for posts that stand at the top."""
        came = Upload.objects.visible_to(actor).filter(batch=OuterRef("pk"))
        return self.filter(Exists(came) | _within_all(actor))


def _within(actor: Actor) -> Q:
    found = Q(pk__in=[])
    for template, paths in reached(actor).items():
        for path in paths:
            low, high = span(path)
            found |= Q(template=template, path__gte=low, path__lt=high) if path else Q(template=template)
    return found


def _within_all(actor: Actor) -> Q:
    """Templates brought in by nobody's account, for whoever has them all the way up."""
    high = [template for template, paths in reached(actor).items() if any(len(path) <= TOP for path in paths)]
    return Q(template__in=high, by=None)


TOP = 3
"""Digits of the path of a district."""


class Batch(models.Model):
    """One import of one file. All of it is in the database, or nothing."""

    id = models.BigAutoField(primary_key=True)
    template = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12)  # confirmed, withdrawn
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    doubtful = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    by = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)
    objects = Batches.as_manager()

    def __str__(self) -> str:
        return f"{self.file_name}（{self.pk}）"


class Before(models.Model):
    """A row as it stood before a batch changed it: what a withdrawal puts back. Sealed columns stay sealed."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="befores")
    table = models.CharField(max_length=64)
    row = models.BigIntegerField()
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "table", "row"], name="before_once")]


class Upload(models.Model):
    """A file somebody wants to bring in, from its coming until it is done or put away.

    The file lies sealed under `token`, the rows given back under `faults`; both are "" when they are gone. `head` is the
    first rows as they stand, sealed as one JSON list; `chosen` is column key -> label of the header it stands under.
    State: received -> checking -> checked -> running -> done, or discarded; done may become withdrawn.
    `acceptable` of the doubtful rows may be accepted; `doubts`: all of these are.
    """

    id = models.BigAutoField(primary_key=True)
    template = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    form = models.CharField(max_length=4)  # xlsx, csv
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    token = models.CharField(max_length=32, blank=True)
    faults = models.CharField(max_length=32, blank=True)
    path = models.CharField(max_length=24)
    account = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, default="received")
    head = SealedField()
    header_row = models.PositiveSmallIntegerField(null=True, blank=True)
    labels = models.JSONField(default=list)
    chosen = models.JSONField(default=dict)
    unknown = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    doubtful = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    acceptable = models.PositiveIntegerField(default=0)
    doubts = models.BooleanField(default=False)
    job = models.BigIntegerField(null=True, blank=True)
    batch = models.OneToOneField(Batch, models.PROTECT, null=True, blank=True, related_name="upload")
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.BigIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = Uploads.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["template", "path"], name="upload_place"),
            models.Index(fields=["account", "-id"], name="upload_account"),
            models.Index(fields=["digest"], name="upload_digest"),
        ]

    def __str__(self) -> str:
        return self.file_name


class Shown(models.Model):
    """A row of a checked file as the preview shows it: all that were given back, up to a limit, and some of the others.

    `content` is sealed JSON: {"cells": as they stood, "reasons": [[column key, sentence]], "was": {column key: [before,
    after]}}. `accepts` is what a doubtful row becomes when it is accepted, "" when it may not be.
    """

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="shown")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=12)
    accepts = models.CharField(max_length=12, blank=True)
    content = SealedField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="shown_once")]
        indexes = [models.Index(fields=["upload", "verdict", "number"], name="shown_verdict")]


class Fix(models.Model):
    """What somebody decided of one row: its cells put right (`cells`, sealed JSON), or its doubts set aside (`accepted` is
    the keyed digest of the doubts they saw: other doubts are asked about again).
    """

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="fixes")
    number = models.PositiveIntegerField()
    cells = SealedField()
    accepted = models.BinaryField(null=True, blank=True, max_length=16)
    by = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="fix_once")]


class Mapping(models.Model):
    """Which header was which column, the last time a file of this form with these headers came from this account."""

    id = models.BigAutoField(primary_key=True)
    account = models.BigIntegerField()
    path = models.CharField(max_length=24)
    template = models.CharField(max_length=40)
    headers = models.CharField(max_length=64)
    chosen = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "template", "headers"], name="mapping_once")]
        indexes = [models.Index(fields=["template", "headers", "path"], name="mapping_headers")]
