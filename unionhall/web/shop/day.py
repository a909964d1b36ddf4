"""What this account redeemed today, and what it took back."""

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.offers.models import ATTENDED, Counter, Participation
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.shop.counter import seen

A_PAGE = 50


@gate.merchant
@never_cache
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The newest first; what was taken back is marked and counted in no total."""
    by = actor_of(request)
    mine = Participation.objects.redeemed_by(by).filter(on=timezone.localdate())
    stands = Q(state=ATTENDED)
    total = mine.aggregate(
        uses=Count("pk", filter=stands), fen=Sum("fen", filter=stands), gone=Count("pk", filter=~stands)
    )
    given_back = _given_back(by)
    page = Paginator(mine.select_related("offer", "person").order_by("-verified_at", "-pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    told = {
        "tab": "today", "page": page, "uses": [seen(row) for row in page], "given_back": given_back, "count": total["uses"],
        "yuan": f"{yuan(total['fen'] or 0):,}", "gone": total["gone"] + len(given_back), "day": timezone.localdate(),
    }  # fmt: skip
    return render(request, "web/shop/today.html", told)


def _given_back(by: Actor) -> list[Line]:
    """Places at sessions this account redeemed today and took back: they are their people's again, so only the journal tells."""
    services = set(Counter.objects.of(by).values_list("offer__service", flat=True))
    voided = Line.objects.filter(
        service__in=services, act="void", on=timezone.localdate(), by=by.account, kind="used", voided_by=None
    )
    lines = list(voided.select_related("person").order_by("-id")[:A_PAGE])
    rows = {
        f"participation:{row.pk}": row
        for row in Participation.objects.filter(
            pk__in=[int(line.subject.partition(":")[2]) for line in lines], session__isnull=False
        )
    }
    return [line for line in lines if line.subject in rows and rows[line.subject].verifier is None]
