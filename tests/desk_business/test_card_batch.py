"""Sending requests to the bank: a sealed file for who asked, every number opened on the record, the cards marked as sent."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import world
from tests.desk_business.conftest import page, refused
from tests.world import World
from unionhall.access import approvals
from unionhall.access.models import AccessRow, Approval
from unionhall.jobs import files
from unionhall.jobs.models import Job
from unionhall.jobs.worker import run_until_empty
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.models import Account
from unionhall.people import card_moves
from unionhall.people.models import Card
from unionhall.web.sudo import PROVED_AT

AtDesk = Callable[..., Client]
FORM = {"until": "2015-12-31", "kind": "csv", "reason": ""}

pytestmark = pytest.mark.django_db(transaction=True)


def asked(here: World, *names: str) -> list[world.Member]:
    members = [world.a_member(here, name) for name in names]
    for member in members:
        card_moves.ask(member.membership, by=SYSTEM, consented_on=date(2015, 2, 1), on=date(2015, 2, 3))
    return members


def ask_for_file(client: Client, here: World, **said: str) -> Job:
    answer = client.post("/desk/cards/batch/", FORM | {"place": here.bridge} | said)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    run_until_empty()
    return Job.objects.order_by("-pk")[0]


def test_the_file_has_whom_it_says_and_the_cards_are_sent(here: World, at_desk: AtDesk) -> None:
    members = asked(here, "钱大海", "孙小川")
    asked_elsewhere = world.a_member(here, "冯一一", at=here.own_union)
    card_moves.ask(asked_elsewhere.membership, by=SYSTEM, consented_on=date(2015, 2, 1), on=date(2015, 2, 3))
    job = ask_for_file(at_desk("station_worker", here.bridge), here)
    assert (job.state, job.result["cards"]) == ("done", 2), job.message
    content = b"".join(files.opened_file(job)).decode("gb18030")
    lines = list(csv.reader(io.StringIO(content)))
    assert lines[0] == ["姓名", "证件号码", "同意办卡日期", "申请日期"]
    assert sorted(line[1] for line in lines[1:]) == sorted(member.number for member in members)
    assert dict(Card.objects.values_list("person__name", "state")) == {
        "钱大海": "sent",
        "孙小川": "sent",
        "冯一一": "requested",
    }
    assert AccessRow.objects.filter(field="people.person.number").count() == 2
    assert not any(member.number.encode() in (files.folder() / job.file).read_bytes() for member in members)


def test_a_second_batch_has_nobody_of_the_first(here: World, at_desk: AtDesk) -> None:
    asked(here, "钱大海")
    client = at_desk("station_worker", here.bridge)
    assert ask_for_file(client, here, kind="xlsx").state == "done"
    assert "没有等着送银行" in refused(client, "/desk/cards/batch/", **FORM, place=here.bridge)


def test_the_password_is_asked_for_first(here: World, at_desk: AtDesk) -> None:
    asked(here, "钱大海")
    client = at_desk("station_worker", here.bridge)
    session = client.session
    del session[PROVED_AT]
    session.save()
    answer = client.post("/desk/cards/batch/", FORM | {"place": here.bridge})
    assert answer.headers["Location"].startswith("/sign-in/again/")
    assert not Job.objects.exists()


def test_another_street_cannot_be_asked_for(here: World, at_desk: AtDesk) -> None:
    asked(here, "钱大海")
    refused(at_desk("station_worker", here.willow), "/desk/cards/batch/", **FORM, place=here.bridge)
    page(at_desk("leader", here.root), "/desk/cards/batch/", 403)


def test_many_people_need_a_second_officer(here: World, at_desk: AtDesk, monkeypatch: Any) -> None:
    monkeypatch.setattr(approvals, "MANY", 2)
    asked(here, "钱大海", "孙小川")
    client = at_desk("station_worker", here.bridge)
    assert "写明送审理由" in refused(client, "/desk/cards/batch/", **FORM, place=here.bridge)
    client.post("/desk/cards/batch/", FORM | {"place": here.bridge, "reason": "二月批次"})
    assert not Job.objects.filter(task__endswith="card_batch").exists()
    assert "正等另一位同事审批" in refused(client, "/desk/cards/batch/", **FORM, place=here.bridge)
    street = Account.objects.get(pk=world.an_officer("street", here.bridge).account).actor(date.today())  # noqa: DTZ011
    approvals.approve(Approval.objects.get().pk, by=street)
    assert ask_for_file(client, here).state == "done"
    assert Approval.objects.get().state == "used"
