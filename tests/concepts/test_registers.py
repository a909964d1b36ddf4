"""Unions, cover, stations, items, agreements, honours, posts: written in bulk, each with the lines that count."""

from datetime import date

import pytest

from tests.world import (
    At,
    World,
    a_member,
    a_use,
    an_actor,
    an_agreement,
    an_honour,
    an_item,
    an_officer,
)
from unionhall.agreements.actions import AgreementRow, change_agreements
from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.honours.actions import HonourRow, change
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers.actions import Use, change_uses, record_uses
from unionhall.offers.models import Participation
from unionhall.organisations.accounts import Account, PostHeld
from unionhall.organisations.actions import (
    CoverRow,
    EstablishmentRow,
    PostRow,
    StationRow,
    UnionRow,
    change_cover,
    change_stations,
    end_post,
    establish,
    give_post,
    open_account,
    record_cover,
    record_unions,
    set_password,
)
from unionhall.organisations.models import Cover, Employer, Establishment, Union
from unionhall.people.actions import Standing, transfer

pytestmark = pytest.mark.django_db
SINCE = date(2015, 2, 1)


def test_a_union_above_may_come_after_the_one_below(here: World) -> None:
    rows = [
        UnionRow("V2", "二级工会", "independent", here.willow, "V1", SINCE),
        UnionRow("V1", "街道总工会", "street_federation", here.willow, "U00", SINCE),
    ]
    below, above = record_unions(rows, by=SYSTEM)
    assert Union.objects.get(pk=below).upper_id == above
    lines = Line.objects.filter(service="union", act="founded", on=SINCE).order_by("pk")
    assert [(line.kind, line.subject) for line in lines] == [
        ("independent", f"union:{below}"), ("street_federation", f"union:{above}"),
    ]  # fmt: skip


def test_a_circle_of_unions_and_an_unknown_one_above_are_refused(here: World) -> None:
    circle = [
        UnionRow("V1", "甲", "joint", here.willow, "V2", SINCE),
        UnionRow("V2", "乙", "joint", here.willow, "V1", SINCE),
    ]
    with pytest.raises(Refused, match="绕回了自己"):
        record_unions(circle, by=SYSTEM)
    with pytest.raises(Refused, match="编号 V9 不在工会组织里"):
        record_unions([circle[0]._replace(upper="V9")], by=SYSTEM)
    assert not Union.objects.filter(code__startswith="V").exists()


def test_each_cover_is_a_line_with_the_employers_head_count(here: World) -> None:
    (cover,) = record_cover([CoverRow(here.joint_union.id, here.courier, here.drum_tower, SINCE)], by=SYSTEM)
    line = Line.objects.get(subject=f"cover:{cover}")
    assert (line.act, line.kind, line.employer_id, line.headcount, line.path, line.on) == (
        "covered", "community_joint", here.courier, 45, here.drum_tower, SINCE,
    )  # fmt: skip
    later = date(2015, 3, 1)
    change_cover([(cover, CoverRow(here.joint_union.id, here.courier, here.drum_tower, later))], by=SYSTEM)
    assert [line.on for line in Line.objects.standing().filter(subject=f"cover:{cover}")] == [later]
    assert Cover.objects.get(pk=cover).since == later


def test_ending_a_cover_leaves_the_head_count_of_its_first_day(here: World) -> None:
    (cover,) = record_cover([CoverRow(here.joint_union.id, here.courier, here.drum_tower, SINCE)], by=SYSTEM)
    Employer.objects.filter(pk=here.courier).update(workers=450)
    ended = CoverRow(here.joint_union.id, here.courier, here.drum_tower, SINCE, until=date(2015, 11, 1))
    change_cover([(cover, ended)], by=SYSTEM)
    told = Line.objects.standing().filter(subject=f"cover:{cover}")
    assert [(line.on, line.headcount) for line in told] == [(SINCE, 45)]
    change_cover([(cover, ended._replace(path=here.bridge))], by=SYSTEM)
    assert [(line.path, line.headcount) for line in told.all()] == [(here.bridge, 45)]
    change_cover([(cover, ended._replace(since=date(2015, 6, 1)))], by=SYSTEM)
    assert [(line.on, line.headcount) for line in told.all()] == [(date(2015, 6, 1), 450)]


def test_unions_of_another_street_are_not_ones_own(here: World) -> None:
    row = UnionRow("V1", "甲", "independent", here.bridge, "U00", SINCE)
    with pytest.raises(NotYours):
        record_unions([row], by=an_actor("street", here.willow))
    assert record_unions([row], by=an_actor("street", here.bridge))


