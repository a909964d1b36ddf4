"""Who handles a matter and what is decided about it; what is counted is counted once, whatever happens to it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import world
from tests.cases.conftest import ON, Bring, clock
from tests.world import World
from unionhall import catalogue
from unionhall.cases import actions, handling_moves, note_moves
from unionhall.cases.clock_models import Deadline, Note
from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.messages.models import Notice

YEAR = Period.year(2026)


def counted(key: str, path: str = "") -> object:
    return catalogue.figure(key).value(path, YEAR)


def settled(case: Case, clerk: Actor, fen: int = 500) -> Case:
    actions.move(case.pk, "accept", on=ON, values={}, by=clerk)
    return actions.move(case.pk, "settle", on=date(2026, 9, 20), values={"fen_agreed": fen}, by=clerk)


def test_given_to_somebody_it_is_theirs_and_only_those_with_the_post_can_be(
    here: World, bring: Bring, clerk: Actor
) -> None:
    case, colleague = bring(), world.an_officer("station_worker", here.bridge)
    elsewhere = world.an_officer("station_worker", here.willow)
    handling_moves.assign(case.pk, colleague.account, by=clerk)
    assert Case.objects.get(pk=case.pk).handler_id == colleague.account
    with pytest.raises(Refused, match="没有办理这项业务的岗位"):
        handling_moves.assign(case.pk, elsewhere.account, by=clerk)
    with pytest.raises(Refused, match="已经由"):
        handling_moves.assign(case.pk, colleague.account, by=clerk)
    handling_moves.assign(case.pk, None, by=clerk)
    assert Case.objects.get(pk=case.pk).handler_id is None


def test_passed_on_the_other_place_sees_it_and_the_clock_runs(here: World, bring: Bring, clerk: Actor) -> None:
    case, other = bring(), world.an_officer("station_worker", here.willow)
    due = clock(case, "accept").due_on
    assert not Case.objects.visible_to(other).filter(pk=case.pk).exists()
    handling_moves.pass_on(case.pk, here.willow_lane, reason="用人单位在柳荫街道", by=clerk)
    row = Case.objects.visible_to(other).get(pk=case.pk)
    assert (row.path, row.due_on, clock(case, "accept").path) == (here.willow_lane, due, here.willow_lane)
    assert not Case.objects.visible_to(clerk).filter(pk=case.pk).exists()
    actions.move(case.pk, "accept", on=ON, values={}, by=other)
    assert (counted("mediation.accepted", here.willow), counted("mediation.accepted", here.bridge)) == (1, 0)


def test_risen_the_street_takes_the_stations_steps(here: World, bring: Bring, clerk: Actor) -> None:
    case, street = bring(), world.an_officer("street", here.bridge)
    with pytest.raises(NotYours):
        actions.move(case.pk, "accept", on=ON, values={}, by=street)
    due = clock(case, "accept").due_on
    handling_moves.take_up(case.pk, reason="单位不配合", by=clerk)
    row = Case.objects.get(pk=case.pk)
    assert (row.level, row.due_on) == ("street", due)
    actions.move(case.pk, "accept", on=ON, values={}, by=street)
    rights = world.an_officer("rights", here.root)
    with pytest.raises(NotYours):
        actions.move(case.pk, "fail", on=ON, values={"reason": "x"}, by=rights)
    handling_moves.take_up(case.pk, reason="影响大", by=street)
    actions.move(case.pk, "fail", on=ON, values={"reason": "x"}, by=rights)


def test_above_the_district_there_is_nobody(bring: Bring, clerk: Actor) -> None:
    case = bring()
    for _level in ("street", "district"):
        handling_moves.take_up(case.pk, reason="x", by=clerk)
    with pytest.raises(Refused, match="上面没有"):
        handling_moves.take_up(case.pk, reason="x", by=clerk)


def test_given_back_it_waits_the_worker_is_told_and_the_clock_stands(bring: Bring, clerk: Actor) -> None:
    case = bring()
    handling_moves.give_back(case.pk, reason="请补交劳动合同", on=date(2026, 9, 17), by=clerk)
    row = Case.objects.get(pk=case.pk)
    assert (row.waiting_since, row.due_on) == (date(2026, 9, 17), None)
    assert clock(case, "accept").suspended_on == date(2026, 9, 17)
    assert clock(case, "arbitrate").suspended_on is None, "the law's window waits for nobody"
    notice = Notice.objects.filter(kind="case.given_back").get()
    assert notice.person_id == case.person_id
    with pytest.raises(Refused, match="正在等补充材料"):
        handling_moves.give_back(case.pk, reason="x", on=date(2026, 9, 18), by=clerk)
    handling_moves.complete(case.pk, on=date(2026, 9, 21), by=clerk)
    row.refresh_from_db()
    assert (row.waiting_since, row.due_on) == (None, date(2026, 9, 23))


def test_its_worker_says_that_the_papers_are_there(bring: Bring, clerk: Actor) -> None:
    case = bring()
    handling_moves.give_back(case.pk, reason="x", on=ON, by=clerk)
    with pytest.raises(NotYours):
        handling_moves.complete(case.pk, on=ON, by=Actor(None, "别人", person=(case.person_id or 0) + 1))
    handling_moves.complete(case.pk, on=ON, text="合同", by=Actor(None, "小李", person=case.person_id))
    assert Case.objects.get(pk=case.pk).waiting_since is None


def test_the_same_matter_twice_counts_once(here: World, bring: Bring, clerk: Actor) -> None:
    first, twin = bring("小李"), bring("王芳")
    actions.move(twin.pk, "accept", on=ON, values={}, by=clerk)
    actions.move(first.pk, "accept", on=ON, values={}, by=clerk)
    assert counted("mediation.accepted") == 2
    handling_moves.merge(twin.pk, first.pk, reason="同一次欠薪", by=clerk)
    twin.refresh_from_db()
    assert (twin.state, twin.merged_into_id, twin.due_on) == ("merged", first.pk, None)
    assert not Deadline.objects.running().filter(case=twin).exists()
    assert counted("mediation.accepted") == 1
    assert [note.kind for note in Note.objects.filter(case=first)] == ["took_in"]
    with pytest.raises(Refused, match="已经办结"):
        handling_moves.merge(twin.pk, first.pk, reason="x", by=clerk)
    with pytest.raises(Refused, match="自己已经并入"):
        handling_moves.merge(first.pk, twin.pk, reason="x", by=clerk)


def test_merged_while_it_waits_for_papers_it_waits_for_nothing_any_more(bring: Bring, clerk: Actor) -> None:
    first, twin = bring("小李"), bring("王芳")
    handling_moves.give_back(twin.pk, reason="缺工资条", on=ON, by=clerk)
    handling_moves.merge(twin.pk, first.pk, reason="同一次欠薪", by=clerk)
    twin.refresh_from_db()
    assert twin.waiting_since is None
    with pytest.raises(Refused, match="没有在等"):
        handling_moves.complete(twin.pk, on=timezone.localdate(), by=clerk)


def test_opened_again_after_it_was_merged_it_counts_again(bring: Bring, clerk: Actor) -> None:
    first, twin = bring("小李"), bring("王芳")
    actions.move(twin.pk, "accept", on=ON, values={}, by=clerk)
    handling_moves.merge(twin.pk, first.pk, reason="x", by=clerk)
    assert counted("mediation.accepted") == 0
    handling_moves.reopen(twin.pk, on=timezone.localdate(), reason="其实是两件事", by=clerk)
    twin.refresh_from_db()
    assert (twin.state, twin.merged_into_id, counted("mediation.accepted")) == ("accepted", None, 1)


def test_unlike_matters_are_not_merged(bring: Bring, clerk: Actor) -> None:
    dispute, correction = bring("小李"), bring("王芳", service="correction")
    with pytest.raises(Refused, match="同一项业务"):
        handling_moves.merge(correction.pk, dispute.pk, reason="x", by=clerk)
    with pytest.raises(Refused, match="它自己"):
        handling_moves.merge(dispute.pk, dispute.pk, reason="x", by=clerk)


def test_opened_again_its_people_and_money_count_once(bring: Bring, clerk: Actor) -> None:
    case = settled(bring(), clerk, fen=500)
    assert (counted("mediation.agreed"), counted("mediation.agreed_amount"), counted("mediation.workers")) == (
        1,
        500,
        1,
    )
    handling_moves.reopen(case.pk, on=date(2026, 9, 25), reason="单位反悔", by=clerk)
    row = Case.objects.get(pk=case.pk)
    assert (row.state, row.closed_on, row.result) == ("accepted", None, "")
    assert (counted("mediation.agreed"), counted("mediation.agreed_amount")) == (0, 0)
    assert clock(row, "mediate").started_on == date(2026, 9, 25)
    actions.move(case.pk, "settle", on=date(2026, 9, 28), values={"fen_agreed": 700}, by=clerk)
    assert (counted("mediation.agreed"), counted("mediation.agreed_amount"), counted("mediation.workers")) == (
        1,
        700,
        1,
    )
    assert counted("mediation.accepted") == 1


def test_what_is_under_way_is_not_opened_again_and_what_is_closed_not_handled(bring: Bring, clerk: Actor) -> None:
    case = bring()
    with pytest.raises(Refused, match="没有办结"):
        handling_moves.reopen(case.pk, on=ON, reason="x", by=clerk)
    settled(case, clerk)
    with pytest.raises(Refused, match="已经办结"):
        handling_moves.take_up(case.pk, reason="x", by=clerk)
    with pytest.raises(Refused, match="日期应在办结"):
        handling_moves.reopen(case.pk, on=date(2026, 9, 19), reason="x", by=clerk)
    with pytest.raises(Refused, match="请写明理由"):
        handling_moves.reopen(case.pk, on=date(2026, 9, 21), reason=" ", by=clerk)


def test_what_was_written_down_is_sealed(bring: Bring, clerk: Actor) -> None:
    case = bring()
    number = note_moves.write_down(case.pk, "call", "单位人事说下周付清", by=clerk)
    note = Note.objects.get(pk=number)
    assert "人事" not in str(note.text) and "人事".encode() not in bytes(note.text.envelope)
    for kind, text, said in (
        ("call", " ", "请写下"),
        ("rumour", "x", "请从列表中"),
        ("call", "长" * 2001, "最多写 2000"),
    ):
        with pytest.raises(Refused, match=said):
            note_moves.write_down(case.pk, kind, text, by=clerk)


def test_strangers_write_nothing_down(here: World, bring: Bring) -> None:
    case = bring()
    for stranger in (world.an_officer("station_worker", here.willow), world.an_officer("labour", here.root)):
        for act in (
            lambda by: note_moves.write_down(case.pk, "note", "x", by=by),
            lambda by: handling_moves.take_up(case.pk, reason="x", by=by),
            lambda by: handling_moves.assign(case.pk, None, by=by),
            lambda by: handling_moves.reopen(case.pk, on=ON + timedelta(1), reason="x", by=by),
        ):
            with pytest.raises(NotYours):
                act(stranger)
