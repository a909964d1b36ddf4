"""Cases: moved live through their workflow, and brought in from the registers of past years."""

from datetime import date

import pytest

from tests.world import Member, World, a_dispute, a_fund, a_member, an_actor, some_aid
from unionhall.cases import registers
from unionhall.cases.actions import correct, move, open_case, record
from unionhall.cases.models import Case
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.kernel.errors import NotYours, Refused
from unionhall.ledger import actions as ledger
from unionhall.ledger.models import Posting
from unionhall.organisations.models import Employer
from unionhall.services import mediation, medical_aid

pytestmark = pytest.mark.django_db
FIRST, NEXT = date(2015, 3, 2), date(2015, 3, 9)


def _acts(case: int) -> list[tuple[str, date, int]]:
    lines = Line.objects.standing().filter(subject=f"case:{case}").order_by("on", "pk")
    return [(line.act, line.on, line.fen) for line in lines]


def _worker(here: World, *roles: str) -> Actor:
    return Actor(None, "经办", tuple(Post(role, here.root) for role in roles))


def _application(here: World, li: Member) -> Case:
    return open_case(
        medical_aid.service.key, path=here.bridge, on=FIRST, person=li.person, values={"reason": "住院", "fen_claimed": 500_000},
        by=_worker(here, "station_worker"),
    )  # fmt: skip


def test_an_application_goes_from_the_station_to_the_treasurer(here: World) -> None:
    li, fund = a_member(here, "小李"), a_fund(here, "送温暖")
    case = _application(here, li)
    move(case.pk, "verify", on=FIRST, values={}, by=_worker(here, "station_worker"))
    move(case.pk, "approve", on=NEXT, values={"fen_agreed": 300_000}, by=_worker(here, "aid"))
    paid = move(case.pk, "pay", on=NEXT, values={"fund": "送温暖"}, by=_worker(here, "finance"))
    assert (paid.state, paid.fen_claimed, paid.fen_agreed, paid.fen_paid, paid.closed_on) == (
        "paid",
        500_000,
        300_000,
        300_000,
        NEXT,
    )
    assert _acts(case.pk) == [
        ("received", FIRST, 0),
        ("verified", FIRST, 0),
        ("approved", NEXT, 0),
        ("paid", NEXT, 300_000),
    ]
    assert ledger.balance(fund) == -300_000
    assert ledger.balance(fund, "paid:aid.medical") == 300_000


def test_sealed_answers_are_not_kept_in_the_clear(here: World) -> None:
    case = _application(here, a_member(here))
    kept = Case.objects.get(pk=case.pk)
    assert kept.details == {}
    assert "住院" not in str(kept.sealed_details)
    assert b"\xe4\xbd\x8f\xe9\x99\xa2" not in kept.sealed_details.envelope


def test_a_required_answer_is_asked_for(here: World) -> None:
    with pytest.raises(Refused, match="还要填写：申请理由"):
        open_case(medical_aid.service.key, path=here.bridge, on=FIRST, values={}, by=_worker(here, "station_worker"))


def test_only_the_post_the_workflow_names_may_move_it(here: World) -> None:
    case = _application(here, a_member(here))
    with pytest.raises(NotYours):
        move(case.pk, "verify", on=NEXT, values={}, by=_worker(here, "finance"))
    with pytest.raises(NotYours):
        move(case.pk, "verify", on=NEXT, values={}, by=an_actor("station_worker", here.willow))
    assert Case.objects.get(pk=case.pk).state == "received"


def test_a_step_out_of_turn_says_what_is_possible(here: World) -> None:
    case = _application(here, a_member(here))
    with pytest.raises(Refused, match=r"现在的状态是“已申请”.*核实"):
        move(case.pk, "approve", on=NEXT, values={"fen_agreed": 1}, by=_worker(here, "aid"))


def test_a_step_cannot_be_dated_before_the_one_it_follows(here: World) -> None:
    case = _application(here, a_member(here))
    with pytest.raises(Refused, match="不能早于上一步"):
        move(case.pk, "verify", on=date(2015, 3, 1), values={}, by=_worker(here, "station_worker"))


def test_when_the_payment_fails_nothing_of_the_step_remains(here: World) -> None:
    case = _application(here, a_member(here))
    move(case.pk, "verify", on=FIRST, values={}, by=_worker(here, "station_worker"))
    move(case.pk, "approve", on=FIRST, values={"fen_agreed": 300_000}, by=_worker(here, "aid"))
    with pytest.raises(Refused, match="没有“没有的”这项资金"):
        move(case.pk, "pay", on=NEXT, values={"fund": "没有的"}, by=_worker(here, "finance"))
    assert Case.objects.get(pk=case.pk).state == "approved"
    assert [act for act, _, _ in _acts(case.pk)] == ["received", "verified", "approved"]
    assert not Posting.objects.exists()