def test_a_stations_acceptance_is_a_line_that_follows_its_correction(here: World) -> None:
    number = here.stations[0]
    row = StationRow(
        "Z01",
        "柳荫工会服务站",
        here.willow,
        date(2010, 1, 1),
        accepted_on=date(2015, 6, 1),
        star_declared_on=date(2015, 8, 1),
    )
    change_stations([(number, row)], by=SYSTEM)
    lines = Line.objects.standing().filter(subject=f"station:{number}").order_by("on")
    assert [(line.act, line.on) for line in lines] == [
        ("accepted", date(2015, 6, 1)), ("star_declared", date(2015, 8, 1)),
    ]  # fmt: skip


def test_a_new_establishment_ends_the_one_before(here: World) -> None:
    number = here.stations[0]
    establish([EstablishmentRow(number, "social_worker", here.willow, 5, SINCE)], by=SYSTEM)
    establish([EstablishmentRow(number, "social_worker", here.willow, 6, SINCE)], by=SYSTEM)
    rows = Establishment.objects.filter(station=number, kind="social_worker").order_by("since")
    assert [(row.posts, row.since, row.until) for row in rows] == [
        (3, date(2010, 1, 1), SINCE), (6, SINCE, None),
    ]  # fmt: skip


def spells(station: int) -> list[tuple[int, date, date | None]]:
    rows = Establishment.objects.filter(station=station, kind="social_worker").order_by("since")
    return [(row.posts, row.since, row.until) for row in rows]


def test_posts_granted_from_an_earlier_day_do_not_stand_beside_those_of_a_later(here: World) -> None:
    number = here.stations[0]
    establish([EstablishmentRow(number, "social_worker", here.willow, 5, SINCE)], by=SYSTEM)
    earlier, earliest = date(2014, 1, 1), date(2013, 1, 1)
    establish([EstablishmentRow(number, "social_worker", here.willow, 5, earlier)], by=SYSTEM)
    assert spells(number) == [(3, date(2010, 1, 1), earlier), (5, earlier, None)]
    establish([EstablishmentRow(number, "social_worker", here.willow, 4, earliest)], by=SYSTEM)
    assert spells(number) == [(3, date(2010, 1, 1), earliest), (4, earliest, earlier), (5, earlier, None)]
    assert [Establishment.objects.filter(station=number).on(day).count() for day in (earliest, earlier, SINCE)] == [
        1
    ] * 3


def test_a_closed_station_is_granted_no_posts_until_it_opens_again(here: World) -> None:
    number, closed = here.stations[0], date(2015, 6, 1)
    row = StationRow("Z01", "柳荫工会服务站", here.willow, date(2010, 1, 1), until=closed)
    change_stations([(number, row)], by=SYSTEM)
    assert spells(number) == [(3, date(2010, 1, 1), closed)]
    change_stations([(number, row._replace(until=date(2015, 9, 1)))], by=SYSTEM)
    assert spells(number) == [(3, date(2010, 1, 1), date(2015, 9, 1))]
    change_stations([(number, row._replace(until=None, path=here.bridge))], by=SYSTEM)
    assert spells(number) == [(3, date(2010, 1, 1), None)]
    assert Establishment.objects.get(station=number).path == here.bridge


def test_the_same_day_corrects_posts_end_and_place_together(here: World) -> None:
    number = here.stations[1]
    told = EstablishmentRow(number, "social_worker", here.willow, 2, date(2010, 1, 1), date(2015, 6, 1))
    establish([told], by=SYSTEM)
    found = Establishment.objects.get(station=number)
    assert (found.posts, found.until, found.path) == (2, date(2015, 6, 1), here.willow)


def test_a_use_counts_where_the_person_was_a_member_that_day(here: World) -> None:
    li, item = a_member(here, "小李"), an_item(here)
    moved = date(2015, 6, 1)
    transfer(
        [(li.membership, Standing(li.person, At(*here.own_union), here.factory, "active", "", "", moved))],
        by=SYSTEM,
        on=moved,
    )
    uses = [a_use(item, li, day) for day in (date(2015, 5, 31), moved, date(2013, 1, 1))]
    paths = dict(Participation.objects.values_list("pk", "path"))
    assert [paths[use] for use in uses] == [here.bridge_east, here.willow_lane, here.willow_lane]
    line = Line.objects.get(subject=f"participation:{uses[0]}")
    assert (line.service, line.act, line.kind, line.person_id, line.quantity, line.path) == (
        "card.items", "used", "XM001", li.person, 1, here.bridge_east,
    )  # fmt: skip


