"""工会服务站, for everybody: where each stands, when it is open, what is done there, and what it was found to be. Nobody is named."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from unionhall.cases.station_models import StarHeld
from unionhall.organisations.models import Place, Station, UnionTag
from unionhall.web import gate

FEDERATIONS = ("street_federation", "district_federation")


def in_one(paths: set[str]) -> set[str]:
    """The places of these whose own federation is union, station and home in one today (会站家合一)."""
    today = timezone.localdate()
    tagged = UnionTag.objects.on(today).filter(tag="three_in_one", union__kind__in=FEDERATIONS, union__path__in=paths)
    return set(tagged.values_list("union__path", flat=True))


@gate.public
@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """The stations that are open today, street by street."""
    today = timezone.localdate()
    rows = list(Station.objects.on(today).order_by("path", "code"))
    paths = {row.path for row in rows}
    names, whole = dict(Place.objects.filter(path__in=paths).values_list("path", "name")), in_one(paths)
    stars = {one.station_id: one for one in StarHeld.objects.on(today).filter(station__in=rows).order_by("pk")}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        held = stars.get(row.pk)
        groups.setdefault(names.get(row.path, ""), []).append({
            "row": row, "star": held, "drawn": "★" * held.stars + "☆" * (5 - held.stars) if held is not None else "", "in_one": row.path in whole,
        })  # fmt: skip
    return render(request, "web/stations.html", {"groups": list(groups.items()), "count": len(rows)})
