"""One dispute through several services: one chain, its people counted once, its money won once, whatever day is asked."""

import json
from datetime import date

import pytest
from django.utils import timezone

from tests import world
from tests.cases.conftest import ON, Bring
from tests.cases.test_parties import agree, ids, join
from tests.world import World
from unionhall import catalogue
from unionhall.cases import actions, chain_moves, handling_moves, party_moves, turning_moves
from unionhall.cases.models import Case
from unionhall.cases.party_models import Outside
from unionhall.cases.turning_moves import Taken
from unionhall.indicators.figures import Flow
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period

YEAR = Period.year(2026)
BROKEN, ASKED, HELPED, AWARDED = date(2026, 10, 12), date(2026, 10, 13), date(2026, 10, 14), date(2026, 11, 20)


MEANS = {"means": "examined", "means_basis": "低保证明"}


def figure(slug: str) -> Flow:
    found = catalogue.figure(f"rights.{slug}")
    assert isinstance(found, Flow)
    return found


def until(slug: str, day: date, path: str = "") -> int:
    return figure(slug).value(path, Period(date(2026, 1, 1), day))


def into_legal_aid(case: Case, clerk: Actor, on: date = ASKED) -> Case:
    return turning_moves.turn(case.pk, "legal", on=on, values={"facts": "欠薪", "wants": "represent"}, by=clerk)


@pytest.fixture
def broken(here: World, bring: Bring, clerk: Actor) -> Case:
    """Three workers of one employer: 80 each agreed, 30 of it paid, then nothing more."""
    case = bring(fen_claimed=100, facts="三个月没有发工资")
    join(here, case, clerk, 2)
    agree(case, clerk)
    party_moves.perform(case.pk, {ids(case)[0]: 30}, on=BROKEN, by=clerk)
    return actions.move(case.pk, "breach", on=BROKEN, values={"reason": "不付"}, by=clerk)


def test_turned_into_legal_aid_it_has_the_same_people_and_its_own_number(broken: Case, clerk: Actor) -> None:
    aid = into_legal_aid(broken, clerk)
    assert (aid.chain_id, aid.service, aid.path, aid.cause) == (broken.pk, "legal", broken.path, "pay")
    assert (aid.person_id, aid.employer_id, aid.headcount) == (broken.person_id, broken.employer_id, 3)
    assert len(ids(aid)) == 3 and aid.number != broken.number


def test_the_people_and_the_money_of_a_chain_are_counted_once(here: World, broken: Case, clerk: Actor) -> None:
    assert [figure(slug).value("", YEAR) for slug in ("workers", "disputes", "recovered")] == [3, 1, 30]
    aid = into_legal_aid(broken, clerk)
    actions.move(aid.pk, "accept", on=HELPED, values=MEANS, by=clerk)
    lawyer = world.an_officer("lawyer", here.root)
    actions.move(aid.pk, "assign", on=HELPED, values={"lawyer": lawyer.account}, by=clerk)
    for party in ids(aid):
        party_moves.set_amounts(aid.pk, {party: party_moves.Amounts(None, 70)}, by=clerk)
    won = {"fen_agreed": 210, "result": "won", "report": "仲裁支持全部请求"}
    actions.move(aid.pk, "close", on=AWARDED, values=won, by=lawyer)
    assert [figure(slug).value("", YEAR) for slug in ("workers", "disputes", "recovered")] == [3, 1, 210]
    for path in ("", here.bridge, here.bridge_east):
        found = figure("recovered")
        assert found.value(path, YEAR) == sum(line.fen for line in found.lines(path, YEAR))
        assert figure("workers").value(path, YEAR) == len(figure("workers").lines(path, YEAR)) == 3
    assert figure("recovered").value(here.willow, YEAR) == 0


def test_as_of_a_past_day_it_says_what_was_won_by_then(broken: Case, clerk: Actor) -> None:
    outside = turning_moves.take_outside(
        broken.pk, Taken("arbitration", "望河区仲裁委", ASKED, "望劳仲〔2026〕7 号"), by=clerk
    )
    turning_moves.hear_result(outside, "partly", on=AWARDED, fen=200, by=clerk)
    assert [until("recovered", day) for day in (ON, date(2026, 10, 1), AWARDED, date(2026, 11, 21))] == [0, 30, 30, 200]
    assert until("workers", date(2026, 9, 17)) == 3 and until("workers", ON) == 0


def test_a_later_result_that_says_less_lowers_what_stood_before(bring: Bring, clerk: Actor) -> None:
    case = bring(fen_claimed=100)
    agree_alone(case, clerk, 90)
    outside = turning_moves.take_outside(case.pk, Taken("court", "望河区法院", ASKED), by=clerk)
    turning_moves.hear_result(outside, "partly", on=AWARDED, fen=60, by=clerk)
    assert [line.fen for line in figure("recovered").lines("", YEAR)] == [60]
    assert Line.objects.filter(subject=f"chain:{case.pk}", fen=90, voided_by__isnull=False).exists()
    turning_moves.hear_result(outside, "won", on=AWARDED, fen=100, by=clerk)
    assert [line.fen for line in figure("recovered").lines("", YEAR)] == [90, 10]


def agree_alone(case: Case, clerk: Actor, fen: int) -> Case:
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    return actions.move(case.pk, "settle", on=date(2026, 9, 20), values={"fen_agreed": fen}, by=clerk)


def test_each_service_has_its_own_figures_and_the_chain_has_one(broken: Case, clerk: Actor) -> None:
    aid = into_legal_aid(broken, clerk)
    actions.move(aid.pk, "accept", on=HELPED, values=MEANS, by=clerk)
    assert (
        catalogue.figure("mediation.accepted").value("", YEAR)
        == catalogue.figure("legal.accepted").value("", YEAR)
        == 1
    )
    assert figure("disputes").value("", YEAR) == 1
    assert catalogue.figure("legal.workers").value("", YEAR) == 3, "each of the three was given legal aid"


