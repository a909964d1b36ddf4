"""An outing is called off at half past ten at night, while somebody else is just signing in."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from tests import world
from tests.messages.people import Told, as_worker, send
from tests.world import World
from unionhall.access.actions import codes
from unionhall.kernel.actor import SYSTEM
from unionhall.messages import actions as messages
from unionhall.messages.actions import Addressed
from unionhall.messages.models import Message, Notice
from unionhall.messages.reading import told, unread
from unionhall.offers.notices import CANCELLED

pytestmark = pytest.mark.django_db
HALF_PAST_TEN = datetime(2015, 6, 1, 14, 30, tzinfo=UTC)
EIGHT = datetime(2015, 6, 2, 0, 0, tzinfo=UTC)


def test_codes_pass_the_notice_waits_until_eight_and_three_arrive_as_one(here: World, settings: Settings) -> None:
    settings.SMS, way = "console", Told()
    li, wang, zhao = (world.a_member(here, name) for name in ("李秀英", "王芳", "赵建国"))

    # 22:30. Three sessions are called off. 李秀英 had signed up for all of them, 王芳 for one.
    signed_up = [(1, li), (1, wang), (2, li), (3, li)]
    addressed = [
        Addressed(
            f"offer.cancelled:{session}:{who.person}", who.person, subject=f"offer:{session}",
            fields={"offer": "春游", "session": f"第{session}场", "reason": "大雨"},
        )
        for session, who in signed_up
    ]  # fmt: skip
    messages.queue_many(CANCELLED, addressed, by=SYSTEM, now=HALF_PAST_TEN)
    messages.queue_many(CANCELLED, addressed, by=SYSTEM, now=HALF_PAST_TEN)  # the officer's button was pressed twice

    # 22:31. 赵建国 signs in: his code does not wait.
    now = HALF_PAST_TEN + timedelta(minutes=1)
    codes.ask(zhao.mobile, "browser", "203.0.113.7", by=SYSTEM, now=now)
    assert send({"sms": way}, now + timedelta(seconds=5)) == 1
    ((to, text, _key),) = way.got
    assert to == zhao.mobile and re.search(r"\d{6}", text)

    # All night nothing else rings, but the inbox has it already.
    for hour in range(10):
        assert send({"sms": way}, HALF_PAST_TEN + timedelta(minutes=20, hours=hour * 0.9)) == 0
    assert (unread(as_worker(li.person)), unread(as_worker(wang.person))) == (3, 1)

    # 08:00. One message each: hers stands for three; neither says what it is about.
    assert send({"sms": way}, EIGHT) == 2
    assert sorted(way.got[1:]) == sorted([
        (li.mobile, "您有 3 条工会的新通知，请登录查看。", f"digest:{Message.objects.get(key__startswith='digest').pk}"),
        (wang.mobile, CANCELLED.words["zh-hans"].short, f"offer.cancelled:1:{wang.person}:sms"),
    ])  # fmt: skip
    assert not any("春游" in text for _to, text, _key in way.got)

    # She signs in and reads the whole of it.
    mine = Notice.objects.visible_to(as_worker(li.person)).order_by("pk")
    texts = [told(row, "zh-hans", by=as_worker(li.person)).text for row in mine]
    assert [f"第{session}场" in text and "大雨" in text for session, text in enumerate(texts, 1)] == [True] * 3
    assert send({"sms": way}, EIGHT + timedelta(hours=1)) == 0
