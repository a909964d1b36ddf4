"""Matters: disputes, hardship files, grants. Which of them an officer sees is their department's; the moves are the workflow's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from unionhall import catalogue
from unionhall.cases import inbox, situation
from unionhall.cases.claims import reject_title
from unionhall.cases.handling_moves import MERGED
from unionhall.cases.models import Case
from unionhall.cases.parties import COLLECTIVE, collective
from unionhall.cases.reach import WORKER, may_handle, may_see, may_step
from unionhall.cases.service import CaseService
from unionhall.cases.vocabulary import CHANNELS, DISPUTE_CAUSES, HARDSHIPS, LEGAL_RESULTS, MEANS
from unionhall.kernel.actor import Actor
from unionhall.kernel.clock import SOON
from unionhall.kernel.money import yuan
from unionhall.kernel.workflow import Move
from unionhall.organisations.models import Employer
from unionhall.organisations.roles import ROLES, holders
from unionhall.people.models import Membership
from unionhall.web import words
from unionhall.web.acting import actor_of
from unionhall.web.desk import answering
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Fact, Step
from unionhall.web.desk.employers import INDUSTRIES
from unionhall.web.desk.filters import At, Came, Choice, Days, Of, Option, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix
from unionhall.web.desk.paper_bulk import BULK
from unionhall.web.desk.register import Add, Register

SERVICES: dict[str, CaseService] = {one.key: one for one in catalogue.SERVICES if isinstance(one, CaseService)}
"""The services whose matters are handled here, in the order of the report."""

TITLES: dict[str, Any] = {key: lazy(words.title, str)(one) for key, one in SERVICES.items()}
CAUSES = DISPUTE_CAUSES | HARDSHIPS
_LOST = frozenset(
    {"declined", "dropped", "refused", "failed", "withdrawn", "transferred", "breached", "given_up", "lapsed", MERGED}
)
_LATER = frozenset({"kept", "lowered"})
"""What comes of something given, time and again: no stages on the way there."""


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
    if row.state == MERGED:
        return _t("已并入")
    return _t(service.workflow.title(row.state)) if service else row.state


def cause_title(row: Case) -> str:
    """What a matter is about, in the words of its own service; empty when nobody said."""
    service = SERVICES.get(row.service)
    title = (service.causes.get(row.cause) if service else None) or CAUSES.get(row.cause, "")
    return _t(title) if title else ""


def many(row: Case) -> str:
    """How many workers it is about; of ten or more with one claim, that it is a collective dispute."""
    if SERVICES.get(row.service) is not None and SERVICES[row.service].chain and collective(row):
        return _t("集体 · %(n)s 人") % {"n": f"{row.headcount:,}"}
    return f"{row.headcount:,}"


def tone(row: Case) -> str:
    """waiting at the door, under way, done, ended without."""
    service = SERVICES.get(row.service)
    if row.state in _LOST:
        return "off"
    if service is not None and (row.state in service.workflow.closing or row.state == "filed"):
        return "ok"
    return "wait" if service is not None and row.state == service.workflow.initial else "go"


def _either(titles: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(_t(title) for title in titles))


def _by_key(named: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Key -> its titles in the services that know it, in the reader's language: one filter for all."""
    found: dict[str, list[str]] = {}
    for key, title in named:
        if title not in found.setdefault(key, []):
            found[key].append(title)
    return {key: lazy(_either, str)(titles) for key, titles in found.items()}


STATES = _by_key([
    *((state, one.workflow.title(state)) for one in SERVICES.values() for state in one.workflow.states), (MERGED, gettext_noop("已并入")),
])  # fmt: skip


def _late() -> Q:
    return Q(closed_on=None, waiting_since=None, due_on__lt=timezone.localdate())


def _soon() -> Q:
    today = timezone.localdate()
    return Q(closed_on=None, waiting_since=None, due_on__gte=today, due_on__lte=today + timedelta(days=SOON))


DUE = Picked("due", _("期限"), {
    "late": (_("已超期"), _late), "soon": (_("三天内到期"), _soon), "papers": (_("等补充材料"), Q(waiting_since__isnull=False)),
})  # fmt: skip

