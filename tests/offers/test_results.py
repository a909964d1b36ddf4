"""What came of a class: tests, certificates anybody can check, follow-ups; each counted once, none before the one it follows."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import world
from tests.offers.cast import an_offer
from tests.portal.conftest import a_slot
from tests.world import Member, World
from unionhall import catalogue
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.offers import outcomes
from unionhall.offers.attendance_moves import attend
from unionhall.offers.models import Outcome, Participation, Session
from unionhall.offers.outcome_moves import Given, record_results, withdraw_result
from unionhall.offers.place_moves import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def class_(here: World) -> int:
    return a_slot(an_offer(here, "焊工班", service="training.classes"), 10, hours=1)


def came(session: int, member: Member) -> int:
    now = timezone.now()
    # It begins at once, or what came of it today would be told of tomorrow's when this is run shortly before midnight.
    Session.objects.filter(pk=session, starts_at__gt=now).update(starts_at=now + timedelta(seconds=1))
    row = sign_up(session, now=now, by=SYSTEM, person=member.person)
    attend(session, [row.pk], verified_by="roster", now=now, by=SYSTEM)
    return row.pk


def examined(session: int, row: int, choice: str, *, on: date | None = None, by: Actor = SYSTEM) -> None:
    record_results(session, "tested", [Given(row, choice, 8_600)], on=on or timezone.localdate(), by=by)


def certified(session: int, *rows: int) -> None:
    record_results(session, "certified", [Given(row) for row in rows], on=timezone.localdate(), by=SYSTEM)


def figure(here: World, slug: str) -> object:
    year = Period.year(timezone.localdate().year)
    return catalogue.figure(f"training.classes.{slug}").value(here.root, year)


def test_who_passed_is_certified_and_who_failed_is_not(here: World, class_: int) -> None:
    passed, failed = (came(class_, world.a_member(here, name)) for name in ("钱大海", "孙小红"))
    with pytest.raises(Refused, match=r"钱\*\* 还没有前一步的结果"):
        certified(class_, passed)
    examined(class_, passed, "passed")
    examined(class_, failed, "failed")
    with pytest.raises(Refused, match=r"孙\*\* 还没有前一步的结果"):
        certified(class_, passed, failed)
    assert figure(here, "certificates") == 0, "all or none"
    certified(class_, passed)
    assert (figure(here, "passed"), figure(here, "certificates")) == (1, 1)
    with pytest.raises(Refused, match="已经登记过"):
        certified(class_, passed)
    examined(class_, failed, "passed")
    certified(class_, failed)
    assert figure(here, "certificates") == 2, "who failed may pass later"


def test_a_certificate_is_checked_by_its_number_and_by_no_other(here: World, class_: int) -> None:
    row = came(class_, world.a_member(here, "钱大海"))
    examined(class_, row, "passed")
    certified(class_, row)
    one = Outcome.objects.get(kind="certified")
    assert outcomes.check(f" {one.proof.lower()} ") == outcomes.Certificate(one.proof, "钱**", True)
    last = one.proof[:-1] + str((int(one.proof[-1]) + 1) % 10)
    for wrong in (last, one.proof[:-7], "", "ZS", "\x00", "9" * 70, Outcome.objects.get(kind="tested").number):
        assert outcomes.check(wrong) is None
    withdraw_result(one.pk, reason="替考", by=SYSTEM)
    found = outcomes.check(one.proof)
    assert found is not None and not found.holds and figure(here, "certificates") == 0
    with pytest.raises(Refused, match="已经作废"):
        withdraw_result(one.pk, reason="再一次", by=SYSTEM)
    certified(class_, row)
    assert figure(here, "certificates") == 1


def test_nothing_comes_of_who_did_not_come(here: World, class_: int) -> None:
    absent = sign_up(class_, now=timezone.now(), by=SYSTEM, person=world.a_member(here, "钱大海").person)
    with pytest.raises(Refused, match="没有登记到场"):
        examined(class_, absent.pk, "passed")
    elsewhere = came(a_slot(an_offer(here, service="training.classes"), 3, hours=1), world.a_member(here, "孙小红"))
    with pytest.raises(NotYours):
        examined(class_, elsewhere, "passed")


@pytest.mark.parametrize(
    ("given", "said"),
    [(Given(0, "no", 1), "请选择"), (Given(0, "passed", None), "请填写"), (Given(0, "passed", -1), "请填写")],
)
def test_what_the_declaration_asks_for_must_be_said(here: World, class_: int, given: Given, said: str) -> None:
    row = came(class_, world.a_member(here, "钱大海"))
    with pytest.raises(Refused, match=said):
        record_results(class_, "tested", [given._replace(participation=row)], on=timezone.localdate(), by=SYSTEM)
    assert not Outcome.objects.exists()


def test_a_result_is_of_its_day_and_of_its_service(here: World, class_: int) -> None:
    row, today = came(class_, world.a_member(here, "钱大海")), timezone.localdate()
    for on in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(Refused, match="日期"):
            examined(class_, row, "passed", on=on)
    with pytest.raises(Refused, match="不在这里登记"):
        record_results(class_, "ranked", [Given(row)], on=today, by=SYSTEM)
    contest = a_slot(an_offer(here, service="contests"), 3, hours=1)
    entrant = came(contest, world.a_member(here, "孙小红"))
    with pytest.raises(Refused, match="不在这里登记"):
        record_results(contest, "scored", [Given(entrant, "preliminary", 1)], on=today, by=SYSTEM)


def test_only_who_runs_the_service_at_the_place_writes_results(here: World, class_: int) -> None:
    row = came(class_, world.a_member(here, "钱大海"))
    for role, path in (("women", here.root), ("labour", here.bridge), ("finance", here.root)):
        with pytest.raises(NotYours):
            examined(class_, row, "passed", by=world.an_officer(role, path))
    examined(class_, row, "passed", by=world.an_officer("labour", here.root))
    (one,) = Outcome.objects.all()
    with pytest.raises(NotYours):
        withdraw_result(one.pk, reason="错", by=world.an_officer("women", here.root))


def test_years_at_university_are_paid_one_by_one_until_graduation(here: World) -> None:
    member = world.a_member(here, "钱大海")
    intake = a_slot(an_offer(here, "大专班", service="training.university"), 10, hours=1)
    row = Participation.objects.create(
        offer_id=Session.objects.get(pk=intake).offer_id, session_id=intake, person_id=member.person, path=member.path, on=timezone.localdate(), number="RX1",
        state="attended",
    )  # fmt: skip
    today = timezone.localdate()
    with pytest.raises(Refused, match="前一步"):
        record_results(intake, "graduated", [Given(row.pk, proof="毕业证 1")], on=today, by=SYSTEM)
    record_results(intake, "funded", [Given(row.pk, amount=200_000)], on=today, by=SYSTEM)
    with pytest.raises(Refused, match="请写明凭证"):
        record_results(intake, "graduated", [Given(row.pk)], on=today, by=SYSTEM)
    record_results(intake, "graduated", [Given(row.pk, proof="毕业证 1")], on=today, by=SYSTEM)
    year = Period.year(today.year)
    for slug in ("funded", "graduated"):
        assert catalogue.figure(f"training.university.{slug}").value(here.root, year) == 1
    assert outcomes.check("毕业证 1") is None, "a university's paper is not ours to vouch for"
