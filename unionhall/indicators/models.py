"""Published facts."""

from django.db import models


class PublishedFact(models.Model):
    """What was published: never changed, only followed by the next revision with the difference and the reason.

    A rate keeps numerator and denominator; a count has its value in the numerator and no denominator.
    """

    id = models.BigAutoField(primary_key=True)
    publication = models.BigIntegerField()
    indicator = models.CharField(max_length=64)
    definition_version = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=24)
    start = models.DateField()
    end = models.DateField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True, blank=True)
    records = models.BigIntegerField()
    evidence = models.BinaryField(max_length=32)
    revision = models.PositiveSmallIntegerField(default=1)
    difference = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()
    by = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "path", "start", "end", "revision"], name="fact_revision_once")
        ]
