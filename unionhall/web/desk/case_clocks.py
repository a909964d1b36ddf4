"""The clocks of a matter at the desk: stopped, running on, begun anew, given more time; and the union's own time limits."""

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

from unionhall.cases import clock_moves, terms
from unionhall.cases.clock_models import Deadline, Extension, HouseLimit
from unionhall.cases.models import Case
from unionhall.cases.reach import may_approve, may_handle, may_lay_down
from unionhall.cases.service import CaseService
from unionhall.kernel.actor import Actor
from unionhall.kernel.clock import Clock
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk import cases
from unionhall.web.desk.cases import SERVICES
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.moves import Move, Moves, RowForm

RIGHT = "cases.change"


class StopForm(RowForm):
    on = forms.DateField(label=_("自哪一天起"), initial=timezone.localdate)
    reason = forms.CharField(label=_("事由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class MoreForm(RowForm):
    days = forms.IntegerField(label=_("延长几天"), min_value=1, max_value=366)
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("须双方同意的，写明谁在什么时候同意。"),
    )


def find(actor: Actor, number: int) -> Deadline:
    """The clock of a matter this actor handles; 404 otherwise."""
    row: Deadline | None = Deadline.objects.visible_to(actor).select_related("case").filter(pk=number).first()
    if row is None or not may_handle(actor, row.case.service, row.case.path):
        raise Http404(f"deadline {number}")
    return row


def _clock(row: Deadline) -> Clock | None:
    service = SERVICES.get(row.case.service)
    return service.clock(row.clock) if service else None


def _title(row: Deadline) -> str:
    clock = _clock(row)
    return _t(clock.title) if clock else row.clock


def _ended(row: Deadline, by: Actor) -> str:
    return _t("这个期限已经结束。") if row.ended_on is not None else ""


def _no_duty(row: Deadline, by: Actor) -> str:
    clock = _clock(row)
    return _ended(row, by) or (_t("这是当事人的权利期间。") if clock is None or clock.window else "")


def _not_running(row: Deadline, by: Actor) -> str:
    return _no_duty(row, by) or (_t("已经中止。") if row.suspended_on is not None else "")


def _not_stopped(row: Deadline, by: Actor) -> str:
    return _ended(row, by) or (_t("没有中止。") if row.suspended_on is None else "")


def _no_more(row: Deadline, by: Actor) -> str:
    if why := _no_duty(row, by):
        return why
    return "" if terms.may_extend_by(SERVICES[row.case.service], row) else _t("规定不能再延长。")


def _then(row: Deadline) -> str:
    return reverse("desk-case", args=[row.case_id])


def _stop(row: Deadline, by: Actor, said: Mapping[str, Any]) -> Done:
    clock_moves.suspend(row.pk, on=said["on"], reason=said["reason"], by=by)
    return Done(_t("期限已中止。"), then=_then(row))


def _go_on(row: Deadline, by: Actor, said: Mapping[str, Any]) -> Done:
    clock_moves.resume(row.pk, on=said["on"], reason=said["reason"], by=by)
    return Done(_t("期限继续计算。"), then=_then(row))


def _anew(row: Deadline, by: Actor, said: Mapping[str, Any]) -> Done:
    clock_moves.restart(row.pk, on=said["on"], reason=said["reason"], by=by)
    return Done(_t("期限已重新计算。"), then=_then(row))


def _more(row: Deadline, by: Actor, said: Mapping[str, Any]) -> Done:
    clock_moves.ask_extension(row.pk, days=said["days"], reason=said["reason"], now=timezone.now(), by=by)
    return Done(_t("已申请延长，等待批准。"), then=_then(row))


def _facts(row: Deadline) -> tuple[tuple[Any, Any], ...]:
    return (
        (_("编号"), row.case.number), (_("期限"), _title(row)), (_("依据"), row.basis or "—"), (_("起算"), row.started_on),
        (_("到期"), row.due_on or "—"),
    )  # fmt: skip


MOVES = Moves("deadline", "desk/deadlines/", _("办理期限"), find, (
    Move(key="stop", title=_("中止"), right=RIGHT, form=StopForm, act=_stop, why_not=_not_running, facts=_facts, icon="lock",
         intro=_("中止期间不计入期限。只有规定允许的事由才能中止，例如鉴定、等待另案结果。")),
    Move(key="resume", title=_("恢复计算"), right=RIGHT, form=StopForm, act=_go_on, why_not=_not_stopped, facts=_facts, icon="clock"),
    Move(key="restart", title=_("重新计算"), right=RIGHT, form=StopForm, act=_anew, why_not=_ended, facts=_facts, icon="refresh",
         intro=_("已经过的天数不算，从事由发生之日起按那一天施行的规定重新计算。"), danger=True),
    Move(key="more", title=_("申请延长"), right=RIGHT, form=MoreForm, act=_more, why_not=_no_more, facts=_facts, icon="plus",
         intro=_("由站长、街道或业务部门的另一个人批准。")),
), back="desk-cases", named=lambda row: row.case.number)  # fmt: skip


class DecideForm(DeskForm):
    yes = forms.TypedChoiceField(
        label=_("是否同意"),
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        choices=(("yes", _("同意")), ("no", _("不同意"))),
    )
    reason = forms.CharField(label=_("意见"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}))


