"""Workers come in by mobile and code, and see what is theirs and who looked at it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests import world
from tests.access_entry.cast import Clock, staff
from tests.world import Member, World
from unionhall.access.models import AccessRow, OneTimeCode, Session, WorkerAccount
from unionhall.exchange.membersheet import SEXES, STATES
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.identifiers import KINDS
from unionhall.messages.models import Message
from unionhall.organisations.models import Account
from unionhall.people.card_moves import STATES as CARD_STATES
from unionhall.people.membership_moves import UNDONE
from unionhall.people.models import Membership, Person
from unionhall.storage.sealed import indexer, sealer
from unionhall.web.portal import words


@pytest.fixture(autouse=True)
def _sms(settings: Settings) -> None:
    settings.SMS = "console"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def li(here: World) -> Member:
    return world.a_member(here, "李秀英")


def code_sent() -> str:
    """The code in the newest message, as the telephone shows it."""
    text = Message.objects.latest("pk").text
    assert text is not None
    return re.findall(r"\d{6}", text.reveal(SYSTEM, "test", lambda *told: None))[0]


def enter(client: Client, member: Member, *, four: str = "") -> str:
    """All the way in; where it led."""
    client.post("/sign-in/worker/", {"mobile": member.mobile})
    answer = client.post("/sign-in/worker/code/", {"code": code_sent()})
    if answer.headers["Location"] == "/sign-in/worker/who/":
        answer = client.post("/sign-in/worker/who/", {"last_four": four or member.number[-4:]})
    return answer.headers.get("Location", str(answer.status_code))


def same_mobile(one: Member, other: Member) -> None:
    Person.objects.filter(pk=other.person).update(
        mobile=sealer(Person, "mobile")(other.person, one.mobile), mobile_index=indexer(Person, "mobile")(one.mobile)
    )


def test_a_mobile_a_code_and_the_first_time_the_end_of_a_number(client: Client, li: Member, clock: Clock) -> None:
    answer = client.post("/sign-in/worker/", {"mobile": f"+86 {li.mobile[:3]} {li.mobile[3:]}"})
    assert answer.headers["Location"] == "/sign-in/worker/code/"
    code = code_sent()
    assert code not in client.get("/sign-in/worker/code/").content.decode(), "shown only in a demonstration"
    answer = client.post("/sign-in/worker/code/", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.headers["Location"] == "/sign-in/worker/who/"
    assert client.get("/me/").status_code == 302
    wrong = client.post("/sign-in/worker/who/", {"last_four": "0000"})
    assert (wrong.status_code, "和登记的不一致" in wrong.content.decode()) == (422, True)
    answer = client.post("/sign-in/worker/who/", {"last_four": li.number[-4:].lower()})
    assert answer.headers["Location"] == "/me/"
    account = WorkerAccount.objects.get(person=li.person).account
    assert (account.name, account.has_usable_password()) == ("李**", False)
    assert AuditEntry.objects.filter(act="session.open", about=li.person, note="code").count() == 1
    client.post("/sign-out/")
    assert enter(client, li) == "/me/"
    assert WorkerAccount.objects.count() == 1


def test_the_second_time_the_code_is_enough_but_not_after_half_a_year(client: Client, li: Member, clock: Clock) -> None:
    enter(client, li)
    client.post("/sign-out/")
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    assert client.post("/sign-in/worker/code/", {"code": code_sent()}).headers["Location"] == "/me/"
    client.post("/sign-out/")
    clock.forward(days=181)
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    assert client.post("/sign-in/worker/code/", {"code": code_sent()}).headers["Location"] == "/sign-in/worker/who/"


def test_a_mobile_nobody_has_gets_the_same_answers(client: Client, li: Member, clock: Clock) -> None:
    def answers(mobile: str) -> list[tuple[int, str, str]]:
        told = []
        browser = Client()
        for address, given in (("/sign-in/worker/", {"mobile": mobile}), ("/sign-in/worker/code/", {"code": "000000"})):
            answer = browser.post(address, given)
            told.append((answer.status_code, answer.headers.get("Location", ""), answer.content.decode()))
        told.append((200, "", browser.get("/sign-in/worker/code/").content.decode()))
        return [(status, place, re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)) for status, place, text in told]

    assert answers(li.mobile) == answers(world.a_mobile(99_999_999))
    assert [(one.state, one.text is None) for one in Message.objects.order_by("pk")] == [
        ("waiting", False),
        ("expired", True),
    ]
    assert OneTimeCode.objects.count() == 2


def test_no_guess_opens_a_code_of_nobody(
    client: Client, db: None, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda n: 123456)
    client.post("/sign-in/worker/", {"mobile": world.a_mobile(7)})
    assert client.post("/sign-in/worker/code/", {"code": "123456"}).status_code == 422


@pytest.mark.parametrize(("minutes", "status"), [(4, 302), (5, 422)])
def test_a_code_holds_for_five_minutes(client: Client, li: Member, clock: Clock, minutes: int, status: int) -> None:
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    clock.forward(minutes=minutes)
    answer = client.post("/sign-in/worker/code/", {"code": code_sent()})
    assert answer.status_code == status
    assert status == 302 or "请重新获取" in answer.content.decode()


def test_a_code_is_taken_once_and_only_in_the_browser_that_asked(client: Client, li: Member, clock: Clock) -> None:
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    code = code_sent()
    elsewhere = Client()
    elsewhere.post("/sign-in/worker/", {"mobile": li.mobile})
    assert elsewhere.post("/sign-in/worker/code/", {"code": code}).status_code == 422
    assert client.post("/sign-in/worker/code/", {"code": code}).status_code == 302
    assert client.post("/sign-in/worker/code/", {"code": code}).status_code == 422


def test_five_wrong_codes_and_the_right_one_waits(client: Client, li: Member, clock: Clock) -> None:
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    right = code_sent()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _attempt in range(5):
        assert client.post("/sign-in/worker/code/", {"code": wrong}).status_code == 422
    assert client.post("/sign-in/worker/code/", {"code": right}).status_code == 429


def test_five_codes_a_quarter_of_an_hour(client: Client, li: Member, clock: Clock) -> None:
    asked = [client.post("/sign-in/worker/", {"mobile": li.mobile}).status_code for _time in range(6)]
    assert asked == [302] * 5 + [429]
    assert Message.objects.count() == 5
    unknown = [client.post("/sign-in/worker/", {"mobile": world.a_mobile(3)}).status_code for _time in range(6)]
    assert unknown == asked


def test_twenty_codes_and_ten_ends_of_a_number_a_day(client: Client, li: Member, clock: Clock) -> None:
    asked, guessed = [], []
    while len(asked) < 21:
        asked.append(client.post("/sign-in/worker/", {"mobile": li.mobile}).status_code)
        if asked[-1] == 302 and client.post("/sign-in/worker/code/", {"code": code_sent()}).status_code == 302:
            guessed.append(client.post("/sign-in/worker/who/", {"last_four": "0000"}))
        clock.forward(minutes=16)
    assert asked == [302] * 20 + [429]
    assert [answer.status_code for answer in guessed] == [422] * 10 + [429] * 10
    assert "小时再试" in guessed[10].content.decode()
    clock.forward(hours=24)
    assert enter(client, li) == "/me/"


def test_two_with_one_mobile_say_who_they_are_every_time(client: Client, here: World, li: Member, clock: Clock) -> None:
    wang = world.a_member(here, "王建国")
    same_mobile(li, wang)
    for member in (li, wang, li):
        assert enter(client, member._replace(mobile=li.mobile)) == "/me/"
        assert f"{member.name}，您好" in client.get("/me/").content.decode()
        client.post("/sign-out/")
        clock.forward(minutes=5)


def test_two_whose_numbers_end_alike_are_told_to_come_to_the_station(
    client: Client, here: World, li: Member, clock: Clock
) -> None:
    twin = world.a_member(here, "李秀兰")
    same_mobile(li, twin)
    Person.objects.filter(pk=twin.person).update(
        number=sealer(Person, "number")(twin.person, "11010119900101" + li.number[-4:])
    )
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    client.post("/sign-in/worker/code/", {"code": code_sent()})
    answer = client.post("/sign-in/worker/who/", {"last_four": li.number[-4:]})
    assert (answer.status_code, "到工会服务站" in answer.content.decode()) == (422, True)
    assert not WorkerAccount.objects.exists()


@pytest.mark.parametrize(
    ("mobile", "said"), [("", "请填写手机号"), ("12345", "11位"), ("010-66668888", "固定电话"), ("1390000000a", "数字")]
)
def test_what_is_no_mobile_is_said_and_stays(client: Client, db: None, mobile: str, said: str) -> None:
    answer = client.post("/sign-in/worker/", {"mobile": mobile})
    text = answer.content.decode()
    assert (answer.status_code, said in text) == (422, True)
    assert f'value="{mobile}"' in text or not mobile


def test_numbers_stand_nowhere_in_clear(client: Client, li: Member, clock: Clock) -> None:
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    code = code_sent()
    client.post("/sign-in/worker/code/", {"code": code})
    client.post("/sign-in/worker/who/", {"last_four": li.number[-4:]})
    kept = [str(row) for model in (Session, OneTimeCode, Message, AuditEntry) for row in model.objects.values_list()]
    kept += [client.session.encode(dict(client.session.items()))]
    assert len(kept) > 4
    assert not [text for text in kept if li.mobile in text or li.number in text or code in text]


def test_without_a_way_out_for_messages_the_page_says_so(client: Client, li: Member, settings: Settings) -> None:
    settings.SMS = ""
    assert "还没有开通短信登录" in client.get("/sign-in/worker/").content.decode()
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    assert not OneTimeCode.objects.exists()


def test_a_demonstration_shows_a_worker_and_the_message(
    client: Client, li: Member, settings: Settings, clock: Clock
) -> None:
    assert li.mobile not in client.get("/sign-in/worker/").content.decode()
    settings.DEMO, settings.SMS = True, ""
    assert li.mobile in client.get("/sign-in/worker/").content.decode()
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    assert code_sent() in client.get("/sign-in/worker/code/").content.decode()
    client.post("/sign-in/worker/", {"mobile": world.a_mobile(5)})
    assert "不在演示名册里" in client.get("/sign-in/worker/code/").content.decode()


def test_a_worker_sees_what_is_theirs_masked_and_nothing_of_the_desk(
    client: Client, here: World, li: Member, clock: Clock
) -> None:
    world.a_card(li)
    enter(client, li)
    home, data = client.get("/me/").content.decode(), client.get("/me/data/").content.decode()
    assert "石桥东社区联合工会" in home
    assert f"{li.mobile[:3]}****{li.mobile[7:]}" in data
    for text in (home, data):
        assert li.number not in text
        assert li.mobile not in text
    assert "望河小馆" in data
    assert client.get("/board/figures/mediation.agreed/").status_code == 403
    assert client.get("/desk/members/").status_code == 403
    mine = client.get("/my-sign-in/").content.decode()
    assert "7 天不用会自动退出" in mine
    assert "修改密码</a>" not in mine
    for staff_only in ("/my-sign-in/password/", "/my-sign-in/device/"):
        assert client.get(staff_only).headers["Location"] == "/my-sign-in/"


def test_a_post_given_to_a_workers_account_gives_a_worker_nothing(
    client: Client, here: World, li: Member, clock: Clock
) -> None:
    enter(client, li)
    account = WorkerAccount.objects.get(person=li.person).account
    account.posts.create(role="leader", path=here.root, since=world.FOUNDED)
    assert client.get("/board/figures/mediation.agreed/").status_code == 403


def test_staff_have_no_page_of_a_worker(client: Client, db: None) -> None:
    client.force_login(staff())
    assert client.get("/me/").status_code == 403


def test_who_looked_is_shown_to_whom_it_is_about_and_to_nobody_else(
    client: Client, here: World, li: Member, clock: Clock
) -> None:
    wang = world.a_member(here, "王建国")
    for about, why in ((li.person, "核对电话"), (wang.person, "别人的事")):
        AccessRow.objects.create(
            at=clock.now, account=1, name="周敏", posts=f"station_worker@{here.bridge}", field="people.person.mobile",
            row=about, about=about, purpose=why, path=here.bridge,
        )  # fmt: skip
    enter(client, li)
    text = client.get("/me/readings/").content.decode()
    for shown in ("手机号", "周敏", "石桥街道 服务站社工", "核对电话", "2015-06-01 12:00"):
        assert shown in text
    assert "别人的事" not in text
    assert "被查看过 1 次" in client.get("/me/data/").content.decode()


def test_whoever_left_still_sees_what_is_kept(client: Client, li: Member, clock: Clock) -> None:
    Membership.objects.update(until=clock.now.date() - timedelta(days=1), ended_because="left")
    enter(client, li)
    assert "已退会" in client.get("/me/data/").content.decode()
    assert "现在没有登记的会籍" in client.get("/me/").content.decode()


def test_a_closed_account_is_told_to_come_to_the_station(client: Client, li: Member, clock: Clock) -> None:
    enter(client, li)
    client.post("/sign-out/")
    Account.objects.update(is_active=False)
    client.post("/sign-in/worker/", {"mobile": li.mobile})
    answer = client.post("/sign-in/worker/code/", {"code": code_sent()})
    assert (answer.status_code, "已停用" in answer.content.decode()) == (422, True)
    assert client.get("/me/").status_code == 302


def test_pages_for_workers_lead_to_the_workers_door(client: Client, db: None) -> None:
    answer = client.get("/me/data/", follow=True)
    assert answer.request["PATH_INFO"] == "/sign-in/worker/"
    assert 'value="/me/data/"' in answer.content.decode()


def test_every_word_of_the_registers_a_worker_reads_is_in_the_catalogue() -> None:
    shown = {
        *STATES.values(),
        *SEXES.values(),
        *KINDS.values(),
        *(CARD_STATES[key] for key in CARD_STATES if key != "rejected"),
    }
    assert shown == set(words.WORDS)


def test_what_an_officer_took_back_is_not_shown(client: Client, here: World, li: Member, clock: Clock) -> None:
    enter(client, li)
    Membership.objects.update(until=clock.now.date(), ended_because=UNDONE)
    assert "没有登记的会籍" in client.get("/me/data/").content.decode()
