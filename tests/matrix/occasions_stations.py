"""Occasions of stations: who says how an item is found, whose the checklist is, and to whom a station is a way on."""

from collections.abc import Iterator

from django.utils import timezone

from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.scene import Scene
from unionhall.cases import station_moves
from unionhall.cases.models import Case
from unionhall.cases.station_moves import Found
from unionhall.web.desk import station_cases


@occasion
def an_item_is_found_by_the_post_whose_turn_it_is_and_only_there(scene: Scene) -> Iterator[str]:
    said = {"sign": Found(True, "x")}
    head, other = by(scene, ("station_head", "own")), by(scene, ("organisation", "own"))
    own, beside = scene.keys["self_check", "own"], scene.keys["self_check", "sibling"]
    yield let_in("the station checks itself", lambda: station_moves.check(own, said, by=head))
    yield kept_out("another station's check", lambda: station_moves.check(beside, said, by=head))
    yield kept_out("the district in the station's place", lambda: station_moves.check(own, said, by=other))
    dispute = scene.keys["dispute", "own"]
    yield kept_out("a check of what is no station", lambda: station_moves.check(dispute, said, by=head))


@occasion
def the_checklist_is_laid_down_by_the_department_whose_service_it_is(scene: Scene) -> Iterator[str]:
    today = timezone.localdate()

    def lay_down(who: object) -> None:
        station_moves.lay_down_item("", "x", "x", required=True, since=today, reason="x", by=who)  # type: ignore[arg-type]

    for role, may in (("organisation", True), ("rights", False), ("station_head", False)):
        me = by(scene, (role, "own"))
        yield let_in(role, lambda me=me: lay_down(me)) if may else kept_out(role, lambda me=me: lay_down(me))
        end = lambda me=me: station_moves.end_item("sign", since=today, reason="x", by=me)  # noqa: E731
        yield let_in(role, end) if may else kept_out(role, end)


@occasion
def the_station_of_a_matter_is_a_way_on_for_who_sees_it(scene: Scene) -> Iterator[str]:
    me = by(scene, ("organisation", "own"))
    case = Case.objects.get(pk=scene.keys["standard", "own"])
    for scope, wanted in (("own", True), ("sibling", False)):
        case.station_id = scene.keys["station", scope]
        ways = {fact.href for fact in station_cases.facts(case, me) if fact.href}
        yield "" if (f"/desk/stations/{case.station_id}/" in ways) == wanted else f"station of {scope}: {ways}"
