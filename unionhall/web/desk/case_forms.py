"""The forms of a matter: opening one, taking it a step on, putting right what was written down wrong.

Their fields come from the service's declaration: its form, and what the move asks for.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.cases import case_moves, helped, parties, party_moves
from unionhall.cases.case_moves import Corrected
from unionhall.cases.claims import rejects_on
from unionhall.cases.lawyers import lawyers_at
from unionhall.cases.models import Case
from unionhall.cases.party_moves import Amounts
from unionhall.cases.promise_moves import PAID
from unionhall.cases.reach import may_handle, may_step
from unionhall.cases.service import CaseService
from unionhall.cases.station_rules import SERVICES as STATIONS
from unionhall.cases.union_building import FOUNDING, JOINING
from unionhall.cases.vocabulary import CHANNELS, LEGAL_RESULTS, MEANS
from unionhall.kernel.actor import Actor
from unionhall.kernel.workflow import Move
from unionhall.ledger.models import Fund
from unionhall.offers.duty_models import LAWYER, Duty
from unionhall.offers.models import Offer
from unionhall.offers.policies import MEDICAL, PLANS, PREMIUM
from unionhall.organisations.models import Employer, Place
from unionhall.organisations.roles import holders
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk import answering, case_asked, case_page, case_parties, cases, family, founding, station_cases
from unionhall.web.desk.cases import SERVICES, register
from unionhall.web.desk.choosing import one_employer, one_member
from unionhall.web.desk.detail import drawn_tables
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.sheet import TEMPLATE, Sheet, typed
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.yuan import YuanField
from unionhall.web.sudo import ask_again, recently_proven

CLAIMS = {"insurance.premium": PREMIUM, "insurance.medical": MEDICAL}
"""Services of claims -> the kind of the plans they are made under."""
ELSEWHERE = (JOINING, *STATIONS)
"""What is not begun here: a worker asks to join on their own telephone, a station's matters begin on its page."""


def open_form(service: CaseService, actor: Actor) -> type[DeskForm]:
    """The form that opens a matter: who, where, when, and the questions of the service."""
    spots = list(Place.objects.visible_to(actor).filter(until=None).order_by("path").values_list("path", "name"))
    mine = [(path, name) for path, name in spots if may_handle(actor, service.key, path)]
    fields: dict[str, Any] = {
        "member": forms.CharField(
            label=_("职工"), max_length=64, required=service.needs_worker, help_text=_("在册会员的姓名、手机号或证件号码。号码只用来查找，不会另外保存。"),
            widget=forms.TextInput(attrs={"data-secret": "", "autocomplete": "off"}),
        ),
        "place": forms.ChoiceField(label=_("在哪里办理"), choices=[("", "—"), *mine]),
        "on": forms.DateField(label=_("登记日期"), initial=timezone.localdate),
        "employer": forms.CharField(label=_("单位"), max_length=18, required=False, help_text=_("统一社会信用代码；不填就是没有写明。")),
    }  # fmt: skip
    if causes := service.causes:
        fields["cause_key"] = forms.ChoiceField(label=_("类别"), choices=[("", "—"), *titles(causes)])
    if service.key == "mediation":
        fields["channel"] = forms.ChoiceField(label=_("来源"), choices=[("", "—"), *titles(CHANNELS)], required=False)
        fields["headcount"] = forms.IntegerField(label=_("涉及人数"), min_value=1, max_value=100_000, initial=1)
    if service.key in CLAIMS:
        plans = (
            Offer.objects.filter(service=PLANS, kind=CLAIMS[service.key])
            .order_by("-since")
            .values_list("code", "title")
        )
        fields["plan"] = forms.ChoiceField(label=_("互助保障计划"), choices=[("", "—"), *plans])
        fields["event_on"] = forms.DateField(label=_("出险日期"))
    if {"agreed", PAID} & set(service.workflow.states):
        fields["fen_claimed"] = YuanField(label=_("请求金额（元）"), required=False)
    for field in service.form:
        if field.choices:
            choices = [("", "—"), *titles(field.choices)]
            fields[f"form_{field.key}"] = forms.ChoiceField(
                label=_(field.title), required=field.required, choices=choices
            )
            continue
        widget = forms.Textarea(attrs={"rows": 3, **({"data-secret": ""} if field.sealed else {})})
        fields[f"form_{field.key}"] = forms.CharField(
            label=_(field.title),
            required=field.required,
            max_length=2000,
            widget=widget,
            help_text=_(field.hint) if field.hint else "",
        )
    if service.key == FOUNDING:  # of an employer, where that lies
        fields["employer"] = forms.CharField(label=_("单位"), max_length=18, help_text=_("统一社会信用代码"))
        del fields["member"], fields["place"]
    return type("OpenForm", (DeskForm,), fields)


