"""Two small files that machines ask for."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from unionhall.web import gate

ROBOTS = "User-agent: *\nDisallow: /board/\nDisallow: /sign-in/\nDisallow: /figures/*/records/\n"


@gate.public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@gate.public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(static("web/favicon.svg"))
