"""A dispute that goes on, at the desk: turned into a matter of another service, taken to a body outside, and what came of it there."""

from collections.abc import Mapping
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

from unionhall.cases import service as services
from unionhall.cases import turning, turning_moves
from unionhall.cases.models import Case
from unionhall.cases.party_models import Outside
from unionhall.cases.reach import may_handle
from unionhall.cases.service import CaseService
from unionhall.cases.turning import BODIES, RESULTS
from unionhall.cases.turning_moves import Taken
from unionhall.kernel.actor import Actor
from unionhall.organisations.roles import holders
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk import case_handling, cases
from unionhall.web.desk.detail import State, Table
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.moves import Move, Moves, RowForm
from unionhall.web.desk.sheet import shown, typed
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.yuan import YuanField

RIGHT = "cases.change"


class OutsideForm(RowForm):
    way = forms.ChoiceField(
        label=_("转出还是转入"), choices=(("out", _("转出：职工去那里办")), ("in", _("转入：那里委托过来"))), initial="out", widget=forms.RadioSelect
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("哪一种机构"), choices=titles(BODIES))
    body = forms.CharField(label=_("机构名称"), max_length=80)
    number = forms.CharField(
        label=_("案号"), max_length=40, required=False, help_text=_("还没有的，知道以后在登记结果时补填。")
    )
    on = forms.DateField(label=_("日期"), initial=timezone.localdate)


class ResultForm(RowForm):
    result = forms.ChoiceField(label=_("结果"), choices=[("", "—"), *titles(RESULTS)])
    on = forms.DateField(label=_("结果日期"), initial=timezone.localdate)
    number = forms.CharField(label=_("案号"), max_length=40, required=False)
    fen = YuanField(
        label=_("职工一共应得（元）"), required=False,
        help_text=_("这起争议职工一共能得到的钱，包括以前协议已经付的。系统只把多出来的部分计入“挽回损失”，同一笔钱不计两次。不知道就不填。"),
    )  # fmt: skip


def _take(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    taken = Taken(said["kind"], said["body"], said["on"], said["number"], said["way"] == "in")
    turning_moves.take_outside(row.pk, taken, by=by)
    return Done(_t("已登记；结果出来以后请补登。"))


def _hear(row: Outside, by: Actor, said: Mapping[str, Any]) -> Done:
    turning_moves.hear_result(row.pk, said["result"], on=said["on"], fen=said["fen"], number=said["number"], by=by)
    return Done(_t("结果已登记，人和钱在整个过程中只计一次。"), then=reverse("desk-case", args=[row.case_id]))


def _no_dispute(row: Case, by: Actor) -> str:
    return "" if services.find(row.service).chain and row.merged_into_id is None else _t("这项业务不是争议。")


def find_outside(actor: Actor, number: int) -> Outside:
    """Where a dispute this actor handles was taken; 404 otherwise."""
    row: Outside | None = Outside.objects.visible_to(actor).select_related("case").filter(pk=number).first()
    if row is None or not may_handle(actor, row.case.service, row.case.path):
        raise Http404(f"outside {number}")
    return row


MOVES = Moves("case", "desk/cases/", _("服务事项"), case_handling.find, (
    Move(key="outside", title=_("仲裁、诉讼登记"), right=RIGHT, form=OutsideForm, act=_take, why_not=_no_dispute, icon="arrows-exchange",
         button=_("登记"), intro=_("仲裁、诉讼和劳动监察不归工会办，这里只记去了哪里、案号和结果，使同一争议的人和钱只计一次。")),
), back="desk-cases", named=lambda row: row.number)  # fmt: skip
OUTSIDE_MOVES = Moves("outside", "desk/outside/", _("服务事项"), find_outside, (
    Move(key="result", title=_("登记结果"), right=RIGHT, form=ResultForm, act=_hear, icon="check", button=_("登记"),
         initial=lambda row: {"result": row.result, "on": row.result_on or timezone.localdate(), "number": row.number, "fen": typed(row.fen)},
         facts=lambda row: ((_("编号"), row.case.number), (_("机构"), row.body), (_("案号"), row.number or "—"), (_("日期"), row.on))),
), back="desk-cases", named=lambda row: row.case.number)  # fmt: skip


@gate.right("cases.change")
@never_cache
@require_safe
def outside(request: HttpRequest, number: int) -> HttpResponse:
    """A body outside has no page but the matter's."""
    return HttpResponseRedirect(reverse("desk-case", args=[find_outside(actor_of(request), number).case_id]))


@gate.right("cases.change")
@never_cache
@require_safe
def choose(request: HttpRequest, number: int) -> HttpResponse:
    """Into which service a matter may be turned."""
    actor = actor_of(request)
    row = case_handling.find(actor, number)
    context = {
        "row": row, "services": turning.may_become(row, actor),
        "crumbs": ((cases.register.title, reverse("desk-cases")), (row.number, reverse("desk-case", args=[number]))),
    }  # fmt: skip
    return render(request, "web/desk/business/case_turn.html", context)


@gate.right("cases.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Open the matter of the other service; what both forms ask need not be written again."""
    actor = actor_of(request)
    row = case_handling.find(actor, number)
    service = next((one for one in turning.may_become(row, actor) if one.key == key), None)
    if service is None:
        raise Http404(f"case {number} cannot become {key}")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        values = {field.key: said[f"form_{field.key}"] for field in service.form if said[f"form_{field.key}"]}
        if said.get("cause_key"):
            values["cause"] = said["cause_key"]
        opened = turning_moves.turn(number, key, on=said["on"], values=values, by=by)
        return Done(
            _t("已转为%(service)s，编号 %(number)s。") % {"service": words.title(service), "number": opened.number},
            then=reverse("desk-case", args=[opened.pk]),
        )

    back = reverse("desk-case", args=[number])
    title = _t("转为%(service)s") % {"service": words.title(service)}
    drawn = Drawn(
        title, button=_("转办"), crumbs=((cases.register.title, reverse("desk-cases")), (row.number, back)),
        intro=_("当事人、单位、类别照原样带过去，两件事连成一条，人和钱只计一次。"), facts=((_("编号"), row.number), (_("涉及人数"), cases.many(row))),
        icon="arrows-exchange",
    )  # fmt: skip
    return answer(request, _turn_form(row, service), drawn, act, back)


def _turn_form(row: Case, service: CaseService) -> type[DeskForm]:
    fields: dict[str, Any] = {"on": forms.DateField(label=_("登记日期"), initial=timezone.localdate)}
    if service.causes and row.cause not in service.causes:
        fields["cause_key"] = forms.ChoiceField(label=_("类别"), choices=[("", "—"), *titles(service.causes)])
    known = turning.carried(row, service)
    for field in service.form:
        if field.choices:
            choices = [("", "—"), *titles(field.choices)]
            fields[f"form_{field.key}"] = forms.ChoiceField(
                label=_(field.title), required=field.required, choices=choices
            )
            continue
        fields[f"form_{field.key}"] = forms.CharField(
            label=_(field.title), required=field.required and field.key not in known, max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3, **({"data-secret": ""} if field.sealed else {})}),
            help_text=_("不填就沿用原事项的内容；内容加密，这里不显示。") if field.key in known else _(field.hint) if field.hint else "",
        )  # fmt: skip
    return type("TurnForm", (DeskForm,), fields)


