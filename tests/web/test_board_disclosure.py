"""Two numbers of one rate may be set against each other: who is counted in one and not in the other is kept back as well."""

import pytest
from django.test import Client

from tests import world
from tests.world import World

RATE = "/figures/card.making/?year=2015"


def district(here: World, with_card: int, without: int) -> None:
    for at in range(with_card + without):
        member = world.a_member(here, f"职工{at}")
        if at < with_card:
            world.a_card(member)


@pytest.mark.parametrize(("without", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_rate_all_but_a_few_are_counted_in_is_kept_back(
    here: World, client: Client, without: int, shown: bool
) -> None:
    district(here, 20, without)
    text = client.get(RATE).content.decode()
    assert (f"20 / {20 + without}" in text) is shown
    assert client.get("/figures/card.making/figure.csv?year=2015").status_code == (200 if shown else 404)


def test_so_is_a_street_and_the_smallest_beside_it(here: World, client: Client) -> None:
    district(here, 20, 2)
    for at in range(8):
        member = world.a_member(here, f"厂工{at}", at=here.own_union)
        if at < 3:
            world.a_card(member)
    text = client.get(RATE).content.decode()
    assert "23 / 30" in text
    assert "20 / 22" not in text and "3 / 8" not in text
