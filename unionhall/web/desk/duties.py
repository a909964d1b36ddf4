"""Duty rosters at the desk: the list, one duty, a new one, and calling one off."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.offers import duties as read
from unionhall.offers import duty_moves
from unionhall.offers.duty_models import KINDS, Duty
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.models import Account
from unionhall.organisations.roles import LAWYER, holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Step, render_detail
from unionhall.web.desk.filters import Choice, Days, PlaceFilter
from unionhall.web.desk.finding import ByText
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.pickers import StationField
from unionhall.web.desk.register import Add, Register
from unionhall.web.desk.session_steps import Moment

TITLES = {"lawyer": _("律师"), "mediator": _("调解员")}
STATES = {
    "ahead": _("未开始"),
    "there": _("正在值班"),
    "done": _("已值班"),
    "missed": _("没有签到"),
    "off": _("已取消"),
}
TONES = {"ahead": "wait", "there": "go", "done": "ok", "missed": "look", "off": "off"}


def state_of(row: Duty) -> str:
    """Where a duty stands now: a key of STATES."""
    if row.called_off:
        return "off"
    if row.arrived_at is not None:
        return "done" if row.left_at is not None else "there"
    return "ahead" if timezone.now() < row.ends_at else "missed"


def _names(rows: Any) -> Mapping[int, str]:
    """Duty -> the name of who is on it."""
    of = {row.pk: row.account for row in rows}
    names = dict(Account.objects.filter(pk__in=set(of.values())).values_list("pk", "name"))
    return {number: names.get(account, "") for number, account in of.items()}


class DutyForm(DeskForm):
    station = StationField(right="cases.change", label=_("服务站"))
    window = forms.CharField(label=_("窗口"), max_length=32, required=False, help_text=_("例如：法律援助窗口。"))
    kind = forms.ChoiceField(label=_("值班身份"), choices=[("", _("请选择")), *TITLES.items()])
    account = forms.ChoiceField(
        label=_("值班人"), help_text=_("律师是有“律师”岗位的账号；调解员是本地办理服务事项的同事。")
    )
    starts_at = Moment(label=_("开始"))
    ends_at = Moment(label=_("结束"))


class WhyForm(DeskForm):
    reason = forms.CharField(label=_("原因"), max_length=200)


register = Register(
    key="duties", title=_("值班"), model=Duty, right="stations.see", icon="calendar", unit=_("次"),
    rows=lambda actor: Duty.objects.visible_to(actor),
    columns=(
        Column("starts_at", _("开始"), show="moment", link=True), Column("ends_at", _("结束"), show="moment", phone=""),
        Column("station", _("服务站")), Column("window", _("窗口"), phone=""), Column("kind", _("值班身份"), words=TITLES),
        Column("beside", _("值班人")),
        Column("state", _("状态"), value=state_of, show="state", words=STATES, tones=TONES, phone="end"),
    ),
    search=(ByText("station__name"), ByText("window")), search_hint=_("服务站或窗口"),
    filters=(Choice("kind", TITLES, _("值班身份")), PlaceFilter(), Days("day", _("日期"), field="starts_at", moment=True)),
    default_sort="-starts_at", sorts=("starts_at",), related=("station",), detail="desk-duty", beside=_names,
    links=(Add(_("排值班"), "desk-duty-add", "cases.change"),), empty=_("还没有排值班。"),
)  # fmt: skip


@gate.right("stations.see")
@never_cache
@require_safe
def duty(request: HttpRequest, number: int) -> HttpResponse:
    """One duty: who, where, when, and whether they were there."""
    row, actor = _duty(request, number), actor_of(request)
    mine, state, lines = (
        actor.reaches(row.path, *holders("cases.change")),
        state_of(row),
        chronicle.lines_of(row.subject),
    )
    asked = Account.objects.filter(pk=row.asked).values_list("name", flat=True).first() if row.asked else ""
    facts = [
        Fact(_("服务站"), row.station.name), Fact(_("窗口"), row.window), Fact(_("值班身份"), TITLES[row.kind]),
        Fact(_("值班人"), _names([row])[row.pk]), Fact(_("开始"), row.starts_at), Fact(_("结束"), row.ends_at),
        Fact(_("签到"), row.arrived_at), Fact(_("签退"), row.left_at), Fact(_("请求接班"), asked), Fact(_("取消原因"), row.called_off),
        Fact(_("值班分钟"), read.minutes(row) or ""),
    ]  # fmt: skip
    detail = Detail(
        title=_t("%(kind)s值班") % {"kind": _t(KINDS[row.kind])}, number=f"{timezone.localtime(row.starts_at):%Y-%m-%d}",
        state=State(STATES[state], TONES[state]), facts=[fact for fact in facts if fact.text not in ("", None)],
        steps=[Step("off", _("取消值班"), mine and state in ("ahead", "missed"), _("由排班的部门或服务站办理。") if not mine else _("已经签到或取消。"),
                    reverse("desk-duty-off", args=[number]), "x", danger=True)],
        timeline=chronicle.events(row.subject, lines), counted_in=chronicle.counted_in(lines, actor),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


@gate.right("cases.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Hours for somebody at a station's window."""

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = DutyForm(*args, **kwargs)
        station: Any = made.fields["station"]
        station.offer(actor_of(request))
        chosen: Any = made.fields["account"]
        chosen.choices = [("", _("请选择")), *_accounts(actor_of(request))]
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        if not str(said["account"]).isdigit():
            raise Refused(_t("请选择值班人。"), code="account")
        number = duty_moves.give_duty(
            int(said["station"]), said["kind"], int(said["account"]), said["starts_at"], said["ends_at"], window=said["window"], by=by
        )  # fmt: skip
        return Done(_t("值班已排。"), then=reverse("desk-duty", args=[number]))

    drawn = Drawn(_("排值班"), button=_("排上"), icon="plus", crumbs=((register.title, reverse("desk-duties")),))
    return answer(request, form, drawn, act, reverse("desk-duties"))


