"""The working calendar of China: weekends, the yearly holiday arrangement of the State Council, make-up days (调休)."""

import csv
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple, cast

from unionhall.kernel.errors import Refused

Kind = Literal["off", "work"]


class SpecialDay(NamedTuple):
    """A day the arrangement names: off, or a weekend day worked. `source` is the notice that says so."""

    day: date
    kind: Kind
    holiday: str
    source: str


class WorkingCalendar:
    """Which days are worked, counted only in years whose arrangement is known.

    A year is known when its rows hold both New Year's Day and National Day: the December days an arrangement takes from
    the year before it do not make that year known, nor does half a file. Anything that touches an unknown year raises
    `Refused` (code "calendar.year") naming the year: to guess a deadline would be worse than to have none.
    """

    def __init__(self, rows: Iterable[SpecialDay]) -> None:
        self._special: dict[date, SpecialDay] = {}
        for row in rows:
            known = self._special.setdefault(row.day, row)
            if known.kind != row.kind:
                raise Refused("{day} 既写放假又写上班，请核对放假安排", code="calendar.conflict", day=row.day)
        years = {day.year for day in self._special}
        self._years = frozenset(y for y in years if date(y, 1, 1) in self._special and date(y, 10, 1) in self._special)
        self._working_days: dict[int, list[int]] = {}

    @property
    def years(self) -> frozenset[int]:
        """The years whose arrangement is known."""
        return self._years

    @property
    def rows(self) -> tuple[SpecialDay, ...]:
        """Every special day in order, to be extended: `WorkingCalendar(official().rows + more)`."""
        return tuple(sorted(self._special.values()))

    def special(self, day: date) -> SpecialDay | None:
        """The arrangement's own row for the day, if it names it."""
        return self._special.get(day)

    def is_working(self, day: date) -> bool:
        """Is the day worked? Raises `Refused` in a year without an arrangement."""
        if day.year not in self._years:
            raise _no_year(day.year)
        return self._worked(day)

    def add_working(self, day: date, n: int) -> date:
        """The n-th working day after `day` (n >= 1); `day` itself does not count (Civil Code 201, day of the event)."""
        if n < 1:
            raise ValueError(f"the {n}-th working day after a day is not a thing")
        year = day.year
        days = self._of_year(year)
        at = bisect_right(days, day.toordinal())
        while at + n > len(days):
            n -= len(days) - at
            year, at = year + 1, 0
            days = self._of_year(year)
        return date.fromordinal(days[at + n - 1])

    def working_between(self, a: date, b: date) -> int:
        """How many working days after `a` up to and including `b`; negative when `b` is before `a` (days overdue).

        `working_between(d, add_working(d, n)) == n`.
        """
        if b < a:
            return -self.working_between(b, a)
        first = bisect_right(self._of_year(a.year), a.toordinal())
        whole = sum(len(self._of_year(year)) for year in range(a.year, b.year))
        return whole + bisect_right(self._of_year(b.year), b.toordinal()) - first

    def deadline(self, start: date, *, days: int | None = None, working_days: int | None = None) -> date:
        """The last day of a period of calendar days or of working days that began with an event on `start`.

        The day of the event does not count (Civil Code 201). A last day that is no working day moves to the day after
        the rest (Civil Code 203; weekends are rest days there, as 民法通则 154 said: "星期日或者其他法定休假日"; a
        make-up Saturday is not). Exactly one of the two lengths, at least 1.
        """
        if (days is None) == (working_days is None):
            raise ValueError("a period is counted in days or in working days: give exactly one")
        if working_days is not None:
            return self.add_working(start, working_days)
        if days is None or days < 1:
            raise ValueError("a period is at least one day long")
        end = start + timedelta(days=days)
        return end if self.is_working(end) else self.add_working(end, 1)

    def _worked(self, day: date) -> bool:
        special = self._special.get(day)
        return day.weekday() < 5 if special is None else special.kind == "work"

    def _of_year(self, year: int) -> list[int]:
        """Ordinals of the year's working days, counted once."""
        found = self._working_days.get(year)
        if found is None:
            if year not in self._years:
                raise _no_year(year)
            ordinals = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
            found = self._working_days[year] = [n for n in ordinals if self._worked(date.fromordinal(n))]
        return found


def read_rows(lines: Iterable[str]) -> list[SpecialDay]:
    """Special days from CSV lines with the columns day,kind(off|work),holiday,source.

    Raises `Refused` (code "calendar.row") naming the line that cannot be read.
    """
    rows = []
    for number, row in enumerate(csv.DictReader(lines), 2):
        try:
            day, kind = date.fromisoformat(row["day"]), row["kind"]
            holiday, source = row["holiday"], row["source"]
        except (KeyError, TypeError, ValueError) as error:
            reason = f"放假安排第{number}行读不出来，应为“日期,off或work,节日,依据”"
            raise Refused(reason, code="calendar.row") from error
        if kind not in ("off", "work"):
            raise Refused(
                "放假安排第{number}行的类型应为 off 或 work，现为“{kind}”",
                code="calendar.row",
                number=number,
                kind=kind,
            )
        rows.append(SpecialDay(day, cast(Kind, kind), holiday, source))
    return rows


@cache
def official() -> WorkingCalendar:
    """The shipped calendar, 2014 to 2026 (data/holidays_cn.csv; each row names its notice)."""
    with resources.files("unionhall.kernel").joinpath("data/holidays_cn.csv").open(encoding="utf-8") as lines:
        return WorkingCalendar(read_rows(lines))


def _no_year(year: int) -> Refused:
    return Refused(
        "没有 {year} 年的放假安排，不能推算工作日；请先导入国务院公布的安排", code="calendar.year", year=year
    )
