"""What was given to a drive, handed over, and is left. Nothing here writes."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count, Sum

from unionhall.cases.drive_models import Gift, Handover


class Sums(NamedTuple):
    """Of one drive: how many gifts, and fen given and handed over. What is left is what was given less what was handed over."""

    gifts: int = 0
    given: int = 0
    handed: int = 0

    @property
    def left(self) -> int:
        return self.given - self.handed


def sums(drives: Sequence[int]) -> dict[int, Sums]:
    """Drive -> its sums; two questions to the database."""
    gifts = Gift.objects.filter(drive__in=drives, void_because="").values_list("drive")
    given = {drive: (count, fen) for drive, count, fen in gifts.annotate(n=Count("pk"), fen=Sum("fen"))}
    hands = Handover.objects.filter(drive__in=drives, void_because="").values_list("drive")
    handed = dict(hands.annotate(fen=Sum("fen")))
    return {one: Sums(*given.get(one, (0, 0)), handed.get(one, 0)) for one in drives}