@gate.right("cases.change")
@never_cache
@require_safe
def deadline(request: HttpRequest, number: int) -> HttpResponse:
    """A clock has no page but its matter's."""
    return HttpResponseRedirect(_then(find(actor_of(request), number)))


@gate.right("cases.approve")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody asked for more time: yes or no, by somebody else."""
    actor = actor_of(request)
    asked = Extension.objects.visible_to(actor).select_related("deadline__case", "asked_by").filter(pk=number).first()
    if asked is None or not may_approve(actor, asked.deadline.case):
        raise Http404(f"extension {number}")
    row = asked.deadline

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        clock_moves.decide_extension(number, yes=said["yes"], reason=said["reason"], now=timezone.now(), by=by)
        return Done(_t("已同意延长。") if said["yes"] else _t("已答复：不同意延长。"))

    facts = (*_facts(row), (_("申请人"), asked.asked_by.name), (_("延长几天"), asked.days), (_("理由"), asked.reason))
    crumbs = ((cases.register.title, reverse("desk-cases")), (row.case.number, _then(row)))
    drawn = Drawn(_("批准延长期限"), button=_("提交"), crumbs=crumbs, facts=facts, icon="clock")
    return answer(request, DecideForm, drawn, act, _then(row))


class LimitForm(DeskForm):
    since = forms.DateField(label=_("自哪一天起施行"), initial=timezone.localdate)
    length = forms.IntegerField(label=_("多少天"), min_value=1, max_value=366)
    unit = forms.ChoiceField(
        label=_("怎么算"), choices=(("working_days", _("工作日")), ("days", _("自然日"))), initial="working_days"
    )
    reason = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称和文号。"))


def _lengths(service: CaseService, clock: Clock) -> list[dict[str, Any]]:
    """Every version of a clock's rule, the law's and the union's own, from the latest."""
    own = HouseLimit.objects.filter(service=service.key, clock=clock.key)
    rows = [
        {"since": one.since, "days": one.days, "working_days": one.working_days, "months": None, "basis": one.reason}
        for one in own
    ]
    rows += [
        {"since": one.since if one.since.year > 1 else None, "days": one.days, "working_days": one.working_days, "months": one.months,
         "basis": one.basis}
        for one in clock.limits
    ]  # fmt: skip
    return sorted(rows, key=lambda row: str(row["since"] or ""), reverse=True)


@gate.right("cases.see")
@never_cache
@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Every time limit of every service: how long, by which law, since when; which ones the union lays down itself."""
    actor = actor_of(request)
    found = [
        {"service": words.title(service), "clock": _t(clock.title), "window": clock.window, "statutory": clock.statutory,
         "rows": _lengths(service, clock),
         "href": reverse("desk-time-limit", args=[service.key, clock.key])
         if not clock.statutory and may_lay_down(actor, service.key) else ""}
        for service in SERVICES.values() for clock in service.clocks
    ]  # fmt: skip
    return render(request, "web/desk/business/limits.html", {"limits": found})


@gate.right("cases.limits")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, key: str, clock: str) -> HttpResponse:
    """Lay down how long a clock of the union's own runs, from a day on."""
    actor, service = actor_of(request), SERVICES.get(key)
    found = service.clock(clock) if service else None
    if service is None or found is None or found.statutory or not may_lay_down(actor, key):
        raise Http404(f"limit {key}.{clock}")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        clock_moves.lay_down(
            key, clock, since=said["since"], reason=said["reason"], by=by, **{said["unit"]: said["length"]}
        )
        return Done(_t("办理时限已规定；已经起算的期限不变。"))

    back = reverse("desk-time-limits")
    drawn = Drawn(
        _t(found.title),
        button=_("规定"),
        crumbs=((_("办理时限"), back),),
        facts=((_("业务"), words.title(service)),),
        icon="clock",
    )
    return answer(request, LimitForm, drawn, act, back)


def open_extensions(row: Case) -> list[Extension]:
    return list(Extension.objects.filter(case=row, granted=None).select_related("asked_by"))


urlpatterns = [
    path("desk/deadlines/<int:number>/", deadline, name="desk-deadline"),
    *MOVES.addresses(),
    path("desk/extensions/<int:number>/", decide, name="desk-extension"),
    path("desk/time-limits/", limits, name="desk-time-limits"),
    path("desk/time-limits/<str:key>/<str:clock>/", limit, name="desk-time-limit"),
]
