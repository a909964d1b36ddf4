"""A published number never changes silently."""

from datetime import date
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from unionhall import catalogue
from unionhall.indicators import published
from unionhall.indicators.actions import publish
from unionhall.indicators.figures import Rate
from unionhall.indicators.models import PublishedFact
from unionhall.indicators.territory import moves
from unionhall.journal import actions as journal
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.people.models import Membership

pytestmark = pytest.mark.django_db
YEAR = Period.year(2015)


def test_a_late_record_makes_revision_two_with_difference_and_reason(here: world.World) -> None:
    member = world.a_member(here)
    item = world.an_item(here)
    world.a_use(item, member, date(2015, 5, 4))
    uses = catalogue.figure("card.items.uses")
    first = publish([uses], [here.root, here.bridge, here.willow], YEAR, by=SYSTEM)
    assert (first.number, first.first, first.revised, first.unchanged) == (1, 3, 0, 0)
    assert publish([uses], [here.root, here.bridge], YEAR, by=SYSTEM).number is None

    world.a_use(item, member, date(2015, 12, 30))
    with pytest.raises(Refused, match="望河区实名制服务职工 1 → 2 人次"):
        publish([uses], [here.root, here.bridge, here.willow], YEAR, by=SYSTEM)
    assert PublishedFact.objects.count() == 3

    again = publish([uses], [here.root, here.bridge, here.willow], YEAR, by=SYSTEM, reason="补录十二月刷卡记录")
    assert (again.number, again.first, again.revised, again.unchanged) == (2, 0, 2, 1)
    old, new = published.history(uses.key, here.root, YEAR)
    assert (old.numerator, old.revision, old.difference, old.reason) == (1, 1, 0, "")
    assert (new.numerator, new.revision, new.difference, new.reason) == (2, 2, 1, "补录十二月刷卡记录")
    assert new.records == 2
    assert published.fact(uses.key, here.willow, YEAR).revision == 1  # type: ignore[union-attr]


def test_a_corrected_record_revises_even_when_the_number_stays(here: world.World) -> None:
    member = world.a_member(here)
    world.a_use(world.an_item(here), member, date(2015, 5, 4))
    uses = catalogue.figure("card.items.uses")
    publish([uses], [here.root], YEAR, by=SYSTEM)
    line = Line.objects.get(act="used")
    journal.void([line], by=SYSTEM, reason="卡号录错")
    journal.write(
        journal.Entry("card.items", "used", line.path, line.on, line.subject, person=line.person_id), by=SYSTEM
    )
    with pytest.raises(Refused, match="数未变，所依据的记录或口径变了"):
        publish([uses], [here.root], YEAR, by=SYSTEM)
    publish([uses], [here.root], YEAR, by=SYSTEM, reason="卡号录错，已更正")
    assert [(fact.numerator, fact.difference) for fact in published.history(uses.key, here.root, YEAR)] == [
        (1, 0),
        (1, 0),
    ]


def test_a_revision_by_a_few_fen_is_named_by_its_fen(here: world.World) -> None:
    member, fund = world.a_member(here), world.a_fund(here)
    amount = catalogue.figure("aid.medical.amount")
    world.some_aid(fund, member, fen=300_000)
    publish([amount], [here.root], YEAR, by=SYSTEM)
    world.some_aid(fund, member, fen=12)
    with pytest.raises(Refused, match=r"0\.3 → 0\.300012 万元"):
        publish([amount], [here.root], YEAR, by=SYSTEM)


def test_a_rate_keeps_both_numbers_and_its_difference_is_in_hundredths_of_a_percent(here: world.World) -> None:
    for name in ("小李", "王芳", "赵建国"):
        member = world.a_member(here, name)
        if name != "王芳":
            world.a_card(member)
    rate = catalogue.figure("card.making")
    publish([rate], [here.root], YEAR, by=SYSTEM)
    world.a_card(world.a_member(here, "晚来"))
    publish([rate], [here.root], YEAR, by=SYSTEM, reason="补录一人")
    old, new = published.history(rate.key, here.root, YEAR)
    assert published.value_of(old) == Rate(2, 3)
    assert published.value_of(new) == Rate(3, 4)
    assert (old.records, new.records) == (5, 7)
    assert new.difference == 7500 - 6667


def test_evidence_is_the_digest_of_the_ids_and_can_be_computed_by_hand(here: world.World) -> None:
    members = world.five_people(here)
    figure = catalogue.figure("member.members")
    publish([figure], [here.root, here.bridge], YEAR, by=SYSTEM)
    fact = published.fact(figure.key, here.bridge, YEAR)
    ids = sorted(member.membership for member in members if member.path == here.bridge_east)
    assert (
        fact is not None and bytes(fact.evidence) == sha256("".join(f"{number}\n" for number in ids).encode()).digest()
    )


def test_all_figures_of_all_places_are_published_at_the_cost_of_a_few_queries_a_figure(here: world.World) -> None:
    world.five_people(here)
    paths = [here.root, here.willow, here.bridge, here.willow_lane, here.drum_tower, here.bridge_east]
    figure = catalogue.figure("member.members")
    moved = moves()
    with CaptureQueriesContext(connection) as few:
        published.findings(figure, paths[:3], YEAR, moved=moved)
    with CaptureQueriesContext(connection) as all_of_them:
        published.findings(figure, paths, YEAR, moved=moved)
    assert len(few) == 3  # the district, its streets, and one pass for the evidence
    assert len(all_of_them) == 4
    done = publish(catalogue.figures().values(), paths, YEAR, by=SYSTEM)
    assert done.first == len(catalogue.figures()) * len(paths)
    assert list(published.drifts(catalogue.figures())) == []


def test_drifts_name_what_the_records_no_longer_say(here: world.World) -> None:
    member = world.a_member(here)
    publish(catalogue.figures().values(), [here.root, here.bridge], YEAR, by=SYSTEM)
    Membership.objects.filter(pk=member.membership).update(path=here.willow_lane)
    drifted = {
        (drift.fact.indicator, drift.fact.path): drift.now.numerator for drift in published.drifts(catalogue.figures())
    }
    assert drifted[("member.members", here.bridge)] == 0
    assert ("member.members", here.root) not in drifted


def test_publishing_is_written_down_and_only_for_those_who_may(here: world.World) -> None:
    figure = catalogue.figure("tree.streets")
    for stranger in (
        world.a_stranger(),
        world.an_actor("station_worker", here.root),
        world.an_actor("publicity", here.bridge),
    ):
        with pytest.raises(NotYours):
            publish([figure], [here.root], YEAR, by=stranger)
    publish([figure], [here.root], YEAR, by=world.an_actor("publicity", here.root))
    line = Line.objects.get(service="report")
    assert (line.act, line.path, line.subject, line.quantity) == ("published", here.root, "publication:1", 1)
