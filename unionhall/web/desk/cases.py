"""Matters: disputes, hardship files, grants. Which of them an officer sees is their department's; the moves are the workflow's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall import catalogue
from unionhall.cases.models import Case
from unionhall.cases.reach import may_handle, may_see
from unionhall.cases.service import CaseService
from unionhall.cases.vocabulary import CHANNELS, DISPUTE_CAUSES, HARDSHIPS
from unionhall.kernel.actor import Actor
from unionhall.kernel.calendar import official
from unionhall.kernel.errors import Refused
from unionhall.kernel.money import yuan
from unionhall.kernel.workflow import Move
from unionhall.organisations.roles import ROLES, holders
from unionhall.people.models import Membership
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Step, render_detail
from unionhall.web.desk.filters import Choice, Days, Option, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix
from unionhall.web.desk.register import Add, Register
from unionhall.web.desk.todo import Waiting

SERVICES: dict[str, CaseService] = {one.key: one for one in catalogue.SERVICES if isinstance(one, CaseService)}
"""The services whose matters are handled here, in the order of the report."""

TITLES = {key: one.title for key, one in SERVICES.items()}
CAUSES = DISPUTE_CAUSES | HARDSHIPS
_LOST = frozenset({"declined", "failed", "withdrawn", "transferred"})


class CaseScope(NamedTuple):
    """Whose list it is: the places reached, and the actor, whose department decides which services it lists."""

    paths: tuple[str, ...]
    actor: Actor


@dataclass(frozen=True, slots=True)
class OfServices(Choice):
    """The services whose matters the actor sees; no others are offered."""

    def options(self, scope: Any, chosen: Sequence[str]) -> list[Option]:
        mine = [key for key in self.words if may_see(scope.actor, key)]
        return [Option(key, words.title(SERVICES[key]), key in chosen) for key in mine]


@dataclass(frozen=True, kw_only=True)
class CaseRegister(Register):
    """A list whose filters depend on the department, too."""

    def scope(self, actor: Actor) -> Any:
        return CaseScope(super().scope(actor).paths, actor)


def state_title(row: Case) -> str:
    """The state in the words of the matter's own service."""
    service = SERVICES.get(row.service)
    return service.workflow.title(row.state) if service else row.state


def tone(row: Case) -> str:
    """waiting at the door, under way, done, ended without."""
    service = SERVICES.get(row.service)
    if row.state in _LOST:
        return "off"
    if service is not None and (row.state in service.workflow.final or row.state == "filed"):
        return "ok"
    return "wait" if service is not None and row.state == service.workflow.initial else "go"


def _states() -> dict[str, str]:
    """State -> its titles in the services that know it: one filter for all."""
    found: dict[str, list[str]] = {}
    for service in SERVICES.values():
        for state in service.workflow.states:
            titles = found.setdefault(state, [])
            if service.workflow.title(state) not in titles:
                titles.append(service.workflow.title(state))
    return {state: " / ".join(titles) for state, titles in found.items()}


STATES = _states()

register = CaseRegister(
    key="cases", title=_("服务事项"), model=Case, right="cases.see", icon="clipboard-list", unit=_("件"),
    rows=lambda actor: Case.objects.visible_to(actor),
    columns=(
        Column("number", _("编号"), link=True),
        Column("service", _("业务"), words=TITLES),
        Column("state", _("状态"), words=STATES, show="state", tones={
            state: "off" if state in _LOST else "wait" if state == "received" else "ok" if state in ("paid", "agreed", "closed", "filed") else "go"
            for state in STATES
        }, phone="end"),
        Column("person", _("职工")),
        Column("cause", _("事由"), words=CAUSES, phone=""),
        Column("path", _("地方"), show="place", phone=""),
        Column("opened_on", _("登记"), show="day"),
        Column("closed_on", _("办结"), show="day", phone=""),
        Column("fen_agreed", _("金额（元）"), show="yuan", phone="", chosen=False),
    ),
    search=(ByPrefix("number"),), search_hint=_("编号"),
    filters=(
        OfServices("service", TITLES, _("业务")), Choice("state", STATES, _("状态")),
        Picked("going", _("进度"), {"open": (_("未办结"), Q(closed_on=None)), "closed": (_("已办结"), Q(closed_on__isnull=False))}),
        PlaceFilter(), Choice("cause", CAUSES, _("事由")), Days("opened_on", _("登记日期")),
    ),
    default_sort="-opened_on", sorts=("opened_on", "closed_on", "number"), related=("person",), detail="desk-case", export=True,
    people=True, add=Add(_("登记事项"), "desk-case-add", "cases.change"),
    views=((_("未办结"), "going=open"), (_("待受理"), "state=received"), (_("待发放"), "state=approved")),
    empty=_("您的部门和地方还没有服务事项。"),
)  # fmt: skip


class Due(NamedTuple):
    """By when the next step must be taken: the day, how many days are left (negative: late), and the law."""

    day: date
    left: int
    basis: str

    @property
    def css(self) -> str:
        return "due-late" if self.left < 0 else "due-soon" if self.left <= 3 else ""


class Stage(NamedTuple):
    """One state on the way: its title, whether it is behind, and whether the matter stands in it."""

    title: str
    passed: bool
    now: bool


def row_of(request: HttpRequest, number: int) -> Case:
    """The matter, if this account sees it; 404 otherwise."""
    related = ("person", "beneficiary", "employer")
    row: Case | None = register.visible(actor_of(request)).select_related(*related).filter(pk=number).first()
    if row is None or row.service not in SERVICES:
        raise Http404(f"case {number}")
    return row


