"""The inbox on the telephone and on the desk, what one wants to be reached by, and the words an officer sets."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import world
from tests.access_entry.test_workers import enter
from tests.messages.people import ALARM, tell
from tests.world import Member, World
from unionhall.kernel.actor import SYSTEM
from unionhall.messages import actions
from unionhall.messages.models import Notice, Preference, QuietHours, Wording
from unionhall.organisations.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sms(settings: Settings) -> None:
    settings.SMS = "console"


@pytest.fixture
def li(here: World) -> Member:
    return world.a_member(here, "李秀英")


@pytest.fixture
def phone(client: Client, li: Member) -> Client:
    """李秀英's telephone, signed in."""
    assert enter(client, li) == "/me/"
    return client


def officer(role: str, at: str) -> tuple[Client, Account]:
    account = Account.objects.get(pk=world.an_officer(role, at, today=timezone.localdate()).account)
    client = Client()
    client.force_login(account)
    return client, account


def test_the_bell_counts_what_was_not_read_and_reading_takes_it_down(phone: Client, li: Member) -> None:
    now = timezone.now()
    for n in range(2):
        tell(li.person, f"outing:{n}", now=now, where=f"香山{n}")
    home = phone.get("/me/").content.decode()
    assert '<b class="num">2</b>' in home and "条没有看过" in home
    page = phone.get("/me/notices/").content.decode()
    assert page.index("去香山1") < page.index("去香山0"), "the newest first"
    assert page.count("<em>新</em>") == 2
    number = Notice.objects.get(key="outing:0").pk
    assert phone.head(f"/me/notices/{number}/").status_code == 200
    assert Notice.objects.filter(read_at=None).count() == 2, "asked about is not read"
    assert "小李，我们去香山0。" in phone.get(f"/me/notices/{number}/").content.decode()
    assert '<b class="num">1</b>' in phone.get("/me/").content.decode()
    assert phone.post("/me/notices/read/").status_code == 302
    assert '<b class="num">' not in phone.get("/me/notices/").content.decode()


def test_somebody_elses_notice_does_not_exist(phone: Client, here: World) -> None:
    wang = world.a_member(here, "王芳")
    number = tell(wang.person, now=timezone.now())
    assert phone.get(f"/me/notices/{number}/").status_code == 404
    assert phone.get(f"/desk/notices/{number}/").status_code == 404
    assert Notice.objects.get(pk=number).read_at is None


def test_many_notices_come_a_page_at_a_time_with_few_queries(
    phone: Client, li: Member, django_assert_max_num_queries: Any
) -> None:
    for n in range(25):
        tell(li.person, f"outing:{n}", now=timezone.now() - timedelta(minutes=n))
    with django_assert_max_num_queries(12):
        page = phone.get("/me/notices/").content.decode()
    assert page.count("/me/notices/") > 20 and "1 / 2" in page
    assert phone.get("/me/notices/?page=2").content.decode().count("去香山") == 5


def test_a_notice_is_read_in_english_by_who_reads_english(phone: Client, li: Member) -> None:
    number = tell(li.person, now=timezone.now())
    phone.post("/language/", {"language": "en", "next": "/me/"})
    assert "小李, we go to 香山." in phone.get(f"/me/notices/{number}/").content.decode()


def test_ways_are_chosen_and_what_is_wrong_is_said_beside_them(phone: Client, li: Member) -> None:
    page = phone.get("/me/notices/ways/").content.decode()
    assert f"{li.mobile[:3]}****{li.mobile[-4:]}" in page and li.mobile not in page
    wrong = phone.post("/me/notices/ways/", {"email": "on", "language": "zh-hans"})
    assert wrong.status_code == 422 and "请先填写邮箱地址" in wrong.content.decode()
    sent = {"email": "on", "mailbox": "li@example.com", "language": "en"}
    assert phone.post("/me/notices/ways/", sent).status_code == 302
    row = Preference.objects.get()
    assert (row.sms, row.email, row.language, row.person_id) == (False, True, "en", li.person)
    assert "li@example.com" not in phone.get("/me/notices/ways/").content.decode()
    assert phone.post("/me/notices/ways/", {"wechat": "on", "language": "fr"}).status_code == 422


def test_an_officer_has_a_bell_an_inbox_and_a_way_to_the_matter(here: World) -> None:
    client, account = officer("leader", here.root)
    actions.queue(ALARM, account=account.pk, key="alarm:1", subject="approval:17", by=SYSTEM)
    assert '<b class="num">1</b>' in client.get("/desk/").content.decode()
    assert "急" in client.get("/desk/notices/").content.decode()
    page = client.get(f"/desk/notices/{Notice.objects.get().pk}/").content.decode()
    assert "急事。" in page and "/desk/approvals/17/" in page
    actions.queue(ALARM, account=account.pk, key="alarm:2", subject="nothing:17", by=SYSTEM)
    assert "打开" not in client.get(f"/desk/notices/{Notice.objects.latest('pk').pk}/").content.decode()
    client.post("/desk/notices/read/")
    assert '<b class="num">' not in client.get("/desk/").content.decode()
    assert client.post("/desk/notices/ways/", {"email": "on", "mailbox": "x", "language": "en"}).status_code == 422
    sent = {"email": "on", "mailbox": "lead@example.com", "language": "en"}
    assert client.post("/desk/notices/ways/", sent).status_code == 302
    assert Preference.objects.get(account=account).email


def test_an_officer_rewords_a_kind_and_puts_it_back(here: World) -> None:
    client, _account = officer("publicity", here.root)
    assert "您报名的一场工会活动取消了" in client.get("/desk/wordings/").content.decode()
    at = "/desk/wordings/offer.cancelled/zh-hans/"
    assert "很抱歉" in client.get(at).content.decode()
    wrong = client.post(at, {"title": "取消", "text": "{who}", "short": "请登录"})
    assert wrong.status_code == 422 and "{offer}" in wrong.content.decode()
    assert client.post(at, {"title": "取消", "text": "“{offer}”取消了", "short": "请登录"}).status_code == 302
    assert Wording.objects.get().text == "“{offer}”取消了"
    assert "已改" in client.get("/desk/wordings/").content.decode()
    assert client.get(f"{at}own/").status_code == 200
    assert client.post(f"{at}own/").status_code == 302
    assert "已改" not in client.get("/desk/wordings/").content.decode()
    for missing in ("/desk/wordings/nothing/zh-hans/", "/desk/wordings/offer.cancelled/fr/"):
        assert client.get(missing).status_code == 404


def test_an_officer_sets_the_quiet_hours(here: World) -> None:
    client, _account = officer("organisation", here.root)
    assert 'value="22:00"' in client.get("/desk/wordings/quiet-hours/").content.decode()
    assert client.post("/desk/wordings/quiet-hours/", {"begins": "25:00", "ends": "7:00"}).status_code == 422
    assert client.post("/desk/wordings/quiet-hours/", {"begins": "21:30", "ends": "07:00"}).status_code == 302
    assert (QuietHours.objects.get().begins, QuietHours.objects.get().ends) == (21 * 60 + 30, 7 * 60)
    assert "21:30–07:00" in client.get("/desk/wordings/").content.decode()
