"""Matchmaking: a contact is shown when two said yes, and never else; nobody but oneself learns whom one chose, not even from the tables."""

import logging
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from tests import world
from tests.offers.cast import a_worker, an_offer
from tests.offers.test_results import came
from tests.portal.conftest import a_slot
from tests.shop.conftest import signed_in
from tests.world import Member, World
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import matches
from unionhall.offers.match_models import DECLARED_FOR, Answer, Profile
from unionhall.offers.match_moves import answer, opt_in, withdraw
from unionhall.organisations.roles import ROLES
from unionhall.people.models import Person
from unionhall.storage.sealed import keys

pytestmark = pytest.mark.django_db

HIS, HER = "微信 dahai-canary-41", "手机 xiaohong-canary-42"


@pytest.fixture
def event(here: World) -> int:
    return a_slot(an_offer(here, "七夕联谊", service="matchmaking"), 50, hours=1)


def joins(member: Member, contact: str, *, single: bool = True) -> Actor:
    by = a_worker(member)
    opt_in(f"我是{member.name}的自我介绍", contact, single=single, now=timezone.now(), by=by)
    return by


@pytest.fixture
def pair(here: World, event: int) -> tuple[Actor, Actor]:
    """Two who came and take part."""
    both = [world.a_member(here, name) for name in ("钱大海", "孙小红")]
    for one in both:
        came(event, one)
    return joins(both[0], HIS), joins(both[1], HER)


def sees(by: Actor, event: int) -> list[matches.Met]:
    return matches.people_met(event, now=timezone.now(), by=by)


def says(by: Actor, event: int, *, yes: bool = True) -> None:
    (met,) = sees(by, event)
    answer(event, met.number, yes=yes, now=timezone.now(), by=by)


def test_the_contact_is_shown_when_both_said_yes_and_not_before(pair: tuple[Actor, Actor], event: int) -> None:
    he, she = pair
    (met,) = sees(he, event)
    assert (met.who, met.words, met.answer, met.contact) == ("孙**", "我是孙小红的自我介绍", "", "")
    says(he, event)
    assert (sees(he, event)[0].answer, sees(he, event)[0].contact) == ("yes", "")
    assert (sees(she, event)[0].answer, sees(she, event)[0].contact) == ("", ""), "she does not learn that he said yes"
    says(she, event, yes=False)
    assert sees(he, event)[0].contact == "" and sees(she, event)[0].contact == ""
    says(she, event)
    assert (sees(he, event)[0].contact, sees(she, event)[0].contact) == (HER, HIS)
    says(he, event, yes=False)
    assert sees(she, event)[0].contact == "" and sees(she, event)[0].answer == "yes", "a no looks like no answer"


def test_withdrawing_takes_everything_back_at_once(pair: tuple[Actor, Actor], event: int) -> None:
    he, she = pair
    says(he, event)
    says(she, event)
    withdraw(now=timezone.now(), by=he)
    assert sees(she, event) == []
    with pytest.raises(NotYours):
        sees(he, event)
    row = Profile.objects.get(person=he.person)
    assert (row.words, row.contact) == (None, None) and not Answer.objects.filter(person=he.person).exists()
    with pytest.raises(Refused, match="没有参加"):
        withdraw(now=timezone.now(), by=he)
    opt_in("又来了", HIS, single=True, now=timezone.now(), by=he)
    assert sees(he, event)[0].answer == "" and sees(he, event)[0].contact == "", "what was answered before is gone"


def test_only_grown_up_single_members_take_part(here: World, event: int) -> None:
    minor = world.a_member(here, "赵小弟")
    Person.objects.filter(pk=minor.person).update(birth=timezone.localdate() - timedelta(days=365 * 17))
    with pytest.raises(Refused, match="年满 18"):
        joins(minor, HIS)
    unknown = world.a_member(here, "周不详")
    Person.objects.filter(pk=unknown.person).update(birth=None)
    with pytest.raises(Refused, match="年满 18"):
        joins(unknown, HIS)
    with pytest.raises(Refused, match="单身"):
        joins(world.a_member(here, "钱已婚"), HIS, single=False)
    person, number, mobile = world.a_person("吴非会员")
    with pytest.raises(Refused, match="在册会员"):
        joins(Member(person, 0, "吴非会员", number, mobile, here.root), HIS)
    assert not Profile.objects.exists()


@pytest.mark.parametrize(("birth_days", "may"), [(0, True), (1, False)])
def test_one_is_grown_up_on_the_very_day(here: World, birth_days: int, may: bool) -> None:
    member, today = world.a_member(here, "钱大海"), timezone.localdate()
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    birth = date(today.year - 18, today.month, day) + timedelta(days=birth_days)
    Person.objects.filter(pk=member.person).update(birth=birth)
    assert (matches.may_take_part(member.person, timezone.now()) == "") is may


def test_who_grew_old_as_a_declaration_is_asked_again(pair: tuple[Actor, Actor], event: int) -> None:
    he, she = pair
    Profile.objects.filter(person=she.person).update(declared_at=timezone.now() - DECLARED_FOR)
    assert sees(he, event) == []
    with pytest.raises(NotYours):
        sees(she, event)


def test_one_sees_only_whom_one_met(here: World, pair: tuple[Actor, Actor], event: int) -> None:
    he, _she = pair
    elsewhere = a_slot(an_offer(here, "中秋联谊", service="matchmaking"), 50, hours=1)
    other = world.a_member(here, "李四")
    theirs = came(elsewhere, other)
    stranger = joins(other, "x")
    assert len(sees(he, event)) == 1
    for by, session in ((he, elsewhere), (stranger, event)):
        with pytest.raises(NotYours):
            sees(by, session)
    with pytest.raises(NotYours):
        answer(event, theirs, yes=True, now=timezone.now(), by=he)
    outing = a_slot(an_offer(here), 3, hours=1)
    came(outing, Member(he.person or 0, 0, "", "", "", here.root))
    with pytest.raises(NotYours):
        sees(he, outing)


def test_nobody_learns_who_chose_whom(
    here: World, pair: tuple[Actor, Actor], event: int, caplog: pytest.LogCaptureFixture
) -> None:
    (he, she), before = pair, Line.objects.count()
    with caplog.at_level(logging.DEBUG):
        says(he, event)
        says(she, event)
    assert Line.objects.count() == before, "no figure counts answers"
    entries = AuditEntry.objects.filter(act="match.answer")
    assert {(one.subject, one.about, one.note) for one in entries} == {(f"session:{event}", None, "")}
    for role in ROLES:
        client = signed_in(world.an_officer(role, here.root, name=f"查看{role}", today=timezone.localdate()))
        for address in ("/me/match/", f"/me/match/{event}/"):
            assert client.get(address).status_code == 403, (role, address)
    row = Answer.objects.get(person=he.person)
    kept = {name: value for name, value in row.__dict__.items() if not name.startswith("_")}
    assert set(kept) == {"id", "session_id", "person_id", "told"} and len(bytes(row.told)) == 16
    plain = f"{event}|{he.person}|{she.person}|yes".encode()
    assert bytes(row.told) != plain[:16] and bytes(row.told) == keys().mac("offers/match")(plain)
    for canary in (HIS, HER, "canary", "自我介绍"):
        assert canary not in caplog.text
        assert _in_tables(canary) == [], canary


def _in_tables(canary: str) -> list[str]:
    """Every table and column in which these words stand in the clear."""
    found, raw = [], canary.encode()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")
            for values in cursor.fetchall():
                for value in values:
                    data = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    if raw in data:
                        found.append(model._meta.label)
    return found
