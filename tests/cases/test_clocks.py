"""The clocks of a matter: begun and met by its steps, stopped, begun anew, given more time by somebody else."""

from datetime import UTC, date, datetime

import pytest

from tests import world
from tests.cases.conftest import ON, Bring, clock
from tests.world import World
from unionhall.cases import actions, clock_moves, registers
from unionhall.cases.clock_models import Deadline, Extension, Note
from unionhall.cases.models import Case
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused

NOW = datetime(2026, 9, 30, 2, tzinfo=UTC)


def due(case: Case) -> date | None:
    found: date | None = Case.objects.get(pk=case.pk).due_on
    return found


def accepted(case: Case, clerk: Actor, on: date = date(2026, 9, 17)) -> Deadline:
    actions.move(case.pk, "accept", on=on, values={}, by=clerk)
    return clock(case, "mediate")


def test_both_clocks_of_fifteen_days_run_from_their_own_event(bring: Bring, clerk: Actor) -> None:
    """LDL 14 counts from the application, NEG 29 from acceptance: two days, two last days."""
    case = bring(on=date(2026, 3, 2))
    assert clock(case, "accept").due_on == date(2026, 3, 5) == due(case)
    assert clock(case, "arbitrate").due_on == date(2026, 3, 17)
    mediate = accepted(case, clerk, date(2026, 3, 4))
    assert (clock(case, "accept").outcome, mediate.due_on, due(case)) == ("met", date(2026, 3, 19), date(2026, 3, 19))
    assert mediate.basis == "企业劳动争议协商调解规定 第二十九条"
    assert clock(case, "arbitrate").ended_on is None, "the right to arbitrate opens whatever the mediator does"


def test_a_step_after_its_last_day_is_late_and_says_so(bring: Bring, clerk: Actor) -> None:
    case = bring(on=date(2026, 3, 2))
    accepted(case, clerk, date(2026, 3, 6))
    assert clock(case, "accept").outcome == "late"


def test_an_end_ends_every_clock(bring: Bring, clerk: Actor) -> None:
    case = bring()
    accepted(case, clerk)
    actions.move(case.pk, "fail", on=date(2026, 9, 20), values={"reason": "x"}, by=clerk)
    assert not Deadline.objects.running().filter(case=case).exists()
    assert due(case) is None
    assert clock(case, "mediate").outcome == "met"


def test_an_agreement_opens_the_window_of_its_review(bring: Bring, clerk: Actor) -> None:
    case = bring()
    accepted(case, clerk)
    actions.move(case.pk, "settle", on=date(2026, 9, 22), values={"fen_agreed": 5}, by=clerk)
    row = Case.objects.get(pk=case.pk)
    assert (row.closed_on, row.result) == (date(2026, 9, 22), "agreed")
    assert clock(case, "review").due_on == date(2026, 10, 8)
    assert due(case) is None, "a window is nobody's duty"
    actions.move(case.pk, "perform", on=date(2026, 10, 9), values={}, by=clerk)
    row.refresh_from_db()
    assert (row.state, row.result, row.closed_on) == ("performed", "agreed", date(2026, 9, 22))


