"""A page at the door with its form: 422 when something is wrong with it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from unionhall.web.entrance.forms import DoorForm


def given(request: HttpRequest) -> QueryDict | None:
    """What was sent, even when it is nothing; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def show(request: HttpRequest, template: str, form: forms.Form, **told: Any) -> HttpResponse:
    """The page with what was typed and what is wrong with it."""
    wrong = bool(form.is_bound and form.errors)
    if isinstance(form, DoorForm):
        form.mark()
    return render(request, template, {"form": form, **told}, status=422 if wrong else 200)
