"""The checklist of stations: the items as they hold today and what was laid down before; a new one, a change, an end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.cases import station_moves, station_rules
from unionhall.cases.reach import may_lay_down
from unionhall.cases.station_models import StandardItem
from unionhall.cases.station_moves import LONGEST
from unionhall.cases.station_rules import STANDARD, Item
from unionhall.kernel.actor import Actor
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer

TITLE = _("规范化清单")


@gate.right("stations.see")
@never_cache
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """What is asked of a station today, what will be, and every row that was laid down, the latest first."""
    today, actor = timezone.localdate(), actor_of(request)
    mine, now = may_lay_down(actor, STANDARD), station_rules.items_on(today)
    eventual = {item.key for item in station_rules.items_on(date.max)}
    shown = [
        {"item": item, "title": _t(item.title), "evidence": _t(item.evidence), "href": reverse("desk-station-item", args=[item.key]) if mine and item.key in eventual else "",
         "end": reverse("desk-station-item-end", args=[item.key]) if mine and item.key in eventual else ""}
        for item in now
    ]  # fmt: skip
    context = {
        "items": shown, "shipped": sum(item.since is None for item in now), "mine": mine,
        "rows": StandardItem.objects.order_by("-since", "-pk"), "today": today,
    }  # fmt: skip
    return render(request, "web/desk/business/station_items.html", context)


class ItemForm(DeskForm):
    title = forms.CharField(label=_("项目"), max_length=LONGEST["title"])
    evidence = forms.CharField(
        label=_("怎样算达标"), max_length=LONGEST["evidence"], widget=forms.Textarea(attrs={"rows": 3})
    )
    required = forms.BooleanField(
        label=_("必备"), required=False, help_text=_("没有达到必备项目的，不能通过核查和验收。")
    )
    since = forms.DateField(label=_("自哪一天起施行"), initial=timezone.localdate)
    reason = forms.CharField(label=_("依据"), max_length=LONGEST["reason"], help_text=_("文件名称和文号。"))


class EndForm(DeskForm):
    since = forms.DateField(label=_("自哪一天起不再要求"), initial=timezone.localdate)
    reason = forms.CharField(label=_("依据"), max_length=LONGEST["reason"], help_text=_("文件名称和文号。"))


def _lay_down(key: str) -> Any:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        station_moves.lay_down_item(
            key,
            said["title"],
            said["evidence"],
            required=said["required"],
            since=said["since"],
            reason=said["reason"],
            by=by,
        )
        return Done(_t("已规定，自施行之日起按新的办理。"))

    return act


def _crumbs() -> tuple[tuple[Any, str], ...]:
    return ((_("工会服务站"), reverse("desk-stations")), (TITLE, reverse("desk-station-items")))


def _mine(request: HttpRequest) -> None:
    if not may_lay_down(actor_of(request), STANDARD):
        raise Http404("the checklist is another department's")


def _item(key: str) -> Item:
    found = next((one for one in station_rules.items_on(date.max) if one.key == key), None)
    if found is None:
        raise Http404(f"item {key}")
    return found


@gate.right("cases.limits")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    _mine(request)
    drawn = Drawn(_("增加一项"), button=_("规定"), crumbs=_crumbs(), icon="plus")
    return answer(request, ItemForm, drawn, _lay_down(""), reverse("desk-station-items"), initial={"required": True})


@gate.right("cases.limits")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: str) -> HttpResponse:
    _mine(request)
    one = _item(key)
    drawn = Drawn(_("另行规定"), button=_("规定"), crumbs=_crumbs(), facts=((_("项目"), _t(one.title)),), icon="edit")
    initial = {"title": one.title, "evidence": one.evidence, "required": one.required}
    return answer(request, ItemForm, drawn, _lay_down(key), reverse("desk-station-items"), initial=initial)


@gate.right("cases.limits")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, key: str) -> HttpResponse:
    _mine(request)
    one = _item(key)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        station_moves.end_item(key, since=said["since"], reason=said["reason"], by=by)
        return Done(_t("已规定，从那天起不再要求这一项。"))

    drawn = Drawn(
        _("不再要求"),
        button=_("不再要求"),
        crumbs=_crumbs(),
        facts=((_("项目"), _t(one.title)),),
        icon="archive",
        danger=True,
    )
    return answer(request, EndForm, drawn, act, reverse("desk-station-items"))


urlpatterns = [
    path("desk/station-items/", items, name="desk-station-items"),
    path("desk/station-items/add/", add, name="desk-station-item-add"),
    path("desk/station-items/<slug:key>/", change, name="desk-station-item"),
    path("desk/station-items/<slug:key>/end/", end, name="desk-station-item-end"),
]
