"""Occasions of aid: who writes down a household, lays down caps, reckons income, opens and empties a drive, enrols people."""

from collections.abc import Iterator
from datetime import date

from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.occasions_actions import _both
from tests.matrix.scene import DAY, Scene
from unionhall.cases import aid_moves, drive_moves
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.offers.actions import OfferRow, open_offers
from unionhall.offers.policy_moves import PolicyRow, change_policies, record_policies
from unionhall.people import household_moves

ON = date(2015, 9, 1)


@occasion
def a_household_is_written_down_where_one_stands(scene: Scene) -> Iterator[str]:
    me, sees = by(scene, ("station_worker", "own")), by(scene, ("finance", "own"))

    def add(scope: str, who: Actor) -> object:
        return household_moves.add_member(
            scene.keys["person", scope], name="甲乙", number="", relation="child", on=ON, path=scene.paths[scope], by=who,
        )  # fmt: skip

    yield from _both("a member of a household", lambda scope: add(scope, me))
    yield kept_out("a member, by who only sees", lambda: add("own", sees))
    yield from _both(
        "one who left", lambda scope: household_moves.end_member(scene.keys["family", scope], on=ON, by=me)
    )
    yield kept_out(
        "one who left, by who only sees",
        lambda: household_moves.end_member(scene.keys["family", "own"], on=ON, by=sees),
    )


@occasion
def caps_are_the_aid_departments(scene: Scene) -> Iterator[str]:
    for role, wanted in (("aid", let_in), ("street", kept_out), ("finance", kept_out), ("leader", kept_out)):
        yield wanted(
            f"a cap by {role}",
            lambda role=role: aid_moves.lay_down(
                "cap", 1, since=date(2099, 1, 1), reason="x", by=by(scene, (role, "own"))
            ),
        )


@occasion
def income_is_reckoned_by_who_handles_the_file(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    yield from _both("a reckoning", lambda scope: aid_moves.reckon(scene.keys["file", scope], {}, lost=0, on=ON, by=me))
    other = by(scene, ("rights", "own"))
    yield kept_out(
        "by another department", lambda: aid_moves.reckon(scene.keys["file", "own"], {}, lost=0, on=ON, by=other)
    )


@occasion
def a_drive_is_opened_by_aid_and_its_money_moved_by_finance(scene: Scene) -> Iterator[str]:
    aid, finance, clerk = (by(scene, (role, "own")) for role in ("aid", "finance", "station_worker"))

    def opened(scope: str, who: Actor = aid) -> object:
        return drive_moves.open_drive(scene.keys["aid", scope], "x", 100, on=ON, by=who)

    def given(scope: str, who: Actor = finance) -> object:
        drive = scene.keys["drive", scope]
        return drive_moves.receive(drive, 1, way="cash", voucher="9", donor="x", anonymous=False, on=ON, by=who)

    def handed(scope: str, who: Actor = finance) -> object:
        return drive_moves.hand_over(scene.keys["drive", scope], 1, voucher="9", on=ON, by=who)

    yield from _both("a drive", opened)
    yield from _both("a gift", given)
    yield from _both("a hand-over", handed)
    yield from _both(
        "its end", lambda scope: drive_moves.close_drive(scene.keys["drive", scope], reason="x", on=ON, by=aid)
    )
    yield from _both(
        "a gift voided", lambda scope: drive_moves.void_gift(scene.keys["gift", scope], reason="x", by=finance)
    )
    yield from _both(
        "a hand-over voided",
        lambda scope: drive_moves.void_handover(scene.keys["handover", scope], reason="x", by=finance),
    )
    yield kept_out("a drive by the station", lambda: opened("own", clerk))
    yield kept_out("a gift by the station", lambda: given("own", clerk))
    yield kept_out("a hand-over by aid", lambda: handed("own", aid))


@occasion
def people_are_enrolled_by_who_runs_the_plans_there(scene: Scene) -> Iterator[str]:
    (plan,) = open_offers(
        [
            OfferRow(
                "insurance.plans", "TRY", "x", scene.paths["parent"], date(2015, 1, 1), date(2016, 1, 1), kind="premium"
            )
        ],
        by=SYSTEM,
    )

    def row(scope: str) -> PolicyRow:
        return PolicyRow(plan, scene.keys["person", scope], scene.paths[scope], scope, DAY, None, "union", 1)

    me, other = by(scene, ("station_worker", "own")), by(scene, ("women", "own"))
    yield from _both("an enrolment", lambda scope: record_policies([row(scope)], by=me))
    yield kept_out("by another department", lambda: record_policies([row("own")], by=other))
    (made,) = record_policies([row("own")], by=SYSTEM)
    yield let_in("corrected", lambda: change_policies([(made, row("own"))], by=me))
    yield kept_out("corrected elsewhere", lambda: change_policies([(made, row("sibling"))], by=me))
