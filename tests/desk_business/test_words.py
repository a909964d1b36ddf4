"""The words of matters, agreements and cards, as the desk shows them to who reads English."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from tests import world
from tests.desk_business.conftest import page
from tests.world import World
from unionhall import catalogue
from unionhall.agreements import vocabulary as agreements
from unionhall.cases import intake_moves, note_moves, reach
from unionhall.cases import vocabulary as cases
from unionhall.cases.service import CaseService
from unionhall.exchange import spoken
from unionhall.offers.service import OfferService
from unionhall.people import card_moves
from unionhall.web.desk import case_words, chronicle, standing_words
from unionhall.web.portal import matters

AtDesk = Callable[..., Client]


def declared() -> Iterator[str]:
    """Every word a service or a vocabulary declares in Chinese and a page shows."""
    for table in (
        cases.CORRECTIONS, cases.CHANNELS, cases.HARDSHIPS, cases.GRANT_FORMS, agreements.KINDS, agreements.LEVELS,
        card_moves.STATES, card_moves.REPLACED_BECAUSE, chronicle.AUDITED,
    ):  # fmt: skip
        yield from table.values()
    for service in catalogue.SERVICES:
        if isinstance(service, CaseService):
            yield from service.workflow.titles.values()
            yield from (move.title for move in service.workflow.moves)
            yield from (field.title for field in service.form)
            yield from (word for field in service.form for word in (field.hint, *field.choices.values()))
            yield service.asked_as
            yield from service.causes.values()
            yield from (clock.title for clock in service.clocks)
        if isinstance(service, OfferService):
            yield from service.kinds.values()
            yield from (field.title for field in service.form)
            yield from (title for field in service.form for _key, title in field.choices)
            yield from (result.title for result in service.results.values())
            yield from (title for result in service.results.values() for _key, title in result.choices)
    yield from (*intake_moves.RATINGS.values(), *matters.SENTENCES.values())
    yield from (*reach.LEVELS.values(), *note_moves.WRITTEN.values(), *case_words.SAID.values())
    yield from standing_words.WORDS
    yield from spoken.ACTS.values()
    yield from spoken._OF_OFFERS.values()


def test_every_word_has_its_english() -> None:
    with override("en"):
        assert {word for word in declared() if word and gettext(word) == word} == set()
        assert gettext("没有这样的词") == "没有这样的词"  # what a missing one would look like


@pytest.mark.parametrize(
    ("address", "said", "unsaid"),
    [
        ("/desk/cases/", "Dispute mediation", "劳动争议调解"),
        ("/desk/cases/{case}/", "agreed", "达成协议"),
        ("/desk/agreements/", "Wage agreement", "工资专项协议"),
        ("/figures/mediation.agreed/records/?year=2015", "Cases {case}", "服务事项 "),
    ],
)
def test_a_page_in_english_speaks_english(here: World, at_desk: AtDesk, address: str, said: str, unsaid: str) -> None:
    case = world.a_dispute(here, world.a_member(here, "Li Xiaochuan"))
    world.an_agreement(here)
    client = at_desk("rights", here.root)
    client.post("/language/", {"language": "en"})
    text = page(client, address.format(case=case))
    assert said.format(case=case) in text
    assert unsaid not in text.replace("石桥东社区工资专项协议", "")
