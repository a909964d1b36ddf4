"""Post × sensitive field × page, JSON, search, export and log: nothing unmasked without the right and a purpose."""

import io
import logging
import zipfile
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.test import Client

from tests.matrix.policy import PAGES
from tests.matrix.scene import Scene, set_up
from tests.matrix.trial import VISITORS, Cell, Trial, expected, holds
from unionhall.jobs import files
from unionhall.jobs.models import DONE, Job
from unionhall.jobs.worker import run_until_empty
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.models import Account
from unionhall.organisations.roles import ROLES
from unionhall.people.models import Person
from unionhall.storage.sealed import SealedField
from unionhall.web import counted

PLANTED = {
    "people.Person.number", "people.Person.mobile", "people.Card.number", "cases.Case.sealed_details", "cases.Note.text",
    "people.PayeeAccount.number", "people.HouseholdMember.name", "people.HouseholdMember.number",
    "cases.Reckoning.told", "cases.Gift.donor", "cases.IssuedPaper.content", "exchange.CaseFile.name",
}  # fmt: skip
"""Sealed columns whose values stand in the scene, five of each (tests/matrix/scene.py)."""

NEVER_SHOWN = {
    "access.SecondFactor.seed": "a device's seed, shown once to its owner while it is set up (tests/access_entry)",
    "access.SecondFactor.unseen": "recovery codes, shown to their owner until kept (tests/access_entry)",
    "cases.Referral.asked": "what a referral asks, shown to who it was given to (tests/cases/test_referrals.py)",
    "exchange.Upload.head": "the first rows of a file, shown to who brings it in (tests/imports)",
    "exchange.Shown.content": "rows of a file, shown to who brings it in (tests/imports)",
    "exchange.Fix.cells": "rows of a file put right, shown to who brings it in (tests/imports)",
    "jobs.Job.private": "what a job was given, emptied when it ends (tests/jobs)",
    "offers.Note.text": "what a counsellor keeps, shown to nobody else (tests/matrix/occasions_notices.py)",
    "offers.Profile.contact": "shown when two said yes, and to nobody on the desk (tests/offers/test_matches.py)",
    "offers.Profile.words": "shown to those at the same event, and to nobody on the desk (tests/offers/test_matches.py)",
    "offers.Participation.comment": "what somebody says of a session, on no page yet (tests/offers)",
    "outbox.Message.destination": "where a message goes (tests/access_entry)",
    "outbox.Message.text": "what a message says (tests/access_entry)",
    "outbox.Notice.content": "what somebody is told, shown to them alone (tests/messages)",
    "outbox.Preference.mailbox": "where somebody's mail goes, masked to them too (tests/messages)",
    "outbox.Preference.wechat_id": "what a follower is known by, shown to nobody (tests/messages)",
}
"""Sealed columns no page of the desk shows, and where that is tested."""

BEARERS = (
    ("desk-member", "membership"), ("desk-card", "card"), ("desk-case", "dispute"), ("desk-case", "aid"), ("desk-case", "file"), ("desk-drive", "drive"), ("desk-drives", ""), ("desk-hardship", ""), ("donations", ""),
    ("desk-case", "bonus"), ("desk-use", "participation"), ("desk-duplicate", "duplicate"), ("desk-members", ""),
    ("desk-cards", ""), ("desk-cases", ""), ("desk-uses", ""), ("desk-staff", ""), ("desk-audit", ""), ("desk-accounts", ""),
    ("desk-card-roster", ""), ("desk-duplicates", ""), ("desk", ""), ("desk-order", "order"), ("desk-order-make", "fund"), ("desk-member-payee", "membership"), ("me", ""), ("me-data", ""), ("me-readings", ""),
    ("records", "place"), ("desk-member-correct", "membership"), ("desk-reveal", "token"),
    ("desk-paper", "paper"), ("desk-case-file", "case_file"), ("desk-case-file-away", "case_file"), ("desk-papers", ""), ("desk-case-paper", "dispute"),
)  # fmt: skip
"""Pages on which a person, a card or a matter is shown, masked."""


