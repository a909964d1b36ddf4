"""Occasions of founding and joining: what came of a matter is a way on only for who sees it, and who begins one handles them."""

from collections.abc import Iterator

from tests.matrix.occasions import by, occasion
from tests.matrix.scene import DAY, Scene
from unionhall.cases import registers
from unionhall.cases.actions import record
from unionhall.cases.models import Case
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.models import Employer
from unionhall.web.desk import founding


@occasion
def what_came_of_a_matter_is_a_way_on_for_who_sees_it(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    case = Case.objects.get(pk=scene.keys["joining", "own"])
    for scope, wanted in (("own", True), ("sibling", False), ("elsewhere", False)):
        case.details = {"union": scene.keys["union", scope], "membership": scene.keys["membership", scope]}
        ways = {fact.href for fact in founding.facts(case, me) if fact.href}
        at = f"/desk/unions/{scene.keys['union', scope]}/", f"/desk/members/{scene.keys['membership', scope]}/"
        for way in at:
            yield "" if (way in ways) == wanted else f"{way} of {scope} is {'no way on' if wanted else 'shown'}"


@occasion
def a_matter_of_founding_is_begun_and_found_by_who_handles_it(scene: Scene) -> Iterator[str]:
    me, other = by(scene, ("station_worker", "own")), by(scene, ("rights", "own"))
    row = Employer.objects.get(pk=scene.keys["employer", "own"])
    yield "" if founding.step_of_employer(row, me, covered=False) else "the station cannot begin"
    yield "another department may begin" if founding.step_of_employer(row, other, covered=False) else ""
    for scope, wanted in (
        ("sibling", False),
        ("own", True),
    ):  # passed on to another street, its matter is not this one's
        told = registers.PlainMatter(
            "founding", f"JH-{scope}", scene.paths[scope], DAY, "lead", None, "unknown", None, row.pk
        )
        (number,) = record([registers.plain(told)], by=SYSTEM)
        found = [step.url for step in founding.step_of_employer(row, me, covered=False)]
        yield "" if (f"/desk/cases/{number}/" in found) == wanted else f"the matter at {scope}: {found}"
        Case.objects.filter(pk=number).update(closed_on=DAY)
