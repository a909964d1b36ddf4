"""What a password must be, by profile, and what happens with accounts' passwords."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import world
from tests.access_entry.cast import PASSWORD, Clock, code_of, seed_of, sign_in, staff, with_device
from tests.world import World
from unionhall.access import passwords as rules
from unionhall.access import standing
from unionhall.access.actions import passwords, second
from unionhall.access.models import Invitation, PasswordOnce
from unionhall.journal import walk
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Account


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def account(here: World) -> Account:
    return staff()


def refusal(password: str, *, second: bool = False, before: tuple[str, ...] = ()) -> str:
    try:
        rules.check(password, own=("zhoumin", "周敏敏"), second=second, before=before)
    except Refused as refused:
        return refused.message
    return ""


@pytest.mark.parametrize(
    ("password", "second", "said"),
    [
        ("elevenchars", False, "至少 12 位"),
        ("twelve chars", False, ""),
        ("eight ch", True, ""),
        ("seven c", True, "至少 8 位"),
        ("x" * 40 + "abcdefghij" * 9, False, "最多 128 位"),
        ("password1234", False, "太常见"),
        ("1234567890", True, "太常见"),
        ("PASSWORD", True, "太常见"),
        ("abababababab", False, "太常见"),
        ("i am zhoumin!", False, "不要有用户名"),
        ("我是周敏敏今天开心吗呀呢", False, "不要有用户名"),
        ("中文密码也可以用的长一点", False, ""),
        ("   spaces  count too", False, ""),
    ],
)
def test_asvs_wants_length_and_nothing_common(password: str, second: bool, said: str) -> None:
    found = refusal(password, second=second)
    assert said in found
    assert bool(said) == bool(found)


@pytest.mark.parametrize(
    ("password", "said"),
    [("twelve chars", "至少三种"), ("twelvechars12", "至少三种"), ("Twelve chars", ""), ("twelve chars 1", "")],
)
def test_dengbao3_wants_three_kinds_of_characters(settings: Settings, password: str, said: str) -> None:
    settings.PROFILE = "dengbao3"
    assert said in refusal(password)
    assert bool(said) == bool(refusal(password))


def test_dengbao3_remembers_five_passwords_and_asvs_one(account: Account, clock: Clock, settings: Settings) -> None:
    settings.PROFILE = "dengbao3"
    said = [f"Password number {n}!" for n in range(7)]
    for one in said[:6]:
        clock.forward(days=1)
        passwords.choose_password(account.pk, one, by=SYSTEM, now=clock.now)
    for one in said[1:6]:
        with pytest.raises(Refused, match="以前用过"):
            passwords.choose_password(account.pk, one, by=SYSTEM, now=clock.now)
    assert PasswordOnce.objects.filter(account=account).count() == 5
    passwords.choose_password(account.pk, said[0], by=SYSTEM, now=clock.now)
    settings.PROFILE = "asvs"
    with pytest.raises(Refused, match="以前用过"):
        passwords.choose_password(account.pk, said[0], by=SYSTEM, now=clock.now)
    clock.forward(days=1)
    passwords.choose_password(account.pk, said[5], by=SYSTEM, now=clock.now)
    assert PasswordOnce.objects.filter(account=account).count() == 1


def test_after_ninety_days_dengbao3_asks_for_a_new_password_before_anything_else(
    client: Client, account: Account, clock: Clock, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "offered"
    passwords.choose_password(account.pk, "First horse 5 battery", by=SYSTEM, now=clock.now)
    clock.forward(days=90)
    assert sign_in(client, password="First horse 5 battery").headers["Location"] == "/desk/", (
        "asvs: never for the calendar's sake"
    )
    client.logout()
    settings.PROFILE = "dengbao3"
    assert sign_in(client, password="First horse 5 battery").headers["Location"] == "/sign-in/password/"
    assert client.get("/my-sign-in/").status_code == 302
    weak = client.post("/sign-in/password/", {"password": "all small letters", "repeated": "all small letters"})
    assert (weak.status_code, "至少三种" in weak.content.decode()) == (422, True)
    new = {"password": "Second horse 6 battery", "repeated": "Second horse 6 battery"}
    assert client.post("/sign-in/password/", new).headers["Location"] == "/desk/"
    clock.forward(days=89, hours=23)
    assert not standing.too_old(account, clock.now)


def test_a_password_too_old_is_changed_only_after_the_device_was_proved(
    client: Client, account: Account, clock: Clock, settings: Settings
) -> None:
    with_device(account, clock.now)
    clock.forward(days=91)
    settings.PROFILE = "dengbao3"
    passwords.choose_password(account.pk, PASSWORD.title(), by=SYSTEM, now=clock.now)
    clock.forward(days=91)
    sign_in(client, password=PASSWORD.title())
    answer = client.post(
        "/sign-in/password/", {"password": "Stolen horse 6 battery", "repeated": "Stolen horse 6 battery"}
    )
    assert answer.headers["Location"] == "/sign-in/code/"
    account.refresh_from_db()
    assert check_password(PASSWORD.title(), account.password)


def test_only_those_who_keep_accounts_invite_unlock_and_reset(account: Account, here: World, clock: Clock) -> None:
    with_device(account, clock.now)
    head, keeper = world.an_officer("organisation", here.root), world.an_officer("system_admin", here.root)
    for act in (
        lambda by: passwords.invite(account.pk, by=by, now=clock.now),
        lambda by: passwords.unlock(account.pk, by=by),
        lambda by: second.reset(account.pk, by=by),
    ):
        with pytest.raises(NotYours):
            act(head)
        act(keeper)
    acts = set(AuditEntry.objects.filter(subject=f"account:{account.pk}").values_list("act", flat=True))
    assert {"account.invited", "account.unlocked", "account.factor_reset"} <= acts


def test_a_lost_device_is_reset_by_another_and_set_up_anew(
    client: Client, account: Account, here: World, clock: Clock
) -> None:
    with_device(account, clock.now)
    client.force_login(account)
    keeper = world.an_officer("system_admin", here.root)
    assert keeper.account is not None
    with_device(Account.objects.get(pk=keeper.account), clock.now)
    with pytest.raises(Refused, match="另一位"):
        second.reset(keeper.account, by=keeper)
    second.reset(account.pk, by=keeper)
    assert client.get("/my-sign-in/").status_code == 302, "whoever was in is out"
    assert sign_in(client).headers["Location"] == "/sign-in/device/"
    with pytest.raises(Refused, match="没有绑定"):
        second.reset(world.an_officer("leader", here.root).account or 0, by=keeper)


def test_unlocked_an_account_may_try_again(client: Client, account: Account, here: World, clock: Clock) -> None:
    for _attempt in range(6):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 429
    passwords.unlock(account.pk, by=SYSTEM)
    assert sign_in(client).status_code == 302


def test_a_second_invitation_ends_the_first_and_none_is_kept_in_clear(account: Account, clock: Clock) -> None:
    first, later = (passwords.invite(account.pk, by=SYSTEM, now=clock.now) for _time in range(2))
    assert standing.invitation(first, clock.now) is None
    found = standing.invitation(later, clock.now)
    assert found is not None
    assert later.encode() not in bytes(found.digest)
    passwords.choose_password(account.pk, "quite another password", by=SYSTEM, now=clock.now)
    assert standing.invitation(later, clock.now) is None, "a password chosen otherwise ends it too"
    assert Invitation.objects.count() == 2
    Account.objects.update(is_active=False)
    with pytest.raises(Refused):
        passwords.invite(account.pk, by=SYSTEM, now=clock.now)


def test_one_s_own_codes_only_are_renewed(account: Account, here: World, clock: Clock) -> None:
    with_device(account, clock.now)
    with pytest.raises(Refused):
        second.renew_codes(account.pk, by=world.an_officer("system_admin", here.root))


@pytest.mark.django_db(transaction=True)
def test_the_audit_stands_after_a_day_at_the_door_and_names_a_password_set_behind_it(settings: Settings) -> None:
    """Coming in writes the day of the last sign-in into the account; that is no edit. A hash put there by hand is."""
    settings.SECOND_FACTOR = "offered"
    account = staff()
    now = timezone.now()
    passwords.choose_password(account.pk, "a first horse 5", by=SYSTEM, now=now)
    client = Client()
    assert sign_in(client, password="a first horse 5").status_code == 302
    sign_in(Client(), password="wrong")
    client.post("/sign-out/")
    account.refresh_from_db()
    assert account.last_login is not None

    def faults() -> list[str]:
        found = walk.walk()
        return [fault.where for fault in (*found.faults, *walk.compare(found, "organisations.account").faults)]

    assert faults() == []
    Account.objects.filter(pk=account.pk).update(password=make_password("somebody else's"))
    assert faults() == [f"organisations.account {account.pk}"]


@pytest.mark.django_db(transaction=True)
def test_a_device_taken_away_behind_the_actions_is_named() -> None:
    """Whoever holds the database could otherwise let an account with a stolen password set up a device of the thief's."""
    account, now = staff(), timezone.now()

    def faults() -> list[tuple[str, str]]:
        return [(fault.where, fault.what) for fault in walk.compare(walk.walk(), "access.secondfactor").faults]

    with_device(account, now - timedelta(hours=2))
    second.begin(account.pk, by=SYSTEM, now=now - timedelta(hours=1, minutes=30))
    second.begin(account.pk, by=SYSTEM, now=now)
    assert second.confirm(account.pk, code_of(seed_of(account.pk, confirmed=False), now), by=SYSTEM, now=now).right
    assert faults() == []
    factor = standing.device(account.pk)
    assert factor is not None
    gone = factor.pk
    factor.delete()
    assert faults() == [(f"access.secondfactor {gone}", walk.DELETED)]
