"""Employers and the unions that cover them, as an officer keeps them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from tests import world
from tests.desk_standing.test_unions import figure, form, two_more_employers
from tests.world import World
from unionhall import catalogue
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.organisations.actions import covering, employer_book
from unionhall.organisations.actions.employer_book import Stated
from unionhall.organisations.actions.unions import CoverRow, change_cover
from unionhall.organisations.models import Cover, Employer

pytestmark = pytest.mark.django_db
AsOfficer = Callable[[str, str], Client]


def a_wrong_uscc(serial: int) -> str:
    """A code whose last check character is not the right one, as some certificates carry."""
    right = world.a_uscc(serial)
    return right[:17] + ("0" if right[17] != "0" else "1")


def test_an_employer_is_written_in_and_found_by_the_beginning_of_its_name(here: World, as_officer: AsOfficer) -> None:
    client = as_officer("station_worker", here.willow)
    page = form(
        client, "/desk/employers/new/", name="柳荫面馆", uscc=world.a_uscc(21).lower(), path=here.willow_lane,
        ownership="private", industry="h62", workers=7,
    )  # fmt: skip
    row = Employer.objects.get(name="柳荫面馆")
    assert page == f"/desk/employers/{row.pk}/"
    assert (row.uscc, row.industry, row.workers, row.uscc_override) == (world.a_uscc(21), "H62", 7, "")
    found = client.post("/desk/employers/find/", {"q": "柳荫面"}, follow=True).content.decode()
    assert "柳荫面馆" in found
    assert "红星机械厂" not in found


def test_a_code_whose_check_fails_is_taken_only_with_a_reason(here: World, as_officer: AsOfficer) -> None:
    client = as_officer("street", here.willow)
    said = {"name": "老字号", "uscc": a_wrong_uscc(22), "path": here.willow_lane, "workers": 3}
    page = client.post("/desk/employers/new/", said)
    assert page.status_code == 422
    assert "校验码不符" in page.content.decode() and "老字号" in page.content.decode()
    page = client.post("/desk/employers/new/", said | {"uscc_override": "真的"})
    assert page.status_code == 422
    assert "至少 4 个字" in page.content.decode()
    form(client, "/desk/employers/new/", **(said | {"uscc_override": "与营业执照原件一致"}))
    assert Employer.objects.get(name="老字号").uscc_override == "与营业执照原件一致"


def test_a_reason_is_not_kept_for_a_code_that_is_right(here: World) -> None:
    stated = Stated(world.a_uscc(23), "面馆", here.willow_lane, uscc_override="不需要的说明")
    number = employer_book.add_employer(stated, by=SYSTEM)
    assert Employer.objects.get(pk=number).uscc_override == ""


def test_a_code_that_is_no_code_is_never_taken(here: World) -> None:
    with pytest.raises(Refused, match="应为18位"):
        employer_book.add_employer(Stated("123", "面馆", here.willow_lane, uscc_override="与执照一致"), by=SYSTEM)


def test_a_code_of_another_street_is_refused_without_saying_whose_it_is(here: World) -> None:
    officer = world.an_officer("street", here.bridge)
    with pytest.raises(Refused, match="别的地方的一家单位") as refused:
        employer_book.add_employer(Stated(world.a_uscc(1), "假冒", here.bridge_east), by=officer)
    assert "红星" not in refused.value.message
    with pytest.raises(Refused, match="红星机械厂"):
        employer_book.add_employer(
            Stated(world.a_uscc(1), "假冒", here.willow_lane), by=world.an_officer("street", here.willow)
        )


def test_an_employer_is_not_pulled_over_from_another_street(here: World) -> None:
    officer = world.an_officer("street", here.bridge)
    stated = Stated(world.a_uscc(1), "红星机械厂", here.bridge_east, "state", "C34", 120)
    with pytest.raises(NotYours):
        employer_book.correct_employer(here.factory, stated, by=officer)
    with pytest.raises(NotYours):
        employer_book.correct_employer(
            here.diner, stated._replace(uscc=world.a_uscc(2), path=here.willow_lane), by=officer
        )


def test_an_employer_moves_with_its_cover_and_last_years_figures_stay(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    year = Period.year(2015)
    before = [catalogue.figure("union.new").value(path, year) for path in (here.willow, here.bridge)]
    client = as_officer("organisation", here.root)
    form(client, f"/desk/employers/{here.diner}/correct/", name="望河小馆", uscc=world.a_uscc(2), path=here.willow_lane,
         ownership="private", industry="H62", workers=12)  # fmt: skip
    assert Cover.objects.get(employer=here.diner).path == here.willow_lane
    assert figure("union.employers", here.willow, today) == 2
    assert [catalogue.figure("union.new").value(path, year) for path in (here.willow, here.bridge)] == before
    (undo,) = client.get("/desk/undo/").context["rows"]
    form(client, f"/desk/undo/{undo.key}/")
    assert Employer.objects.get(pk=here.diner).path == here.bridge_east
    assert Cover.objects.get(employer=here.diner).path == here.bridge_east


def test_a_cover_is_ended_and_taken_back(here: World, as_officer: AsOfficer, today: date) -> None:
    client = as_officer("street", here.bridge)
    cover = Cover.objects.get(employer=here.diner)
    page = form(client, f"/desk/covers/{cover.pk}/end/", on=today, reason="单位注销")
    assert "未建会" in client.get(page).content.decode()
    assert figure("union.employers", here.bridge, today) == 0
    (undo,) = client.get("/desk/undo/").context["rows"]
    form(client, f"/desk/undo/{undo.key}/")
    assert figure("union.employers", here.bridge, today) == 1
    assert catalogue.figure("union.new").value(here.bridge, Period.year(2015)) == 1


def test_an_employer_goes_on_under_another_union_and_is_not_counted_as_new(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    client = as_officer("organisation", here.root)
    cover = Cover.objects.get(employer=here.diner)
    form(client, f"/desk/covers/{cover.pk}/transfer/", into="U01", on=today)
    assert figure("union.new", here.root, today) == 0
    assert figure("union.employers", here.bridge, today) == 1
    later = Cover.objects.get(employer=here.diner, until=None)
    change_cover(
        [(later.pk, CoverRow(here.own_union.id, here.diner, here.bridge_east, today - timedelta(days=1)))], by=SYSTEM
    )
    assert figure("union.new", here.root, today) == 0, "a file that corrects the day brings nobody in"
    assert (
        Line.objects.standing().filter(subject=f"cover:{later.pk}").values_list("act", flat=True).get() == "transferred"
    )


def test_an_employer_is_under_one_union_of_its_own_kind_at_a_time(here: World, today: date) -> None:
    with pytest.raises(Refused, match="转到另一个工会"):
        covering.cover_employers(here.joint_union.id, [here.factory], since=today, by=SYSTEM)
    with pytest.raises(Refused, match="时间重叠"):
        covering.cover_employers(here.joint_union.id, [here.diner], since=today, by=SYSTEM)
    covering.cover_employers(here.federation, [here.factory], since=today, by=SYSTEM)
    assert Cover.objects.on(today).filter(employer=here.factory).count() == 2


def test_a_station_worker_joins_employers_to_a_federation_above_but_not_to_a_neighbours_union(
    here: World, today: date
) -> None:
    officer = world.an_officer("station_worker", here.willow)
    with pytest.raises(NotYours):
        covering.cover_employers(here.joint_union.id, [here.courier], since=today, by=officer)
    with pytest.raises(NotYours):
        covering.cover_employers(here.own_union.id, [here.diner], since=today, by=officer)
    assert covering.cover_employers(here.federation, [here.courier], since=today, by=officer)


def test_a_cover_written_by_mistake_is_taken_back_and_written_again(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    client = as_officer("organisation", here.root)
    for _time in range(2):
        form(client, f"/desk/employers/{here.courier}/cover/", union="U02", since=today)
        assert figure("union.new", here.root, today) == 1
        undo = client.get("/desk/undo/").context["rows"][0]
        form(client, f"/desk/undo/{undo.key}/")
        assert figure("union.new", here.root, today) == 0
        assert figure("union.employers", here.root, today) == 2


def test_many_employers_come_under_a_union_at_once_and_those_that_cannot_say_why(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    two_more_employers(here)
    client = as_officer("organisation", here.root)
    asked = client.post("/desk/employers/bulk/", {"do": "cover", "all": "1", "query": ""})
    assert asked.status_code == 200
    count = asked.context["count"]
    done = client.post(
        "/desk/employers/bulk/",
        {"do": "cover", "all": "1", "query": "", "confirmed": "1", "count": count, "union": "U02", "since": today},
    )
    result = client.get(done["Location"]).content.decode()
    assert figure("union.new", here.root, today) == 3
    assert "转到另一个工会" in result and "时间重叠" in result
    ended = client.post("/desk/employers/bulk/", {
        "do": "uncover", "sel": [here.factory, here.courier], "query": "", "confirmed": "1", "on": today, "reason": "迁出本区",
    })  # fmt: skip
    assert ended.status_code == 302
    assert not Cover.objects.on(today).filter(employer__in=(here.factory, here.courier)).exists()


def test_a_list_shows_the_employers_of_its_day_and_is_read_only(here: World, as_officer: AsOfficer) -> None:
    client = as_officer("leader", here.root)
    older = world.open_register("旧名单", date(2013, 12, 31), "unionisation", by=SYSTEM)
    world.record_entries([world.EntryRow(older, here.factory, here.willow_lane, 99)], by=SYSTEM)
    newest = client.get("/desk/lists/").content.decode()
    assert "望河小馆" in newest and "2013-12-31 旧名单" in newest
    then = client.get(f"/desk/lists/?as-of={older}").content.decode()
    assert "红星机械厂" in then and "99" in then and "望河小馆" not in then
    entry = Employer.objects.get(pk=here.factory).listed.first()
    assert entry is not None
    assert client.get(f"/desk/lists/{entry.pk}/")["Location"] == f"/desk/employers/{here.factory}/"
    assert client.post(f"/desk/lists/{entry.pk}/").status_code == 405


def test_the_list_of_employers_narrows_by_cover_size_and_industry(here: World, as_officer: AsOfficer) -> None:
    client = as_officer("organisation", here.root)

    def named(query: str) -> set[str]:
        text = client.get(f"/desk/employers/?{query}").content.decode()
        return {name for name in ("红星机械厂", "望河小馆", "快腿物流") if f">{name}</a>" in text}

    assert named("covered=no") == {"快腿物流"}
    assert named("covered=yes") == {"红星机械厂", "望河小馆"}
    assert named("size=micro") == {"望河小馆"}
    assert named("size=small&size=middle") == {"红星机械厂", "快腿物流"}
    assert named("industry=C") == {"红星机械厂"}
    assert named(f"union={here.joint_union.id}") == {"望河小馆"}
    assert named(f"place={here.willow}") == {"红星机械厂", "快腿物流"}
