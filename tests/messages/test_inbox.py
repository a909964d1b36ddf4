"""An inbox for each person and each officer, which nobody else opens, and what goes out about it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from tests import world
from tests.messages.people import ALARM, NOON, OUTING, Told, after, as_account, as_worker, send, states, tell
from tests.world import Member, World
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.messages import actions
from unionhall.messages.actions import Addressed, Wanted
from unionhall.messages.adapters import Undelivered
from unionhall.messages.models import Message, Notice, Preference
from unionhall.messages.reading import told, unread
from unionhall.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ways_out(settings: Settings) -> None:
    settings.SMS = settings.WECHAT = settings.EMAIL = "console"


@pytest.fixture
def li(here: World) -> Member:
    return world.a_member(here, "李秀英")


@pytest.fixture
def wang(here: World) -> Member:
    return world.a_member(here, "王芳")


def test_a_notice_is_read_in_both_languages_by_whom_it_was_written_for_and_nobody_else(
    li: Member, wang: Member
) -> None:
    number = tell(li.person)
    row = Notice.objects.visible_to(as_worker(li.person)).get()
    assert told(row, "zh-hans", by=as_worker(li.person))[2:4] == ("去香山", "小李，我们去香山。")
    assert told(row, "en", by=as_worker(li.person)).text == "小李, we go to 香山."
    assert "香山".encode() not in row.content.envelope
    for other in (as_worker(wang.person), Actor(None, "路人"), SYSTEM):
        assert not Notice.objects.visible_to(other).exists()
        with pytest.raises(NotYours):
            actions.read(number, by=other, now=NOON)


def test_an_officer_has_an_inbox_of_the_account(here: World) -> None:
    leader, other = (world.an_officer("leader", here.root) for _one in range(2))
    actions.queue(ALARM, account=leader.account, key="alarm:1", by=SYSTEM, now=NOON)
    assert (unread(leader), unread(other)) == (1, 0)
    assert states() == [], "an account has no telephone"


def test_what_was_read_is_known_with_its_hour_and_counts_no_more(li: Member) -> None:
    by = as_worker(li.person)
    one, _two, _three = (tell(li.person, f"outing:{n}") for n in range(3))
    assert unread(by) == 3
    actions.read(one, by=by, now=after(hours=1))
    actions.read(one, by=by, now=after(hours=2))
    assert Notice.objects.get(pk=one).read_at == after(hours=1), "the first time is when they were told"
    assert (unread(by), actions.read_all(by=by, now=after(hours=3)), unread(by)) == (2, 2, 0)
    assert AuditEntry.objects.filter(act="notice.read", about=li.person).count() == 2


def test_the_same_key_is_the_same_notice_and_one_message(li: Member) -> None:
    assert tell(li.person) == tell(li.person, where="长城")
    assert (Notice.objects.count(), Message.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(act="message.queue").count() == 1


def test_many_are_told_in_a_few_statements_each_once(here: World, li: Member, wang: Member) -> None:
    tell(li.person, "outing:0")
    fields = {"where": "香山", "name": "小李"}
    addressed = [Addressed(f"outing:{n}", person, fields=fields) for n, person in enumerate((li.person, wang.person))]
    numbers = actions.queue_many(OUTING, [*addressed, addressed[1]], by=SYSTEM, now=NOON)
    assert numbers[1] == numbers[2]
    assert Notice.objects.count() == Message.objects.count() == 2
    entry = AuditEntry.objects.filter(act="message.queue").latest("pk")
    assert entry.note == "trial.outing 1", "one of the two was told before"


@pytest.mark.parametrize(
    "wrong",
    [
        {"person": 1, "account": 1}, {}, {"person": 1, "key": "x" * 55}, {"person": 1, "fields": {"where": "香山"}},
    ],
)  # fmt: skip
def test_a_notice_to_nobody_or_without_its_fields_is_a_programmers_error(wrong: dict[str, object]) -> None:
    given = {"key": "k", "fields": {"where": "x", "name": "x"}} | wrong
    with pytest.raises(ValueError):
        actions.queue(OUTING, by=SYSTEM, now=NOON, **given)  # type: ignore[arg-type]


def test_what_goes_out_names_nothing_and_the_number_is_sealed(li: Member) -> None:
    tell(li.person)
    row = Message.objects.get()
    assert li.mobile.encode() not in row.destination.envelope
    way = Told()
    assert send({"sms": way}, after(minutes=5)) == 1
    assert way.got == [(li.mobile, "您报名的活动有消息，请登录查看。", "outing:1:sms")]
    assert (Message.objects.get().destination, Message.objects.get().text) == (None, None)


def test_a_person_chooses_channels_and_a_language(li: Member) -> None:
    by = as_worker(li.person)
    actions.choose(Wanted(False, True, True, "en", mailbox="li@example.com", wechat_id="oABC"), by=by, now=NOON)
    assert b"li@example.com" not in Preference.objects.get().mailbox.envelope
    tell(li.person)
    ways = {"wechat": Told(), "email": Told(), "sms": Told()}
    send(ways, after(minutes=5))
    assert ways["sms"].got == []
    said = "News of an activity of yours. Please sign in."
    assert ways["wechat"].got == [("oABC", said, "outing:1:wechat")]
    assert ways["email"].got == [("li@example.com", said, "outing:1:email")]
    actions.choose(Wanted(True, False, False, "zh-hans"), by=by, now=NOON)
    tell(li.person, "outing:2")
    assert set(Message.objects.filter(key__startswith="outing:2").values_list("channel", flat=True)) == {"sms"}
    assert Preference.objects.get().mailbox is not None, "what was not mentioned stays"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(True, False, True, "en"), "mailbox"),
        (Wanted(True, True, False, "en"), "wechat"),
        (Wanted(True, False, True, "en", mailbox="no address"), "mailbox"),
        (Wanted(True, False, False, "fr"), "language"),
    ],
)
def test_a_way_that_leads_nowhere_is_refused(li: Member, wanted: Wanted, code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.choose(wanted, by=as_worker(li.person), now=NOON)
    assert (refused.value.code, Preference.objects.count()) == (code, 0)


def test_where_there_is_no_way_out_the_inbox_still_tells(li: Member, settings: Settings) -> None:
    settings.SMS = ""
    tell(li.person)
    assert (unread(as_worker(li.person)), Message.objects.count()) == (1, 0)


def test_two_records_of_one_person_have_one_inbox(li: Member, wang: Member) -> None:
    tell(wang.person, "before")
    Person.objects.filter(pk=wang.person).update(merged_into=li.person)
    tell(wang.person, "after")
    assert Notice.objects.get(key="after").person_id == li.person
    assert unread(as_worker(li.person)) == 2
    assert Message.objects.get(key="after:sms").destination.reveal(SYSTEM, "test", lambda *told: None) == li.mobile


def test_notices_go_after_two_years_messages_after_half_a_year(li: Member) -> None:
    tell(li.person)
    assert actions.forget_old(by=SYSTEM, now=after(days=181)) == 1
    assert (Notice.objects.count(), Message.objects.count()) == (1, 0)
    assert actions.forget_old(by=SYSTEM, now=after(days=731)) == 1


def test_several_of_a_kind_become_one_and_others_stay_apart(li: Member, wang: Member) -> None:
    for n in range(3):
        tell(li.person, f"outing:{n}", now=after(minutes=n))
    tell(wang.person, "wang:1")
    way = Told()
    assert send({"sms": way}, after(minutes=4, seconds=59)) == 0, "the first waits for its like"
    assert send({"sms": way}, after(minutes=5)) == 2
    digest = Message.objects.get(key__startswith="digest:")
    said = {(to, text) for to, text, _key in way.got}
    assert said == {
        (li.mobile, "您有 3 条工会的新通知，请登录查看。"),
        (wang.mobile, "您报名的活动有消息，请登录查看。"),
    }
    assert list(digest.gathered.values_list("key", flat=True).order_by("key")) == [f"outing:{n}:sms" for n in range(3)]
    assert not Message.objects.filter(state="gathered").exclude(text=None, destination=None).exists()
    assert unread(as_worker(li.person)) == 3, "each is read by itself"
    assert send({"sms": way}, after(minutes=30)) == 0


def test_at_night_only_what_cannot_wait_goes(li: Member) -> None:
    night = datetime(2015, 6, 1, 14, 30, tzinfo=UTC)
    tell(li.person, now=night)
    tell(li.person, "alarm:1", kind=ALARM, now=night)
    way = Told()
    assert send({"sms": way}, night + timedelta(hours=1)) == 1
    assert [key for _to, _text, key in way.got] == ["alarm:1:sms"]
    eight = datetime(2015, 6, 2, 0, 0, tzinfo=UTC)
    assert send({"sms": way}, eight - timedelta(seconds=1)) == 0
    assert send({"sms": way}, eight) == 1


def test_a_try_that_failed_before_the_night_is_repeated_in_the_morning(li: Member) -> None:
    evening = datetime(2015, 6, 1, 13, 50, tzinfo=UTC)
    tell(li.person, now=evening)
    way = Told(*(Undelivered("http 503", again=True) for _time in range(3)))
    for minutes in (5, 6, 8):
        send({"sms": way}, evening + timedelta(minutes=minutes))
    assert len(way.got) == 3
    assert send({"sms": way}, evening + timedelta(minutes=30)) == 0
    assert send({"sms": way}, datetime(2015, 6, 2, 0, 0, tzinfo=UTC)) == 1
    assert Message.objects.get().attempts == 4


def test_what_is_kept_of_a_notice_is_json_in_both_languages(li: Member) -> None:
    row = Notice.objects.get(pk=tell(li.person))
    content = json.loads(row.content.reveal(SYSTEM, "test", lambda *told: None))
    assert content.keys() == {"zh-hans", "en"}


def test_an_account_may_want_mail(here: World) -> None:
    leader = world.an_officer("leader", here.root)
    assert leader.account is not None
    actions.choose(Wanted(True, False, True, "en", mailbox="lead@example.com"), by=leader, now=NOON)
    actions.queue(ALARM, account=leader.account, key="alarm:1", by=SYSTEM, now=NOON)
    way = Told()
    assert send({"email": way}, NOON) == 1
    assert way.got[0][:2] == ("lead@example.com", "Something urgent. Please sign in.")
    assert unread(as_account(leader.account)) == 1