@pytest.fixture
def scene(db: None) -> Scene:
    counted.forget()
    return set_up()


@pytest.fixture(autouse=True)
def _no_log_of_refusals() -> Iterator[None]:
    logger = logging.getLogger("unionhall.web")
    before, logger.propagate = logger.propagate, True
    yield
    logger.propagate = before


def test_every_sealed_column_is_planted_or_named() -> None:
    sealed = {
        f"{model._meta.app_label}.{model.__name__}.{column.name}"
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, SealedField)
    }
    assert sealed - PLANTED - NEVER_SHOWN.keys() == set()
    assert PLANTED | NEVER_SHOWN.keys() <= sealed


@pytest.mark.once
def test_no_page_and_no_json_shows_a_whole_number(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """As a page, as JSON and as a fragment, to every visitor; and nothing of it in the log."""
    trial = Trial(scene)
    tried = 0
    with caplog.at_level(logging.DEBUG):
        for visitor in VISITORS:
            for name, kind in BEARERS:
                cell = Cell(visitor, name, "GET", kind, "own" if kind else "")
                if expected(cell) != "in":
                    continue
                for headers in ({}, {"accept": "application/json"}, {"hx-request": "true"}):
                    answer = trial.clients[visitor].get(trial.address(cell), headers=headers)
                    said = answer.content.decode("utf-8", "replace") + str(dict(answer.headers)) + str(answer.cookies)
                    assert [secret for secret in scene.secrets if secret in said] == [], cell
                    tried += 1
    assert tried > 300
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert [secret for secret in scene.secrets if secret in logged] == []


def test_the_trial_would_see_a_number(scene: Scene) -> None:
    """A control: what is planted is what is looked for, and stands sealed in the rows."""
    person = Person.objects.get(pk=scene.keys["person", "own"])
    assert person.number._open() in scene.secrets and person.mobile._open() in scene.secrets
    assert str(person.number) not in scene.secrets
    assert len(set(scene.secrets)) == 60


@pytest.mark.parametrize("way", ["desk-search", "desk-members-find"])
def test_a_number_that_is_looked_for_stands_in_no_address(
    scene: Scene, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    trial = Trial(scene, ("station_worker", "finance", "publicity", "lawyer", "nobody", "system_admin"))
    number, mobile = scene.secrets[0], scene.secrets[1]
    with caplog.at_level(logging.DEBUG):
        for visitor, client in trial.clients.items():
            for typed in (number, mobile):
                answer = client.post(trial.address(Cell(visitor, way, "POST")), {"q": typed})
                to = answer.headers.get("Location", "")
                assert typed not in to + str(answer.cookies)
                shown = client.get(to).content.decode() if to else ""
                assert typed not in shown
                found = "龘" in shown
                assert found == (holds(visitor, "members.see") and way.startswith("desk")), (visitor, way)
    assert not [record for record in caplog.records if number in record.getMessage() or mobile in record.getMessage()]


def test_an_export_is_masked_whoever_asks(scene: Scene) -> None:
    """Somebody with every post takes every list that goes out: still no whole number in any workbook."""
    account = scene.accounts["nobody"]
    PostHeld.objects.bulk_create(
        PostHeld(account=account, role=role, path=scene.paths["parent"], since="2010-01-01") for role in ROLES
    )
    client = _client(account)
    lists = [name for name in PAGES if name.endswith("-export")]
    for name in lists:
        client.post(Trial(scene, ()).address(Cell("nobody", name, "POST")), {"query": ""})
    run_until_empty()
    jobs = Job.objects.filter(account=account, state=DONE).exclude(file="")
    assert jobs.count() == len(lists) >= 8
    rows = 0
    for job in jobs:
        book = zipfile.ZipFile(io.BytesIO(b"".join(files.opened_file(job))))
        text = "".join(book.read(part).decode("utf-8", "replace") for part in book.namelist())
        assert [secret for secret in scene.secrets if secret in text] == [], job.title
        rows += text.count("<row ")
    assert rows > 5 * len(lists)


def _client(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client
