"""Thirty-two at once, on PostgreSQL: one matter of one station, one acceptance, and never two numbers of stars on one day."""

from datetime import date

import pytest
from django.utils import timezone

from tests import world
from tests.ledger.test_races import THREADS, together
from tests.stories import test_station_standard as standard
from tests.stories import test_station_stars as stars
from tests.world import World
from unionhall import catalogue
from unionhall.cases import station_moves
from unionhall.cases.models import Case
from unionhall.cases.station_models import StarHeld
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Station

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.slow]

assert catalogue.SERVICES  # declared by being imported


def people(here: World) -> tuple[Station, Actor, Actor]:
    """The station of 石桥街道, its head, and the district's officer."""
    today = timezone.localdate()
    head, district = (
        world.an_officer("station_head", here.bridge, today=today), world.an_officer("organisation", here.root, today=today),
    )  # fmt: skip
    station = Station.objects.get(pk=here.stations[1])
    standard.tell(station, head, **standard.OPEN)
    return station, head, district


def test_a_station_begins_once_and_is_accepted_once() -> None:
    here = world.a_district()
    station, head, district = people(here)
    assert together(lambda _n: standard.a_plan(station, head)) == {"done": 1, "refused": THREADS - 1}
    case = Case.objects.get(station=station)
    standard.go(case, "set_up", head)
    station_moves.check(case.pk, standard.every_item(), by=head)
    standard.go(case, "self_check", head)
    station_moves.check(case.pk, standard.every_item(words=""), by=district)
    standard.go(case, "district_check", district)
    ended = together(lambda _n: standard.go(case, "accept", district, accepted_no="1号"))
    assert ended == {"done": 1, "refused": THREADS - 1}
    assert (
        Line.objects.standing().filter(service="station", act="accepted", subject=f"station:{station.pk}").count() == 1
    )


def test_two_matters_that_rate_one_station_leave_one_number_of_stars_on_a_day() -> None:
    here = world.a_district()
    station, head, district = people(here)
    standard.tell(station, head, **standard.OPEN, accepted_on=stars.ACCEPTED)
    first, day = stars.awarded(station, head, district), date(2018, 3, 1)
    again = stars.a_draft(station, head, day)
    stars.go(again, "declare", head, day)
    stars.go(again, "review", district, day, review_no="1号")

    def rate(n: int) -> object:
        if n == 0:
            return stars.go(again, "award", district, day, stars=4, star_until="2021-03-01", award_no="2号")
        return stars.go(first, "keep", district, day, star_until="2022-03-01", award_no="3号")

    together(rate)
    held = StarHeld.objects.on(day).filter(station=station)
    assert held.count() == 1 and held.get().stars == 4, "the award is the last word, whoever came before it"
