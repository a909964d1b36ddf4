"""Funds: what each holds, every movement with the balance after it, money in and out by voucher; taken back only by a reversal."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from operator import sub
from typing import Any

from django import forms
from django.db.models import Max, Min, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.cases import case_moves
from unionhall.cases.models import Case
from unionhall.exchange import spoken
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.ledger import fund_moves
from unionhall.ledger.actions import CASH, FundRow, balance
from unionhall.ledger.budgets import decided
from unionhall.ledger.models import Entry, Fund, Posting
from unionhall.offers import cost_moves
from unionhall.organisations.models import Account
from unionhall.organisations.places import root
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import budgets, receipts
from unionhall.web.desk.books import account
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Event, Fact, State, Step, Table, render_detail
from unionhall.web.desk.filters import Days, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix, ByText
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.register import Add, Register
from unionhall.web.desk.yuan_field import YuanField
from unionhall.web.sudo import sudo

LATEST = 20
_NOTHING = {"into": 0, "out": 0, "first": None, "last": None}


def _balances(rows: Sequence[Fund]) -> dict[int, int]:
    """Fund -> what it holds, in fen."""
    found = (
        Entry.objects.filter(fund__in=[row.pk for row in rows], account=CASH)
        .values_list("fund")
        .annotate(fen=Sum("fen"))
    )
    return dict(found)


def _after(rows: Sequence[Entry]) -> dict[int, int]:
    """Entry -> what its fund held after it, in fen: the sum before the page's first, then entry by entry. Two queries."""
    if not rows:
        return {}
    first, last = min(row.pk for row in rows), max(row.pk for row in rows)
    funds = {row.fund_id for row in rows}
    of_funds = Entry.objects.filter(fund__in=funds, account=CASH)
    held = dict(of_funds.filter(pk__lt=first).values_list("fund").annotate(fen=Sum("fen")))
    wanted, found = {row.pk for row in rows}, {}
    moves = of_funds.filter(pk__gte=first, pk__lte=last).order_by("pk").values_list("pk", "fund_id", "fen")
    for key, fund, fen in moves.iterator(5_000):
        held[fund] = held.get(fund, 0) + fen
        if key in wanted:
            found[key] = held[fund]
    return found


def cause_in_words(cause: str) -> str:
    """Why money moved: "aid.medical:JZ1:paid" is 医疗救助 JZ1; a voucher of the desk; the reversal of a posting."""
    first, _colon, rest = cause.partition(":")
    if first == "reverse":
        return _t("冲销第 %(number)s 笔") % {"number": rest}
    if first == "desk":
        return _t("凭证 %(voucher)s") % {"voucher": rest}
    if first == "offer":
        return _t("服务项目 %(item)s 对账单 %(month)s") % dict(
            zip(("item", "month"), rest.partition(":")[::2], strict=True)
        )
    number, _colon, _act = rest.rpartition(":")
    return f"{spoken.service(first)} {number or rest}"


register = Register(
    key="funds", title=_("资金"), model=Fund, right="funds.see", icon="wallet", unit=_("项"),
    rows=lambda actor: Fund.objects.visible_to(actor),
    columns=(
        Column("name", _("名称"), link=True), Column("purpose", _("用途")), Column("path", _("管理单位"), show="place", phone=""),
        Column("balance", _("余额（元）"), show="yuan", value=lambda row: row.beside or 0, phone="end"),
    ),
    search=(ByText("name"),), search_hint=_("资金名称"), default_sort="name", sorts=("name",), detail="desk-fund", beside=_balances,
    add=Add(_("登记资金"), "desk-fund-add", "funds.change"), empty=_("还没有资金。"),
)  # fmt: skip

entries = Register(
    key="entries", title=_("收支明细"), model=Entry, right="funds.see", icon="cash", unit=_("笔"),
    rows=lambda actor: Entry.objects.visible_to(actor).filter(account=CASH),
    columns=(
        Column("posting__cause", _("事由"), link=True, value=lambda row: cause_in_words(row.posting.cause)),
        Column("fund__name", _("资金")), Column("posting__on", _("日期"), show="day"),
        Column("fen", _("金额（元）"), show="yuan", phone="end"),
        Column("after", _("余额（元）"), show="yuan", value=lambda row: row.beside, phone=""),
        Column("path", _("地方"), show="place", phone="", chosen=False),
    ),
    search=(ByPrefix("posting__cause"), ByText("fund__name")), search_hint=_("事由开头或资金名称"),
    filters=(
        Picked("way", _("收支"), {"in": (_("收入"), Q(fen__gt=0)), "out": (_("支出"), Q(fen__lt=0))}),
        Picked("kind", _("种类"), {"reversed": (_("已冲销"), Q(posting__reversed_by__isnull=False)), "reversal": (_("冲销"), Q(posting__reverses__isnull=False))}),
        Days("on", _("日期"), field="posting__on"), PlaceFilter(),
    ),
    default_sort="-id", sorts=("fen",), related=("posting", "fund"), detail="desk-entry", beside=_after, export=True,
    empty=_("还没有收支。"),
)  # fmt: skip


