"""Where a member is paid, on the member's page: always masked, written down by the station; no page opens it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.kernel.actor import Actor
from unionhall.organisations.roles import holders
from unionhall.people import payee_moves
from unionhall.people.models import Membership
from unionhall.people.payees import accounts_of
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.detail import Fact, Step
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer


class AccountForm(DeskForm):
    number = forms.CharField(
        label=_("收款账号"), max_length=30, widget=forms.TextInput(attrs={"data-secret": "", "autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("本人的银行卡号，登记后密封，任何页面都不再显示全号。"),
    )  # fmt: skip
    holder = forms.CharField(label=_("户名"), max_length=64)
    bank = forms.CharField(label=_("开户银行"), max_length=64)
    on = forms.DateField(label=_("从哪天起"), initial=timezone.localdate)


class EndForm(DeskForm):
    on = forms.DateField(label=_("从哪天起停用"), initial=timezone.localdate)


def facts(person: int, actor: Actor) -> list[Fact]:
    """The account that holds now, masked, for who may know that there is one."""
    if not actor.holds(*holders("payees.see")):
        return []
    held = accounts_of([person]).get(person)
    shown = f"{held.number} · {held.bank} · {held.since}" if held is not None else _t("没有登记")
    return [Fact(_("收款账户"), shown)]


def steps(row: Membership, actor: Actor) -> list[Step]:
    mine = actor.reaches(row.path, *holders("payees.change"))
    why = _("由服务站登记。")
    return [
        Step("payee", _("登记收款账户"), mine, why, reverse("desk-member-payee", args=[row.pk]), "building-bank"),
    ]  # fmt: skip


def _row(request: HttpRequest, number: int) -> Membership:
    """The membership, when the actor may write down accounts where it lies."""
    by = actor_of(request)
    row: Membership | None = Membership.objects.visible_to(by).select_related("person").filter(pk=number).first()
    if row is None or not by.reaches(row.path, *holders("payees.change")):
        raise Http404(f"membership {number}")
    return row


@gate.right("payees.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, number: int) -> HttpResponse:
    row = _row(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        payee_moves.set_account(
            number, said["number"], bank=said["bank"], holder=said["holder"], on=said["on"], by=by
        )  # fmt: skip
        return Done(_t("收款账户已登记。"))

    return _form(request, row, AccountForm, _("登记收款账户"), act, {"holder": row.person.name})


@gate.right("payees.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        payee_moves.end_account(number, on=said["on"], by=by)
        return Done(_t("收款账户已停用。"))

    return _form(request, _row(request, number), EndForm, _("停用收款账户"), act, {})


def _form(
    request: HttpRequest, row: Membership, form: type[DeskForm], title: Any, act: Any, initial: Mapping[str, Any]
) -> HttpResponse:  # fmt: skip
    here = reverse("desk-member", args=[row.pk])
    held = accounts_of([row.person_id]).get(row.person_id)
    shown = f"{held.number} · {held.bank}" if held is not None else _t("没有登记")
    crumbs = ((_("会员"), reverse("desk-members")), (row.person.name, here))
    more = () if held is None or form is EndForm else ((_("停用"), reverse("desk-member-payee-end", args=[row.pk])),)
    drawn = Drawn(
        title, button=title, crumbs=crumbs, facts=((_("姓名"), row.person.name), (_("现在的账户"), shown)), icon="building-bank",
        danger=form is EndForm, more={"ways": more},
    )  # fmt: skip
    return answer(request, form, drawn, act, here, initial=initial, template="web/desk/business/payee.html")


_ONE = "desk/members/<int:number>/payee/"
urlpatterns = [
    path(_ONE, account, name="desk-member-payee"),
    path(f"{_ONE}end/", end, name="desk-member-payee-end"),
]
