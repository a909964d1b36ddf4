"""Offers: the items on the card, and every real-name use of them; a use that never was is declared void, never deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall import catalogue
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import name_key, narrow, parse_mobile
from unionhall.offers import use_moves
from unionhall.offers.actions import OfferRow
from unionhall.offers.models import Offer, Participation
from unionhall.offers.service import OfferService
from unionhall.offers.voided import voided
from unionhall.organisations.models import Place
from unionhall.organisations.roles import holders
from unionhall.people.models import Person
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle, finding, item_steps, members
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Step, render_detail
from unionhall.web.desk.filters import Choice, Days, Open, PlaceFilter
from unionhall.web.desk.finding import ByIndex, ByPrefix, ByText
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer, carry_out, problems
from unionhall.web.desk.register import Add, Asked, Register
from unionhall.web.refusals import in_words

SERVICES: dict[str, Any] = {
    one.key: lazy(words.title, str)(one) for one in catalogue.SERVICES if isinstance(one, OfferService)
}
KINDS = [
    (SERVICES[one.key], [(f"{one.key}/{kind}", _(title)) for kind, title in one.kinds.items()])
    for one in catalogue.SERVICES
    if isinstance(one, OfferService) and one.kinds
]
"""The kinds of each service that has kinds."""
VERIFIED = {"card": _("刷卡"), "code": _("验证码"), "roster": _("花名册")}
FOUND = 20
"""As many members are shown to choose from; more are found by typing more of the name."""


def _uses(rows: Sequence[Offer]) -> dict[int, int]:
    counted = (
        Participation.objects.uses()
        .filter(offer__in=[row.pk for row in rows])
        .values_list("offer")
        .annotate(n=Count("pk"))
    )
    return dict(counted)


register = Register(
    key="offers", title=_("服务项目"), model=Offer, right="offers.see", icon="gift", unit=_("项"),
    # An item is opened by the district or a street and is for whoever works below it, too.
    rows=lambda actor: items_for(actor), placed="",
    columns=(
        Column("title", _("项目"), link=True), Column("code", _("编号"), phone=""), Column("service", _("业务"), words=SERVICES, phone=""),
        Column("provider", _("服务商")), Column("path", _("开放单位"), show="place", phone=""),
        Column("since", _("起"), show="day", phone=""), Column("until", _("止"), show="day", phone=""),
        Column("uses", _("使用次数"), show="number", value=lambda row: row.beside or 0, phone="end"),
    ),
    search=(ByText("title"), ByPrefix("code")), search_hint=_("项目名称或编号"),
    filters=(Choice("service", SERVICES, _("业务")), Open(title=_("是否开放"))), default_sort="-since", sorts=("since", "title", "code"),
    detail="desk-offer", beside=_uses, add=Add(_("开放项目"), "desk-offer-add", "offers.change"),
    empty=_("还没有服务项目。可开放一项，或从导入页导入服务项目登记表。"),
)  # fmt: skip

uses = Register(
    key="uses", title=_("使用记录"), model=Participation, right="offers.see", icon="checklist", unit=_("次"),
    rows=lambda actor: Participation.objects.visible_to(actor).uses(),
    columns=(
        Column("number", _("流水号"), link=True), Column("offer__title", _("项目")), Column("person", _("会员")),
        Column("on", _("日期"), show="day", phone="end"), Column("path", _("地方"), show="place", phone=""),
        Column("quantity", _("数量"), show="number", phone=""), Column("verified_by", _("核验"), words=VERIFIED, phone=""),
        Column("standing", _("状态"), value=lambda row: "void" if row.beside else "standing", show="state",
               words={"void": _("已作废"), "standing": _("有效")}, tones={"void": "off", "standing": "ok"}),
    ),
    search=(
        ByIndex("mobile", parse_mobile, of=Person, title=_("手机号"), via="person"),
        ByPrefix("name_key", name_key, of=Person, via="person"), ByPrefix("number"),
    ),
    search_hint=_("会员姓名、手机号或流水号"), filters=(PlaceFilter(), Days("on", _("日期")), Choice("verified_by", VERIFIED, _("核验"))),
    default_sort="-on", sorts=("on",), related=("offer", "person"), detail="desk-use", people=True, export=True,
    beside=lambda rows: dict.fromkeys(voided(row.pk for row in rows), True),
    empty=_("还没有使用记录。打开一个服务项目，可为会员登记使用。"),
)  # fmt: skip


def kind_of(service: str, chosen: str) -> str:
    """The kind somebody chose ("training.classes/order"); empty when it is another service's, which the action refuses."""
    whose, _slash, kind = chosen.partition("/")
    return kind if whose == service else ""


