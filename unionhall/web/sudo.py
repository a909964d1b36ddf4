"""Proved a moment ago: some steps ask for the password (or code) again when it was given longer ago than fifteen minutes."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

View = Callable[..., Any]

GOOD_FOR = timedelta(minutes=15)
PROVED_AT = "proved_at"
"""In the session, which lies on the server: when its owner last proved who they are, in seconds."""


def proved(request: HttpRequest) -> None:
    """Note that the signed-in person has just proved who they are."""
    request.session[PROVED_AT] = int(timezone.now().timestamp())


def recently_proven(request: HttpRequest) -> bool:
    """Was the password or code given within the last fifteen minutes?"""
    given = request.session.get(PROVED_AT)
    return isinstance(given, int) and 0 <= timezone.now().timestamp() - given < GOOD_FOR.total_seconds()


def sudo(view: View) -> View:
    """Below a gate: ask again first, and come back; what was being sent is sent again from its page."""

    @wraps(view)
    def proven(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if recently_proven(request):
            answer: HttpResponse = view(request, *args, **kwargs)
            return answer
        return ask_again(request)

    return proven


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the password again, and from there back here or, if something was sent, to its page."""
    back = request.get_full_path()
    fragment = bool(request.headers.get("HX-Request"))
    if fragment or request.method not in ("GET", "HEAD"):
        back = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = ""
    asking = reverse("sign-in-again") + (f"?{urlencode({'next': back})}" if back else "")
    if fragment:
        # A fragment's place is not for a whole page: the browser itself goes.
        return HttpResponse(headers={"HX-Redirect": asking})
    return redirect(asking)
