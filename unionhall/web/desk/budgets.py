"""What a fund may be spent on, at the desk: the services it is set aside for, its budgets, and what a leader allows beyond them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall import catalogue
from unionhall.exchange import spoken
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.ledger import budget_moves, budgets
from unionhall.ledger.budget_models import Allowance, Budget
from unionhall.ledger.budgets import WHOLE, Room
from unionhall.ledger.models import Fund
from unionhall.organisations.models import Account
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.desk.detail import Event, State, Step, Table
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.funds_shown import FUNDS, fund_of, money
from unionhall.web.desk.yuan_field import YuanField
from unionhall.web.sudo import sudo

KEPT = 200
"""Decisions shown of a year: the latest."""


def services() -> dict[str, str]:
    """Service -> its title, as the catalogue orders them."""
    return {one.key: one.title for one in catalogue.SERVICES}


def spoken_service(key: str) -> str:
    return spoken.service(key) if key else _t("全部")


def year_of(request: HttpRequest) -> int:
    """The year asked for, this one unless it is a good one."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else 0
    return year if year in budget_moves.YEARS else timezone.localdate().year


def steps(row: Fund, actor: Actor) -> list[Step]:
    """What may be done about what the fund is spent on."""
    keeps, allows = (actor.reaches(row.path, *holders(right)) for right in ("funds.change", "funds.allow"))
    return [
        Step("budget", _("定预算"), keeps, _("由财务部办理。"), reverse("desk-fund-budget", args=[row.pk]), "list-check"),
        Step("earmarks", _("定专款用途"), keeps, _("由财务部办理。"), reverse("desk-fund-earmarks", args=[row.pk]), "list-check"),
        Step("allow", _("同意超支"), allows, _("由区总领导办理。"), reverse("desk-fund-allow", args=[row.pk]), "shield-check"),
    ]  # fmt: skip


def table(row: Fund, year: int, said: Sequence[Budget | Allowance]) -> Table:
    """Budget, promised, paid and left of a year: the whole fund, then service by service."""
    heads = (_("业务"), _("预算（元）"), _("同意超支（元）"), _("已占用（元）"), _("已支付（元）"), _("还可用（元）"))
    found = [_line(one) for one in budgets.rooms(row.pk, year, said=said) if any(one[1:])]
    return Table(
        _t("%(year)d 年预算") % {"year": year}, heads, found, _("这一年没有预算，也没有收支。"),
        (_t("上一年"), f"{reverse('desk-fund', args=[row.pk])}?year={year - 1}"),
    )  # fmt: skip


def _line(one: Room) -> list[Any]:
    left = _t("不限") if one.left is None else State(money(one.left), "bad") if one.left <= 0 else money(one.left)
    budget = "—" if one.budget is None else money(one.budget)
    return [spoken_service(one.service), budget, money(one.allowed), money(one.committed), money(one.paid), left]


def earmarked(row: Fund) -> str:
    """The services the fund may pay today, in words."""
    held = budgets.earmarks(row.pk, timezone.localdate())
    return "、".join(spoken_service(key) for key in held) or _t("不限业务")


def events(said: Sequence[Budget | Allowance]) -> list[Event]:
    """Who set and revised the year's budgets and allowed more, and why; the newest first."""
    names = dict(Account.objects.filter(pk__in={one.by for one in said} - {None}).values_list("pk", "name"))
    told = []
    for one in said:
        words = _t("%(service)s 预算定为 %(yuan)s 元：%(why)s")
        if isinstance(one, Allowance):
            words = _t("%(service)s 同意超支 %(yuan)s 元：%(why)s")
        values = {"service": spoken_service(one.service), "yuan": money(one.fen), "why": one.reason}
        told.append(Event(timezone.localtime(one.at), names.get(one.by or 0, _t("系统")), words % values))
    return sorted(told, key=lambda event: str(event.on), reverse=True)[:KEPT]