def test_a_use_by_someone_who_never_was_a_member_is_refused(here: World) -> None:
    item = an_item(here)
    with pytest.raises(Refused, match="会员名册里没有这个人"):
        record_uses([Use(item, 999_999, SINCE, "LS1")], by=SYSTEM)


def test_a_corrected_use_moves_its_line(here: World) -> None:
    li, item = a_member(here), an_item(here)
    use = a_use(item, li, SINCE)
    change_uses([(use, Use(item, li.person, date(2015, 2, 3), "LS9", quantity=2))], by=SYSTEM)
    (line,) = Line.objects.standing().filter(subject=f"participation:{use}")
    assert (line.on, line.quantity) == (date(2015, 2, 3), 2)


def test_cover_ends_when_its_agreement_is_ended_early(here: World) -> None:
    number = an_agreement(here)
    agreement = Agreement.objects.get(pk=number)
    early = date(2015, 10, 1)
    row = AgreementRow(
        agreement.service, agreement.number, agreement.title, agreement.path, agreement.signed_on, agreement.since, early,
        level="area", union_id=here.joint_union.id, filed_on=agreement.filed_on, ended_because="双方协商终止",
    )  # fmt: skip
    change_agreements([(number, row)], by=SYSTEM)
    assert AgreementCover.objects.get(agreement=number).until == early
    lines = Line.objects.standing().filter(subject=f"agreement:{number}").order_by("on", "pk")
    assert [(line.act, line.reason) for line in lines] == [
        ("signed", ""), ("filed", ""), ("ended", "双方协商终止"),
    ]  # fmt: skip
    change_agreements([(number, row._replace(until=date(2017, 1, 1), ended_because=""))], by=SYSTEM)
    assert AgreementCover.objects.get(agreement=number).until == date(2017, 1, 1)


def test_a_revoked_honour_was_still_granted(here: World) -> None:
    li = a_member(here)
    number = an_honour(here, li, title="劳动奖章")
    row = HonourRow(
        "RY1",
        "劳动奖章",
        "district",
        "person",
        li.name,
        here.root,
        date(2015, 4, 28),
        until=date(2015, 11, 1),
        person_id=li.person,
    )
    change([(number, row)], by=SYSTEM)
    lines = Line.objects.standing().filter(subject=f"honour:{number}").order_by("on")
    assert [(line.act, line.kind, line.person_id) for line in lines] == [
        ("granted", "district:劳动奖章", li.person), ("revoked", "district:劳动奖章", li.person),
    ]  # fmt: skip


def test_a_post_is_held_from_a_day_until_a_day(here: World) -> None:
    officer = an_officer("street", here.willow)
    assert officer.reaches(here.willow_lane, "street")
    held = PostHeld.objects.get(account=officer.account)
    end_post(held.pk, on=date(2015, 6, 1), by=SYSTEM)
    account = Account.objects.get(pk=officer.account)
    assert account.actor(date(2015, 5, 31)).posts and not account.actor(date(2015, 6, 1)).posts
    with pytest.raises(Refused, match="不能早于起始日期"):
        end_post(held.pk, on=date(2001, 1, 1), by=SYSTEM)


def test_a_post_is_not_given_twice_nor_one_that_does_not_exist(here: World) -> None:
    account = open_account("zhang", "张三", by=SYSTEM)
    give_post(PostRow(account, "aid", here.root, SINCE), by=SYSTEM)
    with pytest.raises(Refused, match="已经担任帮扶部"):
        give_post(PostRow(account, "aid", here.root, date(2015, 9, 1)), by=SYSTEM)
    with pytest.raises(Refused, match="没有“king”这个岗位"):
        give_post(PostRow(account, "king", here.root, SINCE), by=SYSTEM)
    with pytest.raises(NotYours):
        give_post(PostRow(account, "leader", here.root, SINCE), by=an_actor("leader", here.root))


def test_an_account_is_opened_without_a_password_and_belongs_to_one_name(here: World) -> None:
    number = open_account("zhang", "张三", by=SYSTEM)
    assert open_account("zhang", "张三", by=SYSTEM) == number
    assert not Account.objects.get(pk=number).has_usable_password()
    with pytest.raises(Refused, match="已是“张三”的"):
        open_account("zhang", "李四", by=SYSTEM)
    with pytest.raises(Refused, match="至少 8 位"):
        set_password(number, "short", by=SYSTEM)
    with pytest.raises(NotYours):
        set_password(number, "long enough", by=an_actor("street", here.root))
