"""The receipt of a payment: printed, as a PDF, and noted when it was signed for."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.cases.models import Case
from unionhall.exchange import spoken
from unionhall.exchange.export import Mark
from unionhall.exchange.papers.pdf import pdf_of_table
from unionhall.exchange.papers.wording import Table
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import capitals
from unionhall.ledger import receipt_moves
from unionhall.ledger.actions import CASH
from unionhall.ledger.budgets import OUT
from unionhall.ledger.models import Entry, Posting, Receipt
from unionhall.ledger.receipts import number_of
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.detail import Step
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.funds_shown import money
from unionhall.web.frame import district
from unionhall.web.monthly import attached


class Shown(NamedTuple):
    """A receipt in words: `lines` are (title, text); `signed` says who signed and when, "" while nobody has."""

    entry: Entry
    number: str
    lines: tuple[tuple[Any, str], ...]
    signed: str


class SignedForm(DeskForm):
    on = forms.DateField(label=_("签收日期"), initial=timezone.localdate)
    proxy = forms.CharField(label=_("代领人"), max_length=64, required=False, help_text=_("本人签收的不填。"))


def steps(row: Entry, mine: bool, lawful: bool) -> list[Step]:
    """What may be done about the receipt of a payment; nothing for money that came in."""
    if row.fen >= 0 or row.account != CASH:
        return []
    signed = Receipt.objects.filter(posting=row.posting_id).exists()
    why = _("由财务部办理。") if not mine else _("已经登记签收。") if signed else _("已经冲销。")
    gone = _("已经冲销。")
    return [
        Step("receipt", _("收据"), lawful, gone, reverse("desk-receipt", args=[row.pk]), "printer"),
        Step("signed", _("登记签收"), mine and lawful and not signed, why, reverse("desk-receipt-signed", args=[row.pk]), "check"),
    ]  # fmt: skip


def _shown(request: HttpRequest, number: int) -> Shown:
    """The receipt of the payment this entry is of; 404 for money that came in or was taken back."""
    actor = actor_of(request)
    rows = Entry.objects.visible_to(actor).select_related("posting", "fund").filter(pk=number, account=CASH, fen__lt=0)
    row: Entry | None = rows.filter(posting__reverses=None).first()
    if row is None or Posting.objects.filter(reverses=row.posting_id).exists():
        raise Http404(f"receipt of {number}")
    to = Entry.objects.filter(posting=row.posting_id, account__startswith=OUT).values_list("account", flat=True).first()
    first, _colon, rest = row.posting.cause.partition(":")
    of = rest.rpartition(":")[0]
    case = (
        Case.objects.visible_to(actor).select_related("person").filter(service=first, number=of).first() if of else None
    )
    receipt = Receipt.objects.filter(posting=row.posting_id).first()
    signed = ""
    if receipt is not None:
        who = _t("%(proxy)s 代领") % {"proxy": receipt.proxy} if receipt.proxy else _t("本人签收")
        signed = f"{receipt.signed_on} {who}"
    lines = (
        (_("付款单位"), district()), (_("资金"), row.fund.name), (_("业务"), spoken.service((to or "").removeprefix(OUT))),
        (_("编号"), case.number if case is not None else rest), (_("收款人"), case.person.masked if case is not None and case.person else "—"),
        (_("金额（元）"), money(-row.fen)), (_("人民币（大写）"), capitals(-row.fen)), (_("支付日期"), row.posting.on.isoformat()),
    )  # fmt: skip
    return Shown(row, number_of(row.posting), lines, signed)


@gate.right("funds.see")
@never_cache
@require_safe
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    back = reverse("desk-entry", args=[number])
    return render(request, "web/desk/business/receipt.html", {"shown": _shown(request, number), "back": back})


@gate.right("funds.see")
@never_cache
@require_safe
def pdf(request: HttpRequest, number: int) -> HttpResponse:
    shown, by = _shown(request, number), actor_of(request)
    signatures = ((_t("经手人（签名）"), ""), (_t("收款人（签名）"), shown.signed))
    rows = tuple((str(title), text) for title, text in shown.lines)
    facts = ((_t("收据编号"), shown.number),)
    table = Table(
        _t("收据"),
        facts,
        (_t("项目"), _t("内容")),
        (*rows, *signatures),
        "",
        str(Mark(by.name, timezone.now(), by.trace)),
    )
    content = pdf_of_table(table)
    audit.write("receipt.file", by=by, subject=f"posting:{shown.entry.posting_id}", path=shown.entry.path)
    return attached(content, f"{_t('收据')}-{shown.number}", "pdf")


@gate.right("funds.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signed(request: HttpRequest, number: int) -> HttpResponse:
    row: Entry | None = Entry.objects.visible_to(actor_of(request)).select_related("fund").filter(pk=number).first()
    if row is None:
        raise Http404(f"entry {number}")
    actor_of(request).must_reach(row.path, *holders("funds.change"))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        receipt_moves.collected(number, on=said["on"], proxy=said["proxy"], by=by)
        return Done(_t("已登记签收。"))

    back = reverse("desk-entry", args=[number])
    facts = ((_("资金"), row.fund.name), (_("金额（元）"), money(-row.fen)))
    drawn = Drawn(_("登记签收"), button=_("登记签收"), crumbs=((_("收支明细"), reverse("desk-entries")),), facts=facts)
    return answer(request, SignedForm, drawn, act, back)


_ONE = "desk/entries/<int:number>/receipt"
urlpatterns = [
    path(f"{_ONE}/", receipt, name="desk-receipt"),
    path(f"{_ONE}.pdf", pdf, name="desk-receipt-pdf"),
    path(f"{_ONE}/signed/", signed, name="desk-receipt-signed"),
]
