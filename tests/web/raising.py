"""Addresses that fail, for the error pages."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from unionhall import urls
from unionhall.kernel.errors import NotYours, Refused
from unionhall.web import errors, gate
from unionhall.web.acting import actor_of

WRONG = {
    "broken": ZeroDivisionError("secret detail"),
    "refused": Refused("请先填写日期。"),
    "not-yours": NotYours("101"),
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation("x"),
    "database": OperationalError("no such table: secret"),
    "nul": DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
}


@gate.public
def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise WRONG[how]


@gate.public
def often(request: HttpRequest) -> HttpResponse:
    return errors.too_often(request, 90)


@gate.public
def read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


@gate.signed_in
def trace(request: HttpRequest) -> HttpResponse:
    return HttpResponse(actor_of(request).trace)


def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody thought of a gate")


urlpatterns = [
    *urls.urlpatterns,
    path("fail/<str:how>/", fail, name="fail"),
    path("often/", often, name="often"),
    path("read/", read, name="read"),
    path("trace/", trace, name="trace"),
    path("open/", open_to_all, name="open"),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