MANY = Picked("many", _("集体争议"), {
    "collective": (_("十人以上"), Q(headcount__gte=COLLECTIVE, service__in=[key for key, one in SERVICES.items() if one.chain])),
})  # fmt: skip


_ALL_CAUSES = _by_key(
    cause for causes in (CAUSES, *(one.causes for one in SERVICES.values())) for cause in causes.items()
)
TRADES = Picked("industry", _("行业"), {
    **{key: (title, Q(employer__industry__startswith=key)) for key, title in INDUSTRIES.items()},
    "none": (_("没有单位或行业不明"), ~Q(employer__industry__regex=f"^[{''.join(INDUSTRIES)}]") | Q(employer=None)),
})  # fmt: skip
PICTURE = (
    Came("picture", _("形势研判"), {"in": (_("计入形势研判的，同一争议只列第一件"), situation.first_of_its_chain)}),
    Came("blank", _("没有写明"), {"cause": (_("没有写明事由"), Q(cause=""))}),
    Of("employer", _("单位"), Employer),
    At("at", _("本级直接办理")),
)
"""How the page of the situation leads to the matters it counted."""

register = CaseRegister(
    key="cases", title=_("服务事项"), model=Case, right="cases.see", icon="clipboard-list", unit=_("件"),
    rows=lambda actor: Case.objects.visible_to(actor),
    columns=(
        Column("number", _("编号"), link=True),
        Column("service", _("业务"), words=TITLES),
        Column("state", _("状态"), says=state_title, show="state", tones={
            state: "off" if state in _LOST else "wait" if state == "received" else "ok" if state in ("paid", "agreed", "closed", "filed") else "go"
            for state in STATES
        }, phone="end"),
        Column("person", _("职工")),
        Column("cause", _("事由"), value=lambda row: cause_title(row), phone=""),
        Column("due_on", _("到期"), show="due"),
        Column("headcount", _("人数"), value=lambda row: many(row), phone=""),
        Column("path", _("地方"), show="place", phone=""),
        Column("opened_on", _("登记"), show="day"),
        Column("closed_on", _("办结"), show="day", phone=""),
        Column("fen_agreed", _("金额（元）"), show="yuan", phone="", chosen=False),
    ),
    search=(ByPrefix("number"),), search_hint=_("编号"),
    filters=(
        OfServices("service", TITLES, _("业务")), Choice("state", STATES, _("状态")),
        Picked("going", _("进度"), {"open": (_("未办结"), Q(closed_on=None)), "closed": (_("已办结"), Q(closed_on__isnull=False))}),
        DUE, MANY, PlaceFilter(), Choice("cause", _ALL_CAUSES, _("事由")), TRADES, *PICTURE, Days("opened_on", _("登记日期")),
    ),
    default_sort="-opened_on", sorts=("opened_on", "due_on", "closed_on", "number"), related=("person",), detail="desk-case", export=True,
    people=True, add=Add(_("登记事项"), "desk-case-add", "cases.change"), links=(Add(_("答复模板"), "desk-answer-texts", "cases.see"),), bulk=(BULK, answering.BULK),
    views=((_("未办结"), "going=open"), (_("已超期"), "due=late"), (_("待受理"), "state=received"), (_("待发放"), "state=approved")),
    empty=_("您的部门和地方还没有服务事项。"),
)  # fmt: skip


mine = replace(
    register, key="inbox", title=_("等我办的事项"), rows=lambda actor: inbox.mine(actor), default_sort="due_on", export=False, add=None, links=(), bulk=(),
    filters=(OfServices("service", TITLES, _("业务")), Choice("state", STATES, _("状态")), DUE, PlaceFilter()),
    views=((_("已超期"), "due=late"), (_("三天内到期"), "due=soon"), (_("待受理"), "state=received"), (_("等补充材料"), "due=papers")),
    empty=_("眼下没有等您办的事项。"),
)  # fmt: skip
"""The matters whose next step is the reader's."""


class Stage(NamedTuple):
    """One state on the way: its title, whether it is behind, and whether the matter stands in it."""

    title: str
    passed: bool
    now: bool


