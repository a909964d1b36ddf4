"""The frame: a menu whose every line leads somewhere, to whom it may; search; words; forms that say what is wrong."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.urls import reverse

from tests import world
from tests.desk.conftest import Desk
from tests.world import Member, World
from unionhall.exchange import membersheet
from unionhall.kernel.identifiers import KINDS
from unionhall.organisations.roles import RIGHTS, ROLES
from unionhall.people.membership_moves import SOURCES
from unionhall.web.desk import happenings, member_words, menu, registers
from unionhall.web.desk.finding import sealed
from unionhall.web.desk.register import Asked

Sit = Callable[[str, str], Desk]


def test_every_line_of_the_menu_has_a_page_and_a_right_that_is() -> None:
    for item in menu.MENU:
        assert reverse(item.url_name), item.key
        assert not item.right or item.right in RIGHTS, item.key
    assert len({item.key for item in menu.MENU}) == len(menu.MENU)


@pytest.mark.parametrize("role", ROLES)
def test_a_menu_shows_what_opens_and_what_it_shows_opens(here: World, sit: Sit, role: str) -> None:
    desk = sit(role, here.root)
    page = desk.get("/desk/")
    assert page.status_code == 200
    lines = re.findall(r'<li><a href="([^"]+)"', page.content.decode())
    allowed = [item for item in menu.MENU if not item.right or role in RIGHTS[item.right]]
    assert lines == [reverse(item.url_name) for item in allowed]
    assert [address for address in lines if desk.get(address, follow=True).status_code != 200] == []


def test_the_page_one_is_on_is_marked(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    for address in ("/desk/members/?reset=1", f"/desk/members/{roll[0].membership}/"):
        page = desk.get(address).content.decode()
        assert re.findall(r'<li><a href="([^"]+)" aria-current="true"', page) == ["/desk/members/"]


def test_every_list_that_is_declared_opens_sorts_and_counts(here: World, roll: list[Member], sit: Sit) -> None:
    for one in registers.REGISTERS:
        role = next(role for role in ROLES if role in RIGHTS[one.right])
        desk = sit(role, here.root)
        base = reverse(f"desk-{one.key}")
        for query in (
            "reset=1",
            *(f"sort={way}{name}" for name in one.sorts for way in ("", "-")),
            f"w={sealed('王', desk.actor.account)}",
        ):
            assert desk.get(f"{base}?{query}").status_code == 200, f"{one.key} {query}"
        assert desk.get(f"{base}count/").status_code == 200


def test_what_can_be_taken_back_has_its_inverse() -> None:
    assert {"member.admission", "member.move", "member.end", "member.confirmation"} <= set(registers.INVERSES)


# --- search -----------------------------------------------------------------------------------------------------------


def find(desk: Desk, words: str) -> tuple[str, str]:
    """The address a search leads to, and the page."""
    answer = desk.post("/desk/search/", {"q": words})
    if answer.status_code == 200:
        return "", answer.content.decode()
    return answer["Location"], desk.get(answer["Location"]).content.decode()


def test_people_unions_employers_and_cases_are_found_by_what_one_knows_of_them(
    here: World, roll: list[Member], sit: Sit
) -> None:
    desk = sit("organisation", here.root)
    assert "李长河" in find(desk, "李")[1]
    assert "红星机械厂工会" in find(desk, "红星")[1]
    assert "望河小馆" in find(desk, "望河小馆")[1]
    assert "红星机械厂工会" in find(desk, "U01")[1]
    assert "没有找到" in find(desk, "查无此人")[1]
    assert "李" not in unquote(find(desk, "李")[0])
    assert "李长河" not in desk.get("/desk/search/?q=李").content.decode()


@pytest.mark.parametrize("what", ["number", "mobile"])
def test_a_searched_number_stands_in_no_address(here: World, roll: list[Member], sit: Sit, what: str) -> None:
    desk, typed = sit("organisation", here.root), getattr(roll[2], what)
    address, page = find(desk, typed)
    assert typed not in address
    assert roll[2].name in page
    assert typed not in page


def test_half_a_number_is_answered_on_the_spot(here: World, roll: list[Member], sit: Sit) -> None:
    address, page = find(sit("organisation", here.root), "1101011985060")
    assert address == ""
    assert "没有找到" in page


def test_a_search_finds_nothing_beyond_ones_places_and_rights(here: World, roll: list[Member], sit: Sit) -> None:
    assert "李长河" not in find(sit("street", here.willow), "李")[1]
    assert "李长河" not in find(sit("street", here.willow), roll[2].number)[1]
    assert "李长河" not in find(sit("finance", here.root), "李")[1]
    assert "李长河" not in find(sit("system_admin", here.root), "李")[1]


# --- words ------------------------------------------------------------------------------------------------------------


def test_every_word_of_the_members_tables_is_in_the_catalogue() -> None:
    tables = (membersheet.STATES, membersheet.SEXES, membersheet.HUKOU, membersheet.CONTRACTS, KINDS, SOURCES)
    words = {word for table in tables for word in table.values()}
    assert words - set(member_words.WORDS) == set()


def test_every_line_written_here_has_words() -> None:
    assert happenings.told("member", "left", "deceased") == "会籍终止（去世）"
    assert happenings.told("member", "admitted", "joint") == "批准入会"
    assert happenings.told("member", "confirmed", "hr") == "确认会籍（单位人事名册）"


def test_an_address_has_one_spelling(here: World, sit: Sit) -> None:
    desk = sit("organisation", here.root)
    members = next(one for one in registers.REGISTERS if one.key == "members")
    answer = desk.post(
        "/desk/members/find/", {"q": "", "place": "", "state": ["retained", "active", "x"], "held": "open"}
    )
    assert answer["Location"] == "/desk/members/?state=retained&state=active"
    assert Asked(members, desk.actor, answer.wsgi_request.GET).query == ""


def test_a_fragment_is_only_the_list_and_says_where_it_is(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    answer = desk.get("/desk/members/?state=active", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert answer["HX-Push-Url"] == "/desk/members/?state=active"
    back = desk.get("/desk/members/?state=active", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_nothing_on_a_page_runs_inline(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    for address in ("/desk/", "/desk/members/?reset=1", f"/desk/members/{roll[0].membership}/", "/desk/members/new/"):
        page = desk.get(address).content.decode()
        assert not re.search(r"<[^>]+\son[a-z]+=", page), address
        assert not re.search(r"<script(?![^>]*src=)", page), address


def test_the_english_desk_is_asked_for(here: World, sit: Sit) -> None:
    desk = sit("organisation", here.root)
    assert 'lang="zh-hans"' in desk.get("/desk/", headers={"Accept-Language": "en"}).content.decode()
    desk.cookies["django_language"] = "en"
    assert 'lang="en"' in desk.get("/desk/").content.decode()
    world.a_member(here, "王小明")
    assert desk.get("/desk/members/?reset=1").status_code == 200
