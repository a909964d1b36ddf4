"""工会服务站, for everybody: where each stands, when it is open, what is done there, and what it was found to be. Nobody is named."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from unionhall.cases.station_models import StarHeld
from unionhall.organisations.models import Place, Station, UnionTag
from unionhall.organisations.vocabulary import FEDERATIONS
from unionhall.web import gate


def in_one() -> Exists:
    """Of a station: is its place's own federation union, station and home in one today (会站家合一)?"""
    here = Q(union__kind__in=FEDERATIONS, union__path=OuterRef("path"))
    return Exists(UnionTag.objects.on(timezone.localdate()).filter(here, tag="three_in_one"))


@gate.public
@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """The stations that are open today, street by street."""
    today = timezone.localdate()
    rows = list(Station.objects.on(today).annotate(in_one=in_one()).order_by("path", "code"))
    names = dict(Place.objects.filter(path__in={row.path for row in rows}).values_list("path", "name"))
    stars = {one.station_id: one for one in StarHeld.objects.on(today).filter(station__in=rows).order_by("pk")}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        held = stars.get(row.pk)
        groups.setdefault(names.get(row.path, ""), []).append({
            "row": row, "star": held, "drawn": "★" * held.stars + "☆" * (5 - held.stars) if held is not None else "",
        })  # fmt: skip
    return render(request, "web/stations.html", {"groups": list(groups.items()), "count": len(rows)})
