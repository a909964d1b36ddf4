"""An officer's way from a figure to its records: within the posts held, masked, and no further."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import world
from tests.world import World
from unionhall import catalogue
from unionhall.indicators.figures import Ratio
from unionhall.organisations.models import PostHeld
from unionhall.organisations.roles import ROLES, SEES_RECORDS

AsOfficer = Callable[..., Client]
USES = "/figures/card.items.uses/records/?year=2015"


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("address", ["/board/", "/board/figures/card.made/", "/figures/card.made/records/"])
def test_a_stranger_is_asked_to_sign_in(client: Client, busy: World, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=/")


def test_the_board_compares_with_the_year_before(busy: World, as_officer: AsOfficer) -> None:
    text = text_of(as_officer("leader", busy.root), "/board/?year=2015")
    assert "望河区" in text
    assert "上年" in text


def test_every_figure_opens_into_its_records(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("leader", busy.root)
    for key, figure in catalogue.figures().items():
        text_of(client, f"/board/figures/{key}/?year=2015")
        text = text_of(client, f"/figures/{key}/records/?year=2015")
        rate = isinstance(figure, Ratio)
        assert ("底数" in text) is rate, key
        text_of(client, f"/figures/{key}/records/?year=2015&part=base", 200 if rate else 404)


def test_staff_are_masked_among_the_records_too(here: World, as_officer: AsOfficer) -> None:
    text = text_of(as_officer("leader", here.root), "/figures/staff.social_workers/records/?year=2015")
    assert "G001" in text and "周*" in text
    assert "周敏" not in text


def test_the_number_is_the_number_of_records(busy: World, as_officer: AsOfficer) -> None:
    text = text_of(as_officer("leader", busy.root), USES)
    assert '共 <b class="num">10</b> 条记录' in text
    assert len(re.findall(r"<tr><td", text)) == 10


def test_a_month_has_its_own_records(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("leader", busy.root)
    assert '共 <b class="num">4</b> 条记录' in text_of(client, USES + "&month=1")
    assert "没有记录" in text_of(client, USES + "&month=9")


@pytest.mark.parametrize(
    "asked", ["&month=13", "&month=0", "&month=x", "&page=0", "&page=2", "&page=x", "&part=numerator", "&year=x"]
)
def test_what_is_not_there_is_no_page(busy: World, as_officer: AsOfficer, asked: str) -> None:
    text_of(as_officer("leader", busy.root), USES + asked, 404)


def test_people_are_masked(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("leader", busy.root)
    text = text_of(client, USES)
    assert "钱**" in text
    assert "钱大海" not in text
    cards = text_of(client, "/figures/card.made/records/?year=2015")
    assert "钱**" in cards
    assert "621700" not in cards or "*" in cards
    assert not re.search(r"\d{16,}", cards)


def test_a_street_sees_its_own_records_and_no_others(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("street", busy.willow)
    text = text_of(client, USES)
    assert "冯**" in text
    assert "钱**" not in text
    for place in (busy.root, busy.bridge, busy.bridge_east, "", "999"):
        status = 200 if place == "" else 404
        for address in (f"{USES}&place={place}", f"/board/?place={place}", f"/board/figures/card.made/?place={place}"):
            text_of(client, address, status)
    text_of(client, f"{USES}&place={busy.willow_lane}")


@pytest.mark.parametrize("role", sorted(set(ROLES) - SEES_RECORDS))
def test_those_who_keep_the_machine_see_no_records(busy: World, as_officer: AsOfficer, role: str) -> None:
    client = as_officer(role, busy.root)
    assert "不查看业务数据" in text_of(client, "/board/")
    text_of(client, USES, 403)
    text_of(client, f"{USES}&place={busy.root}", 403)
    text_of(client, "/board/figures/card.made/", 403)


@pytest.mark.parametrize("role", sorted(SEES_RECORDS))
def test_every_other_post_sees_its_place(busy: World, as_officer: AsOfficer, role: str) -> None:
    text_of(as_officer(role, busy.bridge), f"{USES}&place={busy.bridge}")


def test_a_number_opens_only_for_who_may_see_such_records(busy: World, as_officer: AsOfficer) -> None:
    """A rights officer reads how much aid was paid, and not to whom."""
    for role, key, status in (
        ("aid", "aid.medical.people", 200), ("rights", "aid.medical.people", 403), ("rights", "mediation.agreed", 200),
        ("publicity", "member.members", 403), ("publicity", "card.items.uses", 200), ("station_worker", "aid.medical.people", 200),
    ):  # fmt: skip
        client = as_officer(role, busy.root)
        linked = f'href="/figures/{key}/records/' in text_of(client, f"/board/figures/{key}/?year=2015")
        assert linked is (status == 200), (role, key)
        text_of(client, f"/figures/{key}/records/?year=2015", status)


def test_a_post_that_ended_opens_nothing(busy: World, as_officer: AsOfficer) -> None:
    client = as_officer("leader", busy.root)
    PostHeld.objects.update(until=world.date(2015, 1, 1))
    assert "不查看业务数据" in text_of(client, "/board/")
    text_of(client, USES, 403)


def test_pages_of_records(busy: World, as_officer: AsOfficer) -> None:
    item = world.an_item(busy, "XM002", "理发")
    member = world.a_member(busy, "蒋水边")
    for day in range(1, 29):
        for month in (4, 5):
            world.a_use(item, member, world.date(2015, month, day))
    client = as_officer("leader", busy.root)
    assert '共 <b class="num">66</b> 条记录' in text_of(client, USES)
    assert len(re.findall(r"<tr><td", text_of(client, USES + "&page=2"))) == 16
    text_of(client, USES + "&page=3", 404)


def test_records_are_not_kept_by_the_browser(busy: World, as_officer: AsOfficer) -> None:
    assert "no-store" in as_officer("leader", busy.root).get(USES).headers["Cache-Control"]


def test_the_pages_ask_the_database_little(
    busy: World, as_officer: AsOfficer, django_assert_max_num_queries: Any
) -> None:
    client = as_officer("leader", busy.root)
    for address in (
        "/board/?year=2015",
        "/board/figures/card.making/?year=2015",
        USES,
        "/figures/card.items.users/records/?year=2015",
    ):
        text_of(client, address)
        with django_assert_max_num_queries(15):
            text_of(client, address)