def row_of(request: HttpRequest, number: int) -> Case:
    """The matter, if this account sees it; 404 otherwise."""
    related = ("person", "beneficiary", "employer", "station")
    row: Case | None = register.visible(actor_of(request)).select_related(*related).filter(pk=number).first()
    if row is None or row.service not in SERVICES:
        raise Http404(f"case {number}")
    return row


def facts_of(row: Case, actor: Actor) -> list[Fact]:
    facts = []
    if row.station_id is None:
        facts.append(Fact(_("职工"), str(row.person) if row.person else _("未写明"), _member_of(actor, row.person_id)))
    if row.beneficiary is not None:
        facts.append(Fact(_("受益人"), str(row.beneficiary)))
    elif row.details.get("beneficiary"):
        facts.append(Fact(_("受益人"), "＊＊＊"))
    if row.station_id is None:
        facts += [Fact(_("单位"), row.employer.name if row.employer else ""), Fact(_("涉及人数"), many(row))]
    for title, fen in (
        (_("请求金额"), row.fen_claimed),
        (_("商定或批准金额"), row.fen_agreed),
        (_("已经支付") if SERVICES[row.service].chain else _("发放金额"), row.fen_paid),
        (_("还没有支付"), row.details.get("left")),
    ):
        if fen is not None:
            facts.append(Fact(title, _t("%(yuan)s 元") % {"yuan": f"{yuan(fen):,}"}))
    if row.channel:
        facts.append(Fact(_("来源"), _t(CHANNELS.get(row.channel, row.channel))))
    if row.event_on is not None:
        facts += [Fact(_("计划"), row.cause), Fact(_("出险日期"), row.event_on)]
    if row.details.get("reject"):
        facts.append(Fact(_("拒赔原因"), reject_title(row.details["reject"])))
    if row.result in LEGAL_RESULTS and row.service == "legal":
        facts.append(Fact(_("结果"), _t(LEGAL_RESULTS[row.result])))
    facts += [Fact(_("登记"), row.opened_on), Fact(_("受理"), row.accepted_on), Fact(_("办结"), row.closed_on)]
    sealed = [field for field in SERVICES[row.service].form if field.sealed]
    if row.sealed_details is not None:
        facts.append(
            Fact("、".join(_t(field.title) for field in sealed) or _("密封内容"), "", secret=row.sealed_details)
        )
    titles = {field.key: field.title for field in SERVICES[row.service].form} | {
        "reason": _("原因"),
        "notice_until": _("公示到"),
        "lawyer": _("律师"),
        "means": _("经济状况"),
        "visitors": _("巡查人员"),
        "body": _("移送机构"),
        "agenda": _("商定的议题"),
        "attended": _("到会的人"),
        "opinions": _("职工的意见"),
        "draft": _("办法草案的要点"),
        "assembly": _("哪一次会议通过"),
    }
    said = {field.key: field.choices for field in SERVICES[row.service].form} | {"means": MEANS}
    facts += [
        Fact(_t(str(titles[key])), _t(said.get(key, {}).get(value, str(value))))
        for key, value in row.details.items()
        if key in titles
    ]
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
        mine = may_step(actor, row, move)
        post = _t("职工本人") if move.by == WORKER else "、".join(_t(ROLES.get(one, one)) for one in move.by.split())
        why = _t("由%(post)s办理。") % {"post": post}
        url = reverse("desk-case-move", args=[row.pk, move.name])
        found.append(
            Step(move.name, _t(move.title or move.name), mine, why, url, _icon(move), danger=move.target in _LOST)
        )
    if row.station_id is None and may_handle(actor, row.service, row.path):
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
    off = _LOST | _LATER
    while ahead := [move for move in workflow.leaving(way[-1]) if move.target not in off and move.target not in way]:
        way.append(ahead[0].target)
    if row.state in _LATER:
        way.append(row.state)
    if row.state not in way:
        left = 1 if row.accepted_on is None else 2
        way = [*way[:left], row.state]
    here = way.index(row.state)
    return [Stage(_t(workflow.title(state)), at < here, at == here) for at, state in enumerate(way)]
