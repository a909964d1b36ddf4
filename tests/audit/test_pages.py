"""At the desk: the mask and the way to open it, the second officer's page, the audit log."""

import re
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from tests import world
from tests.audit.conftest import Desk
from tests.test_rules import SOURCES
from tests.world import World
from unionhall.access import approvals, reveal
from unionhall.access.models import AccessRow, Approval
from unionhall.access.sensitive import REVEALABLE
from unionhall.kernel.actor import SYSTEM
from unionhall.people.models import Person
from unionhall.web.desk import looking
from unionhall.web.desk.audit_words import ACTS

pytestmark = pytest.mark.django_db
MOBILE = next(one for one in REVEALABLE if one.field == "people.person.mobile")


@pytest.fixture
def li(here: World) -> world.Member:
    return world.a_member(here, "小李")


def _address(client: Client, person: int) -> str:
    """Where the officer of this browser opens the mobile, as the page of the member links it."""
    return looking.address(_request(client), MOBILE, person)


def _request(client: Client) -> Any:
    request: Any = RequestFactory().get("/")
    request.user = world.Account.objects.get(pk=client.session["_auth_user_id"])
    request.session = client.session
    return request


def test_a_masked_value_offers_to_be_opened_to_who_may(here: World, li: world.Member, desk: Desk) -> None:
    person = Person.objects.get(pk=li.person)
    shown = {}
    for role in ("station_worker", "leader", "finance"):
        client, _ = desk(role, here.root)
        page = Template("{% load desk_secret %}{% masked secret %}").render(
            Context({"request": _request(client), "secret": person.mobile})
        )
        assert li.mobile not in page and str(person.mobile) in page
        shown[role] = "/desk/reveal/" in page
    assert shown == {"station_worker": True, "leader": False, "finance": False}


def test_an_officer_opens_a_mobile_with_a_reason(here: World, li: world.Member, desk: Desk) -> None:
    client, officer = desk("station_worker", here.bridge)
    address = _address(client, li.person)
    asked = client.get(address)
    assert asked.status_code == 200 and li.mobile not in asked.content.decode()
    opened = client.post(address, {"reason": "contact", "words": "核对会籍"})
    assert opened.status_code == 200 and li.mobile in opened.content.decode()
    assert "no-store" in opened.headers["Cache-Control"]
    row = AccessRow.objects.get()
    assert (row.account, row.about, row.purpose) == (officer.account, li.person, "联系本人：核对会籍")


def test_a_fragment_takes_the_place_of_the_mask(here: World, li: world.Member, desk: Desk) -> None:
    client, _ = desk("station_worker", here.bridge)
    address, fragment = _address(client, li.person), {"HX-Request": "true"}
    assert "<html" not in client.get(address, headers=fragment).content.decode()
    opened = client.post(address, {"reason": "check"}, headers=fragment).content.decode()
    assert li.mobile in opened and "<html" not in opened


@pytest.mark.parametrize(
    "said", [{}, {"reason": ""}, {"reason": "whim"}, {"reason": "other"}, {"reason": "other", "words": " "}]
)
def test_without_a_reason_nothing_is_opened_and_nothing_typed_is_lost(
    here: World, li: world.Member, desk: Desk, said: dict[str, str]
) -> None:
    client, _ = desk("station_worker", here.bridge)
    answered = client.post(_address(client, li.person), said | {"back": "/desk/members/1/"})
    page = answered.content.decode()
    assert answered.status_code == 422 and li.mobile not in page and not AccessRow.objects.exists()
    assert 'class="summary"' in page and 'href="/desk/members/1/"' in page


def test_whoever_proved_long_ago_is_asked_again_first(here: World, li: world.Member, desk: Desk) -> None:
    client, _ = desk("station_worker", here.bridge, proved=False)
    for answered in (
        client.get(_address(client, li.person)),
        client.post(_address(client, li.person), {"reason": "check"}),
    ):
        assert answered.status_code == 302 and answered.headers["Location"].startswith(reverse("sign-in-again"))
    assert not AccessRow.objects.exists()


def test_an_address_opens_for_the_account_it_was_made_for_only(here: World, li: world.Member, desk: Desk) -> None:
    mine, _ = desk("station_worker", here.bridge)
    other, _ = desk("station_worker", here.bridge)
    assert other.post(_address(mine, li.person), {"reason": "check"}).status_code == 404
    assert mine.post(reverse("desk-reveal", args=["made-up"]), {"reason": "check"}).status_code == 404
    assert not AccessRow.objects.exists()


def test_a_neighbour_street_finds_no_such_page(here: World, li: world.Member, desk: Desk) -> None:
    client, _ = desk("station_worker", here.willow)
    address = _address(client, li.person)
    assert client.get(address).status_code == client.post(address, {"reason": "check"}).status_code == 404


def test_a_post_without_the_right_is_refused(here: World, li: world.Member, desk: Desk) -> None:
    client, _ = desk("leader", here.root)
    assert client.post(_address(client, li.person), {"reason": "check"}).status_code == 403


def test_the_way_back_leads_nowhere_else(here: World, li: world.Member, desk: Desk) -> None:
    client, _ = desk("station_worker", here.bridge)
    opened = client.post(_address(client, li.person), {"reason": "check", "back": "https://elsewhere.example/"})
    assert "elsewhere" not in opened.content.decode()


