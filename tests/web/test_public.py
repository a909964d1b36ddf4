"""数说工会 for everyone: what it shows, and whom it does not."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests import world
from tests.world import World
from unionhall import catalogue
from unionhall.cases import registers
from unionhall.cases.actions import record
from unionhall.indicators.actions import publish
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.organisations.actions import PlaceRow, merge_places, record_places
from unionhall.organisations.models import Place
from unionhall.people.actions import end, merge, offer_duplicates
from unionhall.people.models import Duplicate
from unionhall.web.disclosure import FEWEST, withheld

NAMES = ("钱大海", "孙小川", "冯一一", "钱**", "冯**")


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def rows(client: Client, address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page(client, address).lstrip("\ufeff"))))


def test_an_empty_house_says_so(client: Client, db: None) -> None:
    assert "还没有数字" in page(client, "/")


def test_the_story_of_a_year(client: Client, busy: World) -> None:
    text = page(client, "/?year=2015")
    assert "数说望河区工会 · 2015" in text
    assert "成功调解劳动争议" in text
    assert not [name for name in NAMES if name in text]


def test_without_a_year_it_is_the_latest_with_records(client: Client, busy: World) -> None:
    assert "· 2015" in page(client, "/")


@pytest.mark.parametrize("asked", ["abcd", "1815", "2999", "２０１５", "2015x", "-2015"])
def test_a_year_that_is_none_is_no_page(client: Client, here: World, asked: str) -> None:
    page(client, f"/?year={asked}", 404)


def test_every_figure_has_its_page_and_its_table(client: Client, busy: World) -> None:
    for key, figure in catalogue.figures().items():
        text = page(client, f"/figures/{key}/?year=2015")
        assert figure.definition in text, key
        assert not [name for name in NAMES if name in text], key
        if "少于 5" not in text.split("</header>")[0]:
            assert rows(client, f"/figures/{key}/figure.csv?year=2015")[1][0] == "望河区", key


@pytest.mark.parametrize(
    "address",
    [
        "/figures/nothing/",
        "/figures/card.making.numerator/",
        "/figures/card.made/?place=999",
        "/figures/card.made/?place=x'",
    ],
)
def test_what_is_not_there_is_no_page(client: Client, here: World, address: str) -> None:
    page(client, address, 404)


def test_a_street_too_small_is_given_only_with_another(client: Client, busy: World) -> None:
    """Ten members, three of them in the first street: 10 - 7 would be those three, so neither street stands alone."""
    text = page(client, "/figures/member.members/?year=2015")
    assert "其他（合并）" in text
    table = rows(client, "/figures/member.members/figure.csv?year=2015")
    assert [row[3] for row in table if row[1] == "按地方"] == ["10"]
    for street in (busy.willow, busy.bridge):
        assert "合并公布" in page(client, f"/figures/member.members/?year=2015&place={street}")
        page(client, f"/figures/member.members/figure.csv?year=2015&place={street}", 404)


def test_below_a_merged_street_nothing_is_given(client: Client, busy: World) -> None:
    text = page(client, f"/figures/member.members/?year=2015&place={busy.bridge_east}")
    assert "合并公布" in text
    assert ">7<" not in text


def test_three_grants_are_few_in_people_and_in_yuan(client: Client, busy: World) -> None:
    """The sum is 0.9 万元, but it is the sum of three people."""
    for key in ("aid.medical.people", "aid.medical.amount"):
        text = page(client, f"/figures/{key}/?year=2015")
        assert "少于 5" in text.split("</header>")[0]
        assert ">0.9" not in text
        page(client, f"/figures/{key}/figure.csv?year=2015", 404)
    story = {row[1]: row[4] for row in rows(client, "/figures.csv?year=2015")}
    assert story["aid.medical.amount"] == story["aid.medical.people"] == "少于 5 或合并"
    assert story["mediation.agreed"] == "7"


def test_what_was_published_of_a_number_is_withheld_with_it(client: Client, busy: World) -> None:
    keys = ("aid.medical.people", "member.members", "mediation.agreed")
    publish([catalogue.figure(key) for key in keys], [busy.root, busy.willow], Period.year(2015), by=SYSTEM)
    assert "公布过的数" in page(client, "/figures/mediation.agreed/?year=2015")
    # Three people in the whole district; a street given only with another.
    for address in (
        "/figures/aid.medical.people/?year=2015",
        f"/figures/member.members/?year=2015&place={busy.willow}",
    ):
        text = page(client, address)
        assert "公布过的数" not in text
        assert '<td class="num">3</td>' not in text


def test_one_person_under_two_numbers_is_one_of_the_five(client: Client, here: World) -> None:
    fund = world.a_fund(here)
    helped = [world.a_member(here, name) for name in ("钱大海", "孙小川", "李长河", "周远山", "钱海")]
    for member in helped:
        world.some_aid(fund, member)
    assert {row[1]: row[4] for row in rows(client, "/figures.csv?year=2015")}["aid.medical.amount"] == "1.5"
    end([helped[4].membership], by=SYSTEM, on=world.date(2015, 11, 1), because="left")
    offer_duplicates([(helped[0].person, helped[4].person)], by=SYSTEM, because="同手机")
    merge(Duplicate.objects.get().pk, by=SYSTEM, on=world.date(2015, 12, 1))
    story = {row[1]: row[4] for row in rows(client, "/figures.csv?year=2015")}
    assert story["aid.medical.people"] == story["aid.medical.amount"] == "少于 5 或合并"


def test_the_employers_of_a_few_people_are_withheld_like_the_people(client: Client, busy: World) -> None:
    """One employer of three workers in need is not a register of organisations."""
    files = [
        registers.hardship_file(
            registers.HardshipFile(
                f"DA{n}", busy.bridge_east, "illness", world.date(2015, 3, 1), member.person, busy.diner
            )
        )
        for n, member in enumerate(world.a_member(busy, name) for name in ("魏一", "魏二", "魏三"))
    ]
    record(files, by=SYSTEM)
    story = {row[1]: row[4] for row in rows(client, "/figures.csv?year=2015")}
    assert story["aid.file.units"] == story["aid.file.workers"] == "少于 5 或合并"
    assert story["union.new"] == "1"
    assert "少于 5" in page(client, "/figures/aid.file.units/?year=2015").split("</header>")[0]


def test_a_rate_and_its_base_do_not_give_away_a_street_between_them(client: Client, here: World) -> None:
    """Three members, six and eight: the table of members gives the first two together. Were the third the companion in
    the table of the rate (five cards against six), the two tables together would leave three members by themselves."""
    record_places([PlaceRow("W03", "东渡街道", "street", "W00", world.FOUNDED)], by=SYSTEM)
    ferry = Place.objects.get(code="W03").path
    for n in range(3):
        world.a_member(here, f"冯{n}", at=here.own_union)
    for n in range(6):
        world.a_card(world.a_member(here, f"钱{n}"))
    for n in range(8):
        member = world.a_member(here, f"孙{n}", at=world.At(here.joint_union.id, ferry, "joint"))
        if n < 5:
            world.a_card(member)

    def told(key: str) -> set[str]:
        table = rows(client, f"/figures/{key}/figure.csv?year=2015")
        return {row[0] for row in table if row[1] == "按地方"} - {"其他（合并）"}

    assert told("member.members") == {"东渡街道"}
    assert told("card.making") <= told("member.members")


def test_below_a_street_that_became_another_nothing_is_given_either(client: Client, busy: World) -> None:
    """In 2016 the seven members of the second street stand in the first one's table, beside its three."""
    merge_places("W02", "W01", on=world.date(2016, 1, 1), reason="撤并", by=SYSTEM)
    table = page(client, f"/figures/member.members/?year=2016&place={busy.willow}")
    assert "其他（合并）" in table
    text = page(client, f"/figures/member.members/?year=2016&place={busy.bridge_east}")
    assert "合并公布" in text
    page(client, f"/figures/member.members/figure.csv?year=2016&place={busy.bridge_east}", 404)