class FundForm(DeskForm):
    name = forms.CharField(label=_("名称"), max_length=40)
    purpose = forms.CharField(label=_("用途"), max_length=200, help_text=_("专款专用，用途写清楚。"))


class MoneyForm(DeskForm):
    voucher = forms.CharField(label=_("凭证号"), max_length=40)
    amount = YuanField(label=_("金额（元）"))
    on = forms.DateField(label=_("日期"), initial=timezone.localdate)


class InForm(MoneyForm):
    what = forms.CharField(label=_("来源"), max_length=40)


class OutForm(MoneyForm):
    what = forms.CharField(label=_("用途"), max_length=40)


class ReverseForm(DeskForm):
    reason = forms.CharField(label=_("冲销理由"), max_length=200)


@gate.right("funds.see")
@never_cache
@require_safe
def fund(request: HttpRequest, number: int) -> HttpResponse:
    row = _fund(request, number)
    actor = actor_of(request)
    mine = actor.reaches(row.path, *holders("funds.change"))
    latest = list(Entry.objects.filter(fund=number, account=CASH).select_related("posting").order_by("-pk")[:LATEST])
    sums = list(
        Entry.objects.filter(fund=number)
        .values("account")
        .annotate(
            total=Sum("fen"), into=Sum("fen", filter=Q(fen__gt=0)), out=Sum("fen", filter=Q(fen__lt=0)),
            first=Min("posting__on"), last=Max("posting__on"),
        )
        .order_by("-total")
    )  # fmt: skip
    moved = next((one for one in sums if one["account"] == CASH), _NOTHING)
    held = (moved["into"] or 0) + (moved["out"] or 0)
    after = dict(
        zip((one.pk for one in latest), accumulate((one.fen for one in latest), sub, initial=held), strict=False)
    )
    rows = [
        [
            (cause_in_words(one.posting.cause), reverse("desk-entry", args=[one.pk])),
            one.posting.on,
            _money(one.fen),
            _money(after[one.pk]),
        ]
        for one in latest
    ]
    facts = [
        Fact(_("余额"), _t("%(yuan)s 元") % {"yuan": _money(held)}), Fact(_("收入合计"), _money(moved["into"] or 0)),
        Fact(_("支出合计"), _money(-(moved["out"] or 0))), Fact(_("用途"), row.purpose), Fact(_("首笔"), moved["first"]), Fact(_("末笔"), moved["last"]),
    ]  # fmt: skip
    not_mine = _("由财务部办理。")
    steps = [
        Step("in", _("登记拨入"), mine, not_mine, reverse("desk-fund-in", args=[number]), "plus"),
        Step("out", _("登记支出"), mine, not_mine, reverse("desk-fund-out", args=[number]), "cash"),
        Step("order", _("支付给银行"), mine, not_mine, reverse("desk-order-make", args=[number]), "building-bank"),
        *budgets.steps(row, actor),
    ]
    year = budgets.year_of(request)
    said = decided(number, year)
    facts.append(Fact(_("专款用途"), budgets.earmarked(row)))
    related = [
        budgets.table(row, year, said),
        Table(_("最近的收支"), (_("事由"), _("日期"), _("金额（元）"), _("余额（元）")), rows, _("还没有收支。"), (_("全部收支"), reverse("desk-entries") + "?reset=1")),
        Table(_("按来源和用途"), (_("来源或用途"), _("金额（元）")), [(account(one["account"]), _money(one["total"])) for one in sums if one["total"] and one["account"] != CASH], _("还没有收支。")),
    ]  # fmt: skip
    return render_detail(
        request,
        Detail(
            title=row.name,
            number=row.purpose[:24],
            facts=facts,
            steps=steps,
            related=related,
            timeline=budgets.events(said),
        ),
        register=register,
        row=row,
    )


def _fund(request: HttpRequest, number: int) -> Fund:
    row: Fund | None = register.visible(actor_of(request)).filter(pk=number).first()
    if row is None:
        raise Http404(f"fund {number}")
    return row


def _money(fen: int) -> str:
    return f"{yuan(fen):,}"


