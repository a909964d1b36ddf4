"""What this account redeemed month by month, as the union will pay it: page, workbook, PDF."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.journal import audit
from unionhall.kernel.period import Period
from unionhall.offers.models import ATTENDED, Participation
from unionhall.web import gate, monthly
from unionhall.web.acting import actor_of
from unionhall.web.frame import district
from unionhall.web.shop.counter import seen

A_PAGE = 50


@gate.merchant
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every month with redemptions, and what of it is not paid yet."""
    months = monthly.months(_standing(request))
    return render(request, "web/shop/months.html", {"tab": "months", "months": months})


@gate.merchant
@never_cache
@require_safe
def statement(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One month, redemption by redemption."""
    period, rows, whole = _month(request, year, month)
    ordered = rows.select_related("offer", "person").order_by("-verified_at", "-pk")
    page = Paginator(ordered, A_PAGE).get_page(request.GET.get("page"))
    told = {
        "tab": "months", "month": whole, "year": period.start.year, "number": period.start.month, "page": page,
        "uses": [seen(row) for row in page], "items": monthly.by_item(rows),
    }  # fmt: skip
    return render(request, "web/shop/month.html", told)


@gate.merchant
@never_cache
@require_safe
def file(request: HttpRequest, year: int, month: int, form: str) -> HttpResponse:
    """The month's statement to keep: xlsx or pdf."""
    if form not in monthly.TYPES:
        raise Http404(f"form {form!r}")
    _period, rows, whole = _month(request, year, month)
    by = actor_of(request)
    facts = ((_("商户"), by.name), (_("月份"), whole.name), (_("结算单位"), district()))
    answer = monthly.download(rows, monthly.for_merchants(), _("核销对账单"), facts, whole, form, by=by)
    note = f"{whole.name} {form}: {whole.uses} rows"
    audit.write("offer.statement.file", by=by, subject=f"account:{by.account}", path=audit.above(by.paths()), note=note)
    return answer


def _standing(request: HttpRequest) -> "QuerySet[Participation]":
    return Participation.objects.redeemed_by(actor_of(request)).filter(state=ATTENDED)


def _month(request: HttpRequest, year: int, month: int) -> "tuple[Period, QuerySet[Participation], monthly.Month]":
    """The month's redemptions of mine; 404 for a month without any."""
    period = monthly.month_of(year, month)
    rows = _standing(request).filter(on__gte=period.start, on__lt=period.end)
    whole = monthly.total(rows, period)
    if not whole.uses:
        raise Http404(f"nothing in {whole.name}")
    return period, rows, whole
