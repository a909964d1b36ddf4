"""Occasions of matters: who handles them, stops their clocks and says yes to more time; and to whom they have risen."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from django.utils import timezone

from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.occasions_actions import NEAR, _both
from tests.matrix.occasions_pages import reader_of, shown, text_of
from tests.matrix.scene import SCOPES, Scene
from tests.world import FOUNDED
from unionhall.cases import actions as cases
from unionhall.cases import (
    case_moves,
    clock_moves,
    handling_moves,
    inbox,
    intake_moves,
    note_moves,
    party_moves,
    referral_moves,
    reminding_moves,
    turning,
    turning_moves,
)
from unionhall.cases.clock_models import Deadline, Extension
from unionhall.cases.models import Case
from unionhall.cases.party_models import Party
from unionhall.cases.party_moves import New
from unionhall.cases.reach import may_step, speaks
from unionhall.cases.referral_moves import To
from unionhall.cases.turning_moves import Taken
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.organisations.actions import PostRow, give_post
from unionhall.organisations.models import PostHeld
from unionhall.web.desk import case_chain, case_clocks, case_handling, case_parties, case_referrals

ON = date(2015, 9, 1)
NOW = datetime(2015, 9, 1, tzinfo=UTC)
Act = Callable[[int, Actor], object]


def _dispute(scene: Scene, scope: str) -> int:
    return scene.keys["dispute", scope]


HANDLING: dict[str, Act] = {
    "written down": lambda case, me: note_moves.write_down(case, "note", "x", by=me),
    "assigned": lambda case, me: handling_moves.assign(case, None, by=me),
    "risen": lambda case, me: handling_moves.take_up(case, reason="x", by=me),
    "given back": lambda case, me: handling_moves.give_back(case, reason="x", on=ON, by=me),
    "completed": lambda case, me: handling_moves.complete(case, on=ON, by=me),
    "opened again": lambda case, me: handling_moves.reopen(case, on=ON, reason="x", by=me),
}


@occasion
def a_matter_is_handled_by_its_department_at_its_place(scene: Scene) -> Iterator[str]:
    me, other = by(scene, ("station_worker", "own")), by(scene, ("aid", "own"))
    # Somebody who sees matters there, too, but handles none: to see is not enough.
    sees = by(scene, ("rights", "own"), ("leader", "sibling"), ("leader", "elsewhere"), ("leader", "parent"))
    for what, act in HANDLING.items():
        yield from _both(what, lambda scope, act=act: act(_dispute(scene, scope), me))
        yield kept_out(f"{what} by another department", lambda act=act: act(_dispute(scene, "own"), other))
        for scope in ("sibling", "elsewhere", "parent"):
            yield kept_out(
                f"{what} by who only sees {scope}", lambda act=act, scope=scope: act(_dispute(scene, scope), sees)
            )


def _refer(case: int, me: Actor) -> int:
    to = PostHeld.objects.filter(role="lawyer").values_list("account", flat=True)[0]
    return referral_moves.refer(case, To(to), ["opened"], asked="x", until=timezone.localdate(), by=me)


PARTIES: dict[str, Act] = {
    "referred": _refer,
    "a party": lambda case, me: party_moves.add(case, New(name="甲乙"), on=ON, by=me),
    "amounts": lambda case, me: party_moves.set_amounts(case, {}, by=me),
    "representatives": lambda case, me: party_moves.name_representatives(case, [], by=me),
    "payment": lambda case, me: party_moves.perform(case, {}, on=ON, by=me),
    "the bringer": lambda case, me: party_moves.write_down_bringer(case, by=me),
    "taken outside": lambda case, me: turning_moves.take_outside(case, Taken("court", "x", ON), by=me),
    "turned": lambda case, me: turning_moves.turn(
        case, "legal", on=ON, values={"facts": "x", "wants": "advice"}, by=me
    ),
}


@occasion
def parties_and_what_follows_are_of_matters_one_handles(scene: Scene) -> Iterator[str]:
    me, other = by(scene, ("station_worker", "own")), by(scene, ("aid", "own"))
    sees = by(scene, ("rights", "own"), ("leader", "sibling"), ("leader", "elsewhere"), ("leader", "parent"))
    for what, act in PARTIES.items():
        yield from _both(what, lambda scope, act=act: act(_dispute(scene, scope), me))
        yield kept_out(f"{what} by another department", lambda act=act: act(_dispute(scene, "own"), other))
        for scope in ("sibling", "elsewhere", "parent"):
            yield kept_out(
                f"{what} by who only sees {scope}", lambda act=act, scope=scope: act(_dispute(scene, scope), sees)
            )
    yield from _both(
        "a result", lambda scope: turning_moves.hear_result(scene.keys["outside", scope], "won", on=ON, fen=1, by=me)
    )
    yield kept_out(
        "a result by who only sees",
        lambda: turning_moves.hear_result(scene.keys["outside", "sibling"], "won", on=ON, fen=1, by=sees),
    )
    yield from _both(
        "taken out",
        lambda scope: party_moves.remove(_dispute(scene, scope), scene.keys["party", scope], reason="x", by=me),
    )
    yield from _both("withdrawn", lambda scope: referral_moves.withdraw(scene.keys["sent", scope], by=me))
    yield kept_out(
        "withdrawn by who only sees", lambda: referral_moves.withdraw(scene.keys["sent", "sibling"], by=sees)
    )
    yield let_in("one's own is referred", lambda: _refer(_dispute(scene, "own"), me))
    yield let_in("one's own is turned", lambda: PARTIES["turned"](_dispute(scene, "own"), me))
    women = turning.may_become(Case.objects.get(pk=_dispute(scene, "own")), by(scene, ("women", "own")))
    yield f"another department turns it into {women}" if women else ""
    stranger = Actor(None, "x", person=scene.keys["person", "child"])
    yield kept_out("left by a stranger", lambda: party_moves.leave(_dispute(scene, "own"), now=NOW, by=stranger))


@occasion
def the_word_that_counts_is_the_representatives(scene: Scene) -> Iterator[str]:
    own, mine, other = _dispute(scene, "own"), scene.keys["person", "own"], scene.keys["person", "child"]
    case, brought, beside = Case.objects.get(pk=own), Actor(None, "x", person=mine), Actor(None, "x", person=other)
    yield "" if speaks(brought, case) and not speaks(beside, case) else "who brought it does not speak"
    Party.objects.create(case=case, path=case.path, person_id=other, since=ON, representative=True)
    yield "" if speaks(beside, case) and not speaks(brought, case) else "who was named does not speak"
    yield "" if Case.objects.visible_to(beside).filter(pk=own).exists() else "who claims does not see it"
    yield kept_out("added by who does not speak", lambda: intake_moves.add(own, "x", now=NOW, by=brought))


@occasion
def a_matter_is_passed_on_from_ones_places_only(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    yield from _both(
        "passed on",
        lambda scope: handling_moves.pass_on(_dispute(scene, scope), scene.paths["elsewhere"], reason="x", by=me),
    )


@occasion
def both_of_two_matters_that_are_one_are_ones_own(scene: Scene) -> Iterator[str]:
    me, own = by(scene, ("station_worker", "own")), _dispute(scene, "own")
    for scope in SCOPES:
        far = scope not in ("own", "child")
        if scope == "own":
            continue
        wanted = kept_out if far else let_in
        yield wanted(
            f"into one at {scope}",
            lambda scope=scope: handling_moves.merge(own, _dispute(scene, scope), reason="x", by=me),
        )
        yield wanted(
            f"one at {scope}", lambda scope=scope: handling_moves.merge(_dispute(scene, scope), own, reason="x", by=me)
        )


@occasion
def only_its_own_worker_says_that_the_papers_are_there(scene: Scene) -> Iterator[str]:
    Case.objects.filter(pk=_dispute(scene, "own")).update(waiting_since=ON)
    mine, other = scene.keys["person", "own"], scene.keys["person", "child"]
    yield let_in(
        "one's own", lambda: handling_moves.complete(_dispute(scene, "own"), on=ON, by=Actor(None, "x", person=mine))
    )
    yield kept_out(
        "another's", lambda: handling_moves.complete(_dispute(scene, "own"), on=ON, by=Actor(None, "x", person=other))
    )


@occasion
def who_may_handle_it_is_named_to_who_sees_it(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    yield from _both(
        "handlers", lambda scope: handling_moves.handlers(Case.objects.get(pk=_dispute(scene, scope)), by=me)
    )
    named = handling_moves.handlers(Case.objects.get(pk=_dispute(scene, "own")), by=me)
    above = scene.keys["account", "parent"]
    yield f"somebody above is given work ({named})" if above in named else ""


@occasion
def clocks_are_those_of_matters_one_handles(scene: Scene) -> Iterator[str]:
    me, other = by(scene, ("station_worker", "own")), by(scene, ("aid", "own"))
    sees = by(scene, ("rights", "own"), ("leader", "sibling"), ("leader", "elsewhere"), ("leader", "parent"))
    Extension.objects.all().update(granted=False)
    acts: dict[str, Act] = {
        "stopped": lambda row, who: clock_moves.suspend(row, on=ON, reason="x", by=who),
        "resumed": lambda row, who: clock_moves.resume(row, on=ON, by=who),
        "begun anew": lambda row, who: clock_moves.restart(row, on=ON, reason="x", by=who),
        "asked for": lambda row, who: clock_moves.ask_extension(row, days=1, reason="x", now=NOW, by=who),
    }
    for what, act in acts.items():
        yield from _both(what, lambda scope, act=act: act(scene.keys["deadline", scope], me))
        yield kept_out(f"{what} by another department", lambda act=act: act(scene.keys["deadline", "own"], other))
        for scope in ("sibling", "elsewhere", "parent"):
            yield kept_out(
                f"{what} by who only sees", lambda act=act, scope=scope: act(scene.keys["deadline", scope], sees)
            )


@occasion
def more_time_is_given_from_above_the_station(scene: Scene) -> Iterator[str]:
    head, clerk = by(scene, ("station_head", "own")), by(scene, ("station_worker", "own"))
    other = by(scene, ("aid", "own"))

    def decide(scope: str, who: Actor) -> None:
        clock_moves.decide_extension(scene.keys["extension", scope], yes=True, now=NOW, by=who)

    yield from _both("more time", lambda scope: decide(scope, head))
    yield kept_out("by the station's worker", lambda: decide("own", clerk))
    yield kept_out("by another department", lambda: decide("own", other))


@occasion
def the_unions_own_limits_are_its_departments(scene: Scene) -> Iterator[str]:
    told = {"since": date(2099, 1, 1), "working_days": 3, "reason": "x"}
    for role, wanted in (("organisation", let_in), ("rights", kept_out), ("street", kept_out)):
        yield wanted(
            f"limit by {role}",
            lambda role=role: clock_moves.lay_down("correction", "answer", by=by(scene, (role, "own")), **told),
        )


@occasion
def only_the_machine_turns_the_days(scene: Scene) -> Iterator[str]:
    yield kept_out("a day", lambda: reminding_moves.each_day(ON, by=by(scene, ("station_head", "own"))))


@occasion
def only_the_machine_lets_a_matter_rise_for_being_late(scene: Scene) -> Iterator[str]:
    case = _dispute(scene, "own")
    yield kept_out(
        "a matter that rises",
        lambda: handling_moves.rise_if_late(case, date(2099, 1, 1), reason="x", by=by(scene, ("station_head", "own"))),
    )


@occasion
def a_step_is_its_posts_and_of_whom_the_matter_has_risen_to(scene: Scene) -> Iterator[str]:
    own = _dispute(scene, "own")

    def fail(role: str, scope: str = "own") -> Callable[[], object]:
        return lambda: cases.move(own, "fail", on=ON, values={"reason": "x"}, by=by(scene, (role, scope)))

    yield kept_out("the street's, at the station", fail("street"))
    Case.objects.filter(pk=own).update(level="street")
    yield let_in("the street's, risen to it", fail("street"))
    yield kept_out("another street's", fail("street", "sibling"))
    yield kept_out("the department's, not risen to it", fail("rights"))
    Case.objects.filter(pk=own).update(level="district")
    yield let_in("the department's, risen to it", fail("rights"))
    yield kept_out("another department's", fail("aid"))
    step = cases.services.find("mediation").workflow.find("accepted", "fail")
    worker = Actor(None, "x", person=scene.keys["person", "own"])
    yield "a worker takes the station's step" if may_step(worker, Case.objects.get(pk=own), step) else ""


@occasion
def an_inbox_holds_matters_of_ones_places_only(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    found = set(inbox.mine(me).values_list("pk", flat=True))
    for scope in SCOPES:
        within = scope in ("own", "child")
        yield f"the inbox and {scope}" if (_dispute(scene, scope) in found) != within else ""
    other = set(inbox.mine(by(scene, ("aid", "own"))).values_list("pk", flat=True))
    yield "another department's inbox holds it" if _dispute(scene, "own") in other else ""


@occasion
def a_matter_is_opened_by_its_department_only(scene: Scene) -> Iterator[str]:
    def open_one(role: str) -> Callable[[], object]:
        told = {"claim": "x", "headcount": 1}
        return lambda: case_moves.open_one(
            "mediation",
            path=scene.paths["own"],
            on=ON,
            values=told,
            by=by(scene, (role, "own")),
            person=None,
            employer=None,
        )

    yield let_in("its own department", open_one("rights"))
    yield kept_out("another department", open_one("aid"))


@occasion
def who_only_sees_a_matter_decides_nothing_about_it(scene: Scene) -> Iterator[str]:
    """Head of one's own station, who sees the matters of the next street and says yes to nothing there."""
    account = scene.accounts["nobody"]
    for role, scope in (("station_head", "own"), ("leader", "sibling")):
        give_post(PostRow(account.pk, role, scene.paths[scope], FOUNDED), by=SYSTEM)
    client = reader_of(account)
    for scope, status in (("own", "200"), ("sibling", "404")):
        text = text_of(client, "desk-extension", scene.keys["extension", scope])
        yield "" if text.startswith(status) else f"more time at {scope}: {text[:3]}"


