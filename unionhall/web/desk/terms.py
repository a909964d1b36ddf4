"""What an officer says of an item: its text, how often one may come, what it costs, and whom it is for."""

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
from unionhall.kernel.errors import Refused
from unionhall.offers import conditions, eligibility, service, terms_moves
from unionhall.offers.models import Offer
from unionhall.offers.terms_moves import Terms, Wanted
from unionhall.organisations.models import Place, Union
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import offers
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.session_steps import PAID_FROM, fund_named
from unionhall.web.desk.yuan_field import YuanField
from unionhall.web.portal.offers import PERIODS


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, number: int) -> HttpResponse:
    """The item's text and terms, and the questions of its service's own form."""
    item = _run(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        details = {name.removeprefix("form_"): value for name, value in said.items() if name.startswith("form_")}
        told = Terms(
            said["text"], said["most_each"], said["per"], said["fen_each"] or 0, fund_named(said["fund"], item) if said["fen_each"] else None,
            said["pays_fen"] or 0, details,
        )  # fmt: skip
        terms_moves.set_terms(number, told, by=by)
        return Done(_t("项目说明已保存。"))

    initial = {
        "text": item.text, "most_each": item.most_each, "per": item.per, "fen_each": _yuan(item.fen_each),
        "pays_fen": _yuan(item.pays_fen), **{f"form_{key}": value for key, value in (item.details or {}).items()},
    }  # fmt: skip
    return _answer(request, item, _terms_form(item), Drawn(_("项目说明"), button=_("保存")), act, initial)


def _terms_form(item: Offer) -> type[DeskForm]:
    fields: dict[str, Any] = {
        "text": forms.CharField(label=_("介绍"), max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 5})),
        "most_each": forms.IntegerField(label=_("每人最多几次"), min_value=1, max_value=999, required=False, help_text=_("不填就是不限次数。")),
        "per": forms.ChoiceField(label=_("按什么期间算"), choices=list(PERIODS.items()), initial="ever"),
        "pays_fen": YuanField(label=_("本人付多少（元）"), required=False, help_text=_("不填就是免费。")),
        "fen_each": YuanField(label=_("工会每份、每次付多少（元）"), required=False),
        "fund": forms.CharField(label=_("从哪项资金支出"), max_length=40, required=False, help_text=PAID_FROM),
    }  # fmt: skip
    for field in service.find(item.service).form:
        if field.choices:
            choices = [("", "—"), *((key, _(title)) for key, title in field.choices)]
            fields[f"form_{field.key}"] = forms.ChoiceField(
                label=_(field.title), required=field.required, choices=choices
            )
        else:
            fields[f"form_{field.key}"] = forms.CharField(label=_(field.title), required=field.required, max_length=200)
    return type("TermsForm", (DeskForm,), fields)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def whom(request: HttpRequest, number: int) -> HttpResponse:
    """Whom the item is for: conditions of the vocabulary, each with its one value, as the workers will read them."""
    item = _run(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        wanted = [Wanted(key, _value(key, said, by)) for key in said["conditions"]]
        terms_moves.set_conditions(number, wanted, on=timezone.localdate(), by=by)
        return Done(_t("参加条件已保存。"))

    standing = {one.condition.key: one.value for one in eligibility.asked_of(item, timezone.localdate())}
    always = set(service.find(item.service).asked_always)
    union = Union.objects.filter(pk=standing["union"]).first() if standing.get("union") else None
    initial = {
        "conditions": [key for key in standing if key not in always],
        "union": union.code if union else "", **{key: value for key, value in standing.items() if value and key != "union"},
    }  # fmt: skip
    always_said = tuple((_("这项业务都要求"), conditions.find(key).say("")) for key in sorted(always))
    return _answer(
        request, item, _whom_form(item, always), Drawn(_("参加条件"), button=_("保存"), facts=always_said), act, initial
    )


def _whom_form(item: Offer, always: set[str]) -> type[DeskForm]:
    known = [conditions.find(key) for key in service.find(item.service).conditions if key not in always]
    fields: dict[str, Any] = {
        "conditions": forms.MultipleChoiceField(
            label=_("参加条件"), required=False, widget=forms.CheckboxSelectMultiple, choices=[(one.key, one.say("…")) for one in known],
            help_text=_("都不勾就是不限。勾了几条，就要几条都符合。"),
        )
    }  # fmt: skip
    for one in known:
        if one.asks == "number":
            fields[one.key] = forms.IntegerField(label=one.say("…"), min_value=1, max_value=199, required=False)
        elif one.asks == "union":
            fields[one.key] = forms.CharField(label=_("哪个工会（代码）"), max_length=20, required=False)
        elif one.asks == "place":
            spots = list(Place.objects.at(item.path).filter(until=None).order_by("path").values_list("path", "name"))
            fields[one.key] = forms.ChoiceField(label=_("哪个地方"), required=False, choices=[("", "—"), *spots])
    return type("WhomForm", (DeskForm,), fields)


def _value(key: str, said: Mapping[str, Any], by: Actor) -> str:
    """The value of a ticked condition as it is kept. Refused: it is missing, or there is no such union."""
    asks = conditions.find(key).asks
    if not asks:
        return ""
    typed = said.get(key)
    if typed in (None, ""):
        raise Refused("勾选了这个条件，请填写它的值。", code=key)
    if asks == "union":
        union = Union.objects.visible_to(by).filter(code=str(typed).strip(), until=None).first()
        if union is None:
            raise Refused("没有这个代码的工会，请核对。", code=key)
        return str(union.pk)
    return str(typed)


def _run(request: HttpRequest, number: int) -> Offer:
    item = Offer.objects.filter(pk=number).first()
    if item is None:
        raise Http404(f"offer {number}")
    actor_of(request).must_reach(item.path, *service.find(item.service).runs())
    return item


def _answer(
    request: HttpRequest, item: Offer, form: type[DeskForm], drawn: Drawn, act: Any, initial: Mapping[str, Any]
) -> HttpResponse:
    to = reverse("desk-offer", args=[item.pk])
    crumbs = ((offers.register.title, reverse("desk-offers")), (item.title, to))
    return answer(
        request,
        form,
        Drawn(drawn.title, button=drawn.button, crumbs=crumbs, facts=drawn.facts),
        act,
        to,
        initial=initial,
    )


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}" if fen else ""


urlpatterns = [
    path("desk/offers/<int:number>/terms/", terms, name="desk-offer-terms"),
    path("desk/offers/<int:number>/whom/", whom, name="desk-offer-whom"),
]
