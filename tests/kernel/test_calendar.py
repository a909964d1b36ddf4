"""Working days, make-up days and legal deadlines."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhall.kernel.calendar import SpecialDay, WorkingCalendar, official, read_rows
from unionhall.kernel.errors import Refused

FIRST, LAST = date(2014, 1, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, date(2026, 6, 30))


def test_every_day_from_2014_to_2026_agrees_with_the_independent_calendar() -> None:
    days = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
    assert [d for d in days if official().is_working(d) != chinese_calendar.is_workday(d)] == []


def test_every_special_day_names_its_notice_and_make_up_days_are_weekend_days() -> None:
    rows = official().rows
    assert {row.day.year for row in rows} == set(range(2014, 2027)) == official().years
    assert all(row.source and row.holiday for row in rows)
    assert [row.day for row in rows if row.kind == "work" and row.day.weekday() < 5] == []


def test_the_spring_festival_of_2020_was_extended() -> None:
    extended = official().special(date(2020, 1, 31))
    assert extended is not None and extended.source == "国办发明电〔2020〕1号"
    assert not official().is_working(date(2020, 1, 31))
    assert not official().is_working(date(2020, 2, 1))  # a make-up Saturday by the first notice
    assert official().is_working(date(2020, 2, 3))


def test_the_anniversary_of_2015_was_off() -> None:
    assert not official().is_working(date(2015, 9, 3))
    assert official().is_working(date(2015, 9, 6))


def test_the_start_day_does_not_count_and_a_make_up_saturday_does() -> None:
    # 2026-02-14 is a worked Saturday, 02-15 to 02-23 the Spring Festival
    assert official().add_working(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert official().add_working(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert official().add_working(date(2026, 2, 18), 1) == date(2026, 2, 24)


def test_a_period_of_days_that_ends_on_a_holiday_ends_the_day_after_it() -> None:
    assert official().deadline(date(2026, 9, 16), days=15) == date(2026, 10, 8)  # would be 1 October
    assert official().deadline(date(2026, 11, 6), days=15) == date(2026, 11, 23)  # a Saturday
    assert official().deadline(date(2026, 1, 30), days=15) == date(2026, 2, 14)  # a worked Saturday stays
    assert official().deadline(date(2026, 11, 20), days=15) == date(2026, 12, 7)
    assert official().deadline(date(2026, 11, 3), days=10) == date(2026, 11, 13)


@given(DAYS, st.integers(1, 120))
def test_counting_working_days_there_and_back_agrees(day: date, n: int) -> None:
    calendar = official()
    end = calendar.add_working(day, n)
    assert calendar.is_working(end)
    walked = sum(calendar.is_working(day + timedelta(k)) for k in range(1, (end - day).days + 1))
    assert calendar.working_between(day, end) == walked == n
    assert calendar.working_between(end, day) == -n
    assert calendar.deadline(day, working_days=n) == end


@given(DAYS, st.integers(1, 180))
def test_a_deadline_in_days_is_the_first_working_day_from_the_last_one(day: date, n: int) -> None:
    end = official().deadline(day, days=n)
    last = day + timedelta(n)
    assert end >= last and official().is_working(end)
    assert not any(official().is_working(last + timedelta(k)) for k in range((end - last).days))


@pytest.mark.parametrize("year", [2013, 2031])
def test_a_year_without_an_arrangement_is_refused_by_name(year: int) -> None:
    with pytest.raises(Refused, match=f"没有 {year} 年的放假安排") as caught:
        official().is_working(date(year, 6, 1))
    assert caught.value.code == "calendar.year"
    with pytest.raises(Refused, match=str(year)):
        official().add_working(date(year, 6, 1), 3)


def test_a_count_that_runs_into_an_unknown_year_is_refused() -> None:
    for crossing in (
        lambda: official().add_working(date(2026, 12, 30), 2),
        lambda: official().deadline(date(2026, 12, 20), days=15),
        lambda: official().working_between(date(2026, 12, 1), date(2027, 1, 10)),
    ):
        with pytest.raises(Refused, match="2027"):
            crossing()
    assert official().add_working(date(2026, 12, 30), 1) == date(2026, 12, 31)


@pytest.mark.parametrize("months", [{12}, set(range(1, 10)), set(range(2, 13))])
def test_part_of_a_years_notice_does_not_make_the_year_known(months: set[int]) -> None:
    # December alone is what the next year's notice brings; the others are half a file
    calendar = WorkingCalendar(row for row in official().rows if row.day.year != 2018 or row.day.month in months)
    with pytest.raises(Refused, match="2018"):
        calendar.is_working(date(2018, 12, 28))


def test_a_new_year_is_added_as_data() -> None:
    more = [SpecialDay(date(2027, 1, 1), "off", "元旦", "通知"), SpecialDay(date(2027, 10, 1), "off", "国庆节", "通知")]
    calendar = WorkingCalendar([*official().rows, *more])
    assert calendar.add_working(date(2026, 12, 31), 1) == date(2027, 1, 4)
    with pytest.raises(Refused, match="2027"):
        official().is_working(date(2027, 1, 4))


def test_a_day_both_off_and_worked_is_refused() -> None:
    with pytest.raises(Refused, match="2026-10-01"):
        WorkingCalendar([*official().rows, SpecialDay(date(2026, 10, 1), "work", "国庆节", "通知")])


@pytest.mark.parametrize("line", ["2027-13-01,off,元旦,通知", "2027-01-01,closed,元旦,通知", "2027-01-01"])
def test_an_unreadable_row_is_refused_by_line(line: str) -> None:
    with pytest.raises(Refused, match="第2行"):
        read_rows(["day,kind,holiday,source", line])


def test_a_period_is_one_length_of_at_least_a_day() -> None:
    for wrong in ({}, {"days": 1, "working_days": 1}, {"days": 0}, {"working_days": 0}):
        with pytest.raises(ValueError):
            official().deadline(date(2026, 11, 20), **wrong)