def items_for(actor: Actor) -> Any:
    """Items open below the actor's posts, and those opened above them, which are for their members, too."""
    mine = actor.paths(*holders("offers.see"))
    above = {at[:end] for at in mine for end in range(3, len(at), 3)}
    return Offer.objects.visible_to(actor) | Offer.objects.filter(path__in=above)


class ItemForm(DeskForm):
    service = forms.ChoiceField(label=_("业务"), choices=list(SERVICES.items()))
    code = forms.CharField(label=_("编号"), max_length=24)
    title = forms.CharField(label=_("项目名称"), max_length=128)
    kind = forms.ChoiceField(
        label=_("类别"), choices=[("", ""), *KINDS], required=False, help_text=_("业务分类别的要选。")
    )
    provider = forms.CharField(label=_("服务商"), max_length=128, required=False)
    since = forms.DateField(label=_("开放日期"), initial=timezone.localdate)
    until = forms.DateField(label=_("结束日期"), required=False, help_text=_("结束日当天不再开放；不填就是长期。"))


class CloseForm(DeskForm):
    on = forms.DateField(label=_("从哪天起不再开放"), initial=timezone.localdate)


class VoidForm(DeskForm):
    reason = forms.CharField(label=_("作废原因"), max_length=200)


class UseForm(DeskForm):
    on = forms.DateField(label=_("使用日期"), initial=timezone.localdate)
    quantity = forms.IntegerField(label=_("每人数量"), min_value=1, max_value=1000, initial=1)


