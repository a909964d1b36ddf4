"""The e-card: eight digits and their QR code, for two minutes, renewed each minute."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.offers import attendance_moves
from unionhall.offers.attendance_moves import SHOWN_FOR
from unionhall.offers.models import Counter
from unionhall.offers.showing import open_items
from unionhall.people.models import Person
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.portal.offers import facts_for

RENEWED = 60
"""Seconds after which the page asks for the next code, while the last one is still good."""
NEAR = 8


@gate.worker
@never_cache
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """The code to show at a counter, and where it is good."""
    by, now = actor_of(request), timezone.now()
    person = Person.objects.visible_to(by).get()
    code = attendance_moves.show_code(person.pk, now=now, by=by)
    # make_qr: plain make may give a Micro QR, which telephones do not read. Black on white in the dark, too.
    drawn = segno.make_qr(code, error="m").svg_data_uri(border=4, light="#ffffff", dark="#1f2328", omitsize=True)
    usable = [one for one in open_items(facts_for(by, now), now) if one.ahead is None and one.fits][:NEAR]
    venues: dict[int, list[str]] = {}
    standing = Counter.objects.on(timezone.localdate()).filter(offer__in=[one.offer.pk for one in usable])
    for number, venue in standing.exclude(venue="").order_by("venue").values_list("offer", "venue"):
        venues.setdefault(number, []).append(venue)
    told = {
        "tab": "card", "person": person, "card": person.cards.exclude(state="rejected").order_by("-requested_on", "-pk").first(),
        "code": f"{code[:4]} {code[4:]}", "qr": drawn, "until": now + SHOWN_FOR, "renewed": RENEWED,
        "usable": [(one.offer, venues.get(one.offer.pk, [])) for one in usable],
    }  # fmt: skip
    return render(request, "web/portal/card.html", told)
