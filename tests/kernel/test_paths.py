"""Digit paths: everything below a place lies in one range of strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhall.kernel.errors import Refused
from unionhall.kernel.paths import child_path, length, level, parent_path, span, within

STEPS = st.lists(st.integers(1, 998), min_size=1, max_size=6)
PATHS = STEPS.map(lambda steps: "".join(f"{step:03d}" for step in steps))


def test_a_district_a_street_a_community() -> None:
    assert child_path("", 101) == "101"
    assert child_path("101", 4) == "101004"
    assert child_path("101004", 12) == "101004012"
    assert [level(path) for path in ("101", "101004", "101004012")] == [0, 1, 2]


@pytest.mark.parametrize("number", [0, -1, 999, 1000])
def test_no_room_beyond_998_children(number: int) -> None:
    with pytest.raises(Refused, match="最多 998 个"):
        child_path("101", number)


@given(path=PATHS, other=PATHS)
def test_the_range_of_a_place_holds_just_what_lies_within(path: str, other: str) -> None:
    low, high = span(path)
    assert (low <= other < high) == within(other, path)


@given(path=PATHS)
def test_the_range_of_everything_holds_every_path(path: str) -> None:
    low, high = span("")
    assert low <= path < high and within(path, "")


@given(path=PATHS, number=st.integers(1, 998))
def test_a_child_lies_below_its_parent_and_nowhere_else(path: str, number: int) -> None:
    child = child_path(path, number)
    assert parent_path(child) == path
    assert level(child) == level(path) + 1
    assert len(child) == length(level(child))
    low, high = span(path)
    assert low < child < high
    assert not within(path, child)


@given(one=PATHS, other=PATHS)
def test_ranges_of_two_places_nest_or_never_meet(one: str, other: str) -> None:
    (a, b), (c, d) = span(one), span(other)
    apart = b <= c or d <= a
    nested = (a <= c and d <= b) or (c <= a and b <= d)
    assert apart != nested