@gate.right("funds.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        number = fund_moves.open_one(FundRow(said["name"].strip(), said["purpose"].strip(), root()), by=by)
        return Done(_t("资金已登记。"), then=reverse("desk-fund", args=[number]))

    drawn = Drawn(_("登记资金"), button=_("登记"), crumbs=((register.title, reverse("desk-funds")),))
    return answer(request, FundForm, drawn, act, reverse("desk-funds"))


@gate.right("funds.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def money_in(request: HttpRequest, number: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        fund_moves.take_in(
            number, said["amount"], voucher=said["voucher"], source=said["what"].strip(), on=said["on"], by=by
        )
        return Done(_t("拨入已登记。"))

    return _money_page(request, number, InForm, _("登记拨入"), act)


@gate.right("funds.change")
@never_cache
@sudo
@require_http_methods(["GET", "HEAD", "POST"])
def money_out(request: HttpRequest, number: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        fund_moves.pay_out(
            number, said["amount"], voucher=said["voucher"], to=said["what"].strip(), on=said["on"], by=by
        )
        return Done(_t("支出已登记。"))

    return _money_page(request, number, OutForm, _("登记支出"), act)


def _money_page(request: HttpRequest, number: int, form: type[DeskForm], title: Any, act: Any) -> HttpResponse:
    row = _fund(request, number)
    actor_of(request).must_reach(row.path, *holders("funds.change"))
    back = reverse("desk-fund", args=[number])
    facts = ((_("资金"), row.name), (_("余额（元）"), _money(balance(number))))
    drawn = Drawn(
        title,
        button=title,
        crumbs=((register.title, reverse("desk-funds")), (row.name, back)),
        facts=facts,
        icon="cash",
    )
    return answer(request, form, drawn, act, back)


@gate.right("funds.see")
@never_cache
@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One movement of money: both its sides, what it was for, and what took it back."""
    row = _entry(request, number)
    actor, posting = actor_of(request), row.posting
    back = Posting.objects.filter(reverses=posting.pk).first()
    mine = actor.reaches(row.path, *holders("funds.change"))
    lawful = back is None and posting.reverses_id is None
    why = _("由财务部办理。") if lawful else _("已经冲销。") if back is not None else _("这本身就是一笔冲销。")
    who = dict(
        Account.objects.filter(pk__in={posting.by, back.by if back else None} - {None}).values_list("pk", "name")
    )
    events = [
        Event(
            timezone.localtime(posting.at),
            who.get(posting.by, _t("系统")),
            f"{cause_in_words(posting.cause)} · {posting.reason}".rstrip(" ·"),
        )
    ]
    if back is not None:
        events.insert(
            0, Event(timezone.localtime(back.at), who.get(back.by, _t("系统")), f"{_t('冲销')} · {back.reason}")
        )
    sides = [
        (account(one.account), one.fund.name, _money(one.fen))
        for one in posting.entries.select_related("fund").order_by("pk")
    ]
    state = (
        State(_("已冲销"), "off")
        if back is not None
        else State(_("冲销"), "look")
        if posting.reverses_id
        else State(_("有效"), "ok")
    )
    case = _case(posting.cause, actor)
    facts = [
        Fact(_("资金"), row.fund.name, reverse("desk-fund", args=[row.fund_id])), Fact(_("日期"), posting.on),
        Fact(_("金额（元）"), _money(row.fen)), Fact(_("事项"), case.number if case else "", reverse("desk-case", args=[case.pk]) if case else ""),
    ]  # fmt: skip
    detail = Detail(
        title=cause_in_words(posting.cause), number=f"{_t('第')} {posting.pk} {_t('笔')}", state=state, facts=facts,
        steps=[*receipts.steps(row, mine, lawful), Step("reverse", _("冲销"), lawful and mine, why, reverse("desk-entry-reverse", args=[number]), "arrow-back-up", danger=True)],
        timeline=events, related=[Table(_("收支两方"), (_("科目"), _("资金"), _("金额（元）")), sides)],
    )  # fmt: skip
    return render_detail(request, detail, register=entries, row=row)


def _case(cause: str, actor: Actor) -> Case | None:
    """The matter a posting paid, if this actor sees it."""
    first, _colon, rest = cause.partition(":")
    number = rest.rpartition(":")[0]
    if not number or first in ("desk", "reverse"):
        return None
    found: Case | None = Case.objects.visible_to(actor).filter(service=first, number=number).first()
    return found


def _entry(request: HttpRequest, number: int) -> Entry:
    row: Entry | None = entries.visible(actor_of(request)).select_related("posting", "fund").filter(pk=number).first()
    if row is None:
        raise Http404(f"entry {number}")
    return row


@gate.right("funds.change")
@never_cache
@sudo
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    row = _entry(request, number)
    actor_of(request).must_reach(row.path, *holders("funds.change"))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        case = case_moves.take_payment_back(row.posting_id, reason=said["reason"], by=by)
        if cost_moves.unpay(row.posting_id, reason=said["reason"], by=by):
            return Done(_t("已冲销，所付的核销、名额或物品退回未支付。"))
        return Done(_t("已冲销，事项退回待发放。") if case is not None else _t("已冲销。"))

    back = reverse("desk-entry", args=[number])
    facts = (
        (_("事由"), cause_in_words(row.posting.cause)),
        (_("金额（元）"), _money(row.fen)),
        (_("日期"), row.posting.on),
    )
    drawn = Drawn(
        _("冲销"),
        button=_("冲销"),
        crumbs=((entries.title, reverse("desk-entries")), (cause_in_words(row.posting.cause), back)),
        facts=facts,
        danger=True,
    )
    return answer(request, ReverseForm, drawn, act, back)


urlpatterns = [
    path("desk/funds/add/", add, name="desk-fund-add"),
    path("desk/funds/<int:number>/", fund, name="desk-fund"),
    path("desk/funds/<int:number>/in/", money_in, name="desk-fund-in"),
    path("desk/funds/<int:number>/out/", money_out, name="desk-fund-out"),
    path("desk/entries/<int:number>/", entry, name="desk-entry"),
    path("desk/entries/<int:number>/reverse/", take_back, name="desk-entry-reverse"),
]