def test_a_table_keeps_words_as_words_and_numbers_as_numbers(client: Client, busy: World) -> None:
    Place.objects.filter(path=busy.root).update(name="-2+3")
    table = rows(client, "/figures/mediation.agreed/figure.csv?year=2015")
    assert table[1][:2] == ["'-2+3", "合计"]
    assert table[1][3:7] == ["7", "件", "", ""]
    rate = rows(client, "/figures/card.making/figure.csv?year=2015")
    assert rate[1][3:7] == ["100.00", "%", "10", "10"]


def test_organisations_and_honours_may_be_few(client: Client, busy: World) -> None:
    """Two stations are two stations; an honour has been on public notice with its name."""
    story = {row[1]: row[4] for row in rows(client, "/figures.csv?year=2015")}
    assert (story["station.open"], story["honour.medal"]) == ("2", "1")


def test_a_street_page_has_no_months(client: Client, busy: World) -> None:
    """Months of every street but one, taken from the district's, would be that one's."""
    assert "<h2>按月</h2>" in page(client, "/figures/mediation.agreed/?year=2015")
    assert "<h2>按月</h2>" not in page(client, f"/figures/mediation.agreed/?year=2015&place={busy.bridge}")


@given(st.lists(st.integers(0, 12), min_size=1, max_size=20))
def test_no_small_cell_stands_alone(people: list[int]) -> None:
    out = withheld(people)
    shown = [n for at, n in enumerate(people) if at not in out]
    assert all(n == 0 or n >= FEWEST for n in shown)
    if out:
        assert any(0 < people[at] < FEWEST for at in out)
        # A lone withheld cell is the total less the others: allowed only where it is the whole total, which is withheld too.
        assert len(out) > 1 or sum(people) == people[next(iter(out))]


def test_a_map_of_another_figure(client: Client, busy: World) -> None:
    assert "办理京卡，在哪里" in page(client, "/?year=2015&map=card.made")
    page(client, "/?map=card.making", 404)


def test_pages_ask_the_database_little(client: Client, busy: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for address in (
        "/?year=2015",
        "/figures/mediation.agreed/?year=2015",
        f"/figures/card.making/?year=2015&place={busy.bridge}",
    ):
        page(client, address)
        with django_assert_max_num_queries(15):
            page(client, address)


def test_what_was_merged_is_asked_once_for_all_the_figures_of_a_page(client: Client, busy: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        page(client, "/?year=2015")
    assert len([query for query in asked if "placebecame" in query["sql"]]) == 1


def test_what_was_not_counted_yet_is_counted_in_bounds(
    client: Client, busy: World, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    """A stock by month is asked for twelve days, a rate twice that; not once more for each street or person."""
    with django_assert_max_num_queries(120):
        page(client, "/figures/card.making/?year=2015")


def test_a_new_record_is_seen_at_once(client: Client, busy: World) -> None:
    before = {row[1]: row[4] for row in rows(client, "/figures.csv?year=2015")}
    world.a_dispute(busy, world.a_member(busy, "卫新新"))
    after = {row[1]: row[4] for row in rows(client, "/figures.csv?year=2015")}
    assert (before["mediation.agreed"], after["mediation.agreed"]) == ("7", "8")