def test_taken_back_or_found_a_twin_it_counts_no_more(here: World, bring: Bring, clerk: Actor) -> None:
    first, twin = bring("小李"), bring("王芳")
    for case in (first, twin):
        actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    assert figure("workers").value("", YEAR) == 2
    handling_moves.merge(twin.pk, first.pk, reason="同一件", by=clerk)
    assert (figure("workers").value("", YEAR), figure("disputes").value("", YEAR)) == (1, 1)
    handling_moves.reopen(twin.pk, on=timezone.localdate(), reason="不是", by=clerk)
    assert figure("workers").value("", YEAR) == 2


def test_opened_again_what_closed_it_was_not_won(bring: Bring, clerk: Actor) -> None:
    case = bring(fen_claimed=100)
    agree_alone(case, clerk, 90)
    assert figure("recovered").value("", YEAR) == 90
    handling_moves.reopen(case.pk, on=timezone.localdate(), reason="x", by=clerk)
    assert (figure("recovered").value("", YEAR), figure("workers").value("", YEAR)) == (0, 1)


def test_a_matter_that_was_only_spoken_about_is_no_dispute_yet(bring: Bring, clerk: Actor) -> None:
    said = bring(service="speakup", matter="拖欠工资", hide="no", cause="pay")
    actions.move(said.pk, "accept", on=ON, values={}, by=clerk)
    assert figure("workers").value("", YEAR) == 0
    dispute = turning_moves.turn(said.pk, "mediation", on=ON, values={"claim": "付工资"}, by=clerk)
    actions.move(dispute.pk, "accept", on=ON, values={}, by=clerk)
    assert (figure("workers").value("", YEAR), dispute.chain_id) == (1, said.pk)
    with pytest.raises(Refused, match="已经有一件正在办"):
        turning_moves.turn(said.pk, "mediation", on=ON, values={"claim": "x"}, by=clerk)


def test_a_sealed_answer_goes_along_where_the_other_form_asks_the_same(bring: Bring, clerk: Actor) -> None:
    case = bring(facts="三个月没有发工资")
    aid = turning_moves.turn(case.pk, "legal", on=ON, values={"wants": "advice"}, by=clerk)
    aid.refresh_from_db()
    sealed = json.loads(aid.sealed_details._open())
    assert sealed == {"facts": "三个月没有发工资"}, "and the claim, which it does not ask, stays behind"
    assert "三个月" not in json.dumps(aid.details, ensure_ascii=False)


def test_without_what_the_other_form_asks_it_is_not_opened(bring: Bring, clerk: Actor) -> None:
    case = bring()
    with pytest.raises(Refused, match="还要填写"):
        turning_moves.turn(case.pk, "legal", on=ON, values={"wants": "advice"}, by=clerk)
    assert not Case.objects.filter(service="legal").exists()


def test_only_a_dispute_is_turned_and_only_by_who_handles_both(here: World, bring: Bring, clerk: Actor) -> None:
    wrong = bring(service="correction", cause="name")
    with pytest.raises(Refused, match="不能转为"):
        turning_moves.turn(wrong.pk, "legal", on=ON, values={}, by=clerk)
    case, women = bring("王芳"), world.an_officer("women", here.root)
    with pytest.raises(Refused, match="不能转为"):
        turning_moves.turn(case.pk, "legal", on=ON, values={"facts": "x", "wants": "advice"}, by=women)
    with pytest.raises(NotYours):
        into_legal_aid(case, world.an_officer("station_worker", here.willow), ON)


def test_a_result_is_no_less_than_was_paid_and_has_a_day(broken: Case, clerk: Actor) -> None:
    outside = turning_moves.take_outside(broken.pk, Taken("court", "望河区法院", ASKED, "京01"), by=clerk)
    with pytest.raises(Refused, match="已经登记过"):
        turning_moves.take_outside(broken.pk, Taken("court", "望河区法院", ASKED, "京01"), by=clerk)
    for on, fen, said in ((ON, 100, "日期"), (AWARDED, 29, "已经支付")):
        with pytest.raises(Refused, match=said):
            turning_moves.hear_result(outside, "won", on=on, fen=fen, by=clerk)
    turning_moves.hear_result(outside, "lost", on=AWARDED, fen=None, by=clerk)
    assert figure("recovered").value("", YEAR) == 30
    assert Outside.objects.get(pk=outside).result == "lost"


def test_one_that_came_from_a_court_says_so(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring()
    turning_moves.take_outside(case.pk, Taken("court", "望河区法院", date(2026, 9, 10), "京01", came_in=True), by=clerk)
    assert Outside.objects.get(case=case).came_in
    with pytest.raises(NotYours):
        turning_moves.take_outside(case.pk, Taken("court", "x", ON), by=world.an_officer("station_worker", here.willow))


def test_what_a_register_tells_counts_too_and_is_corrected_with_it(here: World) -> None:
    li = world.a_member(here, "小李")
    world.a_dispute(here, li, agreed=500_000)
    year = Period.year(2015)
    assert [figure(slug).value("", year) for slug in ("workers", "disputes", "recovered")] == [1, 1, 500_000]


def test_counting_again_changes_nothing(broken: Case, clerk: Actor) -> None:
    before = list(Line.objects.order_by("pk").values_list("pk", "voided_by"))
    chain_moves.recount(broken, by=clerk)
    assert list(Line.objects.order_by("pk").values_list("pk", "voided_by")) == before
