"""The public page: who is on duty at which station, today and the next days. Names of duty are public; nothing else is."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionhall.offers.duty_models import KINDS, Duty
from unionhall.organisations.models import Account
from unionhall.web import gate

AHEAD = timedelta(days=7)
MOST = 500


@gate.public
@require_safe
def on_duty(request: HttpRequest) -> HttpResponse:
    """By station: who sits there now, and when somebody does in the next week."""
    now = timezone.now()
    rows = list(
        Duty.objects.standing().filter(ends_at__gt=now, starts_at__lt=now + AHEAD).select_related("station").order_by("starts_at", "pk")[:MOST]
    )  # fmt: skip
    names = dict(Account.objects.filter(pk__in={row.account for row in rows}).values_list("pk", "name"))
    stations: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        told = {"row": row, "who": names.get(row.account, ""), "kind": _(KINDS[row.kind]), "now": row.starts_at <= now,
                "there": row.arrived_at is not None and row.left_at is None}  # fmt: skip
        stations.setdefault(row.station.name, []).append(told)
    return render(request, "web/duty/today.html", {"stations": sorted(stations.items()), "now": now})
