"""Clocks: the version of the rule that holds, what stopping, going on and more days do to a term."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from unionhall.kernel.calendar import official
from unionhall.kernel.clock import Clock, Limit, Term
from unionhall.kernel.errors import Refused

DAYS = st.dates(date(2015, 1, 1), date(2025, 6, 1))
TERMS = st.builds(Term, DAYS, st.integers(1, 60), st.booleans())

OLD = Limit("旧", working_days=5, since=date(2009, 3, 1))
NEW = Limit("新", days=7, since=date(2022, 1, 1), more=7)
DECIDE = Clock("decide", "决定", "received", ("decided",), (OLD, NEW))


def test_the_version_in_force_on_the_day_of_the_event_holds() -> None:
    assert DECIDE.limit(date(2009, 2, 28)) is None
    assert DECIDE.limit(date(2009, 3, 1)) is OLD
    assert DECIDE.limit(date(2021, 12, 31)) is OLD
    assert DECIDE.limit(date(2022, 1, 1)) is NEW
    assert DECIDE.due(date(2026, 9, 16), official()) == date(2026, 9, 23)
    assert DECIDE.due(date(2000, 1, 1), official()) is None


@pytest.mark.parametrize(
    "wrong", [{}, {"days": 1, "working_days": 1}, {"days": 0}, {"months": 0}, {"days": 3, "more": -1}]
)
def test_a_wrong_limit_is_refused_when_declared(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Limit("法", **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": ()},
        {"ends": ("received",)},
        {"limits": ()},
        {"limits": (NEW, OLD)},
        {"limits": (OLD, OLD)},
        {"limits": (Limit(days=3),)},
    ],
)
def test_a_wrong_clock_is_refused_when_declared(wrong: dict[str, object]) -> None:
    right = {"key": "x", "title": "x", "start": "received", "ends": ("done",), "limits": (OLD, NEW)}
    Clock(**right)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        Clock(**{**right, **wrong})  # type: ignore[arg-type]


@given(TERMS)
def test_stopping_and_going_on_the_same_day_changes_nothing(term: Term) -> None:
    calendar = official()
    for on in (term.since, term.since + timedelta(days=3)):
        assume(on <= term.due(calendar))
        assert term.suspended(on, calendar).resumed(on).due(calendar) == term.due(calendar)


@given(TERMS, st.integers(0, 40), st.integers(0, 200))
def test_the_days_it_stood_still_are_given_back(term: Term, after: int, still: int) -> None:
    calendar = official()
    stopped_on = term.since + timedelta(days=after)
    assume(stopped_on <= term.due(calendar))
    stopped = term.suspended(stopped_on, calendar)
    assert 0 <= stopped.left <= term.left
    going = stopped.resumed(stopped_on + timedelta(days=still))
    due = going.due(calendar)
    assert due >= term.due(calendar) or not still
    if term.working and stopped.left:
        assert calendar.working_between(going.since, due) == stopped.left


@given(TERMS, st.integers(1, 30), st.integers(0, 10))
def test_more_days_before_or_after_it_stood_still_are_the_same(term: Term, more: int, after: int) -> None:
    calendar = official()
    on = term.since + timedelta(days=after)
    assume(on <= term.due(calendar))
    assume((on - term.since).days <= term.left)  # past its last counted day only a rest day moves it
    assert term.extended(more).suspended(on, calendar) == term.suspended(on, calendar).extended(more)
    assert term.extended(more).due(calendar) > term.due(calendar) or not term.working


@pytest.mark.parametrize(
    ("limit", "event", "stopped", "on_again", "due"),
    [
        (Limit("法", days=15), "2026-03-02", "2026-03-07", "2026-03-20", "2026-03-30"),
        (Limit("法", days=15), "2026-09-16", "2026-09-30", "2026-10-09", "2026-10-10"),
        (Limit("法", working_days=3), "2026-09-16", "2026-09-17", "2026-09-21", "2026-09-23"),
        (Limit("法", working_days=60), "2026-01-05", "2026-02-13", "2026-03-02", "2026-04-15"),
        (Limit("法", days=15), "2026-03-02", "2026-03-17", "2026-03-28", "2026-03-30"),
        (Limit("法", working_days=15), "2026-09-15", "2026-09-20", "2026-10-09", "2026-10-23"),
    ],
)
def test_what_was_left_is_counted_on(limit: Limit, event: str, stopped: str, on_again: str, due: str) -> None:
    """By hand: the days used up to the stop, the rest from the day after it went on."""
    term = limit.begin(date.fromisoformat(event)).suspended(date.fromisoformat(stopped), official())
    assert term.resumed(date.fromisoformat(on_again)).due(official()) == date.fromisoformat(due)


def test_a_term_that_has_run_out_is_not_stopped() -> None:
    term = Limit("法", days=15).begin(date(2026, 3, 2))
    with pytest.raises(Refused, match="届满"):
        term.suspended(date(2026, 3, 18), official())
    with pytest.raises(Refused, match="不能早于"):
        term.suspended(date(2026, 3, 1), official())
    with pytest.raises(Refused, match="不能早于"):
        term.suspended(date(2026, 3, 10), official()).resumed(date(2026, 3, 9))
    assert term.suspended(date(2026, 3, 17), official()).left == 0


def test_more_days_are_counted_from_the_beginning() -> None:
    """Mediation of 16 September with the other side's consent to 30 days; an award in 60 days."""
    assert Limit("法", days=15).begin(date(2026, 9, 16)).extended(15).due(official()) == date(2026, 10, 16)
    assert Limit("法", days=45).begin(date(2026, 8, 20)).extended(15).due(official()) == date(2026, 10, 19)