def tables(row: Case, *, mine: bool, actor: Actor) -> list[Table | None]:
    """The other matters of the dispute this reader sees, and where it was taken outside."""
    if not services.find(row.service).chain:
        return []
    chain = Case.objects.of_chain(row.root)
    others = chain.visible_to(actor).exclude(pk=row.pk).order_by("pk")
    matters = [
        [words.title(cases.SERVICES[one.service]), (one.number, reverse("desk-case", args=[one.pk])), State(cases.state_title(one), cases.tone(one)),
         one.opened_on]
        for one in others
    ]  # fmt: skip
    may = mine and actor.reaches(row.path, *holders(RIGHT))
    link = (
        (_("转为…"), reverse("desk-case-turn-choose", args=[row.pk]))
        if may and turning.may_become(row, actor)
        else None
    )
    linked = Table(
        _("同一争议的其他环节"), (_("业务"), _("编号"), _("状态"), _("登记")), matters, _("还没有转为别的业务。"), link
    )
    rows = [
        [_t(BODIES[one.kind]), one.body, one.number or "—", _t("转入") if one.came_in else _t("转出"), one.on,
         _t(RESULTS[one.result]) if one.result else "—", one.result_on, shown(one.fen),
         (_t("登记结果"), reverse("desk-outside-result", args=[one.pk])) if may and one.case_id == row.pk else ""]
        for one in Outside.objects.filter(case__in=chain).order_by("on", "pk")
    ]  # fmt: skip
    heads = (
        _("机构"),
        _("名称"),
        _("案号"),
        _("方向"),
        _("日期"),
        _("结果"),
        _("结果日期"),
        _("一共应得（元）"),
        _("办理"),
    )
    return [linked if matters or link else None, Table(_("仲裁、诉讼"), heads, rows) if rows else None]


urlpatterns = [
    *MOVES.addresses(),
    path("desk/cases/<int:number>/turn/", choose, name="desk-case-turn-choose"),
    path("desk/cases/<int:number>/turn/<str:key>/", turn, name="desk-case-turn"),
    path("desk/outside/<int:number>/", outside, name="desk-outside"),
    *OUTSIDE_MOVES.addresses(),
]
