"""全响应网格: what a worker brings lands with whoever is on duty for its community or cell, and climbs when its day has passed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from tests import world
from tests.cases.conftest import ON
from tests.world import World
from unionhall.cases import actions, handling_moves, inbox, reminding_moves
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.messages.models import Notice
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.actions import PlaceRow, record_places

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 9, day) for day in (18, 19, 20, 21))
"""The Sunday is worked, before the long holiday of October."""

Speak = Callable[..., Case]


@pytest.fixture
def speak(here: World, clerk: Actor) -> Speak:
    """小李 has something to say to the union, at the community unless told otherwise; the station's worker writes it down."""

    def spoken(at: str = "", service: str = "speakup", by: Actor = clerk) -> Case:
        said = {"matter": "食堂的饭凉了", "hide": "yes", "claim": "支付拖欠的工资", "right": "x"}
        member = world.a_member(here, "小李")
        cause = "living" if service == "speakup" else "pay"
        return actions.open_case(
            service, path=at or here.bridge_east, on=ON, values=said, by=by, person=member.person, employer=here.diner,
            cause=cause,
        )  # fmt: skip

    return spoken


@pytest.fixture
def keeper(here: World) -> Actor:
    """On duty for the community: a station worker's post held there, and not at the street."""
    return world.an_officer("station_worker", here.bridge_east, name="网格员")


def stands(case: Case) -> tuple[str, int | None]:
    row = Case.objects.get(pk=case.pk)
    return row.level, row.handler_id


def told(kind: str) -> list[int | None]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("account", flat=True))


def test_it_lands_with_who_is_on_duty_who_is_told_and_the_station_has_no_work_with_it(
    speak: Speak, keeper: Actor, clerk: Actor
) -> None:
    case = speak()
    assert stands(case) == ("cell", keeper.account)
    assert told("case.given") == [keeper.account]
    assert list(inbox.mine(keeper)) == [case]
    assert list(inbox.mine(clerk)) == []
    assert Note.objects.get(case=case, kind="landed").said == {"account": keeper.account}
    assert AuditEntry.objects.filter(act="case.landed", subject=case.subject).count() == 1
    actions.move(case.pk, "accept", on=ON, values={}, by=keeper)
    assert Case.objects.get(pk=case.pk).state == "accepted"


def test_the_cell_comes_before_its_community(here: World, speak: Speak, keeper: Actor) -> None:
    cell = f"{here.bridge_east}001"
    record_places([PlaceRow("W02-01-1", "鼓楼一号网格", "cell", "W0201", world.FOUNDED)], by=SYSTEM)
    nearest = world.an_officer("station_worker", cell)
    assert stands(speak(at=cell)) == ("cell", nearest.account)
    assert stands(speak()) == ("cell", keeper.account)


def test_where_nobody_stands_or_two_do_it_waits_for_whoever_of_the_station_takes_it_up(
    here: World, speak: Speak, clerk: Actor
) -> None:
    alone = speak()
    assert stands(alone) == ("station", None)
    for _ in range(2):
        world.an_officer("station_worker", here.bridge_east)
    both = speak()
    assert stands(both) == ("station", None)
    assert set(inbox.mine(clerk)) == {alone, both}
    assert told("case.given") == []


def test_what_is_no_appeal_goes_to_the_station(speak: Speak, keeper: Actor) -> None:
    assert stands(speak(service="mediation")) == ("station", None)


def test_a_post_that_ended_or_is_another_communitys_gets_nothing(here: World, speak: Speak) -> None:
    world.an_officer("station_worker", here.willow_lane)
    world.an_officer("rights", here.bridge_east)
    gone = world.an_officer("station_worker", here.bridge_east)
    PostHeld.objects.filter(account=gone.account).update(until=timezone.localdate())
    assert stands(speak()) == ("station", None), "not even what is written down later of a day on which they were there"


def test_who_is_on_duty_and_writes_it_down_is_not_told_of_it(speak: Speak, keeper: Actor) -> None:
    assert stands(speak(by=keeper)) == ("cell", keeper.account)
    assert told("case.given") == []


def test_late_it_is_the_stations_the_next_day_and_the_streets_two_working_days_after(
    here: World, speak: Speak, keeper: Actor, clerk: Actor
) -> None:
    street = world.an_officer("street", here.bridge)
    case = speak()  # to be taken up by Thursday
    due = Case.objects.get(pk=case.pk).due_on
    assert due == date(2026, 9, 17)
    climbed = []
    for day in (due, FRIDAY, SATURDAY, SUNDAY, MONDAY):
        reminding_moves.each_day(day, by=SYSTEM)
        climbed.append(stands(case)[0])
    assert climbed == ["cell", "station", "station", "street", "street"]
    assert set(told("case.due")) == {keeper.account}
    assert told("case.risen") == [clerk.account, street.account]
    assert Case.objects.get(pk=case.pk).due_on == due, "the clock runs on"


def test_the_station_may_take_it_over_or_give_it_to_somebody_else(speak: Speak, keeper: Actor, clerk: Actor) -> None:
    case = speak()
    handling_moves.assign(case.pk, clerk.account, by=clerk)
    assert stands(case) == ("station", clerk.account)
    assert told("case.given") == [keeper.account], "who takes it is not told that they took it"
    handling_moves.assign(case.pk, keeper.account, by=clerk)
    assert (stands(case), told("case.given")) == (("station", keeper.account), [keeper.account] * 2)


def test_passed_on_it_lands_again(here: World, speak: Speak, clerk: Actor) -> None:
    other = world.an_officer("station_worker", here.willow_lane)
    case = speak()
    handling_moves.pass_on(case.pk, here.willow_lane, reason="用人单位在柳荫街道", by=clerk)
    assert stands(case) == ("cell", other.account)
    assert told("case.given") == [other.account]
