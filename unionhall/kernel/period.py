"""Periods of local days (Asia/Shanghai), half-open: start is in, end is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from unionhall.kernel.errors import Refused

THE_BEGINNING = date(1949, 1, 1)  # earlier than any record a union keeps: where "cumulative" starts


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days start ≤ day < end."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise Refused("时间段的结束日期要晚于开始日期。")

    @classmethod
    def year(cls, year: int) -> "Period":
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def half(cls, year: int, half: int) -> "Period":
        return cls(date(year, 1, 1), date(year, 7, 1)) if half == 1 else cls(date(year, 7, 1), date(year + 1, 1, 1))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        return cls(date(year, 3 * quarter - 2, 1), _month_after(date(year, 3 * quarter, 1)))

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        return cls(date(year, month, 1), _month_after(date(year, month, 1)))

    @classmethod
    def day(cls, day: date) -> "Period":
        return cls(day, day + timedelta(days=1))

    @classmethod
    def through(cls, first: date, last: date) -> "Period":
        """From the first day to the last, both included."""
        return cls(first, last + timedelta(days=1))

    @classmethod
    def until(cls, last: date) -> "Period":
        """Everything up to and including `last`: cumulative figures."""
        return cls(THE_BEGINNING, last + timedelta(days=1))

    @property
    def last(self) -> date:
        """The last day inside: the day a stock figure is asked for."""
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def months(self) -> Iterator["Period"]:
        """The calendar months this period touches, each cut to it."""
        at = self.start
        while at < self.end:
            following = _month_after(at)
            yield Period(at, min(following, self.end))
            at = following

    def a_year_earlier(self) -> "Period":
        return Period(_back_a_year(self.start), _back_a_year(self.end))

    def __str__(self) -> str:
        first, last = self.start, self.last
        if self.start == THE_BEGINNING:
            return f"截至 {last.isoformat()}"
        if self == Period.year(first.year):
            return f"{first.year} 年"
        if first.day == 1 and self.end == _month_after(first):
            return f"{first.year} 年 {first.month} 月"
        return first.isoformat() if first == last else f"{first.isoformat()} 至 {last.isoformat()}"


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _back_a_year(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