@gate.right("cases.change")
@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which service the matter is of: those this post handles."""
    actor = actor_of(request)
    mine = [
        one
        for key, one in SERVICES.items()
        if key not in ELSEWHERE and any(may_handle(actor, key, at) for at in actor.paths(*holders("cases.change")))
    ]
    if len(mine) == 1:
        return HttpResponseRedirect(reverse("desk-case-open", args=[mine[0].key]))
    context = {"services": mine, "crumbs": ((register.title, reverse("desk-cases")),)}
    return render(request, "web/desk/business/case_choose.html", context)


@gate.right("cases.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_one(request: HttpRequest, key: str) -> HttpResponse:
    actor = actor_of(request)
    service = SERVICES.get(key)
    if (
        service is None
        or key in ELSEWHERE
        or not any(may_handle(actor, key, at) for at in actor.paths(*holders("cases.change")))
    ):
        raise Http404(f"service {key}")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        member, employer = one_member(said.get("member", ""), by), one_employer(said["employer"], by)
        values: dict[str, Any] = {
            field.key: said[f"form_{field.key}"] for field in service.form if said[f"form_{field.key}"]
        }
        values |= {
            name: said[name]
            for name in ("channel", "headcount", "event_on", "fen_claimed")
            if said.get(name) not in (None, "")
        }
        opened = case_moves.open_one(
            key, path=said.get("place") or Employer.objects.get(pk=employer).path, on=said["on"], values=values, by=by, person=member.person_id if member else None,
            cause=said.get("cause_key") or said.get("plan", ""),
            employer=employer or (member.employer_id if member else None),
        )  # fmt: skip
        return Done(
            _t("事项已登记，编号 %(number)s。") % {"number": opened.number}, then=reverse("desk-case", args=[opened.pk])
        )

    title = _t("登记%(service)s") % {"service": words.title(service)}
    drawn = Drawn(title, button=_("登记"), crumbs=((register.title, reverse("desk-cases")),))
    initial = founding.begun_with(request) if key == FOUNDING else {}
    return answer(request, open_form(service, actor), drawn, act, reverse("desk-cases"), initial=initial)


def move_form(row: Case, move: Move) -> type[Sheet]:
    """The form of one step: its day, and what the move asks for."""
    fields: dict[str, Any] = {"on": forms.DateField(label=_("办理日期"), initial=timezone.localdate)}
    many = parties.applicants(row) if "fen_agreed" in move.asks else []
    for party in many:
        fields[f"agreed_{party.pk}"] = YuanField(label=_("应得（元）"), initial=typed(party.fen_agreed))
    if "fen_agreed" in move.asks and not many:
        label = _("协议金额（元）") if row.service == "mediation" else _("批准金额（元）")
        fields["fen_agreed"] = YuanField(label=label)
        if row.service == "mediation" and row.fen_claimed is None:
            fields["fen_claimed"] = YuanField(
                label=_("请求金额（元）"), required=False, help_text=_("没有登记过的，可以补填。")
            )
    fields |= _paying_fields(row, move) | founding.fields(row, move) | station_cases.fields(row, move)
    if "answer" in move.asks:
        fields["answer"] = answering.field()
    if "reject" in move.asks:
        codes = [(code, f"{code} {_t(title)}") for code, title in rejects_on(timezone.localdate()).items()]
        fields["reject"] = forms.ChoiceField(label=_("拒赔代码"), choices=[("", "—"), *codes])
    fields |= _legal_fields(row, move)
    if "result" in move.asks and "fen_agreed" in fields:
        fields["fen_agreed"].label = _("为职工争取到的金额（元）")
    if "reason" in move.asks:
        fields["reason"] = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    fields |= {
        name: case_asked.field(name) for name in move.asks if name not in fields and not (many and name == "fen_agreed")
    }
    lines = tuple(
        (f"{at}. {case_parties.named(party, whole=True)}", (f"agreed_{party.pk}",)) for at, party in enumerate(many, 1)
    )
    return type("MoveForm", (Sheet,), fields | {"sheet": lines})


def _paying_fields(row: Case, move: Move) -> dict[str, Any]:
    """From what a grant is paid; when it is approved, why beyond its cap."""
    fields: dict[str, Any] = {}
    if move.target == "approved" and PAID in SERVICES[row.service].workflow.states:
        # Typed and not chosen: which purses there are is for those to see who see the money.
        fields["fund"] = forms.CharField(
            label=_("列支资金"), max_length=40, required=False,
            help_text=_("资金的名称，可问财务部。不填就用专为这项业务设立的资金；批准的金额随即占用它的预算。"),
        )  # fmt: skip
        if helped.looked_at(row.service):
            fields["override"] = forms.CharField(
                label=_("超限理由"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("超过限额或同一原因再次救助、确需批准的才填，记入日志；不要写病情。"),
            )  # fmt: skip
    if "fund" in move.asks:
        funds = [(fund.name, fund.name) for fund in Fund.objects.order_by("name")]
        fields["fund"] = forms.ChoiceField(label=_("从哪项资金发放"), choices=[("", "—"), *funds])
    return fields


def _legal_fields(row: Case, move: Move) -> dict[str, Any]:
    """Who represents the worker, on what ground, and with what result."""
    fields: dict[str, Any] = {}
    if "lawyer" in move.asks:
        fields["lawyer"] = forms.ChoiceField(
            label=_("律师"), choices=[("", "—"), *lawyers_for(row)], help_text=_("今天值班的排在前面。被指派的律师可以看到这件事，并由他记录和结案。"),
        )  # fmt: skip
    if "means" in move.asks:
        fields["means"] = forms.ChoiceField(label=_("经济困难状况怎样认定"), choices=[("", "—"), *titles(MEANS)])
        fields["means_basis"] = forms.CharField(
            label=_("依据的材料和理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "data-secret": ""}),
            help_text=_("看了哪些材料。加密保存；别人要看，须写明理由。"),
        )  # fmt: skip
    if "result" in move.asks:
        fields["result"] = forms.ChoiceField(label=_("结果"), choices=[("", "—"), *titles(LEGAL_RESULTS)])
        fields["report"] = forms.CharField(
            label=_("结案报告"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6, "data-secret": ""})
        )
    return fields


def _each(row: Case, said: Mapping[str, Any], by: Actor) -> dict[str, int]:
    """What each of several workers gets by a step is written down as theirs; its sum is what the step says."""
    told = {party: said[f"agreed_{party.pk}"] for party in parties.applicants(row) if f"agreed_{party.pk}" in said}
    new = {party.pk: Amounts(party.fen_claimed, fen) for party, fen in told.items() if fen != party.fen_agreed}
    if new:
        party_moves.set_amounts(row.pk, new, by=by)
    return {"fen_agreed": sum(told.values())} if told else {}


def lawyers_for(row: Case) -> list[tuple[str, str]]:
    """Who may be given a matter: those on duty today first, with where; then the others with the post."""
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    found = lawyers_at(row.path, now.date())
    duties = Duty.objects.standing().filter(kind=LAWYER, account__in=list(found), ends_at__gt=midnight)
    today = (
        duties.filter(starts_at__lt=midnight + timedelta(days=1)).select_related("station").order_by("starts_at", "pk")
    )
    there = {one.account: one.station.name for one in reversed(list(today))}
    first = [account for account in found if account in there]
    rest = [account for account in found if account not in there and account != row.lawyer_id]
    said = [
        (str(one), _t("%(who)s（今天在%(station)s值班）") % {"who": found[one], "station": there[one]})
        for one in first
        if one != row.lawyer_id
    ]
    return said + [(str(one), found[one]) for one in rest]


@gate.right("cases.see")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """One step of the workflow. One that is not lawful now, or not this post's, goes back to the matter, which says why."""
    row, actor = cases.row_of(request, number), actor_of(request)
    back = reverse("desk-case", args=[number])
    step = next((one for one in SERVICES[row.service].workflow.leaving(row.state) if one.name == name), None)
    if step is None or not may_step(actor, row, step):
        raise Http404(f"case {number} has no step {name} for this post")
    if step.target == PAID and not recently_proven(request):
        return ask_again(request)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        values = {
            name: said[name]
            for name in (*step.asks, "fen_claimed", "fund", "override")
            if said.get(name) not in (None, "")
        }
        values |= _each(row, said, by) | answering.sent(row, said)
        moved = case_moves.take_on(number, name, on=said["on"], values=values, by=by)
        return Done(
            _t("已办理：%(step)s。现在是“%(state)s”。")
            % {"step": _t(step.title or name), "state": cases.state_title(moved)}
        )

    texts = answering.offered(row, step)
    facts = (
        (_("业务"), words.title(SERVICES[row.service])),
        *(((_("单位"), row.employer.name),) if row.employer else ()),
        (_("服务站"), row.station.name) if row.station else (_("职工"), row.person or "—"),
        (_("现在"), cases.state_title(row)),
    )
    drawn = Drawn(
        _t(step.title or name), button=_t(step.title or name), crumbs=((register.title, reverse("desk-cases")), (row.number, back)),
        facts=facts, icon="cash" if step.target == PAID else "check", danger=step.target in ("declined", "failed", "withdrawn"),
        more={"tables": drawn_tables(family.tables(row, actor)) if step.target == "approved" else [], "texts": texts},
    )  # fmt: skip
    form = move_form(row, step)
    template = TEMPLATE if form.sheet else "web/desk/business/case_move.html"
    filling, begun = answering.FILL in request.POST, answering.begun(request, row, texts, actor)
    return answer(request, form, drawn, act, back, initial=begun, template=template, filling=filling)


