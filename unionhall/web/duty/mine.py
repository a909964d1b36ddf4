"""One's own duties: what lies ahead, what was; signing in and out, asking a colleague to take one over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.offers import duties as read
from unionhall.offers import duty_moves
from unionhall.offers.duty_models import KINDS, Duty
from unionhall.organisations.models import Account
from unionhall.organisations.roles import LAWYER
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.refusals import in_words

BEFORE = timedelta(days=60)
MOST = 100


@gate.signed_in
@never_cache
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """The nearest first; what I am asked to take over above all; below, the last two months."""
    by, now = actor_of(request), timezone.now()
    mine = Duty.objects.of(by).standing().select_related("station")
    asked = (
        Duty.objects.none()
        if by.account is None
        else Duty.objects.standing().filter(asked=by.account, starts_at__gt=now)
    )
    ahead = [
        _said(row, now)
        for row in mine.filter(ends_at__gt=now - duty_moves.EARLY, left_at=None).order_by("starts_at")[:MOST]
    ]
    shown = {one["row"].pk for one in ahead}
    over = [
        one
        for one in mine.filter(starts_at__gt=now - BEFORE, starts_at__lte=now).order_by("-starts_at")[:MOST]
        if one.pk not in shown
    ]
    told = {
        "tab": "duties", "lawyer": by.holds(LAWYER), "ahead": ahead, "over": [_said(one, now) for one in over],
        "asked": [_said(row, now) for row in asked.select_related("station").order_by("starts_at")],
    }  # fmt: skip
    return render(request, "web/duty/mine.html", told)


@gate.signed_in
@require_POST
def sign_in(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, _("已签到。"), lambda by: duty_moves.sign_in(number, now=timezone.now(), by=by))


@gate.signed_in
@require_POST
def sign_out(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, _("已签退。"), lambda by: duty_moves.sign_out(number, now=timezone.now(), by=by))


@gate.signed_in
@require_POST
def ask(request: HttpRequest, number: int) -> HttpResponse:
    said = request.POST.get("account", "")
    account = int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
    return _done(
        request,
        _("已请对方接班，对方同意以后才换。"),
        lambda by: duty_moves.ask_swap(number, account, now=timezone.now(), by=by),
    )


@gate.signed_in
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    yes = request.POST.get("answer") == "yes"
    return _done(
        request, _("这次值班由您来值。") if yes else _("已回复不接班。"),
        lambda by: duty_moves.answer_swap(number, yes=yes, now=timezone.now(), by=by),
    )  # fmt: skip


def _done(request: HttpRequest, said: str, act: Callable[[Actor], Any]) -> HttpResponseRedirect:
    try:
        act(actor_of(request))
    except Refused as refused:
        messages.error(request, in_words(refused))
    else:
        messages.success(request, said)
    return redirect("my-duties")


def _said(row: Duty, now: Any) -> dict[str, Any]:
    """A duty in words, with what may be done with it now."""
    ahead = row.arrived_at is None and now < row.starts_at
    others = (
        read.may_be_given(row.kind, row.path, timezone.localdate(row.starts_at)) if ahead and row.asked is None else []
    )
    asked = Account.objects.filter(pk=row.asked).values_list("name", flat=True).first() if row.asked else ""
    return {
        "row": row, "kind": _(KINDS[row.kind]), "asked": asked, "minutes": read.minutes(row),
        "may_come": row.arrived_at is None and row.starts_at - duty_moves.EARLY <= now < row.ends_at,
        "may_leave": row.arrived_at is not None and row.left_at is None, "others": [one for one in others if one[0] != row.account],
    }  # fmt: skip
