"""States and moves: only declared steps are taken, and a declaration that could strand a record is an error."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhall.kernel.errors import Refused
from unionhall.kernel.workflow import Move, Workflow


def no_more_than_asked(record: Any, values: Mapping[str, Any]) -> None:
    if values["granted"] > record["asked"]:
        raise Refused("批准金额不能超过申请金额。")


AID = Workflow(
    "received",
    Move("verify", "received", "verified", by="station", title="核实"),
    Move("decline", "received", "declined", by="station", asks=("reason",), title="不予办理"),
    Move("approve", "verified", "approved", by="district", asks=("granted",), guard=no_more_than_asked),
    Move("return", "verified", "received", by="district"),
    titles={"received": "已申请"},
)


def test_states_come_in_the_order_of_the_declaration() -> None:
    assert AID.states == ("received", "verified", "declined", "approved")
    assert AID.final == {"declined", "approved"}
    assert AID.title("received") == "已申请"
    assert AID.title("verified") == "verified"


def test_only_a_declared_step_is_found() -> None:
    assert AID.find("received", "verify").target == "verified"
    with pytest.raises(Refused, match="现在的状态是“已申请”，不能这样办理；可以：核实、不予办理。"):
        AID.find("received", "approve")
    with pytest.raises(Refused, match="没有下一步"):
        AID.find("approved", "verify")


@pytest.mark.parametrize("reason", [None, ""])
def test_a_step_asks_for_what_it_needs(reason: str | None) -> None:
    decline = AID.find("received", "decline")
    with pytest.raises(Refused, match="还要填写：reason"):
        AID.check(decline, {}, {"reason": reason})
    AID.check(decline, {}, {"reason": "不符合条件"})


def test_zero_is_an_answer() -> None:
    AID.check(AID.find("verified", "approve"), {"asked": 10}, {"granted": 0})


def test_the_guard_speaks_last() -> None:
    approve = AID.find("verified", "approve")
    AID.check(approve, {"asked": 10}, {"granted": 10})
    with pytest.raises(Refused, match="不能超过申请金额"):
        AID.check(approve, {"asked": 10}, {"granted": 11})
    with pytest.raises(Refused, match="还要填写"):
        AID.check(approve, {"asked": 10}, {})


def test_two_steps_of_one_name_from_one_state_are_an_error() -> None:
    with pytest.raises(ValueError, match="two moves named go leave a"):
        Workflow("a", Move("go", "a", "b", by="x"), Move("go", "a", "c", by="x"))


def test_a_state_no_way_leads_to_is_an_error() -> None:
    with pytest.raises(ValueError, match="no way leads to"):
        Workflow("a", Move("go", "a", "b", by="x"), Move("leave", "lost", "b", by="x"))


STATES = st.sampled_from("abcdef")
MOVES = st.lists(
    st.builds(lambda s, t: Move(f"{s}-{t}", s, t, by="x"), STATES, STATES), unique_by=lambda m: m.name, max_size=15
)


@given(moves=MOVES)
def test_whatever_is_accepted_can_be_walked(moves: list[Move]) -> None:
    try:
        workflow = Workflow("a", *moves)
    except ValueError:
        lost = {m.source for m in moves} - reached(moves)
        assert lost
        return
    assert set(workflow.states) == reached(moves) | {"a"}
    for state in workflow.states:
        for move in workflow.leaving(state):
            assert workflow.find(state, move.name) is move
        assert (state in workflow.final) == (not workflow.leaving(state))


def reached(moves: list[Move]) -> set[str]:
    """The states a walk from "a" comes to, by repetition until nothing is new."""
    seen = {"a"}
    while True:
        new = {m.target for m in moves if m.source in seen} - seen
        if not new:
            return seen
        seen |= new
