"""Referring a matter: only what was chosen, to who was named, until a day; every look stands in the worker's book."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.cases.conftest import Bring
from tests.world import World
from unionhall.access.looking import AccessRow
from unionhall.cases import referral_moves
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.cases.referral_models import Referral
from unionhall.cases.referral_moves import To
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Account

CHOSEN = ("employer", "cause", "form.claim")


@pytest.fixture
def lawyer(here: World) -> Actor:
    return world.an_officer("lawyer", here.root, name="周律师")


@pytest.fixture
def given(bring: Bring, clerk: Actor, lawyer: Actor) -> Referral:
    case = bring(claim="支付加班费", facts="不该给律师看的")
    until = timezone.localdate() + timedelta(days=7)
    return Referral.objects.get(pk=refer(case, clerk, To(lawyer.account), until=until))


def refer(case: Case, clerk: Actor, to: To, **said: object) -> int:
    told: dict[str, object] = {"asked": "请看能不能仲裁", "until": timezone.localdate()} | said
    fields = told.pop("fields", CHOSEN)
    return referral_moves.refer(case.pk, to, fields, by=clerk, **told)  # type: ignore[arg-type]


def test_the_reader_sees_exactly_what_was_chosen(given: Referral, lawyer: Actor) -> None:
    _row, asked, said = referral_moves.read(given.pk, by=lawyer)
    assert asked == "请看能不能仲裁"
    assert [(one.key, one.text) for one in said] == [
        ("employer", "望河小馆"),
        ("cause", "劳动报酬"),
        ("form.claim", "支付加班费"),
    ]
    assert not Case.objects.visible_to(lawyer).exists(), "the matter itself stays out of sight"


def test_every_look_is_in_the_book_of_the_worker_and_in_the_audit(given: Referral, lawyer: Actor) -> None:
    for _look in range(2):
        referral_moves.read(given.pk, by=lawyer)
    rows = AccessRow.objects.about(given.case.person_id)
    assert [(row.name, row.field) for row in rows] == [("周律师", "cases.referral")] * 2
    assert AuditEntry.objects.filter(act="secret.referred", account=lawyer.account).count() == 2
    given.refresh_from_db()
    assert given.read_at is not None


def test_after_its_day_or_withdrawn_it_is_not_there(given: Referral, clerk: Actor, lawyer: Actor) -> None:
    Referral.objects.filter(pk=given.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    for act in (
        lambda: referral_moves.read(given.pk, by=lawyer),
        lambda: referral_moves.answer(given.pk, "x", by=lawyer),
    ):
        with pytest.raises(NotYours):
            act()
    Referral.objects.filter(pk=given.pk).update(expires_on=timezone.localdate())
    referral_moves.withdraw(given.pk, by=clerk)
    with pytest.raises(NotYours):
        referral_moves.read(given.pk, by=lawyer)
    with pytest.raises(Refused, match="已经撤回"):
        referral_moves.withdraw(given.pk, by=clerk)
    assert not AccessRow.objects.exists()


def test_nobody_else_reads_it(here: World, given: Referral, clerk: Actor) -> None:
    for other in (world.an_officer("lawyer", here.root), world.an_officer("rights", here.root), clerk):
        with pytest.raises(NotYours):
            referral_moves.read(given.pk, by=other)


def test_given_to_a_post_at_a_place_whoever_holds_it_there_reads_it(here: World, bring: Bring, clerk: Actor) -> None:
    aid, women = world.an_officer("aid", here.root), world.an_officer("women", here.root)
    number = refer(bring(), clerk, To(role="aid", path=here.root))
    assert referral_moves.read(number, by=aid)[2]
    with pytest.raises(NotYours):
        referral_moves.read(number, by=women)


def test_an_answer_is_a_sealed_note_of_the_matter(given: Referral, clerk: Actor, lawyer: Actor) -> None:
    referral_moves.answer(given.pk, "时效没有过，可以申请", by=lawyer)
    note = Note.objects.get(case=given.case, kind="referral_answer")
    assert (note.by_id, note.text._open()) == (lawyer.account, "时效没有过，可以申请")
    with pytest.raises(Refused, match="写下意见"):
        referral_moves.answer(given.pk, " ", by=lawyer)


def test_what_is_refused(here: World, bring: Bring, clerk: Actor, lawyer: Actor) -> None:
    case, today = bring(), timezone.localdate()
    merchant = world.an_officer("merchant", here.root)
    for said, to in (
        ({"fields": ()}, To(lawyer.account)), ({"fields": ("everything",)}, To(lawyer.account)), ({"asked": " "}, To(lawyer.account)),
        ({"until": today - timedelta(days=1)}, To(lawyer.account)), ({"until": today + timedelta(days=91)}, To(lawyer.account)),
        ({}, To(merchant.account)), ({}, To(role="leader", path=here.willow)), ({}, To()), ({}, To(lawyer.account, "aid", here.root)),
    ):  # fmt: skip
        with pytest.raises(Refused):
            refer(case, clerk, to, **said)
    with pytest.raises(NotYours):
        refer(case, world.an_officer("station_worker", here.willow), To(lawyer.account))
    assert not Referral.objects.exists()


def test_from_the_desk_to_the_lawyer_and_back(here: World, bring: Bring, clerk: Actor, lawyer: Actor) -> None:
    case = bring(claim="支付加班费", facts="不该给律师看的")
    station, law = Client(), Client()
    station.force_login(Account.objects.get(pk=clerk.account))
    law.force_login(Account.objects.get(pk=lawyer.account))
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    said = {"to": f"account:{lawyer.account}", "fields_chosen": ["form.claim"], "asked": "请看", "until": until}
    assert station.post(f"/desk/cases/{case.pk}/refer/", said).status_code == 302
    number = Referral.objects.get().pk
    assert f"/desk/referrals/{number}/" in law.get("/desk/referrals/").content.decode()
    text = law.get(f"/desk/referrals/{number}/").content.decode()
    assert "支付加班费" in text and "不该给律师看的" not in text and "小李" not in text
    assert law.post(f"/desk/referrals/{number}/", {"text": ""}).status_code == 422
    assert law.post(f"/desk/referrals/{number}/", {"text": "可以仲裁"}).status_code == 302
    page = station.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "收到转介的意见" in page and "周律师" in page and "可以仲裁" not in page
    assert station.post(f"/desk/sent-referrals/{number}/withdraw/", {}).status_code == 302
    assert law.get(f"/desk/referrals/{number}/").status_code == 404
    assert law.post(f"/desk/referrals/{number}/", {"text": "x"}).status_code == 404
