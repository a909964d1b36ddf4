"""The public page where anybody checks a certificate: does it hold, and whose is it, by a masked name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.access.actions import tries
from unionhall.access.tries import LOOKED_UP
from unionhall.offers import outcomes
from unionhall.web import browsers, gate
from unionhall.web.acting import visitor


@gate.public
@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The form and, for a number, the answer. Numbers of long ago can be guessed, so an address may ask only so often."""
    number, wait, found, status = request.GET.get("number", "")[: outcomes.LONGEST + 1].strip(), 0, None, 200
    if number:
        by, now = visitor(request), timezone.now()
        wait = tries.reserve(LOOKED_UP, browsers.address_of(request), by=by, now=now).wait
        found = None if wait else outcomes.check(number)
        status = 429 if wait else 200
    told = {"number": number, "found": found, "wait": -(-wait // 60), "longest": outcomes.LONGEST}
    return render(request, "web/certificate.html", told, status=status)
