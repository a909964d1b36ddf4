"""Occasions of actions: the second row of a step, the new place of a row, posts that carry the right somewhere else."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from tests import world
from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.scene import DAY, Scene
from unionhall.access import approvals, reveal
from unionhall.access.actions import sessions
from unionhall.access.models import Approval, Session
from unionhall.agreements import agreement_moves
from unionhall.agreements.models import AgreementCover
from unionhall.cases import actions as cases
from unionhall.cases import case_moves
from unionhall.cases.models import Case
from unionhall.exchange import scope as reach
from unionhall.exchange import uploads
from unionhall.exchange.models import Upload
from unionhall.indicators import target_moves
from unionhall.jobs.tasks import cards as card_tasks
from unionhall.jobs.tasks import papers
from unionhall.kernel.actor import SYSTEM
from unionhall.ledger import actions as ledger
from unionhall.ledger import undo_moves
from unionhall.ledger.models import Entry
from unionhall.offers import use_moves
from unionhall.offers.actions import Use, record_uses
from unionhall.organisations.actions import covering, employer_book, posts, station_life, tree, union_life
from unionhall.organisations.models import Cover, Employer, Place
from unionhall.people import union_moves
from unionhall.people.models import Membership

ON, EARLY = date(2015, 9, 1), date(2000, 1, 1)
NEAR, FAR = ("own", "child"), ("sibling", "elsewhere")


def _both(what: str, call: Any) -> Iterator[str]:
    """A step that names a second row: done with one within reach, refused with one beyond it."""
    for scope in NEAR:
        yield let_in(f"{what} {scope}", partial(call, scope))
    for scope in FAR:
        yield kept_out(f"{what} {scope}", partial(call, scope))


# --- accounts, sessions, second persons -------------------------------------------------------------------------------


def a_session(account: int, key: bytes, device: str = "") -> int:
    now = timezone.now()
    return Session.objects.create(
        key=key, account_id=account, device=device, since=now, seen=now, until=now + timedelta(days=1),
        idle_until=now + timedelta(days=1),
    ).pk  # fmt: skip


@occasion
def one_ends_ones_own_sessions_only(scene: Scene) -> Iterator[str]:
    mine, theirs = scene.accounts["finance"].pk, scene.accounts["labour"].pk
    here, there = a_session(mine, b"a" * 16), a_session(theirs, b"b" * 16)
    me = by(scene, ("finance", "own"))
    yield let_in("one's own", lambda: sessions.end(here, by=me))
    yield kept_out("somebody else's", lambda: sessions.end(there, by=me), says="已经结束")
    yield kept_out("all of somebody else", lambda: sessions.end_all(theirs, by=me, because="x"))
    keeper = by(scene, ("system_admin", "parent"))
    yield let_in("all, as keeper of accounts", lambda: sessions.end_all(theirs, by=keeper, because="x"))


@occasion
def a_password_is_set_by_its_owner_or_the_keeper(scene: Scene) -> Iterator[str]:
    mine, theirs = scene.accounts["finance"].pk, scene.accounts["labour"].pk
    me = by(scene, ("finance", "own"))
    yield let_in("one's own", lambda: posts.set_password(mine, "x" * 12, by=me))
    yield kept_out("somebody else's", lambda: posts.set_password(theirs, "x" * 12, by=me))


@occasion
def a_yes_to_an_export_is_no_yes_at_a_place_left_since(scene: Scene) -> Iterator[str]:
    boss, me = by(scene, ("finance", "parent")), by(scene, ("finance", "own"))
    for place, wanted in (("own", let_in), ("parent", kept_out)):
        number = approvals.ask(what=place, title="x", path=scene.paths[place], people=600, reason="x", by=boss)
        Approval.objects.filter(pk=number).update(state="approved")
        yield wanted(f"for {place}", lambda place=place: approvals.use(what=place, people=600, by=me))


@occasion
def the_sealed_words_of_a_matter_open_to_its_department_only(scene: Scene) -> Iterator[str]:
    Case.objects.filter(pk=scene.keys["dispute", "own"]).update(
        sealed_details=Case.objects.values_list("sealed_details", flat=True).get(pk=scene.keys["aid", "own"])
    )
    for role, kind, wanted in (
        ("aid", "aid", let_in),
        ("aid", "dispute", kept_out),
        ("union_officer", "aid", kept_out),
    ):
        rows = [scene.keys[kind, "own"]]
        yield wanted(
            f"{kind} by {role}",
            lambda rows=rows, role=role: reveal._reached(
                reveal.find("cases.case.sealed_details"), rows, by(scene, (role, "own"))
            ),
        )


# --- agreements, matters, offers --------------------------------------------------------------------------------------


@occasion
def an_agreement_covers_employers_of_ones_places_only(scene: Scene) -> Iterator[str]:
    me, own = by(scene, ("station_worker", "own")), scene.keys["agreement", "own"]
    yield from _both(
        "cover of", lambda scope: agreement_moves.cover(own, [scene.keys["employer", scope]], by=me, since=ON)
    )


@occasion
def the_cover_of_an_employer_is_ended_where_the_employer_lies(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    AgreementCover.objects.update(agreement=scene.keys["agreement", "own"])
    # On a day too early: who may not end it is not told so.
    yield from _both(
        "cover", lambda scope: agreement_moves.uncover(scene.keys["agreement_cover", scope], by=me, on=EARLY)
    )


@occasion
def a_matter_is_opened_and_moved_at_ones_places_only(scene: Scene) -> Iterator[str]:
    me, labour = by(scene, ("station_worker", "own")), by(scene, ("labour", "own"))
    told = {"claim": "x", "headcount": 1}
    yield from _both(
        "opening at", lambda scope: cases.open_case("mediation", path=scene.paths[scope], on=ON, values=told, by=me)
    )
    for scope in FAR:
        number = scene.keys["dispute", scope]
        yield kept_out(
            f"no such step {scope}", lambda number=number: cases.move(number, "nonsense", on=ON, values={}, by=me)
        )
    own = scene.keys["dispute", "own"]
    yield kept_out("another post's step", lambda: cases.move(own, "fail", on=ON, values={"reason": "x"}, by=labour))
    yield let_in("one's own step", lambda: cases.move(own, "fail", on=ON, values={"reason": "x"}, by=me))


@occasion
def a_matter_is_taken_on_by_who_sees_it(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    yield from _both(
        "matter",
        lambda scope: case_moves.take_on(scene.keys["dispute", scope], "fail", on=ON, values={"reason": "x"}, by=me),
    )


@occasion
def a_matter_is_put_right_by_its_department_where_it_lies(scene: Scene) -> Iterator[str]:
    right = case_moves.Corrected("leave", "", 2, None, None, None)
    me = by(scene, ("rights", "own"))
    yield from _both(
        "matter", lambda scope: case_moves.correct_one(scene.keys["dispute", scope], right, reason="x", by=me)
    )
    other = by(scene, ("aid", "own"))
    own = scene.keys["dispute", "own"]
    yield kept_out("another department's", lambda: case_moves.correct_one(own, right, reason="x", by=other))


@occasion
def a_payment_is_taken_back_by_the_treasurer_of_its_place(scene: Scene) -> Iterator[str]:
    def posting(scope: str) -> int:
        return int(Entry.objects.values_list("posting", flat=True).get(pk=scene.keys["entry", scope]))

    # Somebody of the other street, too, but not its treasurer: what the ledger itself asks would let them in.
    me = by(scene, ("finance", "own"), ("labour", "sibling"), ("labour", "elsewhere"))
    yield from _both("posting", lambda scope: undo_moves.take_back(posting(scope), reason="x", by=me))
    alone = by(scene, ("finance", "own"))
    yield from _both("reversal", lambda scope: ledger.reverse(posting(scope), reason="x", by=alone))


@occasion
def money_moves_at_ones_places_only(scene: Scene) -> Iterator[str]:
    me, fund = by(scene, ("finance", "own")), scene.keys["fund", "own"]
    moves = (("in:x", -100), (ledger.CASH, 100))
    yield from _both("for", lambda scope: ledger.post(scope, fund, moves, on=ON, path=scene.paths[scope], by=me))


@occasion
def a_use_is_recorded_for_ones_own_members_only(scene: Scene) -> Iterator[str]:
    me, offer = by(scene, ("station_worker", "own")), scene.keys["offer", "own"]
    for scope in (*NEAR, *FAR):
        record_uses([Use(offer, scene.keys["person", scope], ON, f"x{scope}", verified_by="card")], by=SYSTEM)
    # They used it that day already: who may not know of them is told nothing of it.
    yield from _both("member", lambda scope: use_moves.record(offer, [scene.keys["membership", scope]], by=me, on=ON))


# --- imports, figures, jobs -------------------------------------------------------------------------------------------


@occasion
def a_file_is_handled_by_who_may_bring_it_in_there(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    yield from _both("file", lambda scope: uploads.discard(scene.keys["upload", scope], by=me))
    yield from _both(
        "held file", lambda scope: uploads.must_hold(Upload.objects.get(pk=scene.keys["upload", scope]), by=me)
    )


@occasion
def a_number_buys_no_name_from_elsewhere(scene: Scene) -> Iterator[str]:
    for scope in (*NEAR, *FAR):
        known = SimpleNamespace(id=scene.keys["person", scope])
        one: Any = SimpleNamespace(note=SimpleNamespace(known=known), reasons=(("name", f"姓名是{scope}"),))
        reach._hush_names([one], by(scene, ("station_worker", "own")))
        told = scope in one.reasons[0][1]
        yield "" if told == (scope in NEAR) else f"the name {scope} is {'told' if told else 'kept back'}"


@occasion
def goals_are_set_at_ones_places_only(scene: Scene) -> Iterator[str]:
    figure: Any = SimpleNamespace(key="member.members", counting="people", adds=True)
    me = by(scene, ("organisation", "own"))
    for scope in FAR:
        yield kept_out(
            f"a goal {scope}",
            lambda scope=scope: target_moves.set_goals(
                figure, 2015, scene.paths["own"], None, {scene.paths[scope]: None}, by=me, on=ON
            ),
        )


@occasion
def a_job_takes_cards_and_reports_of_ones_own_places(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    yield from _both("cards", lambda scope: card_tasks.waiting(me, scene.paths[scope], ON.isoformat()))
    context: Any = SimpleNamespace(actor=lambda: me)
    yield from _both("report", lambda scope: papers.yearly_report.func(context, scene.paths[scope], 2015, "nonsense"))


@occasion
def a_job_takes_cards_for_who_changes_them(scene: Scene) -> Iterator[str]:
    treasurer, day = by(scene, ("finance", "own")), ON.isoformat()
    yield kept_out("cards", lambda: card_tasks.waiting(treasurer, scene.paths["own"], day))


# --- the standing order -----------------------------------------------------------------------------------------------


@occasion
def a_union_that_ends_takes_no_cover_of_elsewhere_with_it(scene: Scene) -> Iterator[str]:
    me, union = by(scene, ("station_worker", "own")), scene.keys["union", "own"]
    yield let_in("its own cover", lambda: covering.close_covers(union, ON, None, by=me))
    Cover.objects.filter(pk=scene.keys["cover", "sibling"]).update(union=union)
    yield kept_out("a cover elsewhere", lambda: covering.close_covers(union, ON, None, by=me), says="别的地方的单位")


@occasion
def an_employer_joins_a_union_of_ones_own_or_one_above(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    Cover.objects.filter(pk=scene.keys["cover", "own"]).update(until=DAY)
    yield from _both(
        "union",
        lambda scope: covering.cover_employers(
            scene.keys["union", scope], [scene.keys["employer", "own"]], since=ON, by=me
        ),
    )


@occasion
def a_code_used_elsewhere_names_no_employer(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    for scope in (*NEAR, *FAR):
        twin = Employer.objects.get(pk=scene.keys["employer", scope])
        stated = employer_book.Stated(twin.uscc, "新单位", scene.paths["own"])
        says = twin.name if scope in NEAR else "别的地方的一家单位"
        yield kept_out(f"twin {scope}", lambda stated=stated: employer_book.add_employer(stated, by=me), says=says)


@occasion
def a_station_is_not_moved_to_anothers_place(scene: Scene) -> Iterator[str]:
    me, station = by(scene, ("street", "own")), scene.keys["station", "own"]
    yield from _both(
        "station",
        lambda scope: station_life.correct_station(
            station, station_life.Stated("新站名", scene.paths[scope], world.FOUNDED), by=me
        ),
    )


@occasion
def the_tree_is_changed_at_ones_places_only(scene: Scene) -> Iterator[str]:
    me = by(scene, ("organisation", "own"))

    def code(scope: str) -> str:
        return str(Place.objects.values_list("code", flat=True).get(path=scene.paths[scope]))

    def row(scope: str) -> tree.PlaceRow:
        return tree.PlaceRow("W99", "新地方", "community", code(scope), world.FOUNDED)

    yield from _both("a place below", lambda scope: tree.record_places([row(scope)], by=me))
    yield from _both("the name of", lambda scope: tree.rename(code(scope), "新名称", on=ON, by=me))
    for scope in FAR:
        for one, other in (("child", scope), (scope, "child")):
            yield kept_out(
                f"{one} into {other}",
                lambda one=one, other=other: tree.merge_places(code(one), code(other), on=ON, reason="x", by=me),
            )


@occasion
def a_union_is_founded_at_ones_places_only(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))

    def stated(scope: str) -> union_life.Founding:
        return union_life.Founding(
            "新工会", "community_joint", scene.paths[scope], ON, scene.keys["union", "parent"], code="X0"
        )

    # The code is one that is used: who may not found a union there is not told so.
    yield from _both("union", lambda scope: union_life.found_union(stated(scope), by=me))


@occasion
def members_of_a_union_that_ends_go_where_one_may_bring_them(scene: Scene) -> Iterator[str]:
    me, union = by(scene, ("station_worker", "own")), scene.keys["union", "own"]
    Cover.objects.filter(union=union).update(until=DAY)

    def end(scope: str) -> Any:
        return union_moves.end_union(union, on=ON, reason="x", into=scene.keys["union", scope], members_go=True, by=me)

    yield let_in("into one below", lambda: end("child"))
    for scope in FAR:
        yield kept_out(f"into one {scope}", lambda scope=scope: end(scope))
    yield kept_out("into one above", lambda: end("parent"), says="由管那里的干部办理")
    Membership.objects.filter(pk=scene.keys["membership", "own"]).update(path=scene.paths["sibling"])
    yield kept_out("members who stand elsewhere", lambda: end("child"))
