"""Addresses that fail, for the error pages."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from unionhall import urls
from unionhall.kernel.errors import NotYours, Refused

WRONG = {
    "broken": ZeroDivisionError("secret detail"),
    "refused": Refused("请先填写日期。"),
    "not-yours": NotYours("101"),
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation("x"),
    "database": OperationalError("no such table: secret"),
}


def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise WRONG[how]


urlpatterns = [*urls.urlpatterns, path("fail/<str:how>/", fail)]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