@gate.right("offers.see")
@never_cache
@require_safe
def offer(request: HttpRequest, number: int) -> HttpResponse:
    row = item_of(request, number)
    actor, today = actor_of(request), timezone.localdate()
    mine = actor.reaches(row.path, *holders("offers.change"))
    is_open = row.since <= today and (row.until is None or row.until > today)
    records = bool(actor.paths(*holders("offers.change")))
    seen = Participation.objects.visible_to(actor).uses().filter(offer=number)
    facts = [
        Fact(_("编号"), row.code), Fact(_("业务"), SERVICES.get(row.service, row.service)), Fact(_("服务商"), row.provider),
        Fact(_("起"), row.since), Fact(_("止"), row.until), Fact(_("您看得到的使用"), f"{seen.count():,}", reverse("desk-uses") + "?reset=1"),
    ]  # fmt: skip
    closed = _("项目已结束。") if row.until is not None and row.until <= today else _("项目还没有开放。")
    steps = [
        Step("use", _("登记使用"), records and row.since <= today, _("您的岗位不登记使用。") if row.since <= today else closed,
             reverse("desk-offer-use", args=[number]), "plus"),
        Step("counters", _("核销柜台"), True, "", reverse("desk-offer-counters", args=[number]), "qrcode"),
        Step("close", _("结束项目"), mine and row.until is None, _("已定了结束日期。") if row.until else _("由开放它的单位办理。"),
             reverse("desk-offer-close", args=[number]), "x", danger=True),
    ]  # fmt: skip
    steps = [*item_steps.steps(row, actor), *steps]
    lines = chronicle.lines_of(f"offer:{number}")
    detail = Detail(
        title=row.title, number=row.code, state=State(_("开放"), "ok") if is_open else State(_("不开放"), "off"), facts=facts, steps=steps,
        timeline=chronicle.events(f"offer:{number}", lines), counted_in=chronicle.in_stock(("card.items.items",), _own(actor, row.path), actor),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _own(actor: Actor, at: str) -> str:
    """A place of the actor's own to show figures of, for an item that was opened above it."""
    mine = actor.paths(*holders("records.see"))
    return at if actor.reaches(at) or not mine else mine[0]


def item_of(request: HttpRequest, number: int) -> Offer:
    """The item, of those the actor sees; 404 for any other."""
    row: Offer | None = register.visible(actor_of(request)).filter(pk=number).first()
    if row is None:
        raise Http404(f"offer {number}")
    return row


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    spots = [(at, name) for at, name in _places(actor_of(request))]

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = ItemForm(*args, **kwargs)
        made.fields["place"] = forms.ChoiceField(label=_("由哪里开放"), choices=spots)
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        row = OfferRow(
            said["service"],
            said["code"].strip(),
            said["title"].strip(),
            said["place"],
            said["since"],
            said["until"],
            said["provider"].strip(),
            kind_of(said["service"], said["kind"]),
        )
        return Done(_t("服务项目已开放。"), then=reverse("desk-offer", args=[use_moves.open_item(row, by=by)]))

    drawn = Drawn(_("开放项目"), button=_("开放"), crumbs=((register.title, reverse("desk-offers")),))
    return answer(request, form, drawn, act, reverse("desk-offers"))


def _places(actor: Actor) -> list[tuple[str, str]]:
    standing = Place.objects.at(*actor.paths(*holders("offers.change"))).filter(until=None)
    return list(standing.order_by("path").values_list("path", "name"))


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, number: int) -> HttpResponse:
    row = item_of(request, number)
    actor_of(request).must_reach(row.path, *holders("offers.change"))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        use_moves.close_item(number, by=by, on=said["on"])
        return Done(_t("项目已定结束日期。"))

    back = reverse("desk-offer", args=[number])
    drawn = Drawn(
        _("结束项目"),
        button=_("结束项目"),
        crumbs=((register.title, reverse("desk-offers")), (row.title, back)),
        danger=True,
    )
    return answer(request, CloseForm, drawn, act, back)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, number: int) -> HttpResponse:
    """Record uses: find members, tick them, say the day. Whom one ticked stays ticked while one looks for others."""
    row, actor = item_of(request, number), actor_of(request)
    asked = Asked(members.register, actor, request.GET)
    chosen = _chosen(request, actor)
    found = (
        list(asked.ordered(asked.rows()).select_related("person", "union", "employer")[: FOUND + 1])
        if asked.narrowed
        else []
    )
    back = reverse("desk-offer", args=[number])
    form, status, wrong = UseForm(request.POST if request.method == "POST" else None), 200, []
    if request.method == "POST":
        if not chosen:
            wrong.append(("q", _t("请先查找并勾选会员。")))
        elif form.is_valid():
            try:
                return HttpResponseRedirect(carry_out(request, form.cleaned_data, _recorder(number, chosen), back))
            except Refused as refused:
                if refused.code in form.fields:
                    form.add_error(refused.code, in_words(refused))
                else:
                    wrong.append(("q", in_words(refused)))
        wrong, status = [*wrong, *problems(form)], 422
    context = {
        "row": row, "form": form, "problems": wrong, "asked": asked,
        "found": [one for one in found[:FOUND] if one.pk not in {held.pk for held in chosen}], "more": len(found) > FOUND, "chosen": chosen,
        "back": back, "hint": members.register.search_hint, "find": reverse("desk-offer-find", args=[number]),
        "crumbs": ((register.title, reverse("desk-offers")), (row.title, back)),
    }  # fmt: skip
    return render(request, "web/desk/business/use.html", context, status=status)


def _chosen(request: HttpRequest, actor: Actor) -> list[Any]:
    given = [*request.POST.getlist("sel"), *request.GET.getlist("sel")][:200]
    keys = [int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 16]
    if not keys:
        return []
    mine = members.register.visible(actor).filter(pk__in=keys, until=None)
    return list(mine.select_related("person", "union", "employer").order_by("pk"))


