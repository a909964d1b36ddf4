"""What officers have set, as of a moment: the words of each kind and the quiet hours. Nothing here writes."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from unionhall.messages.kinds import LANGUAGES, Kind, Words
from unionhall.messages.models import QuietHours, Wording


class Quiet(NamedTuple):
    """Minutes after midnight; over midnight when it ends earlier than it begins, never when they are equal."""

    begins: int
    ends: int

    def holds(self, minute: int) -> bool:
        """Is it quiet at this minute of the day?"""
        if self.begins <= self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends

    def __str__(self) -> str:
        return f"{self.begins // 60:02d}:{self.begins % 60:02d}–{self.ends // 60:02d}:{self.ends % 60:02d}"


USUAL = Quiet(22 * 60, 8 * 60)
"""Until an officer sets others: from ten at night until eight in the morning."""


def quiet_hours(day: date) -> Quiet:
    """Those that hold on a day."""
    row = QuietHours.objects.on(day).order_by("-since", "-pk").first()
    return USUAL if row is None else Quiet(row.begins, row.ends)


def is_quiet(now: datetime) -> bool:
    """Should no telephone ring now?"""
    local = timezone.localtime(now)
    return quiet_hours(local.date()).holds(local.hour * 60 + local.minute)


def words(kinds: Iterable[Kind], day: date) -> dict[tuple[str, str], Words]:
    """(key, language) -> the words that hold on a day: an officer's, else the kind's own."""
    listed = list(kinds)
    found = {(kind.key, language): kind.words[language] for kind in listed for language in LANGUAGES}
    rows = Wording.objects.on(day).filter(kind__in=[kind.key for kind in listed]).order_by("since", "pk")
    return found | {(row.kind, row.language): Words(row.title, row.text, row.short) for row in rows}


def reworded(day: date) -> set[tuple[str, str]]:
    """(key, language) of kinds whose words an officer has set."""
    return set(Wording.objects.on(day).values_list("kind", "language"))
