"""The product as it is served, with two more addresses: a bare POST, and an empty one (see bench.counter)."""

import django

django.setup()

from datetime import UTC, datetime  # noqa: E402

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import redirect  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from unionhall import urls  # noqa: E402
from unionhall.offers.models import Participation, ShownCode  # noqa: E402
from unionhall.web import gate  # noqa: E402


@gate.signed_in
def bare(request: HttpRequest) -> HttpResponse:
    """What anybody would write first: the code looked up, one row written."""
    shown = ShownCode.objects.get(code=request.POST["code"], until__gt=timezone.now())
    row = Participation.objects.create(
        offer_id=int(request.POST["item"]), person_id=shown.person_id, path="101", on=timezone.localdate(),
        number=request.POST["key"][:32], verified_at=datetime.now(UTC),
    )  # fmt: skip
    return redirect("shop-use", row.pk)


@gate.signed_in
def empty(request: HttpRequest) -> HttpResponse:
    return redirect("shop")


urlpatterns = [
    path("bench/bare/", bare, name="bare"),
    path("bench/empty/", empty, name="empty"),
    *urls.urlpatterns,
]
settings.ROOT_URLCONF = "bench.counterserver"
application = get_wsgi_application()