@gate.right("cases.see")
@never_cache
@require_safe
def case(request: HttpRequest, number: int) -> HttpResponse:
    row = row_of(request, number)
    actor, service = actor_of(request), SERVICES[row.service]
    lines = chronicle.lines_of(row.subject)
    cause = CAUSES.get(row.cause, "")
    detail = Detail(
        title=(cause and f"{words.title(service)} · {cause}") or words.title(service), number=row.number,
        state=State(state_title(row), tone(row)), facts=_facts(row, actor), facts_title=_("当事人与金额"),
        steps=steps(row, actor), timeline=chronicle.events(row.subject, lines),
        counted_in=chronicle.counted_in(lines, actor), more={"stages": stages(row), "due": due(row)},
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row, template="web/desk/business/case.html")


def _facts(row: Case, actor: Actor) -> list[Fact]:
    facts = [Fact(_("职工"), str(row.person) if row.person else _("未写明"), _member_of(actor, row.person_id))]
    if row.beneficiary is not None:
        facts.append(Fact(_("受益人"), str(row.beneficiary)))
    elif row.details.get("beneficiary"):
        facts.append(Fact(_("受益人"), "＊＊＊"))
    facts += [Fact(_("单位"), row.employer.name if row.employer else ""), Fact(_("涉及人数"), f"{row.headcount:,}")]
    for title, fen in (
        (_("请求金额"), row.fen_claimed),
        (_("商定或批准金额"), row.fen_agreed),
        (_("发放金额"), row.fen_paid),
    ):
        if fen is not None:
            facts.append(Fact(title, _t("%(yuan)s 元") % {"yuan": f"{yuan(fen):,}"}))
    if row.channel:
        facts.append(Fact(_("来源"), CHANNELS.get(row.channel, row.channel)))
    facts += [Fact(_("登记"), row.opened_on), Fact(_("受理"), row.accepted_on), Fact(_("办结"), row.closed_on)]
    sealed = [field for field in SERVICES[row.service].form if field.sealed]
    if row.sealed_details is not None:
        facts.append(Fact("、".join(field.title for field in sealed) or _("密封内容"), "", secret=row.sealed_details))
    titles = {field.key: field.title for field in SERVICES[row.service].form} | {"reason": _("原因")}
    facts += [Fact(titles[key], value) for key, value in row.details.items() if key in titles]
    return facts


def _member_of(actor: Actor, person: int | None) -> str:
    if person is None or not actor.holds(*holders("members.see")):
        return ""
    held = (
        Membership.objects.visible_to(actor)
        .filter(person=person)
        .order_by("-since", "-pk")
        .values_list("pk", flat=True)
    )
    number = held.first()
    return reverse("desk-member", args=[number]) if number else ""


def steps(row: Case, actor: Actor) -> list[Step]:
    """The moves that leave the matter's state: those of my post are buttons, the others say whose they are."""
    found = []
    for move in SERVICES[row.service].workflow.leaving(row.state):
        mine = actor.reaches(row.path, move.by)
        why = _t("由%(post)s办理。") % {"post": ROLES.get(move.by, move.by)}
        url = reverse("desk-case-move", args=[row.pk, move.name])
        found.append(Step(move.name, move.title or move.name, mine, why, url, _icon(move), danger=move.target in _LOST))
    if may_handle(actor, row.service, row.path):
        found.append(Step("correct", _("更正登记"), True, "", reverse("desk-case-correct", args=[row.pk]), "edit"))
    return found


def _icon(move: Move) -> str:
    if move.target in _LOST:
        return "x"
    return "cash" if move.target == "paid" else "check"


def stages(row: Case) -> list[Stage]:
    """The straight way of the workflow, and where the matter stands on it; an end off that way takes the last place."""
    workflow = SERVICES[row.service].workflow
    way = [workflow.initial]
    while ahead := [move for move in workflow.leaving(way[-1]) if move.target not in _LOST and move.target not in way]:
        way.append(ahead[0].target)
    if row.state not in way:
        left = 1 if row.accepted_on is None else 2
        way = [*way[:left], row.state]
    here = way.index(row.state)
    return [Stage(workflow.title(state), at < here, at == here) for at, state in enumerate(way)]


def due(row: Case) -> Due | None:
    """The legal clock that runs from the state the matter is in; None when none does or the year's holidays are unknown."""
    for clock in SERVICES[row.service].clocks:
        started = row.accepted_on if clock.start == "accepted" else row.opened_on
        if clock.start == row.state and started is not None:
            try:
                day = clock.due(started, official())
            except Refused:
                return None
            return Due(day, (day - timezone.localdate()).days, clock.basis)
    return None


def waiting(state: str, roles: tuple[str, ...]) -> Any:
    """How many matters of a state wait for an actor of these posts; for the to-do list."""

    def count(actor: Actor) -> int:
        reached = actor.paths(*roles)
        return Case.objects.visible_to(actor).at(*reached).filter(state=state, closed_on=None).count() if reached else 0

    return count


WAITING = tuple(
    Waiting(title, _("件"), "cases.see", waiting(state, roles), lambda actor, state=state: reverse("desk-cases") + f"?state={state}")
    for title, state, roles in (
        (_("事项待受理或核实"), "received", ("station_worker", "street")), (_("调解进行中"), "accepted", ("station_worker",)),
        (_("救助待批准"), "verified", ("aid",)), (_("款项待发放"), "approved", ("finance",)),
    )
)  # fmt: skip
