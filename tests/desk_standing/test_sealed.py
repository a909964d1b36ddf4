"""Whatever the desk does to the standing order is sealed: the verification finds every row as its last action left it."""

from datetime import date

import pytest
from django.db import transaction

from tests import world
from tests.concepts.test_verification import wrong
from tests.world import World
from unionhall.jobs import verification
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.organisations.actions import (
    account_life,
    appointments,
    covering,
    employer_book,
    staffing,
    station_life,
    tree_growth,
    union_life,
)
from unionhall.organisations.actions.posts import PostRow
from unionhall.organisations.actions.staffing import Post
from unionhall.organisations.actions.tree_growth import NewPlace
from unionhall.organisations.actions.union_life import Founding
from unionhall.organisations.models import Cover, Employer, Place, PostAsked, PostHeld, Staff, Station, Union

pytestmark = pytest.mark.django_db


def everything_once(here: World, today: date) -> None:
    """Each action of the desk on the standing order, and each that takes one back."""
    founding = Founding("新工会", "joint", here.drum_tower, today, here.federation, employers=(here.courier,))
    union = union_life.found_union(founding, by=SYSTEM)
    union_life.rename_union(union, "又一工会", on=today, by=SYSTEM)
    union_life.move_union(union, here.own_union.id, on=today, by=SYSTEM)
    union_life.renew_term(union, date(today.year + 3, 1, 1), held_on=today, by=SYSTEM)
    union_life.restore_term(union, None, by=SYSTEM)
    mark = union_life.mark_union(union, "grid_pilot", since=today, by=SYSTEM)
    union_life.unmark_union(mark, on=today, by=SYSTEM)
    union_life.mark_union(union, "grid_pilot", since=today, by=SYSTEM)
    union_life.restore_union(**union_life.end_union(union, on=today, reason="撤销", by=SYSTEM), by=SYSTEM)
    kept = union_life.end_union(union, on=today, reason="合并", into=here.joint_union.id, by=SYSTEM)
    union_life.restore_union(**kept, by=SYSTEM)
    cover = Cover.objects.get(employer=here.diner)
    opened = covering.transfer_cover(cover.pk, here.own_union.id, on=today, by=SYSTEM)
    covering.reopen_covers([cover.pk], [opened], by=SYSTEM)
    covering.transfer_cover(cover.pk, here.own_union.id, on=today, by=SYSTEM)
    covering.end_cover(opened, on=today, reason="注销", by=SYSTEM)
    number = employer_book.add_employer(employer_book.Stated(world.a_uscc(77), "面馆", here.willow_lane), by=SYSTEM)
    (new,) = covering.cover_employers(here.own_union.id, [number], since=today, by=SYSTEM)
    covering.withdraw_cover(new, by=SYSTEM)
    covering.cover_employers(here.own_union.id, [number], since=today, by=SYSTEM)
    employer_book.correct_employer(number, employer_book.Stated(world.a_uscc(77), "面庄", here.bridge_east), by=SYSTEM)
    stated = station_life.Stated("新站", here.willow, date(2016, 1, 1))
    station = station_life.open_station(stated, by=SYSTEM)
    station_life.grant_posts(station, "social_worker", 2, since=date(2016, 1, 1), by=SYSTEM)
    one = staffing.take_post(Post("孙立", "social_worker", station, date(2016, 2, 1)), by=SYSTEM)
    station_life.correct_station(station, stated._replace(path=here.bridge, code="Z0003"), by=SYSTEM)
    later = staffing.transfer_staff(one, here.stations[0], on=today, by=SYSTEM)
    staffing.return_to_post(one, instead_of=later, by=SYSTEM)
    other = staffing.change_kind(one, "assistant", on=today, by=SYSTEM)
    staffing.leave_post(other, on=today, reason="", by=SYSTEM)
    staffing.withdraw_post(staffing.take_post(Post("钱多", "lawyer", station, today), by=SYSTEM), by=SYSTEM)
    station_life.close_station(station, on=today, reason="撤销", by=SYSTEM)
    station_life.reopen_station(station, by=SYSTEM)
    street = Place.objects.get(path=here.willow)
    added = tree_growth.add_place(NewPlace(street.pk, "新社区", "community", today), by=SYSTEM)
    tree_growth.rename_place(added, "更新社区", on=today, by=SYSTEM)
    tree_growth.reorganise(added, Place.objects.get(path=here.willow_lane).pk, on=today, reason="区划", by=SYSTEM)
    _accounts(here, today)


def _accounts(here: World, today: date) -> None:
    account = account_life.open_new_account("zhao-xm", "赵小明", by=SYSTEM)
    account_life.correct_name(account, "赵晓明", by=SYSTEM)
    asking, deciding = world.an_officer("organisation", here.root), world.an_officer("leader", here.root)
    appointments.appoint(PostRow(account, "street", here.willow, today), "", by=asking)
    for answer in ("declined", "granted"):
        appointments.appoint(PostRow(account, "finance", here.root, today), "接任", by=asking)
        asked = PostAsked.objects.get(state="asked").pk
        if answer == "granted":
            appointments.grant_asked(asked, by=deciding)
        else:
            appointments.decline_asked(asked, "再议", by=deciding)
    appointments.remove_post(PostHeld.objects.get(account=account, role="street").pk, on=today, by=asking)
    account_life.close_account(account, by=SYSTEM)
    account_life.reopen_account(account, by=SYSTEM)


def test_everything_the_desk_does_is_sealed(here: World, today: date) -> None:
    everything_once(here, today)
    assert wrong(verification.verify(Period.year(2015))) == []


TOUCHED = {
    Union: "name", Cover: "path", Employer: "name", Station: "name", Staff: "name", Place: "name", PostHeld: "role",
    PostAsked: "role",
}  # fmt: skip


def test_a_row_changed_behind_the_actions_is_found(here: World, today: date) -> None:
    everything_once(here, today)
    for model, column in TOUCHED.items():
        with transaction.atomic():
            row = model.objects.order_by("-pk").first()
            model.objects.filter(pk=row.pk).update(**{column: "x"})
            assert any(model._meta.label_lower in what for what in wrong(verification.rows_sealed())), model
            transaction.set_rollback(True)
