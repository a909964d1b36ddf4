"""What the house itself sends word of, and that neither the way out nor the log tells what it is about."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import world
from tests.messages.people import ALARM, Told, as_account, as_worker, send
from tests.world import World, an_actor
from unionhall.access import approvals
from unionhall.cases.actions import move, open_case
from unionhall.kernel.actor import SYSTEM
from unionhall.messages import actions
from unionhall.messages.models import Message, Notice
from unionhall.messages.reading import told
from unionhall.services import medical_aid

FIRST = date(2015, 3, 2)


@pytest.fixture(autouse=True)
def _sms(settings: Settings) -> None:
    settings.SMS = "console"


@pytest.mark.django_db
@pytest.mark.parametrize(("yes", "said"), [(True, "24 小时内可以导出一次"), (False, "理由：不需要")])
def test_who_asked_for_an_export_is_told_what_was_decided(here: World, yes: bool, said: str) -> None:
    one, other = (world.an_officer("organisation", here.root) for _officer in range(2))
    number = approvals.ask(what="x", title="会员名册", path=here.root, people=812, reason="制卡", by=one)
    if yes:
        approvals.approve(number, by=other)
    else:
        approvals.refuse(number, because="不需要", by=other)
    assert one.account is not None
    me = as_account(one.account)
    row = Notice.objects.visible_to(me).get()
    assert said in told(row, "zh-hans", by=me).text and row.subject == f"approval:{number}"
    assert not Notice.objects.visible_to(other).exists()


@pytest.mark.django_db
def test_of_a_matter_of_hardship_only_the_inbox_tells(here: World, caplog: pytest.LogCaptureFixture) -> None:
    li, station = world.a_member(here, "李秀英"), an_actor("station_worker", here.root)
    with caplog.at_level(logging.DEBUG):
        values = {"reason": "住院", "fen_claimed": 500_000}
        case = open_case(
            medical_aid.service.key, path=here.bridge, on=FIRST, person=li.person, values=values, by=station
        )
        move(case.pk, "verify", on=FIRST, values={}, by=station)
        move(case.pk, "approve", on=FIRST, values={"fen_agreed": 300_000}, by=an_actor("aid", here.root))
        way, noon = Told(), timezone.now().replace(hour=4, minute=0) + timedelta(days=1)
        assert send({"sms": way}, noon) == 1
    texts = [told(row, "zh-hans", by=as_worker(li.person)).text for row in Notice.objects.all()]
    assert len(texts) == 2 and all("医疗救助" in text and case.number in text for text in texts)
    ((to, text, _key),) = way.got
    assert (to, text) == (li.mobile, "您有 2 条工会的新通知，请登录查看。")
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("unionhall"))
    assert li.mobile not in logged and "医疗救助" not in logged


@pytest.mark.django_db(transaction=True)
def test_of_many_who_tell_the_same_at_once_one_does() -> None:
    member = world.a_member(world.a_district(), "李秀英")
    together = Barrier(4)

    def tell(_serial: int) -> int:
        together.wait()
        try:
            return actions.queue(ALARM, person=member.person, key="alarm:1", by=SYSTEM)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(tell, range(4)))
    assert (len(numbers), Notice.objects.count(), Message.objects.count()) == (1, 1, 1)
