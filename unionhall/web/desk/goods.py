"""Goods given out through unions: the sheet of an item, and one union's part with its deliveries and signatures."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow
from unionhall.offers import goods, goods_moves, service
from unionhall.offers.goods_models import Allotment, Delivery
from unionhall.offers.goods_moves import Part
from unionhall.offers.models import ATTENDED, Offer, Participation
from unionhall.organisations.models import Union
from unionhall.organisations.roles import holders
from unionhall.people.models import Membership
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle, offers
from unionhall.web.desk.detail import Detail, Fact, State, Step, Table, render_detail
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer, carry_out, problems
from unionhall.web.desk.yuan import YuanField
from unionhall.web.refusals import in_words

A_PAGE = 100
MOST_LINES = 500


class PlanForm(DeskForm):
    units = forms.IntegerField(label=_("一共多少份"), min_value=1, max_value=1_000_000)
    budget_fen = YuanField(label=_("预算（元）"), help_text=_("单价写在“项目说明”里；份数乘单价不能超过预算。"))


class AllotForm(DeskForm):
    parts = forms.CharField(
        label=_("分给哪些工会"), widget=forms.Textarea(attrs={"rows": 10}), max_length=40_000,
        help_text=_("一行一个工会：工会代码或全称，空格或制表符，份数。可以从 Excel 里复制两列粘贴。写 0 就是不分给它。没有写到的不变。"),
    )  # fmt: skip


class DeliverForm(DeskForm):
    units = forms.IntegerField(label=_("送达份数"), min_value=1, max_value=1_000_000)
    receiver = forms.CharField(label=_("单位签收人"), max_length=64)
    on = forms.DateField(label=_("送达日期"), initial=timezone.localdate)


class SignForm(DeskForm):
    on = forms.DateField(label=_("签收日期"), initial=timezone.localdate)
    units = forms.IntegerField(label=_("每人份数"), min_value=1, max_value=1_000, initial=1)


class VoidForm(DeskForm):
    reason = forms.CharField(label=_("作废原因"), max_length=200)


class PayForm(DeskForm):
    on = forms.DateField(label=_("付款日期"), initial=timezone.localdate)


@gate.right("offers.see")
@never_cache
@require_safe
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """The item's goods: every union's part, what adds up, and what is missing where."""
    item, actor = _item(request, number), actor_of(request)
    runs = actor.reaches(item.path, *service.find(item.service).runs())
    told = goods.sheet(item, actor)
    context = {
        "item": item, "sheet": told, "runs": runs, "whole": actor.reaches(item.path, *holders("offers.see")),
        "crumbs": ((offers.register.title, reverse("desk-offers")), (item.title, reverse("desk-offer", args=[number]))),
    }  # fmt: skip
    return render(request, "web/desk/business/goods.html", context)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """How many there are and what they may cost."""
    item = _run(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        goods_moves.plan(number, said["units"], said["budget_fen"], by=by)
        return Done(_t("份数和预算已定下。"))

    initial = {"units": item.units, "budget_fen": f"{item.budget_fen / 100:.2f}" if item.budget_fen else ""}
    return _answer(request, item, PlanForm, Drawn(_("份数和预算"), button=_("定下")), act, initial)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def allot(request: HttpRequest, number: int) -> HttpResponse:
    """Which union gets how many: typed, or two columns pasted from a sheet."""
    item = _run(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        changed = goods_moves.allot(number, _parts(said["parts"], item), by=by)
        return Done(_t("分配已保存，改了 %(n)d 个工会。") % {"n": changed})

    standing = goods.sheet(item, actor_of(request)).lines
    initial = {"parts": "\n".join(f"{one.allotment.union.code}\t{one.allotment.units}" for one in standing)}
    return _answer(request, item, AllotForm, Drawn(_("分配"), button=_("保存分配")), act, initial)


def _parts(text: str, item: Offer) -> list[Part]:
    """What was typed, line by line. Refused with the line that is wrong: all of them are read before anything is done."""
    lines = [line.split() for line in narrow(text).splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise Refused("一次最多 {most_lines} 行，请分几次。", code="parts", most_lines=MOST_LINES)
    named = {" ".join(words[:-1]) for words in lines}
    found: dict[str, list[int]] = {}
    below = Union.objects.at(item.path).filter(until=None)
    for pk, code, name in [
        *below.filter(code__in=named).values_list("pk", "code", "name"),
        *below.filter(name__in=named).values_list("pk", "code", "name"),
    ]:
        for word in {code, name} & named:
            if pk not in found.setdefault(word, []):
                found[word].append(pk)
    parts = []
    for at, words in enumerate(lines, 1):
        name, count = " ".join(words[:-1]), words[-1]
        if len(words) < 2 or not (count.isascii() and count.isdigit() and len(count) < 8):
            raise Refused(
                "第 {at} 行“{words}”看不懂，请写成：工会代码或全称，空格，份数。",
                code="parts",
                at=at,
                words=" ".join(words),
            )
        if len(found.get(name, ())) != 1:
            why = "有几个工会都叫" if found.get(name) else "本项目所在地方没有工会叫"
            raise Refused("第 {at} 行：{why}“{name}”，请改用工会代码。", code="parts", at=at, why=why, name=name)
        parts.append(Part(found[name][0], int(count)))
    return parts


@gate.right("offers.see")
@never_cache
@require_safe
def allotment(request: HttpRequest, number: int) -> HttpResponse:
    """One union's part: what came, who signed, what is still missing."""
    row, actor = _allotment(request, number), actor_of(request)
    (line,) = goods.lines(row.offer, [row])
    gives = actor.reaches(row.path, *service.find(row.offer.service).runs())
    pays = actor.reaches(row.path, *holders("funds.change"))
    why = _("由发放的单位办理。")
    deliveries = list(Delivery.objects.filter(allotment=number).order_by("on", "pk"))
    state = State(_("已结清"), "ok") if line.settled else State(_("没有结清"), "look")
    facts = [
        Fact(_("项目"), row.offer.title, reverse("desk-offer", args=[row.offer_id])), Fact(_("工会"), row.union.name),
        Fact(_("分配"), f"{row.units:,}"), Fact(_("送达"), f"{line.delivered:,}"), Fact(_("签收"), f"{line.signed:,}"),
        Fact(_("签收人数"), f"{line.signers:,}"), Fact(_("费用（元）"), f"{line.cost / 100:,.2f}"), Fact(_("已付（元）"), f"{line.paid / 100:,.2f}"),
    ]  # fmt: skip
    steps = [
        Step("deliver", _("登记送达"), gives and line.undelivered > 0, why if not gives else _("已经全部送达。"),
             reverse("desk-allotment-deliver", args=[number]), "check"),
        Step("sign", _("登记签收"), gives and line.unsigned > 0, why if not gives else _("送达的都已签收，或还没有送达。"),
             reverse("desk-allotment-sign", args=[number]), "edit"),
    ]  # fmt: skip
    table = Table(
        _("送达"), [_("日期"), _("份数"), _("单位签收人"), _("付款"), ""],
        [[
            one.on, one.units, one.receiver, State(_("已作废"), "off") if one.void_because else State(_("已付"), "ok") if one.posting else State(_("未付"), "wait"),
            (_("付款"), reverse("desk-delivery-pay", args=[one.pk])) if pays and not one.void_because and not one.posting
            else (_("作废"), reverse("desk-delivery-void", args=[one.pk])) if gives and not one.void_because and not one.posting else "",
        ] for one in deliveries],
        empty=_("还没有送达。"),
    )  # fmt: skip
    people = (
        Participation.objects.visible_to(actor)
        .filter(allotment=number, state=ATTENDED)
        .select_related("person")
        .order_by("on", "pk")
    )
    signed = Table(
        _("签收"), [_("职工"), _("日期"), _("份数")],
        [[(str(one.person), reverse("desk-use", args=[one.pk])), one.on, one.quantity] for one in people[:A_PAGE]],
        empty=_("还没有人签收。"),
    )  # fmt: skip
    lines = [line for one in deliveries for line in chronicle.lines_of(one.subject)]
    detail = Detail(
        title=row.union.name, number=row.union.code, state=state, facts=facts, steps=steps, related=(table, signed),
        timeline=chronicle.events(row.subject, lines),
        crumbs=((offers.register.title, reverse("desk-offers")), (row.offer.title, reverse("desk-offer-goods", args=[row.offer_id]))),
    )  # fmt: skip
    return render_detail(request, detail)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: HttpRequest, number: int) -> HttpResponse:
    """Units brought to the union."""
    row = _given(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        goods_moves.deliver(number, said["units"], said["receiver"], on=said["on"], by=by)
        return Done(_t("送达已登记。"))

    (line,) = goods.lines(row.offer, [row])
    return _of(request, row, DeliverForm, Drawn(_("登记送达"), button=_("登记")), act, {"units": line.undelivered})


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Who signed: the union's members who have not, to be ticked from the paper."""
    row = _given(request, number)
    before = Participation.objects.filter(offer=row.offer_id, state=ATTENDED, allotment__isnull=False).values("person")
    open_to = Membership.objects.on(timezone.localdate()).filter(union=row.union_id).exclude(person__in=before)
    page = Paginator(open_to.select_related("person", "employer").order_by("person__name_key", "pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    ticked = {
        int(text)
        for text in request.POST.getlist("sel")[:1_000]
        if text.isascii() and text.isdigit() and len(text) < 16
    }
    to = reverse("desk-allotment", args=[number])
    form, wrong, status = SignForm(request.POST if request.method == "POST" else None), [], 200

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        count = goods_moves.sign(number, sorted(ticked), units=said["units"], on=said["on"], by=by)
        return Done(_t("登记了 %(count)d 人签收。") % {"count": count})

    if request.method == "POST":
        if form.is_valid():
            try:
                return HttpResponseRedirect(carry_out(request, form.cleaned_data, act, to))
            except Refused as refused:
                form.add_error(refused.code if refused.code in form.fields else None, in_words(refused))
        wrong, status = problems(form), 422
    context = {
        "row": row, "page": page, "ticked": ticked, "form": form, "problems": wrong, "back": to,
        "crumbs": ((row.offer.title, reverse("desk-offer-goods", args=[row.offer_id])), (row.union.name, to)),
    }  # fmt: skip
    return render(request, "web/desk/business/signing.html", context, status=status)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, number: int) -> HttpResponse:
    """A delivery that never was."""
    made = _delivery(request, number)
    row = _given(request, made.allotment_id)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        goods_moves.take_back(number, reason=said["reason"], by=by)
        return Done(_t("这次送达已作废。"))

    return _of(request, row, VoidForm, Drawn(_("作废"), button=_("作废"), danger=True), act, {})


@gate.right("funds.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, number: int) -> HttpResponse:
    """Pay what a delivery cost."""
    made = _delivery(request, number)
    actor_of(request).must_reach(made.path, *holders("funds.change"))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        fen = goods_moves.pay(number, on=said["on"], by=by)
        return Done(_t("已付 %(yuan)s 元。") % {"yuan": f"{fen / 100:,.2f}"})

    facts = (
        (_("份数"), f"{made.units:,}"),
        (_("费用（元）"), f"{made.units * made.allotment.offer.fen_each / 100:,.2f}"),
    )
    return _of(request, made.allotment, PayForm, Drawn(_("付款"), button=_("付款"), facts=facts), act, {})


def _item(request: HttpRequest, number: int) -> Offer:
    row: Offer | None = offers.register.visible(actor_of(request)).filter(pk=number).first()
    if row is None or "quantity" not in service.find(row.service).counts:
        raise Http404(f"offer {number}")
    return row


def _run(request: HttpRequest, number: int) -> Offer:
    item = _item(request, number)
    actor_of(request).must_reach(item.path, *service.find(item.service).runs())
    return item


def _allotment(request: HttpRequest, number: int) -> Allotment:
    row: Allotment | None = (
        Allotment.objects.visible_to(actor_of(request)).select_related("offer", "union").filter(pk=number).first()
    )
    if row is None:
        raise Http404(f"allotment {number}")
    return row


def _given(request: HttpRequest, number: int) -> Allotment:
    """A part this officer gives out."""
    row = _allotment(request, number)
    actor_of(request).must_reach(row.path, *service.find(row.offer.service).runs())
    return row


def _delivery(request: HttpRequest, number: int) -> Delivery:
    seen = Delivery.objects.visible_to(actor_of(request)).select_related("allotment__offer", "allotment__union")
    row: Delivery | None = seen.filter(pk=number).first()
    if row is None:
        raise Http404(f"delivery {number}")
    return row


def _answer(
    request: HttpRequest, item: Offer, form: type[DeskForm], drawn: Drawn, act: Any, initial: Mapping[str, Any]
) -> HttpResponse:
    to = reverse("desk-offer-goods", args=[item.pk])
    crumbs = ((item.title, reverse("desk-offer", args=[item.pk])), (_("物品分配与签收"), to))
    return answer(request, form, Drawn(drawn.title, button=drawn.button, crumbs=crumbs), act, to, initial=initial)


def _of(
    request: HttpRequest, row: Allotment, form: type[DeskForm], drawn: Drawn, act: Any, initial: Mapping[str, Any]
) -> HttpResponse:
    to = reverse("desk-allotment", args=[row.pk])
    crumbs = ((row.offer.title, reverse("desk-offer-goods", args=[row.offer_id])), (row.union.name, to))
    shown = Drawn(drawn.title, button=drawn.button, crumbs=crumbs, facts=drawn.facts, danger=drawn.danger)
    return answer(request, form, shown, act, to, initial=initial)


urlpatterns = [
    path("desk/offers/<int:number>/goods/", sheet, name="desk-offer-goods"),
    path("desk/offers/<int:number>/goods/plan/", plan, name="desk-offer-goods-plan"),
    path("desk/offers/<int:number>/goods/allot/", allot, name="desk-offer-goods-allot"),
    path("desk/allotments/<int:number>/", allotment, name="desk-allotment"),
    path("desk/allotments/<int:number>/deliver/", deliver, name="desk-allotment-deliver"),
    path("desk/allotments/<int:number>/sign/", sign, name="desk-allotment-sign"),
    path("desk/deliveries/<int:number>/void/", void, name="desk-delivery-void"),
    path("desk/deliveries/<int:number>/pay/", pay, name="desk-delivery-pay"),
]
