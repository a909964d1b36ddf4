"""What was true yesterday stays true whatever happens today."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest

from tests import world
from unionhall import catalogue
from unionhall.honours.actions import HonourRow
from unionhall.honours.actions import change as change_honours
from unionhall.honours.models import Honour
from unionhall.indicators.report import yearly
from unionhall.indicators.territory import below, moves
from unionhall.indicators.values import Value, Whole
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.organisations.actions import EntryRow, merge_places, open_register, record_entries
from unionhall.people.actions import Standing, end, replace_card, transfer
from unionhall.people.models import Card

pytestmark = pytest.mark.django_db

YESTERDAY = date(2015, 11, 30)
TODAY = YESTERDAY + timedelta(days=1)
SO_FAR = Period.through(date(2015, 1, 1), YESTERDAY)

MOVED_BY_TODAY = (
    "member.members", "card.made", "tree.streets", "tree.communities", "union.unionisation", "honour.medal",
)  # fmt: skip


def told(here: world.World, period: Period, keys: Iterable[str] = ()) -> list[tuple[str, str, Whole]]:
    """Figures with their parts at the district and both streets."""
    moved = moves()
    return [
        (key, path, catalogue.figure(key).whole(path, period, places, moved=moved))
        for path in (here.root, here.willow, here.bridge)
        for places in (below(path, period, moved),)
        for key in keys or catalogue.figures()
    ]


def a_busy_year(here: world.World) -> list[world.Member]:
    members = world.five_people(here)
    item = world.an_item(here)
    fund = world.a_fund(here)
    for member in members:
        world.a_card(member)
        world.a_use(item, member, date(2015, 6, 3))
    world.a_dispute(here, members[0])
    world.some_aid(fund, members[1])
    world.an_agreement(here)
    world.an_honour(here, members[2])
    return members


def leave(here: world.World, members: list[world.Member]) -> None:
    end([members[0].membership], by=SYSTEM, on=TODAY, because="left")


def move_to_another_union(here: world.World, members: list[world.Member]) -> None:
    one = members[1]
    stated = Standing(one.person, here.own_union, here.factory, "active", "", "", date(2014, 3, 8))
    transfer([(one.membership, stated)], by=SYSTEM, on=TODAY)


def replace_the_card(here: world.World, members: list[world.Member]) -> None:
    replace_card(_card_of(members[2]), by=SYSTEM, on=TODAY)


def _card_of(member: world.Member) -> int:
    return int(Card.objects.get(person=member.person, until=None).pk)


def merge_two_communities(here: world.World, members: list[world.Member]) -> None:
    merge_places("W0102", "W0101", on=TODAY, reason="撤并", by=SYSTEM)


def merge_two_streets(here: world.World, members: list[world.Member]) -> None:
    merge_places("W02", "W01", on=TODAY, reason="撤并", by=SYSTEM)


def revoke_an_honour(here: world.World, members: list[world.Member]) -> None:
    honour = Honour.objects.get(person=members[2].person)
    row = HonourRow(
        honour.number, honour.title, honour.level, honour.recipient, honour.recipient_name, honour.path, honour.since,
        until=TODAY, person_id=honour.person_id,
    )  # fmt: skip
    change_honours([(honour.pk, row)], by=SYSTEM)


def a_newer_list(here: world.World, members: list[world.Member]) -> None:
    for use in ("unionisation", "membership", "bargaining"):
        opened = open_register("新名单", TODAY, use, by=SYSTEM)
        record_entries([EntryRow(opened, here.courier, here.drum_tower, 400)], by=SYSTEM)


CHANGES = [
    leave, move_to_another_union, replace_the_card, merge_two_communities, merge_two_streets, revoke_an_honour, a_newer_list,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_yesterday_is_told_the_same_after_todays_changes(
    here: world.World, change: Callable[[world.World, list[world.Member]], None]
) -> None:
    members = a_busy_year(here)
    through_today = Period.through(date(2015, 1, 1), TODAY)
    before, today_before = told(here, SO_FAR), told(here, through_today, MOVED_BY_TODAY)
    change(here, members)
    assert told(here, SO_FAR) == before
    if change is not revoke_an_honour:  # grants are counted by the day of granting; revoking does not take them back
        assert told(here, through_today, MOVED_BY_TODAY) != today_before


def test_the_report_of_an_earlier_day_is_the_same_after_todays_changes(here: world.World) -> None:
    members = a_busy_year(here)

    def printed() -> list[tuple[str, Value, tuple[Value, ...], Value]]:
        report = yearly(catalogue.SERVICES, 2015, as_of=YESTERDAY)
        return [(row.figure.key, row.now.value, row.now.parts, row.before) for row in report.rows()]

    before = printed()
    for change in CHANGES:
        change(here, members)
    assert printed() == before


def test_merged_streets_count_together_from_the_day_on_and_apart_before(here: world.World) -> None:
    a_busy_year(here)
    members, uses = catalogue.figure("member.members"), catalogue.figure("card.items.uses")
    world.a_use(world.an_item(here, "XM002"), world.a_member(here, "晚来"), TODAY)
    merge_places("W02", "W01", on=TODAY, reason="撤并", by=SYSTEM)
    assert members.value(here.bridge, Period.day(YESTERDAY)) == 3
    assert members.value(here.bridge, Period.day(TODAY)) == 0
    assert members.value(here.willow, Period.day(TODAY)) == members.value(here.root, Period.day(TODAY)) == 6
    year = Period.year(2015)
    assert [(place.name if place else "", value) for place, value in uses.by_place(here.root, year)] == [
        ("柳荫街道", 4), ("石桥街道", 2),
    ]  # fmt: skip
    assert uses.value(here.root, year) == 6
    # The community of the merged street stays what it was, and is now among the other street's.
    assert members.value(here.bridge_east, Period.day(TODAY)) == 3
    named = [place.path for place, _ in members.by_place(here.willow, Period.day(TODAY)) if place]
    assert named == [here.willow_lane, here.drum_tower, here.bridge_east]