def test_stopped_it_stands_still_and_goes_on_with_what_was_left(bring: Bring, clerk: Actor) -> None:
    case = bring()
    row = accepted(case, clerk, ON)
    clock_moves.suspend(row.pk, on=date(2026, 9, 30), reason="等待鉴定结论", by=clerk)
    row.refresh_from_db()
    assert (row.left, row.due_on, due(case)) == (1, None, None)
    with pytest.raises(Refused, match="已经中止"):
        clock_moves.suspend(row.pk, on=date(2026, 9, 30), reason="x", by=clerk)
    clock_moves.resume(row.pk, on=date(2026, 10, 9), by=clerk)
    row.refresh_from_db()
    assert (row.due_on, due(case)) == (date(2026, 10, 10), date(2026, 10, 10))
    with pytest.raises(Refused, match="没有中止"):
        clock_moves.resume(row.pk, on=date(2026, 10, 9), by=clerk)
    kinds = list(Note.objects.filter(case=case).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["suspended", "resumed"]


def test_begun_anew_what_has_run_does_not_count(bring: Bring, clerk: Actor) -> None:
    case = bring()
    row = accepted(case, clerk, ON)
    clock_moves.restart(row.pk, on=date(2026, 10, 12), reason="对方同意履行义务", by=clerk)
    row.refresh_from_db()
    assert (row.outcome, clock(case, "mediate").due_on) == ("restarted", date(2026, 10, 27))
    with pytest.raises(Refused, match="已经结束"):
        clock_moves.suspend(row.pk, on=date(2026, 10, 13), reason="x", by=clerk)
    with pytest.raises(Refused, match="不能早于原来"):
        clock_moves.restart(clock(case, "mediate").pk, on=date(2026, 10, 11), reason="x", by=clerk)


def test_nobody_gives_themselves_more_time(bring: Bring, clerk: Actor, head: Actor) -> None:
    case = bring()
    row = accepted(case, clerk, ON)
    asked = clock_moves.ask_extension(row.pk, days=15, reason="双方 9 月 28 日同意延期", now=NOW, by=clerk)
    with pytest.raises(Refused, match="正在等待批准"):
        clock_moves.ask_extension(row.pk, days=1, reason="x", now=NOW, by=clerk)
    with pytest.raises(NotYours):
        clock_moves.decide_extension(asked, yes=True, now=NOW, by=clerk)
    clock_moves.decide_extension(asked, yes=True, now=NOW, by=head)
    row.refresh_from_db()
    assert (row.extended, row.due_on, due(case)) == (15, date(2026, 10, 16), date(2026, 10, 16))
    with pytest.raises(Refused, match="不能延长"):
        clock_moves.ask_extension(row.pk, days=1, reason="x", now=NOW, by=clerk)
    with pytest.raises(Refused, match="已经有了决定"):
        clock_moves.decide_extension(asked, yes=False, reason="x", now=NOW, by=head)


def test_a_head_who_asked_is_not_the_one_who_decides(bring: Bring, clerk: Actor, head: Actor) -> None:
    row = accepted(bring(), clerk, ON)
    asked = clock_moves.ask_extension(row.pk, days=3, reason="双方同意", now=NOW, by=head)
    with pytest.raises(Refused, match="不能批准自己"):
        clock_moves.decide_extension(asked, yes=True, now=NOW, by=head)


@pytest.mark.parametrize(("days", "said"), [(0, "最多还可以延长 15 天"), (16, "最多还可以延长 15 天")])
def test_no_more_days_than_the_rule_gives(bring: Bring, clerk: Actor, days: int, said: str) -> None:
    row = accepted(bring(), clerk, ON)
    with pytest.raises(Refused, match=said):
        clock_moves.ask_extension(row.pk, days=days, reason="双方同意", now=NOW, by=clerk)


def test_refused_more_time_changes_nothing_and_says_why(bring: Bring, clerk: Actor, head: Actor) -> None:
    case = bring()
    row = accepted(case, clerk, ON)
    asked = clock_moves.ask_extension(row.pk, days=15, reason="双方同意", now=NOW, by=clerk)
    with pytest.raises(Refused, match="请写明理由"):
        clock_moves.decide_extension(asked, yes=False, now=NOW, by=head)
    clock_moves.decide_extension(asked, yes=False, reason="材料不足", now=NOW, by=head)
    row.refresh_from_db()
    assert (row.extended, row.due_on) == (0, date(2026, 10, 8))
    assert Extension.objects.get(pk=asked).granted is False


def test_a_window_is_not_stopped(bring: Bring, clerk: Actor) -> None:
    case = bring()
    with pytest.raises(Refused, match="权利的期间"):
        clock_moves.suspend(clock(case, "arbitrate").pk, on=ON, reason="x", by=clerk)


def test_another_street_touches_no_clock_of_ours(here: World, bring: Bring) -> None:
    row = clock(bring(), "accept")
    stranger = world.an_officer("station_worker", here.willow)
    with pytest.raises(NotYours):
        clock_moves.suspend(row.pk, on=ON, reason="x", by=stranger)


def test_the_union_lays_down_its_own_limits_and_no_law(here: World, bring: Bring, clerk: Actor) -> None:
    department = world.an_officer("organisation", here.root)
    rights = world.an_officer("rights", here.root)
    with pytest.raises(Refused, match="法定期限"):
        clock_moves.lay_down("mediation", "mediate", since=date(2099, 1, 1), days=30, reason="x", by=rights)
    with pytest.raises(NotYours):
        clock_moves.lay_down("correction", "answer", since=date(2099, 1, 1), working_days=5, reason="x", by=clerk)
    with pytest.raises(NotYours):
        clock_moves.lay_down(
            "correction", "nonsense", since=date(2099, 1, 1), working_days=5, reason="x", by=department
        )


def test_imported_matters_that_are_open_have_their_clocks(here: World) -> None:
    member = world.a_member(here, "小李")
    open_one = Case.objects.get(pk=world.a_dispute(here, member, opened_on=date(2026, 3, 2), agreed=None))
    assert clock(open_one, "mediate").due_on == date(2026, 3, 17) == open_one.due_on
    closed = Case.objects.get(pk=world.a_dispute(here, member, opened_on=date(2015, 4, 1)))
    assert not Deadline.objects.filter(case=closed).exists()


def test_a_corrected_register_ends_the_clocks_of_what_it_closes(here: World) -> None:
    member = world.a_member(here, "小李")
    told = registers.Dispute(
        number="AJ-1", path=here.bridge_east, cause="pay", opened_on=date(2026, 3, 2), accepted_on=date(2026, 3, 3),
        person=member.person, employer=here.diner,
    )  # fmt: skip
    (number,) = actions.record([registers.dispute(told)], by=SYSTEM)
    case = Case.objects.get(pk=number)
    assert case.due_on == clock(case, "mediate").due_on == date(2026, 3, 18)
    later = told._replace(accepted_on=date(2026, 3, 5))
    actions.correct([(number, registers.dispute(later))], by=SYSTEM)
    assert Case.objects.get(pk=number).due_on == date(2026, 3, 18), "not of a batch: an officer may have begun it anew"
    Deadline.objects.filter(case=case).update(batch=7)
    actions.correct([(number, registers.dispute(later))], by=SYSTEM, batch=8)
    assert Case.objects.get(pk=number).due_on == clock(case, "mediate").due_on == date(2026, 3, 20)
    assert Deadline.objects.filter(case=case, clock="mediate", outcome="restarted").count() == 1
    over = later._replace(closed_on=date(2026, 3, 30), result="agreed", fen_claimed=800_000, fen_agreed=500_000)
    actions.correct([(number, registers.dispute(over))], by=SYSTEM, batch=9)
    assert not Deadline.objects.running().filter(case=case).exists()
    assert (clock(case, "mediate").ended_on, clock(case, "mediate").outcome) == (date(2026, 3, 30), "late")
    assert Case.objects.get(pk=number).due_on is None
    actions.correct([(number, registers.dispute(later))], by=SYSTEM, batch=10)
    assert Case.objects.get(pk=number).due_on == date(2026, 3, 20), "open again, as the register says"


def test_every_change_of_a_clock_has_its_audit_row(bring: Bring, clerk: Actor) -> None:
    row = accepted(bring(), clerk, ON)
    clock_moves.suspend(row.pk, on=date(2026, 9, 20), reason="x", by=clerk)
    entry = AuditEntry.objects.filter(act="case.clock.suspended").get()
    assert entry.subject == f"case:{row.case_id}"
    assert entry.account == clerk.account != SYSTEM.account