@occasion
def pages_of_handling_are_not_there_for_who_only_sees(scene: Scene) -> Iterator[str]:
    """A post that sees matters at one place and handles them at another finds no page at the first."""
    sees = by(scene, ("rights", "own"), ("leader", "sibling"))
    for scope, wanted in (("own", True), ("sibling", False)):
        for what, find, key in (
            ("matter", case_handling.find, _dispute(scene, scope)),
            ("clock", case_clocks.find, scene.keys["deadline", scope]),
            ("party", case_parties.find_party, scene.keys["party", scope]),
            ("referral", case_referrals.find_sent, scene.keys["sent", scope]),
            ("body outside", case_chain.find_outside, scene.keys["outside", scope]),
        ):
            try:
                find(sees, key)
                found = True
            except Exception as error:  # noqa: BLE001 - told by its name
                found = type(error).__name__ != "Http404"
            yield f"page of {what} at {scope}" if found != wanted else ""
    yield "" if Deadline.objects.visible_to(sees).exists() else "no clock is seen at all"


@occasion
def the_situation_counts_what_its_reader_sees_at_their_places(scene: Scene) -> Iterator[str]:
    """A department counts the matters of its own services; a street, those of its own place, and no other's page is there."""
    for role, none in (("aid", True), ("rights", False)):
        text = text_of(reader_of(scene.accounts[role]), "desk-situation")
        yield shown(f"no matter to {role}", text, '<b class="num">0</b>', none)
    for scope in SCOPES:
        status = text_of(reader_of(scene.accounts["street"]), "desk-situation", query=f"?place={scene.paths[scope]}")[
            :3
        ]
        yield "" if (status == "200") == (scope in NEAR) else f"the situation at {scope}: {status}"
