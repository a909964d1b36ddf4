"""The counters of an item: which outside accounts redeem it and where; given and ended by who runs the item."""

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
from unionhall.offers import service, terms_moves
from unionhall.offers.models import Counter, Offer
from unionhall.organisations.accounts import Account, PostHeld
from unionhall.organisations.models import Place
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.detail import Detail, Fact, Step, Table, render_detail
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.offers import item_of, register

STANDING_THERE = ("merchant", "counsellor")
"""Posts whose accounts are given counters; they reach nothing else."""


class GiveForm(DeskForm):
    account = forms.ChoiceField(
        label=_("账号"), help_text=_("商户、咨询师的账号由系统管理员开立，并由组织部任命岗位以后，才在这里列出。")
    )
    venue = forms.CharField(
        label=_("在哪里核销"), max_length=128, required=False, help_text=_("门店或地点，例如：望河影院。")
    )
    on = forms.DateField(label=_("从哪天起"), initial=timezone.localdate)


class EndForm(DeskForm):
    on = forms.DateField(label=_("从哪天起不再核销"), initial=timezone.localdate)


@gate.right("offers.see")
@never_cache
@require_safe
def counters(request: HttpRequest, number: int) -> HttpResponse:
    """Who redeems this item: now, and before."""
    row, actor = item_of(request, number), actor_of(request)
    found = list(Counter.objects.visible_to(actor).filter(offer=number).order_by("until", "since", "pk"))
    names = dict(Account.objects.filter(pk__in={one.account for one in found}).values_list("pk", "name"))
    mine = runs(actor, row)
    today = timezone.localdate()
    lines = [
        [
            names.get(one.account, ""), one.venue, one.since, one.until or "",
            (_t("收回"), reverse("desk-counter-end", args=[one.pk])) if mine and one.until is None else "",
        ]
        for one in found
    ]  # fmt: skip
    standing = sum(one.since <= today and (one.until is None or one.until > today) for one in found)
    detail = Detail(
        title=_("核销柜台"), number=row.code,
        facts=[Fact(_("项目"), row.title, reverse("desk-offer", args=[number])), Fact(_("服务商"), row.provider), Fact(_("现在办理的账号"), standing)],
        steps=[Step("give", _("开通柜台"), mine, _("由开放这个项目的单位办理。"), reverse("desk-counter-give", args=[number]), "plus")],
        related=[Table(_("账号"), (_("账号"), _("地点"), _("起"), _("止"), ""), lines, _("还没有账号核销这个项目。"))],
        crumbs=((register.title, reverse("desk-offers")), (row.title, reverse("desk-offer", args=[number]))),
    )  # fmt: skip
    return render_detail(request, detail)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, number: int) -> HttpResponse:
    row = item_of(request, number)
    if not runs(actor_of(request), row):
        raise Http404(f"offer {number}")
    accounts = _accounts(row)

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = GiveForm(*args, **kwargs)
        chosen: Any = made.fields["account"]
        chosen.choices = [("", _("请选择")), *accounts]
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        terms_moves.give_counter(number, int(said["account"]), venue=said["venue"], on=said["on"], by=by)
        return Done(_t("柜台已开通，这个账号登录后就能核销。"))

    back = reverse("desk-offer-counters", args=[number])
    drawn = Drawn(
        _("开通柜台"), button=_("开通"), icon="plus", crumbs=_crumbs(row, back), facts=((_("项目"), row.title),)
    )
    return answer(request, form, drawn, act, back)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    row: Counter | None = (
        Counter.objects.visible_to(actor_of(request)).select_related("offer").filter(pk=number).first()
    )
    if row is None or not runs(actor_of(request), row.offer):
        raise Http404(f"counter {number}")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        terms_moves.end_counter(number, on=said["on"], by=by)
        return Done(_t("柜台已收回；已经核销的仍在对账单里。"))

    back = reverse("desk-offer-counters", args=[row.offer_id])
    name = Account.objects.filter(pk=row.account).values_list("name", flat=True).first() or ""
    drawn = Drawn(
        _("收回柜台"), button=_("收回"), crumbs=_crumbs(row.offer, back), danger=True,
        facts=((_("项目"), row.offer.title), (_("账号"), name), (_("地点"), row.venue)),
    )  # fmt: skip
    return answer(request, EndForm, drawn, act, back)


def runs(actor: Actor, item: Offer) -> bool:
    """Does this actor run the item: have the right to change offers there, with a role its service is run by?"""
    return actor.reaches(item.path, *(holders("offers.change") & set(service.find(item.service).runs())))


def _accounts(item: Offer) -> list[tuple[str, str]]:
    """Accounts whose post stands at the item's place, below or above it: (id, name and place)."""
    posts = PostHeld.objects.around(item.path, STANDING_THERE, timezone.localdate())
    held = posts.select_related("account").order_by("account__name", "pk")
    places = dict(Place.objects.filter(path__in={one.path for one in held}).values_list("path", "name"))
    return list(
        {str(one.account_id): f"{one.account.name} · {places.get(one.path, '')}".rstrip(" ·") for one in held}.items()
    )


def _crumbs(item: Offer, back: str) -> tuple[tuple[Any, str], ...]:
    return (
        (register.title, reverse("desk-offers")),
        (item.title, reverse("desk-offer", args=[item.pk])),
        (_("核销柜台"), back),
    )


urlpatterns = [
    path("desk/offers/<int:number>/counters/", counters, name="desk-offer-counters"),
    path("desk/offers/<int:number>/counters/give/", give, name="desk-counter-give"),
    path("desk/counters/<int:number>/end/", end, name="desk-counter-end"),
]
