"""Periods of local days: the start is in, the end is not, and months make up the whole."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhall.kernel.errors import Refused
from unionhall.kernel.period import THE_BEGINNING, Period

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
PERIODS = st.builds(lambda start, n: Period(start, start + timedelta(days=n)), DAYS, st.integers(1, 2000))


def test_a_year_a_half_a_month_and_a_day() -> None:
    assert Period.year(2015) == Period(date(2015, 1, 1), date(2016, 1, 1))
    assert Period.half(2015, 1) == Period(date(2015, 1, 1), date(2015, 7, 1))
    assert Period.half(2015, 2) == Period(date(2015, 7, 1), date(2016, 1, 1))
    assert Period.month(2015, 12) == Period(date(2015, 12, 1), date(2016, 1, 1))
    assert Period.day(date(2016, 2, 29)) == Period(date(2016, 2, 29), date(2016, 3, 1))


def test_through_and_until_count_the_last_day_in() -> None:
    last = date(2015, 6, 30)
    assert last in Period.through(date(2015, 1, 1), last)
    assert Period.through(date(2015, 1, 1), last) == Period.half(2015, 1)
    assert Period.until(last).start == THE_BEGINNING
    assert Period.until(last).last == last


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    day = date(2015, 1, 1)
    for end in (day, day - timedelta(days=1)):
        with pytest.raises(Refused, match="结束日期要晚于开始日期"):
            Period(day, end)


@given(period=PERIODS, day=DAYS)
def test_a_day_is_inside_or_before_or_after(period: Period, day: date) -> None:
    assert (day in period) == (period.start <= day <= period.last)
    assert period.start in period and period.last in period and period.end not in period


@given(period=PERIODS)
def test_months_follow_each_other_and_make_the_whole(period: Period) -> None:
    months = list(period.months())
    assert months[0].start == period.start and months[-1].end == period.end
    for one, following in pairwise(months):
        assert one.end == following.start and following.start.day == 1
    assert all((month.start.year, month.start.month) == (month.last.year, month.last.month) for month in months)


@given(day=DAYS, other=DAYS)
def test_periods_sort_by_their_start(day: date, other: date) -> None:
    assert (Period.day(day) < Period.day(other)) == (day < other)


def test_a_year_earlier_even_from_a_leap_day() -> None:
    assert Period.year(2016).a_year_earlier() == Period.year(2015)
    assert Period.through(date(2016, 1, 1), date(2016, 2, 28)).a_year_earlier() == Period(
        date(2015, 1, 1), date(2015, 2, 28)
    )
    assert Period.month(2015, 3).a_year_earlier() == Period.month(2014, 3)


def test_a_period_says_itself_in_chinese() -> None:
    assert str(Period.year(2015)) == "2015 年"
    assert str(Period.month(2015, 3)) == "2015 年 3 月"
    assert str(Period.day(date(2015, 3, 8))) == "2015-03-08"
    assert str(Period.half(2015, 1)) == "2015-01-01 至 2015-06-30"
    assert str(Period.until(date(2015, 12, 31))) == "截至 2015-12-31"
