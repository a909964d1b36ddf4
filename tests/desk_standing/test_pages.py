"""Every page of the standing order opens to the post it is for, and says what it holds."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import world
from tests.world import World, five_people
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.actions import covering, union_life
from unionhall.organisations.actions.union_life import Founding
from unionhall.organisations.models import Cover, Employer, Place, Staff

pytestmark = pytest.mark.django_db
AsOfficer = Callable[[str, str], Client]


def filled(address: str, here: World, client: Client) -> str:
    """The address of a page about somebody or something of the small cast, all of the first street."""
    return "/desk/" + address.format(
        union=here.own_union.id, employer=here.factory, cover=Cover.objects.get(employer=here.factory).pk,
        station=here.stations[0], staff=Staff.objects.get(number="G001").pk, place=Place.objects.get(path=here.willow).pk,
        account=client.session["_auth_user_id"],
    )  # fmt: skip


LISTS = {
    "unions": "红星机械厂工会", "employers": "红星机械厂", "lists": "红星机械厂", "stations": "柳荫工会服务站", "staff": "周敏",
    "places": "柳荫街道", "accounts": "", "post-requests": "",
}  # fmt: skip


@pytest.mark.parametrize("key", LISTS)
def test_a_list_opens_and_names_its_rows(here: World, as_officer: AsOfficer, key: str) -> None:
    page = as_officer("organisation", here.root).get(f"/desk/{key}/")
    assert page.status_code == 200
    assert LISTS[key] in page.content.decode()


DETAILS = (
    "unions/{union}/",
    "employers/{employer}/",
    "covers/{cover}/",
    "stations/{station}/",
    "staff/{staff}/",
    "places/{place}/",
    "accounts/{account}/",
)


@pytest.mark.parametrize("address", DETAILS)
def test_a_detail_opens(here: World, as_officer: AsOfficer, address: str) -> None:
    five_people(here)
    client = as_officer("organisation", here.root)
    page = client.get(filled(address, here, client))
    assert page.status_code == 200


FORMS = (
    "unions/new/", "unions/{union}/cover/", "unions/{union}/term/", "unions/{union}/rename/", "unions/{union}/upper/", "unions/{union}/mark/", "unions/{union}/end/",
    "employers/new/", "employers/{employer}/cover/", "employers/{employer}/correct/", "covers/{cover}/transfer/", "covers/{cover}/end/", "stations/new/",
    "stations/{station}/grant/", "stations/{station}/correct/", "staff/new/", "staff/{staff}/transfer/", "staff/{staff}/kind/", "staff/{staff}/leave/",
    "places/{place}/add/", "places/{place}/rename/", "places/{place}/became/",
)  # fmt: skip


@pytest.mark.parametrize("address", FORMS)
def test_a_form_opens_and_an_empty_one_comes_back_with_what_is_missing(
    here: World, as_officer: AsOfficer, address: str
) -> None:
    client = as_officer("organisation", here.root)
    address = filled(address, here, client)
    assert client.get(address).status_code == 200
    page = client.post(address, {})
    assert page.status_code == 422
    assert "有几处要改" in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "unions/{union}/",
        "employers/{employer}/",
        "covers/{cover}/",
        "stations/{station}/",
        "staff/{staff}/",
        "places/{place}/",
    ],
)
def test_what_lies_in_another_street_is_not_there(here: World, as_officer: AsOfficer, address: str) -> None:
    own, other = as_officer("street", here.willow), as_officer("street", here.bridge)
    assert own.get(filled(address, here, own)).status_code == 200
    assert other.get(filled(address, here, other)).status_code == 404


@pytest.mark.parametrize("key", LISTS)
def test_a_list_asks_the_database_few_questions_however_many_rows(
    here: World, as_officer: AsOfficer, key: str, django_assert_max_num_queries: Any
) -> None:
    five_people(here)
    for number in range(30):
        world.record_employers(
            [world.EmployerRow(world.a_uscc(100 + number), f"第{number}商店", here.drum_tower, "private", "F52", 5)],
            by=SYSTEM,
        )
        world.an_officer("station_worker", here.willow)
        founding = Founding(f"第{number}联合工会", "joint", here.drum_tower, world.FOUNDED, here.federation)
        covering.cover_employers(union_life.found_union(founding, by=SYSTEM), [Employer.objects.latest("pk").pk],
                                 since=world.FOUNDED, by=SYSTEM)  # fmt: skip
    client = as_officer("organisation", here.root)
    client.get(f"/desk/{key}/")
    with django_assert_max_num_queries(15):
        assert client.get(f"/desk/{key}/").status_code == 200


@pytest.mark.parametrize("address", [*DETAILS, "places/tree/"])
def test_a_detail_asks_few_questions_too(
    here: World, as_officer: AsOfficer, address: str, django_assert_max_num_queries: Any
) -> None:
    five_people(here)
    client = as_officer("organisation", here.root)
    address = filled(address, here, client)
    client.get(address)
    with django_assert_max_num_queries(15):
        assert client.get(address).status_code == 200


def test_a_communitys_page_says_who_is_on_duty_there(here: World, as_officer: AsOfficer) -> None:
    browser = as_officer("organisation", here.root)
    page = f"/desk/places/{Place.objects.get(path=here.bridge_east).pk}/"
    assert "无，由服务站受理" in browser.get(page).content.decode()
    world.an_officer("station_worker", here.bridge_east, name="网格员小周")
    assert "网格员小周" in browser.get(page).content.decode()
    above = f"/desk/places/{Place.objects.get(path=here.bridge).pk}/"
    assert "网格责任人" not in browser.get(above).content.decode()
    street = as_officer("street", here.bridge)
    assert "网格员小周" not in street.get(page).content.decode(), "who holds which post is for who may see accounts"