class EarmarkForm(DeskForm):
    services = forms.MultipleChoiceField(
        label=_("可以支付的业务"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("一项都不选，就是不限业务。")
    )  # fmt: skip
    on = forms.DateField(label=_("从哪天起"), initial=timezone.localdate)


class BudgetForm(DeskForm):
    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2199)
    service = forms.ChoiceField(label=_("业务"), required=False)
    amount = YuanField(label=_("预算（元）"))
    reason = forms.CharField(
        label=_("依据或理由"), max_length=200, help_text=_("如：委员会通过的年度预算；调整的写明为什么。")
    )


class AllowForm(DeskForm):
    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2199)
    service = forms.ChoiceField(label=_("业务"), required=False)
    amount = YuanField(label=_("同意超出的金额（元）"))
    reason = forms.CharField(label=_("理由"), max_length=200)


@gate.right("funds.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def earmarks(request: HttpRequest, number: int) -> HttpResponse:
    row = fund_of(request, number, "funds.change")

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = EarmarkForm(*args, **kwargs)
        made.fields["services"].choices = [(key, spoken.service(key)) for key in services()]
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        titles = services()
        chosen = {key: titles[key] for key in said["services"]}
        budget_moves.set_earmarks(number, chosen, on=said["on"], by=by)
        return Done(_t("专款用途已更正。"))

    initial = {"services": list(budgets.earmarks(number, timezone.localdate()))}
    return _form(request, row, form, _("定专款用途"), act, initial=initial)


@gate.right("funds.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest, number: int) -> HttpResponse:
    row = fund_of(request, number, "funds.change")
    allowed = budgets.earmarks(number, timezone.localdate())
    offered = [key for key in services() if not allowed or key in allowed]

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        service = said["service"]
        budget_moves.set_budget(
            number, said["year"], service, said["amount"], title=services().get(service, ""), reason=said["reason"],
            on=timezone.localdate(), by=by,
        )  # fmt: skip
        return Done(_t("预算已定。"), then=f"{reverse('desk-fund', args=[number])}?year={said['year']}")

    return _form(request, row, _of_service(BudgetForm, offered), _("定预算"), act)


@gate.right("funds.allow")
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def allow(request: HttpRequest, number: int) -> HttpResponse:
    row = fund_of(request, number, "funds.allow")
    years = Budget.objects.filter(fund=number).values_list("service", flat=True)
    offered = sorted(set(years) - {WHOLE})

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        budget_moves.allow_more(
            number, said["year"], said["service"], said["amount"], reason=said["reason"], by=by
        )  # fmt: skip
        return Done(
            _t("已同意超支，理由记入审计日志。"), then=f"{reverse('desk-fund', args=[number])}?year={said['year']}"
        )

    return _form(request, row, _of_service(AllowForm, offered), _("同意超支"), act)


def _of_service(form: type[DeskForm], offered: list[str]) -> Any:
    def made(*args: Any, **kwargs: Any) -> DeskForm:
        one = form(*args, **kwargs)
        one.fields["service"].choices = [("", _t("全部（整项资金）")), *((key, spoken.service(key)) for key in offered)]
        return one

    return made


def _form(
    request: HttpRequest, row: Fund, form: Any, title: Any, act: Any, *, initial: Mapping[str, Any] | None = None
) -> HttpResponse:  # fmt: skip
    back, year = reverse("desk-fund", args=[row.pk]), year_of(request)
    whole = budgets.rooms(row.pk, year)[0]
    facts = [(_("资金"), row.name), (_("专款用途"), earmarked(row))]
    if whole.budget is not None:
        facts.append((_t("%(year)d 年预算（元）") % {"year": year}, f"{yuan(whole.budget):,}"))
    crumbs = ((FUNDS, reverse("desk-funds")), (row.name, back))
    drawn = Drawn(title, button=title, crumbs=crumbs, facts=tuple(facts), icon="list-details")
    return answer(request, form, drawn, act, back, initial={"year": year, **(initial or {})})


_ONE = "desk/funds/<int:number>/"
urlpatterns = [
    path(f"{_ONE}earmarks/", earmarks, name="desk-fund-earmarks"),
    path(f"{_ONE}budget/", budget, name="desk-fund-budget"),
    path(f"{_ONE}allow/", allow, name="desk-fund-allow"),
]
