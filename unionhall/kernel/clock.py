"""Legal clocks: by when a step is due, counted from an event, by the version of the rule that held on that day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from unionhall.kernel.calendar import WorkingCalendar
from unionhall.kernel.errors import Refused

SOON = 3
"""Days before its last day from which something is soon due: shown so, and told to whoever handles it."""


class Term(NamedTuple):
    """A time limit that runs: `left` days, or working days, counted from the day after `since` (Civil Code 201)."""

    since: date
    left: int
    working: bool

    def due(self, calendar: WorkingCalendar) -> date:
        """The last day in time; raises `Refused` in a year whose holidays are not known."""
        if self.left < 1:
            # Suspended on its last day: the day it goes on is the last one, or the first worked one after it.
            return self.since if calendar.is_working(self.since) else calendar.add_working(self.since, 1)
        if self.working:
            return calendar.deadline(self.since, working_days=self.left)
        return calendar.deadline(self.since, days=self.left)

    def suspended(self, on: date, calendar: WorkingCalendar) -> "Term":
        """What is left of it when it stops on a day (中止). Refused before it began, or when it has run out."""
        if on < self.since:
            raise Refused("中止不能早于起算日 {since}。", code="on", since=self.since)
        used = calendar.working_between(self.since, on) if self.working else (on - self.since).days
        if used > self.left and on > self.due(calendar):
            raise Refused("期限已经届满，不能再中止。", code="on")
        return Term(on, max(self.left - used, 0), self.working)

    def resumed(self, on: date) -> "Term":
        """It goes on, with what was left."""
        if on < self.since:
            raise Refused("恢复不能早于中止的 {since}。", code="on", since=self.since)
        return Term(on, self.left, self.working)

    def extended(self, by: int) -> "Term":
        return Term(self.since, self.left + by, self.working)


@dataclass(frozen=True, slots=True)
class Limit:
    """One version of a rule: how long, by which law and article, in force from which day.

    Exactly one of `days` (日), `working_days` (工作日) and `months` (月, 年; Civil Code 202). `more` is by how many days, of
    the kind the limit is counted in, it may be extended; 0: by none.
    """

    basis: str = ""
    days: int | None = None
    working_days: int | None = None
    months: int | None = None
    since: date = date.min
    more: int = 0

    def __post_init__(self) -> None:
        lengths = [length for length in (self.days, self.working_days, self.months) if length is not None]
        if len(lengths) != 1 or lengths[0] < 1 or self.more < 0:
            raise ValueError(f"“{self.basis}” needs exactly one of days, working_days and months, at least 1")

    def begin(self, on: date) -> Term:
        """The term of an event on local date `on`."""
        if self.months is not None:
            return Term(on, (_months_on(on, self.months) - on).days, working=False)
        working = self.working_days is not None
        return Term(on, (self.working_days if working else self.days) or 0, working)


@dataclass(frozen=True, slots=True)
class Clock:
    """From reaching state `start`, one of the states `ends` is due within a limit.

    `limits` are the versions of the rule, each in force until the next; before the first there was none. `statutory` ones
    are laid down by law; the others are the union's own, and an officer may lay a dated row over them. One that `pauses`
    stands still while the matter waits for papers it was asked for. A `window` is no duty of whoever handles the matter
    but a day from which, or until which, somebody may do something: it is shown and nobody is late by it. A wrong
    declaration raises `ValueError` at import.
    """

    key: str
    title: str
    start: str
    ends: tuple[str, ...]
    limits: tuple[Limit, ...]
    statutory: bool = True
    pauses: bool = False
    window: bool = False

    def __post_init__(self) -> None:
        if not self.ends or self.start in self.ends:
            raise ValueError(f"clock {self.key} runs between different states, not from {self.start!r} to {self.ends}")
        days = [limit.since for limit in self.limits]
        if not days or days != sorted(set(days)):
            raise ValueError(f"clock {self.key} needs versions of its rule in the order of their days")
        if self.statutory and not all(limit.basis for limit in self.limits):
            raise ValueError(f"clock {self.key} is laid down by law and does not say by which")

    def limit(self, on: date) -> Limit | None:
        """The version in force on a day; None before the first."""
        return next((limit for limit in reversed(self.limits) if limit.since <= on), None)

    def due(self, started: date, calendar: WorkingCalendar) -> date | None:
        """The last day in time for a clock started on a local date; raises `Refused` in a year unknown."""
        limit = self.limit(started)
        return None if limit is None else limit.begin(started).due(calendar)


def _months_on(day: date, months: int) -> date:
    """The day of the same number so many months on, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
