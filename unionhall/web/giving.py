"""募捐公示: every drive with what was given, handed over and left. Nobody is named, neither who gives nor who is helped."""

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from unionhall.cases.drive_models import Drive
from unionhall.cases.drives import sums
from unionhall.web import gate

A_PAGE = 50
FEW = 5
"""Of fewer gifts the number is not told: whoever gave would be known by their sum."""


@gate.public
@require_safe
def drives(request: HttpRequest) -> HttpResponse:
    """The drives, those under way first, then the latest."""
    rows = Drive.objects.order_by(F("closed_on").desc(nulls_first=True), "-opened_on", "-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    told = sums([row.pk for row in page])
    shown = [{"row": row, "sums": told[row.pk], "few": 0 < told[row.pk].gifts < FEW} for row in page]
    return render(request, "web/giving.html", {"page": page, "drives": shown, "few": FEW})