@gate.right("cases.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, number: int) -> HttpResponse:
    """A duty that is not to be."""
    row = _duty(request, number)
    actor_of(request).must_reach(row.path, *holders("cases.change"))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        duty_moves.call_off(number, reason=said["reason"], by=by)
        return Done(_t("值班已取消。"))

    to = reverse("desk-duty", args=[number])
    crumbs = ((register.title, reverse("desk-duties")), (row.station.name, to))
    return answer(request, WhyForm, Drawn(_("取消值班"), button=_("取消这次值班"), crumbs=crumbs, danger=True), act, to)


def _accounts(actor: Actor) -> list[tuple[str, str]]:
    """Lawyers and who handles matters, whose posts stand at or above the places this officer arranges duties at."""
    wanted = {LAWYER, *(holders("cases.change") - {"system"})}
    posts = (
        PostHeld.objects.on(timezone.localdate())
        .filter(role__in=wanted, account__is_active=True)
        .select_related("account")
    )
    paths = actor.paths(*holders("cases.change"))
    near = [
        one
        for one in posts.order_by("account__name", "pk")
        if any(path.startswith(one.path) or one.path.startswith(path) for path in paths)
    ]
    return list(
        {
            str(one.account_id): f"{one.account.name}（{_t('律师')}）" if one.role == LAWYER else one.account.name
            for one in near
        }.items()
    )


def _duty(request: HttpRequest, number: int) -> Duty:
    row: Duty | None = register.visible(actor_of(request)).select_related("station").filter(pk=number).first()
    if row is None:
        raise Http404(f"duty {number}")
    return row


urlpatterns = [
    path("desk/duties/add/", add, name="desk-duty-add"),
    path("desk/duties/<int:number>/", duty, name="desk-duty"),
    path("desk/duties/<int:number>/off/", call_off, name="desk-duty-off"),
]
