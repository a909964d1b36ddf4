"""Rows that hold from a day until a day, at a place: any past day can be asked."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import world
from unionhall.organisations.models import Place, Union

pytestmark = pytest.mark.django_db
DAY = date(2015, 6, 30)
EVENS = st.dates(date(2015, 1, 1), date(2015, 12, 31))


def a_union(path: str, since: date, until: date | None, code: str = "X") -> Union:
    return Union.objects.create(code=code, name="工会", kind="joint", path=path, since=since, until=until)


def test_the_first_day_is_in_and_the_last_is_not() -> None:
    union = a_union("101", DAY, DAY + timedelta(days=2))
    found = {day: Union.objects.on(DAY + timedelta(days=day)).filter(pk=union.pk).exists() for day in range(-1, 4)}
    assert found == {-1: False, 0: True, 1: True, 2: False, 3: False}


def test_a_row_without_an_end_still_holds() -> None:
    a_union("101", DAY, None)
    assert Union.objects.on(date(2099, 1, 1)).count() == 1


def test_an_end_before_the_beginning_is_refused_by_the_table() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_union("101", DAY, DAY - timedelta(days=1))


def test_a_row_that_ended_the_day_it_began_never_held() -> None:
    a_union("101", DAY, DAY)
    assert not Union.objects.on(DAY).exists()


def test_rows_at_a_place_are_its_own_and_those_below() -> None:
    here = world.a_district()
    below = set(Place.objects.at(here.willow).values_list("path", flat=True))
    assert below == {here.willow, here.willow_lane, here.drum_tower}
    assert Place.objects.at(here.willow_lane, here.bridge).count() == 3
    assert Place.objects.at("").count() == Place.objects.count() == 6
    assert Place.objects.at().count() == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(st.tuples(EVENS, st.one_of(st.none(), st.integers(0, 200))), max_size=6), day=EVENS)
def test_on_a_day_is_what_one_would_count_by_hand(db: None, spans: list[tuple[date, int | None]], day: date) -> None:
    Union.objects.all().delete()
    for number, (since, days) in enumerate(spans):
        a_union("101", since, None if days is None else since + timedelta(days=days), code=str(number))
    by_hand = sum(since <= day and (days is None or day < since + timedelta(days=days)) for since, days in spans)
    assert Union.objects.on(day).count() == by_hand