def _recorder(number: int, chosen: Sequence[Any]) -> Any:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        keys = [one.pk for one in chosen]
        count = use_moves.record(number, keys, by=by, on=said["on"], quantity=said["quantity"])
        return Done(ngettext("登记了 %(count)d 人次。", "登记了 %(count)d 人次。", count) % {"count": count})

    return act


@gate.right("offers.change")
@require_POST
def find(request: HttpRequest, number: int) -> HttpResponse:
    """What is looked for comes by POST, as on the members' list: nothing of it stands in an address."""
    item_of(request, number)
    typed = narrow(request.POST.get("q", "")).replace("\x00", "").strip()[: finding.LONGEST]
    given = QueryDict(mutable=True)
    given.setlist(
        "sel",
        [text for text in request.POST.getlist("sel")[:200] if text.isascii() and text.isdigit() and len(text) < 16],
    )
    account = actor_of(request).account
    token = finding.token(members.register.search, typed, account) if typed else ""
    if token:
        given["k"] = token
    elif finding.numberish(typed):
        messages.warning(request, _t("这不像是完整的手机号或证件号码，没有查找。请核对后再输入。"))
    elif typed:
        given["w"] = finding.sealed(typed, account)
    return HttpResponseRedirect(reverse("desk-offer-use", args=[number]) + (f"?{given.urlencode()}" if given else ""))


@gate.right("offers.see")
@never_cache
@require_safe
def use(request: HttpRequest, number: int) -> HttpResponse:
    row = _use(request, number)
    actor, lines = actor_of(request), chronicle.lines_of(row.subject)
    gone = bool(voided([number]))
    mine = actor.reaches(row.path, *holders("offers.change"))
    detail = Detail(
        title=row.offer.title, number=row.number, state=State(_("已作废"), "off") if gone else State(_("有效"), "ok"),
        facts=[
            Fact(_("项目"), row.offer.title, reverse("desk-offer", args=[row.offer_id])), Fact(_("会员"), str(row.person)),
            Fact(_("日期"), row.on), Fact(_("数量"), row.quantity), Fact(_("核验"), VERIFIED.get(row.verified_by, row.verified_by)),
        ],
        steps=[Step("void", _("作废"), mine and not gone, _("已经作废。") if gone else _("您的岗位不办理这里的记录。"),
                    reverse("desk-use-void", args=[number]), "x", danger=True)],
        timeline=chronicle.events(row.subject, lines), counted_in=chronicle.counted_in(lines, actor),
    )  # fmt: skip
    return render_detail(request, detail, register=uses, row=row)


def _use(request: HttpRequest, number: int) -> Participation:
    row: Participation | None = (
        uses.visible(actor_of(request)).select_related("offer", "person").filter(pk=number).first()
    )
    if row is None:
        raise Http404(f"use {number}")
    return row


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, number: int) -> HttpResponse:
    row = _use(request, number)
    actor_of(request).must_reach(row.path, *holders("offers.change"))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        use_moves.void(number, by=by, reason=said["reason"])
        return Done(_t("使用记录已作废，指标随之变化。"))

    back = reverse("desk-use", args=[number])
    facts = ((_("项目"), row.offer.title), (_("会员"), row.person), (_("日期"), row.on))
    drawn = Drawn(
        _("作废"),
        button=_("作废"),
        crumbs=((uses.title, reverse("desk-uses")), (row.number, back)),
        facts=facts,
        danger=True,
    )
    return answer(request, VoidForm, drawn, act, back)


urlpatterns = [
    path("desk/offers/add/", add, name="desk-offer-add"),
    path("desk/offers/<int:number>/", offer, name="desk-offer"),
    path("desk/offers/<int:number>/close/", close, name="desk-offer-close"),
    path("desk/offers/<int:number>/use/", record, name="desk-offer-use"),
    path("desk/offers/<int:number>/use/find/", find, name="desk-offer-find"),
    path("desk/uses/<int:number>/", use, name="desk-use"),
    path("desk/uses/<int:number>/void/", void, name="desk-use-void"),
]
