"""Matters of many: their number and sums are their parties', ten are a collective dispute, and a few speak for the others."""

from datetime import date

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import world
from tests.cases.conftest import ON, Bring
from tests.world import World
from unionhall import catalogue
from unionhall.cases import actions, case_moves, intake_moves, parties, party_moves
from unionhall.cases.case_moves import Corrected
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.cases.parties import DoesNotAddUp
from unionhall.cases.party_models import RESPONDENT, Party
from unionhall.cases.party_moves import Amounts, New
from unionhall.journal import audit
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.messages.models import Notice

SETTLED = date(2026, 9, 20)
YEAR = Period.year(2026)


def join(here: World, case: Case, clerk: Actor, count: int, fen: int = 100) -> list[int]:
    """So many more workers, each claiming so much: their persons."""
    people = [world.a_member(here, "王芳").person for _ in range(count)]
    for person in people:
        party_moves.add(case.pk, New(person, fen_claimed=fen), on=ON, by=clerk)
    return people


def ids(case: Case) -> list[int]:
    return [party.pk for party in parties.applicants(case)]


def agree(case: Case, clerk: Actor, each: int = 80) -> Case:
    """Taken up, and settled with so much for each."""
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    party_moves.set_amounts(case.pk, {party: Amounts(100, each) for party in ids(case)}, by=clerk)
    total = each * len(ids(case))
    return actions.move(case.pk, "settle", on=SETTLED, values={"fen_agreed": total}, by=clerk)


def test_with_the_first_of_the_others_who_brought_it_becomes_a_party_with_what_they_claim(
    here: World, bring: Bring, clerk: Actor
) -> None:
    case = bring(fen_claimed=300)
    join(here, case, clerk, 2)
    case.refresh_from_db()
    assert (case.headcount, case.fen_claimed) == (3, 500)
    assert [party.fen_claimed for party in parties.applicants(case)] == [300, 100, 100]
    assert parties.applicants(case)[0].person_id == case.person_id


