"""The tables of the standard of stations: the items of its checklist by the day, how each was found, and the stars held."""

from django.db import models

from unionhall.cases.clock_models import OfCases
from unionhall.organisations.models import Station
from unionhall.storage.dated import Dated, DatedQuerySet, ends_after_it_starts


class StandardItem(Dated):
    """One item of the checklist as an officer laid it down from a day on; without a row of its `key` the shipped item holds.

    The latest row that has begun holds; when it has ended, the item is asked no more. `evidence`: what shows that it is met.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=24)
    title = models.CharField(max_length=60)
    evidence = models.CharField(max_length=200)
    required = models.BooleanField()
    reason = models.CharField(max_length=200)
    by = models.BigIntegerField(null=True, blank=True)
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "since"], name="standard_item_day_once"),
            ends_after_it_starts("standard_item_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.title


class ItemCheck(models.Model):
    """How one item was found, by the station itself ("self") or the district ("district"); the latest of each holds.

    `title`: the item as it was called then; `file`: the number of the matter's file that shows it.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="item_checks")
    item = models.CharField(max_length=24)
    title = models.CharField(max_length=60)
    stage = models.CharField(max_length=8)
    met = models.BooleanField()
    evidence = models.CharField(max_length=200, blank=True)
    file = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True, blank=True)
    objects = OfCases.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "item", "stage"], name="check_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.item} {self.stage}"


class StarHeld(Dated):
    """A station holds so many stars from a day until the day they run out, or were changed or taken; never for good."""

    seen_with = "stations.see"
    id = models.BigAutoField(primary_key=True)
    station = models.ForeignKey(Station, models.PROTECT, related_name="stars")
    stars = models.PositiveSmallIntegerField()
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="stars")
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="stars_one_to_five"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=False, until__gte=models.F("since")), name="stars_run_out"
            ),
        ]
        indexes = [models.Index(fields=["station", "since"], name="stars_of_station")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.stars}"
