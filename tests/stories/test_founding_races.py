"""Thirty-two at once, on PostgreSQL: one union of one matter, one matter of one employer, one membership of one person."""

import pytest
from django.utils import timezone

from tests import world
from tests.ledger.test_races import THREADS, together
from tests.stories.test_founding import a_lead, elected, go
from unionhall import catalogue
from unionhall.cases import joining_moves
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Union
from unionhall.people.models import Membership

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.slow]

assert catalogue.SERVICES  # declared by being imported


def test_a_union_registered_by_thirty_two_is_founded_once() -> None:
    here, today = world.a_district(), timezone.localdate()
    station, street = (world.an_officer(role, here.willow, today=today) for role in ("station_worker", "street"))
    case = elected(here, station, street)
    ended = together(lambda n: go(case, "register", street, union_name=f"快腿物流{n}工会"))
    assert ended == {"done": 1, "refused": THREADS - 1}
    assert Union.objects.filter(name__startswith="快腿物流").count() == 1
    assert Line.objects.standing().filter(service="union", act="covered", employer=here.courier).count() == 1


def test_leads_and_wishes_of_one_employer_meet_in_one_matter() -> None:
    here, today = world.a_district(), timezone.localdate()
    station = world.an_officer("station_worker", here.willow, today=today)
    accounts = [world.an_officer("scorer", here.root).account for _ in range(THREADS)]
    workers = [Actor(account, "职工", person=world.a_person(f"小高{n}")[0]) for n, account in enumerate(accounts)]
    now = timezone.now()

    def begin(n: int) -> object:
        return joining_moves.wish(here.courier, agreed=True, now=now, by=workers[n]) if n else a_lead(here, station)

    ended = together(begin)
    case = Case.objects.get(service="founding")
    assert ended["done"] >= THREADS - 1 and ended["done"] + ended["refused"] == THREADS
    assert Note.objects.filter(case=case, kind="wished").count() == THREADS - 1 - (case.person_id is not None)


def test_one_worker_asks_thirty_two_times_and_is_admitted_once() -> None:
    here, today = world.a_district(), timezone.localdate()
    me, now = Actor(None, "小高", person=world.a_person("小高")[0]), timezone.now()
    assert together(lambda _n: joining_moves.ask(here.diner, "", pledged=True, now=now, by=me)) == {"done": THREADS}
    case = Case.objects.get(service="joining")
    clerk = world.an_officer("station_worker", here.bridge, today=today)
    assert together(lambda _n: go(case, "admit", clerk)) == {"done": 1, "refused": THREADS - 1}
    assert Membership.objects.filter(person=me.person).count() == 1
