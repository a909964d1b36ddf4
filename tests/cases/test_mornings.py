"""What waits for whom this morning, and what the days bring about by themselves."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.cases.conftest import Bring, clock
from tests.world import World
from unionhall.cases import actions, clock_moves, handling_moves, inbox, reminding_moves
from unionhall.cases.clock_models import Deadline
from unionhall.cases.models import Case
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours
from unionhall.messages.models import Notice

MONDAY = date(2026, 3, 2)


def told(kind: str) -> list[int | None]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("account", flat=True))


def test_the_late_ones_come_first_and_those_of_others_not_at_all(here: World, bring: Bring, clerk: Actor) -> None:
    soon, late = bring("小李", on=date(2026, 3, 3)), bring("王芳", on=MONDAY)
    theirs, risen = bring("钱大海", on=MONDAY), bring("孙二", on=MONDAY)
    colleague = world.an_officer("station_worker", here.bridge)
    handling_moves.assign(theirs.pk, colleague.account, by=clerk)
    handling_moves.take_up(risen.pk, reason="x", by=clerk)
    assert list(inbox.in_order(inbox.mine(clerk))) == [late, soon]
    assert set(inbox.mine(colleague)) == {late, soon, theirs}
    assert list(inbox.mine(world.an_officer("street", here.bridge))) == [risen]
    assert not inbox.mine(world.an_officer("station_worker", here.willow)).exists()
    assert not inbox.mine(world.an_officer("rights", here.root)).exists()


def test_a_matter_waits_for_the_post_whose_step_is_next(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring(service="aid.medical", reason="住院")
    aid, finance = world.an_officer("aid", here.root), world.an_officer("finance", here.root)
    assert [inbox.mine(one).exists() for one in (clerk, aid, finance)] == [True, False, False]
    actions.move(case.pk, "verify", on=MONDAY + timedelta(400), values={}, by=clerk)
    assert [inbox.mine(one).exists() for one in (clerk, aid, finance)] == [False, True, False]


def test_how_many_there_are_is_one_query(here: World, bring: Bring, clerk: Actor) -> None:
    bring("小李", on=MONDAY)
    waits = bring("王芳", on=MONDAY)
    handling_moves.give_back(waits.pk, reason="x", on=MONDAY, by=clerk)
    today = date(2026, 3, 6)
    with CaptureQueriesContext(connection) as asked:
        counts = inbox.counts(inbox.mine(clerk), today, today + timedelta(3))
    assert len(asked) == 1
    assert counts == inbox.Waiting(late=1, soon=0, new=1, papers=1, all=2)


def test_reminded_before_the_last_day_and_on_it_and_each_once(bring: Bring, clerk: Actor) -> None:
    case = bring(on=MONDAY)  # due on Thursday the 5th
    assert clock(case, "accept").due_on == date(2026, 3, 5)
    assert reminding_moves.each_day(date(2026, 3, 1), by=SYSTEM).reminded == 0
    assert reminding_moves.each_day(date(2026, 3, 2), by=SYSTEM).reminded == 1
    assert reminding_moves.each_day(date(2026, 3, 4), by=SYSTEM).reminded == 0
    assert reminding_moves.each_day(date(2026, 3, 5), by=SYSTEM).reminded == 1
    assert reminding_moves.each_day(date(2026, 3, 5), by=SYSTEM).reminded == 0
    assert told("case.due") == [clerk.account, clerk.account]


def test_who_handles_it_is_reminded_and_nobody_else(here: World, bring: Bring, clerk: Actor) -> None:
    case, colleague = bring(on=MONDAY), world.an_officer("station_worker", here.bridge)
    handling_moves.assign(case.pk, colleague.account, by=clerk)
    reminding_moves.each_day(date(2026, 3, 5), by=SYSTEM)
    assert set(told("case.due")) == {colleague.account}


def test_late_for_two_working_days_it_rises_and_for_two_more_again(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring(on=MONDAY)  # due on Thursday
    street, rights = world.an_officer("street", here.bridge), world.an_officer("rights", here.root)
    levels = []
    for day in (6, 8, 9, 10, 11):  # Friday, Sunday, Monday, Tuesday, Wednesday
        reminding_moves.each_day(date(2026, 3, day), by=SYSTEM)
        levels.append(Case.objects.get(pk=case.pk).level)
    assert levels == ["station", "station", "street", "street", "district"]
    assert street.account in told("case.risen") and rights.account in told("case.risen")
    assert clock(case, "accept").due_on == date(2026, 3, 5), "the clock ran on"


def test_what_waits_for_papers_does_not_rise(bring: Bring, clerk: Actor) -> None:
    case = bring(on=MONDAY)
    handling_moves.give_back(case.pk, reason="x", on=MONDAY, by=clerk)
    assert reminding_moves.each_day(date(2026, 4, 1), by=SYSTEM) == (0, 0, 0)


def test_a_day_that_could_not_be_told_is_told_once_the_holidays_are_known(bring: Bring) -> None:
    case = bring(on=MONDAY)
    row = clock(case, "accept")
    Deadline.objects.filter(pk=row.pk).update(due_on=None)  # as of a year whose arrangement had not been published
    assert reminding_moves.each_day(MONDAY - timedelta(30), by=SYSTEM).reckoned == 1
    row.refresh_from_db()
    assert row.due_on == date(2026, 3, 5) == Case.objects.get(pk=case.pk).due_on


def test_what_was_late_already_when_a_register_told_of_it_stays_with_its_station(here: World, clerk: Actor) -> None:
    """Nobody here let its days pass: it is the first of the inbox, not of the district's, and nobody is written to."""
    case = world.a_dispute(here, world.a_member(here, "小李"), opened_on=MONDAY, agreed=None)
    today = date(2026, 6, 1)
    assert reminding_moves.each_day(today, by=SYSTEM) == (0, 0, 0)
    assert list(inbox.mine(clerk)) == [Case.objects.get(pk=case)]
    Deadline.objects.filter(case=case).update(known_on=None)  # the control: one begun here
    assert reminding_moves.each_day(today, by=SYSTEM).risen == 1


