"""The table of answer templates: what a department has ready to be said about the matters of a service."""

from django.db import models
from django.db.models import Q

from unionhall.storage.dated import Dated, DatedQuerySet, ends_after_it_starts


class AnswerText(Dated):
    """An answer from a day until a day, under its title; a new version ends the one before and bears the same title.

    Rows are never edited, so one that was looked at says the same when it is used. What was answered keeps its own words.
    """

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    title = models.CharField(max_length=40)
    body = models.TextField()
    by = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "title"], condition=Q(until=None), name="answer_text_standing_once"
            ),
            models.UniqueConstraint(fields=["service", "title", "since"], name="answer_text_day_once"),
            ends_after_it_starts("answer_text_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.title} {self.since}"
