"""The journal is corrected by voiding and writing again, and a withdrawn correction comes back."""

from datetime import date

import pytest

from tests.world import World
from unionhall.journal import actions
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db


def _entry(act: str, day: int, subject: str = "case:9", fen: int = 0) -> Entry:
    return Entry("mediation", act, "101", date(2015, 3, day), subject, fen=fen)


def _standing(subject: str = "case:9") -> list[tuple[str, int, int]]:
    lines = Line.objects.standing().filter(subject=subject).order_by("on", "pk")
    return [(line.act, line.on.day, line.fen) for line in lines]


def test_a_correction_touches_only_the_lines_that_no_longer_hold(here: World) -> None:
    kept, _ = actions.write_many([_entry("received", 1), _entry("accepted", 2)], by=SYSTEM, batch=1)
    voided = actions.correct(
        {"case:9": [_entry("received", 1), _entry("accepted", 4), _entry("agreed", 9, fen=500)]},
        by=SYSTEM,
        batch=2,
        reason="更正",
    )
    assert voided == 1
    assert _standing() == [("received", 1, 0), ("accepted", 4, 0), ("agreed", 9, 500)]
    assert Line.objects.get(pk=kept).voided_by_id is None
    void = Line.objects.get(act="void")
    assert (void.kind, void.reason, void.subject) == ("accepted", "更正", "case:9")


def test_the_same_correction_again_does_nothing(here: World) -> None:
    wanted = {"case:9": [_entry("received", 1), _entry("received", 1)]}
    actions.correct(wanted, by=SYSTEM, reason="更正")
    count = Line.objects.count()
    assert actions.correct(wanted, by=SYSTEM, reason="更正") == 0
    assert Line.objects.count() == count


def test_withdrawing_a_correction_brings_the_first_lines_back(here: World) -> None:
    actions.write_many([_entry("received", 1), _entry("accepted", 2)], by=SYSTEM, batch=1)
    actions.correct({"case:9": [_entry("received", 1), _entry("accepted", 4)]}, by=SYSTEM, batch=2, reason="更正")
    actions.void_batch(2, by=SYSTEM, reason="导错了")
    assert _standing() == [("received", 1, 0), ("accepted", 2, 0)]
    actions.void_batch(1, by=SYSTEM, reason="全部撤回")
    assert _standing() == []


def test_nothing_is_ever_deleted_or_rewritten(here: World) -> None:
    actions.write_many([_entry("received", 1)], by=SYSTEM, batch=1)
    first = Line.objects.filter(subject="case:9").values_list("pk", "act", "on", "fen").get()
    actions.correct({"case:9": [_entry("received", 3)]}, by=SYSTEM, batch=2, reason="更正")
    actions.void_batch(2, by=SYSTEM, reason="撤")
    assert Line.objects.filter(pk=first[0]).values_list("pk", "act", "on", "fen").get() == first
    assert _standing() == [("received", 1, 0)]