def test_what_a_register_told_of_in_time_is_reminded_of_and_rises(
    here: World, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_moves.timezone, "localdate", lambda *_: MONDAY)
    case = world.a_dispute(here, world.a_member(here, "小李"), opened_on=MONDAY, agreed=None)  # due on the 17th
    assert reminding_moves.each_day(date(2026, 3, 16), by=SYSTEM).reminded == 1
    assert reminding_moves.each_day(date(2026, 3, 19), by=SYSTEM).risen == 1
    assert Case.objects.get(pk=case).level == "street"


def test_only_the_machine_turns_the_days(clerk: Actor) -> None:
    with pytest.raises(NotYours):
        reminding_moves.each_day(MONDAY, by=clerk)


def test_open_matters_without_clocks_get_them_and_those_older_than_the_law_hold_up_nobody(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of an installation from before there were clocks: the oldest has no rule in its year, the next one has."""
    monkeypatch.setattr(reminding_moves, "AT_ONCE", 1)
    old, new = bring("小李", on=date(2005, 3, 2)), bring("王芳", on=MONDAY)
    Deadline.objects.filter(case__in=(old, new)).delete()
    Case.objects.filter(pk__in=(old.pk, new.pk)).update(due_on=None)
    assert reminding_moves.each_day(MONDAY - timedelta(30), by=SYSTEM).reckoned == 1
    assert clock(new, "accept").due_on == Case.objects.get(pk=new.pk).due_on == date(2026, 3, 5)
    assert not Deadline.objects.filter(case=old).exists()
    assert reminding_moves.each_day(MONDAY - timedelta(30), by=SYSTEM).reckoned == 0
