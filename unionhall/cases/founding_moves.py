"""What a step of founding or joining makes: a union with its employer, a cover, a membership; once, within the step's transaction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from unionhall.cases.models import Case
from unionhall.cases.stepping import by_another, in_order
from unionhall.cases.union_building import union_for
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.paths import above
from unionhall.kernel.workflow import Move
from unionhall.organisations.actions import union_life
from unionhall.organisations.actions.covering import cover_employers
from unionhall.organisations.actions.union_life import Founding
from unionhall.organisations.days import years_after
from unionhall.organisations.models import Employer, Union
from unionhall.organisations.vocabulary import FEDERATIONS
from unionhall.people import membership_moves
from unionhall.people.membership_moves import Work


def follow(case: Case, step: Move, values: Mapping[str, Any], *, on: date, by: Actor) -> None:
    """Within the transaction of a step, before it is saved. Refused: a day before the last step's or to
    come, one's own entry approved by oneself, and whatever the registers themselves refuse.
    """
    in_order(case, on)
    made: dict[str, int] = {}
    if step.target == "approved":
        by_another(case, "applied", by)
    elif step.target == "registered":
        by_another(case, "elected", by)
        made = {"union": _found(case, str(values["union_name"]), on, by)}
    elif step.target == "covered":
        union = int(values["union"])
        cover_employers(union, [_employer(case).pk], since=on, by=by)
        made = {"union": union}
    elif step.target == "admitted":
        made = _admit(case, on, by)
    case.details = {**case.details, **made}


def _found(case: Case, name: str, on: date, by: Actor) -> int:
    employer = _employer(case)
    chosen = Line.objects.standing().filter(subject=case.subject, act="elected").latest("pk").on
    term = case.details.get("term")  # which a register of the past does not tell
    over = Union.objects.filter(kind__in=FEDERATIONS, until=None, path__in=[*above(employer.path), employer.path])
    upper = over.order_by("-path").first()
    stated = Founding(
        name, "independent", employer.path, on, upper.pk if upper is not None else None,
        approval_no=str(case.details.get("approval_no", "")), term_until=years_after(chosen, int(term)) if term else None,
        employers=(employer.pk,),
    )  # fmt: skip
    return union_life.found_union(stated, by=by)


def _admit(case: Case, on: date, by: Actor) -> dict[str, int]:
    union = union_for(case.employer_id, on)
    if union is None:
        raise Refused("这家单位现在没有工会覆盖，不能入会；请先办理建会，或答复职工。")
    work = Work(case.employer_id, str(case.details.get("job", "")), "")
    held = membership_moves.admit_known(case.person_id or 0, union.pk, work, since=on, by=by)
    return {"union": union.pk, "membership": held}


def _employer(case: Case) -> Employer:
    if case.employer is None:
        raise Refused("这件事项没有写明单位，请先更正登记。")
    return case.employer
