"""A sealed value is opened for a purpose, by right and reach, and never without its line in the book of looks."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests import world
from tests.world import World
from unionhall.access import reveal, sensitive
from unionhall.access.models import AccessRow
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.roles import OUTSIDE, RIGHTS, ROLES
from unionhall.people.actions import end
from unionhall.people.models import Person
from unionhall.storage import bulk

pytestmark = pytest.mark.django_db
MOBILE = "people.person.mobile"
WHY = "电话回访会籍确认"


@pytest.fixture
def li(here: World) -> world.Member:
    return world.a_member(here, "小李")


def test_a_look_gives_the_value_and_leaves_one_line(here: World, li: world.Member) -> None:
    officer = world.an_officer("station_worker", here.bridge)
    assert reveal.reveal(MOBILE, li.person, by=officer, purpose=f" {WHY} ") == li.mobile
    row = AccessRow.objects.get()
    assert (row.account, row.field, row.row, row.about, row.purpose) == (
        officer.account,
        MOBILE,
        li.person,
        li.person,
        WHY,
    )
    assert (row.path, row.posts, row.alarm) == (li.path, f"station_worker@{here.bridge}", False)
    entry = AuditEntry.objects.get(act="secret.reveal")
    assert (entry.about, entry.subject, entry.account) == (li.person, f"person:{li.person}", officer.account)


def test_what_was_opened_stands_in_no_log(here: World, li: world.Member) -> None:
    reveal.reveal(MOBILE, li.person, by=world.an_officer("street", here.bridge), purpose=WHY)
    for rows in (AccessRow.objects.values_list(), AuditEntry.objects.values_list()):
        assert li.mobile not in repr(list(rows)) and li.number not in repr(list(rows))


def test_no_line_no_value(here: World, li: world.Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """The insert of the line fails: nothing is opened, and no audit entry says it was."""
    officer, insert = world.an_officer("station_worker", here.bridge), bulk.insert

    def full(model: Any, names: Any, rows: Any) -> int:
        if model is AccessRow:
            raise DatabaseError("the disk is full")
        return insert(model, names, rows)

    opened: list[bytes] = []
    monkeypatch.setattr(bulk, "insert", full)
    monkeypatch.setattr("unionhall.kernel.secret.Secret._open", lambda self: opened.append(self.envelope))
    with pytest.raises(DatabaseError):
        reveal.reveal(MOBILE, li.person, by=officer, purpose=WHY)
    assert opened == [] and not AuditEntry.objects.filter(act__startswith="secret.").exists()


def test_no_audit_entry_no_value_and_no_line(here: World, li: world.Member, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> int:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr("unionhall.journal.audit.write", fails)
    with pytest.raises(DatabaseError):
        reveal.reveal(MOBILE, li.person, by=world.an_officer("station_worker", here.bridge), purpose=WHY)
    assert not AccessRow.objects.exists()


@pytest.mark.parametrize("purpose", ["", "   ", "由" * 201])
def test_a_purpose_is_asked_for(here: World, li: world.Member, purpose: str) -> None:
    with pytest.raises(Refused) as refused:
        reveal.reveal(MOBILE, li.person, by=world.an_officer("station_worker", here.bridge), purpose=purpose)
    assert refused.value.code == "secret.purpose" and not AccessRow.objects.exists()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_posts_with_the_right_open_it(here: World, li: world.Member, role: str) -> None:
    officer = Actor(None, role, tuple(world.an_actor(role, here.root).posts))
    if role in RIGHTS["secrets.reveal"] and role in RIGHTS["members.see"]:
        assert reveal.reveal(MOBILE, li.person, by=officer, purpose=WHY) == li.mobile
    else:
        with pytest.raises(NotYours):
            reveal.reveal(MOBILE, li.person, by=officer, purpose=WHY)
        assert not AccessRow.objects.exists()
    assert role not in OUTSIDE or role not in RIGHTS["secrets.reveal"]


def test_the_neighbour_street_opens_nothing(here: World, li: world.Member) -> None:
    neighbour = world.an_officer("station_head", here.willow)
    for field in (MOBILE, "people.person.number"):
        with pytest.raises(NotYours):
            reveal.reveal(field, li.person, by=neighbour, purpose=WHY)
    assert not AccessRow.objects.exists()


def test_the_right_at_one_place_and_sight_at_another_make_no_key(here: World, li: world.Member) -> None:
    both = Actor(
        None, "leader", (*world.an_actor("leader", here.root).posts, *world.an_actor("street", here.willow).posts)
    )
    assert Person.objects.visible_to(both).filter(pk=li.person).exists()
    with pytest.raises(NotYours):
        reveal.reveal(MOBILE, li.person, by=both, purpose=WHY)


def test_whoever_left_is_reached_where_they_last_were(here: World, li: world.Member) -> None:
    officer = world.an_officer("station_worker", here.bridge)
    end([li.membership], by=SYSTEM, on=date(2015, 5, 1), because="left")
    assert reveal.reveal(MOBILE, li.person, by=officer, purpose=WHY) == li.mobile


def test_a_row_without_the_value_is_as_one_that_is_not_there(here: World, li: world.Member) -> None:
    Person.objects.filter(pk=li.person).update(mobile=None)
    with pytest.raises(NotYours):
        reveal.reveal(MOBILE, li.person, by=world.an_officer("station_worker", here.bridge), purpose=WHY)
    with pytest.raises(NotYours):
        reveal.reveal(MOBILE, 999_999, by=SYSTEM, purpose=WHY)


def test_a_worker_opens_their_own_and_nobody_elses(here: World, li: world.Member) -> None:
    wang, me = world.a_member(here, "王芳"), Actor(None, "小李", person=li.person)
    assert reveal.reveal(MOBILE, li.person, by=me, purpose="本人查看") == li.mobile
    with pytest.raises(NotYours):
        reveal.reveal(MOBILE, wang.person, by=me, purpose="本人查看")


def test_the_person_sees_who_looked_and_not_their_own_looks(here: World, li: world.Member) -> None:
    officer = world.an_officer("station_worker", here.bridge, name="周敏")
    reveal.reveal(MOBILE, li.person, by=officer, purpose=WHY)
    reveal.reveal(MOBILE, li.person, by=Actor(None, "小李", person=li.person), purpose="本人查看")
    reveal.reveal(MOBILE, world.a_member(here, "王芳").person, by=officer, purpose=WHY)
    assert [(row.name, row.purpose) for row in AccessRow.objects.about(li.person)] == [("周敏", WHY)]


def test_beyond_fifty_a_day_each_look_is_an_alarm_and_beyond_two_hundred_there_are_none(
    here: World, li: world.Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reveal, "MANY_A_DAY", 3)
    monkeypatch.setattr(reveal, "MOST_A_DAY", 5)
    officer, other = (world.an_officer("station_worker", here.bridge) for _ in range(2))
    for _ in range(5):
        reveal.reveal(MOBILE, li.person, by=officer, purpose=WHY)
    assert list(AccessRow.objects.order_by("pk").values_list("alarm", flat=True)) == [False] * 3 + [True] * 2
    assert AuditEntry.objects.filter(act="secret.alarm").count() == 2
    with pytest.raises(Refused) as refused:
        reveal.reveal(MOBILE, li.person, by=officer, purpose=WHY)
    assert refused.value.code == "secret.most" and AccessRow.objects.count() == 5
    reveal.reveal(MOBILE, li.person, by=other, purpose=WHY)


def test_the_limits_are_those_of_the_threat_model() -> None:
    assert (reveal.MANY_A_DAY, reveal.MOST_A_DAY) == (50, 200)


def test_many_for_a_file_leave_a_line_each(here: World) -> None:
    people = [one.person for one in world.five_people(here)]
    opened = reveal.open_many(
        "people.person.number", people, by=world.an_officer("organisation", here.root), purpose="制卡"
    )
    assert sorted(opened) == sorted(people) == sorted(AccessRow.objects.values_list("about", flat=True))
    assert AuditEntry.objects.filter(act="secret.export").count() == 1


def test_many_are_all_or_none(here: World) -> None:
    people = [one.person for one in world.five_people(here)]
    with pytest.raises(NotYours):
        reveal.open_many(MOBILE, people, by=world.an_officer("street", here.bridge), purpose="制卡")
    assert not AccessRow.objects.exists()


def test_every_sealed_field_is_declared() -> None:
    declared = [one.field for one in sensitive.REVEALABLE] + list(sensitive.CLOSED)
    assert sorted(declared) == sensitive.sealed_fields()
    assert len(declared) == len(set(declared))


@pytest.mark.django_db(transaction=True)
def test_a_look_inside_a_transaction_that_could_take_the_line_back_is_an_error(here: World) -> None:
    li, officer = world.a_member(here), world.an_officer("station_worker", here.bridge)
    with pytest.raises(RuntimeError), transaction.atomic():
        reveal.reveal(MOBILE, li.person, by=officer, purpose=WHY)
    assert not AccessRow.objects.exists()
    assert reveal.reveal(MOBILE, li.person, by=officer, purpose=WHY) == li.mobile