def test_the_limit_of_a_day_is_said_on_the_page(
    here: World, li: world.Member, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reveal, "MOST_A_DAY", 0)
    client, _ = desk("station_worker", here.bridge)
    answered = client.post(_address(client, li.person), {"reason": "check"})
    assert answered.status_code == 422 and "今天已查看" in answered.content.decode()


# --- the second officer -----------------------------------------------------------------------------------------------


@pytest.fixture
def asked(here: World, desk: Desk) -> tuple[int, Client]:
    """A request that waits, and the browser of who asked."""
    client, actor = desk("organisation", here.root)
    return approvals.ask(what="members", title="会员名册", path=here.root, people=812, reason="制卡", by=actor), client


def test_a_second_officer_finds_it_waiting_and_says_yes(here: World, desk: Desk, asked: tuple[int, Client]) -> None:
    client, other = desk("organisation", here.root)
    number, _ = asked
    assert "会员名册" in client.get(reverse("desk-approvals")).content.decode()
    assert "等待审批的导出" in client.get(reverse("desk")).content.decode()
    assert (
        reverse("desk-approval-yes", args=[number])
        in client.get(reverse("desk-approval", args=[number])).content.decode()
    )
    page = client.get(reverse("desk-approval-yes", args=[number]))
    assert page.status_code == 200 and "812" in page.content.decode()
    assert client.post(reverse("desk-approval-yes", args=[number])).status_code == 302
    row = Approval.objects.get()
    assert (row.state, row.decided_by) == ("approved", other.account)


def test_nobody_says_yes_to_their_own_on_the_page(asked: tuple[int, Client]) -> None:
    number, mine = asked
    page = mine.get(reverse("desk-approval", args=[number])).content.decode()
    assert reverse("desk-approval-yes", args=[number]) not in page
    answered = mine.post(reverse("desk-approval-yes", args=[number]))
    assert answered.status_code == 422 and "另一位同事" in answered.content.decode()
    assert Approval.objects.get().state == "waiting"


def test_a_no_needs_a_reason(here: World, desk: Desk, asked: tuple[int, Client]) -> None:
    client, _ = desk("leader", here.root)
    address = reverse("desk-approval-no", args=[asked[0]])
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"because": "用途不明"}).status_code == 302
    assert "用途不明" in asked[1].get(reverse("desk-approval", args=[asked[0]])).content.decode()


def test_another_streets_request_is_not_there(here: World, desk: Desk, asked: tuple[int, Client]) -> None:
    client, _ = desk("street", here.willow)
    for name in ("desk-approval", "desk-approval-yes", "desk-approval-no"):
        assert client.get(reverse(name, args=[asked[0]])).status_code == 404
    assert "会员名册" not in client.get(reverse("desk-approvals")).content.decode()


# --- the audit log ----------------------------------------------------------------------------------------------------


def test_the_security_auditor_reads_who_did_what_and_no_data(here: World, li: world.Member, desk: Desk) -> None:
    officer = world.an_officer("station_worker", here.bridge, name="周敏")
    reveal.reveal("people.person.mobile", li.person, by=officer, purpose="回访")
    client, _ = desk("security_auditor", here.root)
    page = client.get(reverse("desk-audit")).content.decode()
    assert "查看密封信息" in page and "周敏" in page and "服务站社工" in page
    assert "小李" not in page and li.mobile not in page and li.number not in page
    entry = re.search(r'href="(/desk/audit/\d+/[^"]*)"[^>]*>查看密封信息', page)
    assert entry is not None
    detail = client.get(entry[1].replace("&amp;", "&")).content.decode()
    assert "回访" in detail and "手机号" in detail and li.mobile not in detail and "小李" not in detail


def test_the_log_is_filtered_and_searched(here: World, li: world.Member, desk: Desk) -> None:
    client, _ = desk("security_auditor", here.root)
    reveal.reveal("people.person.mobile", li.person, by=world.an_officer("street", here.bridge), purpose="回访")
    only = client.get(reverse("desk-audit"), {"kind": "secret"}).content.decode()
    assert "查看密封信息" in only and "批准入会" not in only.split("<table", 1)[1]
    found = client.post(reverse("desk-audit-find"), {"q": f"membership:{li.membership}"}, follow=True).content.decode()
    assert "批准入会" in found


def test_a_street_auditor_reads_their_street(here: World, li: world.Member, desk: Desk) -> None:
    client, _ = desk("security_auditor", here.willow)
    assert f">membership:{li.membership}<" not in client.get(reverse("desk-audit")).content.decode()
    whole, _ = desk("security_auditor", here.root)
    assert f">membership:{li.membership}<" in whole.get(reverse("desk-audit")).content.decode()


@pytest.mark.parametrize("role", ["leader", "organisation", "system_admin", "audit"])
def test_nobody_else_reads_the_log(here: World, desk: Desk, role: str) -> None:
    client, _ = desk(role, here.root)
    assert client.get(reverse("desk-audit")).status_code == 403


def test_every_act_an_action_writes_has_a_word() -> None:
    said = re.compile(r'(?:audit\.wr(?:ote|ite|ite_batch)|_told|_said)\(\s*"([a-z_]+\.[a-z_.]+)"')
    acts = {act for source in SOURCES for act in said.findall(source.text)}
    assert len(acts) > 80
    assert sorted(acts - set(ACTS)) == []


def test_the_machine_names_itself(here: World, desk: Desk) -> None:
    client, _ = desk("security_auditor", here.root)
    assert SYSTEM.name in client.get(reverse("desk-audit")).content.decode()