def test_a_settled_dispute_counts_what_was_claimed_and_what_was_agreed(here: World) -> None:
    worker = _worker(here, "station_worker")
    li = a_member(here)
    case = open_case(
        mediation.service.key, path=here.bridge, on=FIRST, person=li.person, employer=here.diner, by=worker,
        values={"claim": "工资", "cause": "pay", "headcount": 3, "fen_claimed": 800_000},
    )  # fmt: skip
    move(case.pk, "accept", on=FIRST, values={}, by=worker)
    settled = move(case.pk, "settle", on=NEXT, values={"fen_agreed": 650_000}, by=worker)
    assert (settled.result, settled.accepted_on, settled.closed_on) == ("agreed", FIRST, NEXT)
    assert _acts(case.pk)[2:] == [("agreed", NEXT, 650_000), ("settled_claim", NEXT, 800_000)]
    line = Line.objects.get(act="agreed")
    assert (line.kind, line.person_id, line.employer_id, line.headcount) == ("pay", li.person, here.diner, 3)


def test_a_number_is_used_once(here: World) -> None:
    worker = _worker(here, "station_worker")
    for_first = {"claim": "工资", "cause": "pay"}
    open_case(mediation.service.key, path=here.bridge, on=FIRST, values=for_first, by=worker, number="AJ1")
    with pytest.raises(Refused, match="编号 AJ1 已经用过"):
        open_case(mediation.service.key, path=here.bridge, on=FIRST, values=for_first, by=worker, number="AJ1")


def test_the_register_of_disputes_tells_what_was_done_on_which_day(here: World) -> None:
    li = a_member(here)
    settled = a_dispute(here, li, agreed=500_000)
    opened = a_dispute(here, li, agreed=None)
    assert [(act, fen) for act, _, fen in _acts(settled)] == [
        ("received", 0), ("accepted", 0), ("agreed", 500_000), ("settled_claim", 800_000),
    ]  # fmt: skip
    assert [act for act, _, _ in _acts(opened)] == ["received", "accepted"]
    assert Case.objects.get(pk=settled).state == "agreed"
    assert Case.objects.get(pk=opened).state == "accepted"


def test_help_counts_to_the_one_it_was_meant_for(here: World) -> None:
    parent, child, fund = a_member(here, "王芳"), a_member(here, "王小芳"), a_fund(here)
    told = registers.Grant(
        "aid.study", "JZ1", here.bridge, date(2015, 9, 1), 200_000, fund, parent.person, child.person, form="goods"
    )
    (case,) = record([registers.grant(told)], by=SYSTEM)
    line = Line.objects.get(act="paid")
    assert (line.person_id, line.kind, line.fen) == (child.person, "goods", 200_000)
    assert Case.objects.get(pk=case).person_id == parent.person


def test_the_same_grant_is_not_paid_twice(here: World) -> None:
    li, fund = a_member(here), a_fund(here)
    some_aid(fund, li)
    number = Case.objects.get().number
    again = registers.Grant("aid.medical", number, li.path, date(2015, 7, 1), 1, fund, li.person)
    Case.objects.update(number="改过的编号")
    with pytest.raises(Refused, match="这笔款已经付过"):
        record([registers.grant(again)], by=SYSTEM)
    assert Case.objects.count() == 1


def test_a_corrected_amount_leaves_one_payment_and_one_line_standing(here: World) -> None:
    li, fund = a_member(here), a_fund(here)
    case = some_aid(fund, li, fen=300_000)
    told = registers.Grant(
        "aid.medical",
        Case.objects.get().number,
        li.path,
        date(2015, 6, 1),
        280_000,
        fund,
        li.person,
        requested_on=date(2015, 6, 1),
    )
    correct([(case, registers.grant(told))], by=SYSTEM)
    assert ledger.balance(fund) == -280_000
    assert [fen for act, _, fen in _acts(case) if act == "paid"] == [280_000]
    assert Line.objects.filter(act="paid").count() == 2
    assert Posting.objects.count() == 3


def test_a_hardship_file_is_filed_and_closed(here: World) -> None:
    li = a_member(here)
    told = registers.HardshipFile("KN1", here.bridge, "deep", FIRST, li.person, here.diner, NEXT)
    (case,) = record([registers.hardship_file(told)], by=SYSTEM)
    assert [(act, on) for act, on, _ in _acts(case)] == [("filed", FIRST), ("closed", NEXT)]
    line = Line.objects.get(act="filed")
    assert (line.kind, line.employer_id) == ("deep", Employer.objects.get(name="望河小馆").pk)


def test_a_register_is_brought_in_only_by_a_post_that_may(here: World) -> None:
    li = a_member(here)
    told = registers.Dispute("AJ1", here.bridge, "pay", FIRST, li.person)
    with pytest.raises(NotYours):
        record([registers.dispute(told)], by=an_actor("publicity", here.root))
    with pytest.raises(NotYours):
        record([registers.dispute(told)], by=an_actor("rights", here.willow))
    assert record([registers.dispute(told)], by=an_actor("rights", here.bridge))
