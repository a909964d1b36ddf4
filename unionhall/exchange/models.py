"""What came in with which file, and what stood there before."""

from django.db import models


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


class Before(models.Model):
    """A row as it stood before a batch changed it: what a withdrawal puts back. Sealed columns stay sealed."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="befores")
    table = models.CharField(max_length=64)
    row = models.BigIntegerField()
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "table", "row"], name="before_once")]
