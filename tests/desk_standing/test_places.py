"""The tree of places at the desk: seen, grown, renamed, reorganised."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from tests import world
from tests.desk_standing.test_unions import figure, form
from tests.world import World
from unionhall import catalogue
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.organisations.actions import tree_growth
from unionhall.organisations.actions.tree_growth import NewPlace
from unionhall.organisations.models import Place, PlaceBecame
from unionhall.web.desk.place_forms import preview

pytestmark = pytest.mark.django_db
AsOfficer = Callable[[str, str], Client]


def place(path: str) -> Place:
    return Place.objects.get(path=path)


def test_the_tree_counts_what_lies_in_each_place_as_the_figures_do(here: World, as_officer: AsOfficer) -> None:
    for name in ("小李", "王芳"):
        world.a_member(here, name)
    page = as_officer("leader", here.root).get("/desk/places/tree/")
    rows = {row.place.name: row.counts for row in page.context["rows"]}
    # unions, stations, employers with a union, members
    assert rows == {"柳荫街道": ("1", "1", "1", "0"), "石桥街道": ("1", "1", "1", "2")}
    assert "石桥东社区" in page.content.decode()
    below = as_officer("leader", here.root).get(f"/desk/places/tree/?at={here.bridge}").context["rows"]
    assert [(row.place.name, row.counts) for row in below] == [("石桥东社区", ("1", "0", "1", "2"))]


def test_a_street_sees_its_own_branch(here: World, as_officer: AsOfficer) -> None:
    client = as_officer("street", here.willow)
    text = client.get("/desk/places/tree/").content.decode()
    assert "柳荫里社区" in text and "石桥" not in text
    assert client.get(f"/desk/places/tree/?at={here.bridge}").status_code == 404
    assert client.get(f"/desk/places/tree/?at={here.root}").status_code == 404


def test_who_keeps_the_machine_sees_the_tree_without_a_count(here: World, as_officer: AsOfficer) -> None:
    page = as_officer("system_admin", here.root).get("/desk/places/tree/")
    assert [row.counts for row in page.context["rows"]] == [(), ()]
    assert "建会单位" not in page.content.decode()


def test_a_community_and_a_grid_cell_are_added_and_take_unions(here: World, as_officer: AsOfficer, today: date) -> None:
    client = as_officer("organisation", here.root)
    communities = catalogue.figure("tree.communities")
    before = communities.value(here.willow, Period.day(today))
    page = form(client, f"/desk/places/{place(here.willow).pk}/add/", name="新柳社区", kind="community", since=today)
    row = Place.objects.get(name="新柳社区")
    assert page == f"/desk/places/{row.pk}/"
    assert (row.code, row.path) == ("W0103", here.willow + "003")
    assert communities.value(here.willow, Period.day(today)) == before + 1  # type: ignore[operator]
    form(client, f"{page}add/", name="第一网格", kind="cell", since=today)
    assert Place.objects.get(name="第一网格").path == row.path + "001"
    assert "新柳社区" in client.get("/desk/unions/new/").content.decode()


@pytest.mark.parametrize(
    ("kind", "name", "words"), [("cell", "网格", "街道下面只能设社区、村"), ("community", "柳荫里社区", "已经有")]
)
def test_a_place_is_not_added_wrongly(here: World, kind: str, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        tree_growth.add_place(NewPlace(place(here.willow).pk, name, kind, date(2016, 1, 1)), by=SYSTEM)


def test_a_new_name_holds_from_its_day_and_the_old_one_is_kept(here: World, as_officer: AsOfficer, today: date) -> None:
    client = as_officer("organisation", here.root)
    home = f"/desk/places/{place(here.willow).pk}/"
    counted = catalogue.figure("union.employers").value(here.willow, Period.day(today))
    form(client, f"{home}rename/", name="绿柳街道", on=today)
    text = client.get(home).content.decode()
    assert "柳荫街道 → 绿柳街道" in text
    assert catalogue.figure("union.employers").value(here.willow, Period.day(today)) == counted
    assert client.post(f"{home}rename/", {"name": "又名", "on": today + timedelta(days=1)}).status_code == 422
    (undo,) = client.get("/desk/undo/").context["rows"]
    form(client, f"/desk/undo/{undo.key}/")
    assert place(here.willow).name == "柳荫街道"


def test_a_street_becomes_part_of_another_after_the_change_was_seen(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    client = as_officer("organisation", here.root)
    address = f"/desk/places/{place(here.willow).pk}/became/"
    said = {"into": here.bridge, "on": today, "reason": "区划调整，京民〔2026〕1号"}
    last_year = [
        catalogue.figure("union.employers").value(path, Period.year(2015)) for path in (here.willow, here.bridge)
    ]
    seen = client.post(address, said)
    assert seen.status_code == 422
    shifts = {one.title: (one.before, one.after) for one in seen.context["drawn"].more["shifts"]}
    assert shifts["建会单位"] == (("1", "1"), ("0", "2"))
    assert not PlaceBecame.objects.exists()

    form(client, address, **said, seen="on")
    assert [figure("union.employers", path, today) for path in (here.willow, here.bridge)] == [0, 2], (
        "as was shown before"
    )
    assert [
        catalogue.figure("union.employers").value(path, Period.year(2015)) for path in (here.willow, here.bridge)
    ] == last_year
    text = client.get(f"/desk/places/{place(here.willow).pk}/").content.decode()
    assert "已撤销" in text and "石桥街道" in text
    assert client.get(address).status_code == 422


def test_the_preview_of_a_community_changes_its_own_street_only_by_what_it_had(here: World, today: date) -> None:
    shifts = {
        one.title: (one.before, one.after) for one in preview(place(here.willow_lane), place(here.drum_tower), today)
    }
    assert shifts["建会单位"] == (("1", "0"), ("0", "1"))


def test_only_the_organisation_department_changes_the_tree(here: World, as_officer: AsOfficer, today: date) -> None:
    for role in ("street", "station_head", "system_admin"):
        officer = world.an_officer(role, here.root)
        with pytest.raises(NotYours):
            tree_growth.rename_place(place(here.willow).pk, "别的", on=today, by=officer)
        assert as_officer(role, here.root).get(f"/desk/places/{place(here.willow).pk}/rename/").status_code == 403
    away = world.an_officer("organisation", here.bridge)
    with pytest.raises(NotYours):
        tree_growth.reorganise(place(here.willow).pk, place(here.bridge).pk, on=today, reason="吞并", by=away)
