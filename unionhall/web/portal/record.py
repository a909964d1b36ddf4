"""A worker's training record: classes, tests, certificates, years at university, contests."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.offers import outcomes, service
from unionhall.offers.models import Outcome
from unionhall.offers.outcomes import Attended
from unionhall.web import gate, words
from unionhall.web.acting import actor_of

A_PAGE = 20


@gate.worker
@never_cache
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Certificates first, with the way anybody may check them; then everything I came to, the latest first."""
    attended = outcomes.record_of(actor_of(request))
    page = Paginator([_said(one) for one in attended], A_PAGE).get_page(request.GET.get("page"))
    certificates = [
        {"row": row, "title": one.row.offer.title, "check": f"{reverse('certificate')}?number={row.proof}"}
        for one in attended
        for row in one.outcomes
        if service.find(row.service).results[row.kind].certificate
    ]
    told = {"tab": "record", "page": page, "certificates": certificates if page.number == 1 else []}
    return render(request, "web/portal/record.html", told)


def _said(one: Attended) -> dict[str, Any]:
    declared = service.find(one.row.offer.service)
    details = one.row.offer.details or {}
    return {
        "row": one.row, "service": words.title(declared), "results": [(row, result_in_words(row)) for row in one.outcomes],
        "details": [(_(field.title), details[field.key]) for field in declared.form if details.get(field.key) and not field.choices],
    }  # fmt: skip


def result_in_words(row: Outcome) -> str:
    """ "考试 合格 · 86.00 分"."""
    declared = service.find(row.service)
    result = declared.results[row.kind]
    parts = [_(dict(result.choices).get(row.choice, row.choice))] if row.choice else []
    if row.amount is not None:
        parts.append(_amount(result.amount, row.amount))
    return f"{_(result.title)} {' · '.join(part for part in parts if part)}".strip()


def _amount(kind: str, amount: int) -> str:
    if kind == "whole":
        return f"{amount:,}"
    number = f"{amount / 100:,.2f}".removesuffix(".00")
    return _("%(yuan)s 元") % {"yuan": number} if kind == "yuan" else _("%(points)s 分") % {"points": number}