class CorrectForm(DeskForm):
    """What was written down wrong, as it should be; and why."""

    cause = forms.ChoiceField(label=_("类别"), required=False)
    channel = forms.ChoiceField(label=_("来源"), required=False, choices=[("", "—"), *titles(CHANNELS)])
    headcount = forms.IntegerField(label=_("涉及人数"), min_value=1, max_value=100_000)
    employer = forms.CharField(
        label=_("单位"), max_length=18, required=False, help_text=_("统一社会信用代码；不填就是没有写明。")
    )
    fen_claimed = YuanField(label=_("请求金额（元）"), required=False)
    fen_agreed = YuanField(label=_("商定或批准金额（元）"), required=False)
    reason = forms.CharField(label=_("更正理由"), max_length=200)


@gate.right("cases.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: int) -> HttpResponse:
    row, actor = cases.row_of(request, number), actor_of(request)
    if not may_handle(actor, row.service, row.path):
        raise Http404(f"case {number} is not this post's")
    causes = SERVICES[row.service].causes
    if row.cause and row.cause not in causes:
        causes = causes | {row.cause: cases.CAUSES.get(row.cause, row.cause)}

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = CorrectForm(*args, **kwargs)
        made.fields["cause"].choices = [("", "—"), *titles(causes)]
        if not causes:
            del made.fields["cause"]
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        right = Corrected(
            said.get("cause", row.cause), said["channel"], said["headcount"], one_employer(said["employer"], by), said["fen_claimed"],
            said["fen_agreed"],
        )  # fmt: skip
        case_moves.correct_one(number, right, reason=said["reason"], by=by)
        return Done(_t("登记已更正，指标随之变化；原来的记录保留可查。"))

    back = reverse("desk-case", args=[number])
    initial = {
        "cause": row.cause, "channel": row.channel, "headcount": row.headcount, "employer": row.employer.uscc if row.employer else "",
        "fen_claimed": typed(row.fen_claimed), "fen_agreed": typed(row.fen_agreed),
    }  # fmt: skip
    crumbs = ((register.title, reverse("desk-cases")), (row.number, back))
    drawn = Drawn(
        _("更正登记"),
        button=_("更正"),
        crumbs=crumbs,
        facts=((_("编号"), row.number), (_("现在"), cases.state_title(row))),
    )
    return answer(request, form, drawn, act, back, initial=initial)


_AT = "desk/cases/<int:number>/"
urlpatterns = [
    path("desk/cases/add/", choose, name="desk-case-add"),
    path("desk/cases/add/<str:key>/", open_one, name="desk-case-open"),
    path(_AT, case_page.case, name="desk-case"),
    path(f"{_AT}step/<str:name>/", move, name="desk-case-move"),
    path(f"{_AT}correct/", correct, name="desk-case-correct"),
]