def test_nobody_is_a_party_twice_and_an_employer_claims_nothing(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring()
    (wang,) = join(here, case, clerk, 1)
    for again in (wang, case.person_id):
        with pytest.raises(Refused, match="已经是"):
            party_moves.add(case.pk, New(again), on=ON, by=clerk)
    party_moves.add(case.pk, New(employer=here.diner, role=RESPONDENT), on=ON, by=clerk)
    party_moves.add(case.pk, New(name="外来的老周"), on=ON, by=clerk)
    with pytest.raises(Refused, match="同名"):
        party_moves.add(case.pk, New(name="外来的老周"), on=ON, by=clerk)
    case.refresh_from_db()
    assert case.headcount == 3


def test_of_many_at_once_each_is_told_of_and_it_is_one_line_in_the_story(
    here: World, bring: Bring, clerk: Actor
) -> None:
    case = bring(fen_claimed=100)
    news = [New(world.a_member(here, "王芳").person, fen_claimed=5), New(case.person_id), New(), New(name="老周头")]
    told = party_moves.add_many(case.pk, news, on=ON, by=clerk)
    assert [isinstance(one, Refused) for one in told] == [False, True, True, False]
    case.refresh_from_db()
    assert (case.headcount, case.fen_claimed) == (3, 105)
    assert [note.said["n"] for note in Note.objects.filter(case=case)] == [3]
    other = bring("赵四")
    assert all(isinstance(one, Refused) for one in party_moves.add_many(other.pk, [New()], on=ON, by=clerk))
    assert not Party.objects.filter(case=other).exists(), "nobody came, so it is still one person's matter"


def test_what_is_written_down_by_mistake_is_taken_out_and_stays_to_be_seen(
    here: World, bring: Bring, clerk: Actor
) -> None:
    case = bring()
    join(here, case, clerk, 2)
    out = ids(case)[1]
    with pytest.raises(Refused, match="写明理由"):
        party_moves.remove(case.pk, out, reason=" ", by=clerk)
    party_moves.remove(case.pk, out, reason="登记错了人", by=clerk)
    case.refresh_from_db()
    assert (case.headcount, case.fen_claimed) == (2, 100)
    row = Party.objects.get(pk=out)
    assert row.until is not None and row.out_because == "struck"
    assert Note.objects.filter(case=case, kind="party_struck").exists()


def test_who_brought_it_may_go_and_another_is_told_then(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring()
    first = case.person_id
    (wang,) = join(here, case, clerk, 1)
    party_moves.leave(case.pk, now=timezone.now(), by=Actor(None, "小李", person=first))
    case.refresh_from_db()
    assert (case.person_id, case.headcount) == (wang, 1)
    with pytest.raises(Refused, match="最后一名"):
        party_moves.leave(case.pk, now=timezone.now(), by=Actor(None, "王芳", person=wang))
    with pytest.raises(NotYours):
        party_moves.leave(case.pk, now=timezone.now(), by=Actor(None, "小李", person=first))


def test_lines_of_the_journal_follow_the_parties(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring(fen_claimed=100)
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    figure = catalogue.figure("mediation.workers")
    assert figure.value("", YEAR) == 1
    join(here, case, clerk, 4)
    assert figure.value("", YEAR) == 5
    assert catalogue.figure("rights.workers").value("", YEAR) == 5
    party_moves.remove(case.pk, ids(case)[-1], reason="x", by=clerk)
    assert (figure.value("", YEAR), catalogue.figure("rights.workers").value("", YEAR)) == (4, 4)


def test_ten_are_collective_and_three_speak_before_it_is_taken_up(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring()
    join(here, case, clerk, 8)
    case.refresh_from_db()
    assert not parties.collective(case)
    with pytest.raises(Refused, match="才推举代表"):
        party_moves.name_representatives(case.pk, ids(case)[:3], by=clerk)
    join(here, case, clerk, 2)
    case.refresh_from_db()
    assert parties.collective(case)
    with pytest.raises(Refused, match="11 名职工的集体争议"):
        actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    for count in (2, 6):
        with pytest.raises(Refused, match="3 至 5"):
            party_moves.name_representatives(case.pk, ids(case)[:count], by=clerk)
    party_moves.name_representatives(case.pk, ids(case)[1:4], by=clerk)
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    assert catalogue.figure("mediation.accepted").value("", YEAR) == 1
    assert Notice.objects.filter(kind="case.moved").count() == 11, "each of them is told"


def test_of_eleven_without_a_list_none_is_taken_up(bring: Bring, clerk: Actor) -> None:
    case = bring(headcount=11)
    with pytest.raises(Refused, match="集体争议"):
        actions.move(case.pk, "accept", on=ON, values={}, by=clerk)


def test_representatives_are_of_the_roster_and_not_taken_out_below_three(
    here: World, bring: Bring, clerk: Actor
) -> None:
    case = bring()
    join(here, case, clerk, 10)
    outsider = party_moves.add(case.pk, New(name="老周"), on=ON, by=clerk)
    with pytest.raises(Refused, match="名册里的职工"):
        party_moves.name_representatives(case.pk, [*ids(case)[:2], outsider], by=clerk)
    party_moves.name_representatives(case.pk, ids(case)[:3], by=clerk)
    with pytest.raises(Refused, match="代表不足"):
        party_moves.remove(case.pk, ids(case)[0], reason="x", by=clerk)


def test_the_workers_steps_are_the_representatives_and_the_others_see_and_may_leave(
    here: World, bring: Bring, clerk: Actor
) -> None:
    case = bring()
    others = join(here, case, clerk, 10)
    party_moves.name_representatives(case.pk, ids(case)[1:4], by=clerk)
    speaks, silent = Actor(None, "代表", person=others[0]), Actor(None, "别人", person=others[9])
    brought = Actor(None, "小李", person=case.person_id)
    for who in (speaks, silent, brought):
        assert Case.objects.visible_to(who).filter(pk=case.pk).exists()
    now = timezone.now()
    for who in (silent, brought):
        with pytest.raises(NotYours):
            actions.move(case.pk, "recall", on=timezone.localdate(), values={}, by=who)
        with pytest.raises(NotYours):
            intake_moves.add(case.pk, "还有", now=now, by=who)
    party_moves.leave(case.pk, now=now, by=silent)
    assert not Case.objects.visible_to(silent).filter(pk=case.pk).exists()
    intake_moves.add(case.pk, "还有加班费", now=now, by=speaks)
    moved = intake_moves.step(case.pk, "recall", reason="", now=now, by=speaks)
    assert moved.state == "withdrawn"


def test_settled_each_says_what_they_get_and_the_sum_is_theirs(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring(fen_claimed=100)
    join(here, case, clerk, 2)
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    with pytest.raises(Refused, match="每名职工各得多少"):
        actions.move(case.pk, "settle", on=SETTLED, values={"fen_agreed": 240}, by=clerk)
    party_moves.set_amounts(case.pk, {party: Amounts(100, 80) for party in ids(case)}, by=clerk)
    with pytest.raises(Refused, match="相加得出"):
        actions.move(case.pk, "settle", on=SETTLED, values={"fen_agreed": 250}, by=clerk)
    actions.move(case.pk, "settle", on=SETTLED, values={"fen_agreed": 240}, by=clerk)
    assert catalogue.figure("mediation.agreed_amount").value("", YEAR) == 240
    party = ids(case)[0]
    with pytest.raises(Refused, match="写明理由"):
        party_moves.set_amounts(case.pk, {party: Amounts(100, 90)}, by=clerk)
    party_moves.set_amounts(case.pk, {party: Amounts(100, 90)}, reason="笔误", by=clerk)
    assert catalogue.figure("mediation.agreed_amount").value("", YEAR) == 250
    assert catalogue.figure("rights.recovered").value("", YEAR) == 250


def test_paid_in_part_and_then_in_full_it_is_performed(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring(fen_claimed=100)
    join(here, case, clerk, 1)
    agree(case, clerk)
    first, second = ids(case)
    with pytest.raises(Refused, match="超过"):
        party_moves.perform(case.pk, {first: 81}, on=SETTLED, by=clerk)
    assert party_moves.perform(case.pk, {first: 80, second: 0}, on=SETTLED, by=clerk).state == "agreed"
    with pytest.raises(Refused, match="没有付给职工"):
        actions.move(case.pk, "perform", on=SETTLED, values={}, by=clerk)
    done = party_moves.perform(case.pk, {second: 80}, on=SETTLED, by=clerk)
    assert (done.state, done.fen_paid) == ("performed", 160)


def test_paid_in_full_it_is_performed_by_itself(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring(fen_claimed=100)
    join(here, case, clerk, 1)
    agree(case, clerk)
    done = party_moves.perform(case.pk, dict.fromkeys(ids(case), 80), on=SETTLED, by=clerk)
    assert (done.state, done.fen_paid) == ("performed", 160)


def test_broken_it_says_what_is_left_and_only_what_was_paid_was_won(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring(fen_claimed=100)
    join(here, case, clerk, 1)
    agree(case, clerk)
    party_moves.perform(case.pk, {ids(case)[0]: 30}, on=SETTLED, by=clerk)
    broken = actions.move(case.pk, "breach", on=date(2026, 10, 12), values={"reason": "不付"}, by=clerk)
    assert (broken.state, broken.details["left"], broken.fen_paid) == ("breached", 130, 30)
    assert catalogue.figure("rights.recovered").value("", YEAR) == 30
    assert catalogue.figure("mediation.agreed_amount").value("", YEAR) == 160, "what was agreed was agreed"


def test_of_one_alone_part_is_paid_too(bring: Bring, clerk: Actor) -> None:
    case = bring(fen_claimed=100)
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    actions.move(case.pk, "settle", on=SETTLED, values={"fen_agreed": 80}, by=clerk)
    party_moves.write_down_bringer(case.pk, by=clerk)
    assert party_moves.perform(case.pk, {ids(case)[0]: 80}, on=SETTLED, by=clerk).state == "performed"


def test_its_number_and_sums_are_corrected_where_they_come_from(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring(fen_claimed=100)
    join(here, case, clerk, 1)
    case.refresh_from_db()
    right = Corrected.of(case)
    for wrong in (right._replace(headcount=5), right._replace(fen_claimed=1)):
        with pytest.raises(Refused, match="当事人"):
            case_moves.correct_one(case.pk, wrong, reason="x", by=clerk)


def test_no_action_leaves_a_matter_that_says_another_number_than_its_parties(
    here: World, bring: Bring, clerk: Actor
) -> None:
    case = bring(fen_claimed=100)
    join(here, case, clerk, 1)
    Case.objects.filter(pk=case.pk).update(headcount=7)
    with pytest.raises(DoesNotAddUp):
        audit.write("case.note", by=SYSTEM, rows=(case,))


def test_parties_are_changed_by_who_handles_the_matter(here: World, bring: Bring, clerk: Actor) -> None:
    case = bring()
    person = world.a_member(here, "王芳").person
    for other in (world.an_officer("station_worker", here.willow), world.an_officer("aid", here.root)):
        with pytest.raises(NotYours):
            party_moves.add(case.pk, New(person), on=ON, by=other)
    actions.move(case.pk, "refuse", on=ON, values={"reason": "x"}, by=clerk)
    with pytest.raises(Refused, match="已经办结"):
        party_moves.add(case.pk, New(person), on=ON, by=clerk)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("add", "remove", "leave", "amounts", "settle", "pay")), st.integers(0, 5), st.integers(0, 90)
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_is_done_the_matter_is_the_sum_of_its_parties(
    here: World, bring: Bring, clerk: Actor, steps: list[tuple[str, int, int]]
) -> None:
    case = bring(fen_claimed=50)
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    for step, which, fen in steps:
        mine = parties.applicants(case)
        one = mine[which % len(mine)] if mine else None
        try:
            if step == "add":
                join(here, case, clerk, 1, fen)
            elif step == "remove" and one is not None:
                party_moves.remove(case.pk, one.pk, reason="x", by=clerk)
            elif step == "leave" and one is not None:
                party_moves.leave(case.pk, now=timezone.now(), by=Actor(None, "x", person=one.person_id))
            elif step == "amounts" and one is not None:
                party_moves.set_amounts(case.pk, {one.pk: Amounts(fen, fen // 2)}, reason="x", by=clerk)
            elif step == "settle":
                total = sum(party.fen_agreed or 0 for party in mine) or fen
                actions.move(case.pk, "settle", on=SETTLED, values={"fen_agreed": total}, by=clerk)
            elif step == "pay" and one is not None:
                party_moves.perform(case.pk, {one.pk: fen}, on=SETTLED, by=clerk)
        except Refused:
            pass
        case.refresh_from_db()
        _adds_up(case)


def _adds_up(case: Case) -> None:
    mine = parties.applicants(case)
    if mine:
        assert case.headcount == len(mine)
        for name, total in parties.totals(mine).items():
            assert total is None or getattr(case, name) == total
            assert all((getattr(party, name) or 0) >= 0 for party in mine)
    for line in Line.objects.standing().filter(subject=case.subject):
        assert line.headcount == case.headcount or line.act == "rated"
    helped = Line.objects.standing().filter(subject=f"chain:{case.pk}", act="helped")
    assert helped.count() == len(parties.people(case))
    won = sum(Line.objects.standing().filter(subject=f"chain:{case.pk}", act="recovered").values_list("fen", flat=True))
    assert won == ((case.fen_agreed or 0) if case.closed_on is not None else 0)
