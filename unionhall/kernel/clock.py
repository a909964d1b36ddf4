"""Legal clocks: how long a step may take, counted from an event, and by which article."""

from dataclasses import dataclass
from datetime import date

from unionhall.kernel.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Clock:
    """From reaching state `start`, state `end` is due within `days` (日) or `working_days` (工作日): exactly one.

    `basis` is the law and article in Chinese ("劳动争议调解仲裁法第29条"), `rule` a stable id of this version of it.
    A wrong declaration raises `ValueError` at import time.
    """

    start: str
    end: str
    days: int | None = None
    working_days: int | None = None
    basis: str = ""
    rule: str = ""

    def __post_init__(self) -> None:
        lengths = [length for length in (self.days, self.working_days) if length is not None]
        if len(lengths) != 1 or lengths[0] < 1:
            raise ValueError(f"clock {self.start} → {self.end} needs exactly one of days and working_days, at least 1")
        if not self.start or not self.end or self.start == self.end:
            raise ValueError(f"a clock runs between two different states, not {self.start!r} and {self.end!r}")

    def due(self, started: date, calendar: WorkingCalendar) -> date:
        """The last day in time for a clock started on local date `started`; raises `Refused` in a year unknown."""
        return calendar.deadline(started, days=self.days, working_days=self.working_days)
