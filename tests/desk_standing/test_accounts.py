"""Accounts and posts: who lets whom in, and that nobody does it for themselves."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import pytest
from django.test import Client

from tests import world
from tests.desk_standing.conftest import signed_in
from tests.desk_standing.test_unions import form
from tests.world import World
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.accounts import Account, PostAsked, PostHeld
from unionhall.organisations.actions import account_life, appointments
from unionhall.organisations.actions.posts import PostRow, end_post, give_post
from unionhall.organisations.roles import ROLES, needs_two

pytestmark = pytest.mark.django_db
AsOfficer = Callable[[str, str], Client]
_numbers = count(1)


def somebody(name: str = "赵小明") -> int:
    return account_life.open_new_account(f"somebody-{next(_numbers)}", name, by=SYSTEM)


def actor(account: int, today: date) -> Actor:
    return Account.objects.get(pk=account).actor(today)


def test_an_account_is_opened_its_holder_chooses_a_password_and_a_post_is_given_by_another(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    keeper = as_officer("system_admin", here.root)
    page = keeper.post("/desk/accounts/new/", {"name": "赵小明", "username": "zhao-xm"})
    assert page.status_code == 200
    link = page.context["link"]
    account = Account.objects.get(username="zhao-xm")
    assert not account.has_usable_password()
    assert link not in keeper.get(f"/desk/accounts/{account.pk}/").content.decode(), "shown once"
    assert Client().get(link, follow=True).status_code == 200
    assert keeper.get(f"/desk/accounts/{account.pk}/appoint/").status_code == 403

    organiser = as_officer("organisation", here.root)
    assert organiser.get("/desk/accounts/new/").status_code == 403
    form(organiser, f"/desk/accounts/{account.pk}/appoint/", role="station_worker", path=here.willow, since=today)
    assert actor(account.pk, today).reaches(here.willow_lane, "station_worker")
    assert "服务站社工" in organiser.post("/desk/accounts/find/", {"q": "zhao"}, follow=True).content.decode()


def test_a_post_over_the_district_waits_for_another_officer(here: World, as_officer: AsOfficer, today: date) -> None:
    account = somebody()
    asking = as_officer("organisation", here.root)
    said = {"role": "finance", "path": here.root, "since": today}
    assert asking.post(f"/desk/accounts/{account}/appoint/", said).status_code == 422, "without a reason"
    form(asking, f"/desk/accounts/{account}/appoint/", **said, reason="接替退休的同事")
    asked = PostAsked.objects.get()
    assert actor(account, today).posts == ()
    assert "等待批准的任命" in asking.get(f"/desk/accounts/{account}/").content.decode()
    assert asking.get(f"/desk/post-requests/{asked.pk}/grant/").status_code == 422, "not who asked"
    assert "任命等您批准" not in asking.get("/desk/").content.decode()

    leader = as_officer("leader", here.root)
    assert "任命等您批准" in leader.get("/desk/").content.decode()
    assert "赵小明" in leader.get("/desk/post-requests/?state=asked").content.decode()
    form(leader, f"/desk/post-requests/{asked.pk}/grant/")
    assert [(post.role, post.path) for post in actor(account, today).posts] == [("finance", here.root)]
    assert leader.get(f"/desk/post-requests/{asked.pk}/grant/").status_code == 422, "decided once"
    told = AuditEntry.objects.filter(subject=f"account:{account}").values_list("act", "note")
    assert {("post.ask", "finance"), ("post.granted", "finance")} <= set(told)


def test_nobody_decides_for_themselves(here: World, today: date) -> None:
    one, other = (world.an_officer("organisation", here.root) for _ in range(2))
    assert one.account is not None and other.account is not None
    with pytest.raises(Refused, match="不能给自己安排岗位"):
        appointments.appoint(PostRow(one.account, "street", here.willow, today), "", by=one)
    with pytest.raises(Refused, match="不能给自己安排岗位"):
        appointments.appoint(PostRow(one.account, "leader", here.root, today), "我来", by=one)
    appointments.appoint(PostRow(other.account, "leader", here.root, today), "接任", by=one)
    asked = PostAsked.objects.get()
    with pytest.raises(Refused, match="自己提出的"):
        appointments.grant_asked(asked.pk, by=one)
    with pytest.raises(Refused, match="给自己的岗位"):
        appointments.grant_asked(asked.pk, by=other)
    third = world.an_officer("leader", here.root)
    with pytest.raises(Refused, match="不同意的理由"):
        appointments.decline_asked(asked.pk, "", by=third)
    appointments.decline_asked(asked.pk, "人选另定", by=third)
    with pytest.raises(Refused, match="已经办过"):
        appointments.grant_asked(asked.pk, by=third)
    assert not PostHeld.objects.filter(account=other.account, role="leader").exists()


def test_there_is_no_way_round_the_second_officer(here: World, today: date) -> None:
    one = world.an_officer("organisation", here.root)
    account = somebody()
    with pytest.raises(Refused, match="由两个人办理"):
        give_post(PostRow(account, "leader", here.root, today), by=one)
    post = give_post(PostRow(account, "leader", here.root, date(2015, 1, 1), date(2016, 1, 1)), by=SYSTEM)
    with pytest.raises(Refused, match="不能改回去"):
        end_post(post, on=None, by=one)
    with pytest.raises(Refused, match="不能改回去"):
        end_post(post, on=today + timedelta(days=9), by=one)
    assert actor(account, today).posts == ()


@pytest.mark.parametrize("role", ROLES)
def test_who_keeps_the_machine_gives_no_post_and_sees_no_member(here: World, role: str, today: date) -> None:
    account = somebody()
    for keeper in ("system_admin", "security_auditor"):
        officer = world.an_officer(keeper, here.root)
        with pytest.raises(NotYours):
            appointments.appoint(PostRow(account, role, here.willow, today), "要", by=officer)
    assert needs_two(role, here.root) == (role in {"leader", "organisation", "rights", "aid", "labour", "women", "publicity",
        "finance", "audit", "street", "station_head", "station_worker", "union_officer", "system_admin", "security_auditor"})  # fmt: skip


def test_the_auditor_looks_and_changes_nothing(here: World, as_officer: AsOfficer) -> None:
    account = somebody()
    client = as_officer("security_auditor", here.root)
    page = client.get(f"/desk/accounts/{account}/")
    assert page.status_code == 200
    assert page.context["detail"].steps == []
    for step in ("rename", "close", "reset", "unlock", "appoint", "invite"):
        assert client.post(f"/desk/accounts/{account}/{step}/").status_code == 403


def test_a_post_taken_away_works_from_the_next_request(here: World, as_officer: AsOfficer, today: date) -> None:
    account = somebody()
    give_post(PostRow(account, "street", here.willow, today), by=SYSTEM)
    client = signed_in(actor(account, today))
    assert client.get("/desk/unions/").status_code == 200
    post = PostHeld.objects.get(account=account)
    form(as_officer("organisation", here.root), f"/desk/posts/{post.pk}/end/", on=today)
    assert client.get("/desk/unions/").status_code == 403


def test_a_closed_account_is_out_at_once_and_the_last_keeper_stays(here: World, today: date) -> None:
    account = somebody()
    give_post(PostRow(account, "street", here.willow, today), by=SYSTEM)
    client = signed_in(actor(account, today))
    keeper = world.an_officer("system_admin", here.root)
    form(signed_in(keeper), f"/desk/accounts/{account}/close/")
    assert client.get("/desk/unions/")["Location"].startswith("/sign-in/")
    assert "已停用" in signed_in(keeper).get(f"/desk/accounts/{account}/").content.decode()
    with pytest.raises(Refused, match="不能安排岗位"):
        appointments.appoint(
            PostRow(account, "street", here.bridge, today), "", by=world.an_officer("organisation", here.root)
        )

    assert keeper.account is not None
    with pytest.raises(Refused, match="自己的账号"):
        account_life.close_account(keeper.account, by=keeper)
    with pytest.raises(Refused, match="最后一位系统管理员"):
        account_life.close_account(keeper.account, by=SYSTEM)
    world.an_officer("system_admin", here.root)
    account_life.close_account(keeper.account, by=SYSTEM)


def test_the_last_who_gives_posts_is_not_relieved(here: World, today: date) -> None:
    one = world.an_officer("organisation", here.root)
    post = PostHeld.objects.get(account=one.account)
    with pytest.raises(Refused, match="最后一位组织部"):
        appointments.remove_post(post.pk, on=today, by=one)
    world.an_officer("organisation", here.root)
    appointments.remove_post(post.pk, on=today, by=one)


def test_an_organiser_of_a_street_gives_posts_there_and_nowhere_else(here: World, today: date) -> None:
    one = world.an_officer("organisation", here.willow)
    account = somebody()
    with pytest.raises(NotYours):
        appointments.appoint(PostRow(account, "street", here.bridge, today), "", by=one)
    assert appointments.appoint(PostRow(account, "station_worker", here.willow, today), "", by=one)
    client = signed_in(one)
    assert client.get(f"/desk/accounts/{account}/").status_code == 200
    assert client.get(f"/desk/accounts/{somebody('别街的人')}/").status_code == 404


@pytest.mark.parametrize("username", ["ab", "1abc", "Zhang Wei", "张三", "a" * 33, "a/b/c"])
def test_a_name_to_sign_in_with_is_plain(here: World, username: str) -> None:
    with pytest.raises(Refused, match="以字母开头"):
        account_life.open_new_account(username, "赵小明", by=SYSTEM)


def test_an_account_that_is_there_is_not_opened_again(here: World, as_officer: AsOfficer) -> None:
    client = as_officer("system_admin", here.root)
    client.post("/desk/accounts/new/", {"name": "赵小明", "username": "zhao"})
    page = client.post("/desk/accounts/new/", {"name": "赵大明", "username": "ZHAO"})
    assert page.status_code == 422
    assert "已经有人用了" in page.content.decode() and "赵大明" in page.content.decode()
