"""The page of one matter: where it stands, by when what is due, what may be done next, what was done, who it is about."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.cases.chains import subject_of
from unionhall.cases.models import Case
from unionhall.cases.reach import LEVELS, may_approve, may_handle
from unionhall.kernel.actor import Actor
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk import (
    case_chain,
    case_clocks,
    case_files,
    case_handling,
    case_parties,
    case_referrals,
    case_words,
    cases,
    chronicle,
    drives,
    family,
    founding,
    hardship,
    papers,
    station_cases,
)
from unionhall.web.desk.case_words import Running
from unionhall.web.desk.detail import Detail, Fact, State, Step, render_detail


@gate.right("cases.see")
@never_cache
@require_safe
def case(request: HttpRequest, number: int) -> HttpResponse:
    row = cases.row_of(request, number)
    actor, service = actor_of(request), cases.SERVICES[row.service]
    lines = chronicle.lines_of(row.subject)
    cause = cases.cause_title(row)
    clocks = case_words.clocks_of(row, service)
    mine = may_handle(actor, row.service, row.path)
    tables = [
        case_parties.table(row, mine=mine, actor=actor),
        *case_chain.tables(row, mine=mine, actor=actor),
        *family.tables(row, actor),
        *station_cases.tables(row),
        papers.of_case(row) if service.papers else None,
        case_files.of_case(row, actor),
        case_referrals.table(row, mine=mine),
    ]
    detail = Detail(
        title=(cause and f"{words.title(service)} · {cause}") or words.title(service), number=row.number,
        state=State(cases.state_title(row), cases.tone(row)), facts=[*_handled(row), *cases.facts_of(row, actor), *family.facts(row, actor), *founding.facts(row, actor), *station_cases.facts(row, actor)],
        facts_title=_("当事人与金额") if row.station_id is None else "", steps=[*_steps(row, actor), *(_handling(row, actor) if mine else [])],
        timeline=case_words.together(case_words.noted(row, service, actor), chronicle.events(row.subject, lines)),
        counted_in=chronicle.counted_in([*lines, *chronicle.lines_of(subject_of(row.root))], actor),
        related=[table for table in tables if table is not None],
        more={
            "stages": cases.stages(row), "due": _first(clocks), "clocks": [_shown(one, actor, handled=mine) for one in clocks],
            "waiting_since": row.waiting_since, "asked": _asked(row, actor),
            "need": case_parties.need_speakers(row),
        },
    )  # fmt: skip
    return render_detail(request, detail, register=cases.register, row=row, template="web/desk/business/case.html")


def _handled(row: Case) -> list[Fact]:
    """Who answers for it now; of a matter that is over, nobody."""
    if row.closed_on is not None:
        into = row.merged_into
        return [Fact(_("并入"), into.number, reverse("desk-case", args=[into.pk]))] if into is not None else []
    return [Fact(_("现在承办"), _t(LEVELS[row.level])), Fact(_("承办人"), row.handler.name if row.handler else "")]


def _steps(row: Case, actor: Actor) -> list[Step]:
    """The steps of the workflow; then what is done for its household, its drive, its papers and files."""
    parts = (
        station_cases.steps,
        family.steps,
        hardship.steps,
        drives.steps,
        papers.steps_of_case,
        case_files.steps_of_case,
    )
    return [*cases.steps(row, actor), *(step for part in parts for step in part(row, actor))]


def _handling(row: Case, actor: Actor) -> list[Step]:
    """What may be decided about its handling; what cannot be done now is left out rather than explained six times over."""
    moves = (case_parties.MOVES, case_chain.MOVES, case_handling.MOVES, case_referrals.MOVES)
    return [step for one in moves for step in one.steps(row, actor) if step.allowed]


def _first(clocks: list[Running]) -> Running | None:
    """The duty that is due first."""
    return next((one for one in clocks if not one.window and one.left is not None), None)


def _shown(one: Running, actor: Actor, *, handled: bool) -> dict[str, Any]:
    steps = case_clocks.MOVES.steps(one.row, actor) if handled and one.row.ended_on is None else []
    return {"clock": one, "row": one.row, "steps": [step for step in steps if step.allowed]}


def _asked(row: Case, actor: Actor) -> list[dict[str, Any]]:
    """Requests for more time that wait; with the way to decide, for who may and did not ask."""
    may = may_approve(actor, row)
    return [
        {
            "asked": one,
            "href": reverse("desk-extension", args=[one.pk]) if may and one.asked_by_id != actor.account else "",
        }
        for one in case_clocks.open_extensions(row)
    ]
