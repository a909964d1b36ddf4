"""A worker's places: where they stand, taking a place that is held, giving one back, checking in, saying how it was."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import attendance_moves, queue_moves, said_moves, service, showing
from unionhall.offers.attendance_moves import EARLY
from unionhall.offers.models import (
    ABSENT,
    ATTENDED,
    CANCELLED,
    EXPIRED,
    OFFERED,
    SIGNED,
    UNDONE,
    WAITING,
    Participation,
)
from unionhall.web import gate
from unionhall.web.acting import actor_of

A_PAGE = 20
STATES = {
    SIGNED: gettext_lazy("已报上"), WAITING: gettext_lazy("候补中"), OFFERED: gettext_lazy("名额为您保留"), ATTENDED: gettext_lazy("已参加"),
    ABSENT: gettext_lazy("没有到场"), CANCELLED: gettext_lazy("已取消"), EXPIRED: gettext_lazy("保留已过期"), UNDONE: gettext_lazy("已撤销"),
}  # fmt: skip
TONES = {SIGNED: "st-ok", ATTENDED: "st-ok", OFFERED: "st-few", WAITING: "st-few"}
COMING = (SIGNED, WAITING, OFFERED)
SCORES = (
    (5, gettext_lazy("很满意")),
    (4, gettext_lazy("满意")),
    (3, gettext_lazy("一般")),
    (2, gettext_lazy("不满意")),
    (1, gettext_lazy("很不满意")),
)


@gate.worker
@never_cache
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """What lies ahead, the soonest first; then what is over, the latest first."""
    rows, now = showing.places_of(actor_of(request)), timezone.now()
    coming = rows.filter(state__in=COMING, session__ends_at__gt=now, session__held_at=None).order_by(
        "session__starts_at", "pk"
    )
    over = rows.exclude(pk__in=coming.values("pk")).order_by("-on", "-pk")
    page = Paginator(over, A_PAGE).get_page(request.GET.get("page"))
    told = {
        "tab": "places", "coming": [] if page.number > 1 else [_said(row) for row in coming], "page": page,
        "over": [_said(row) for row in page],
    }  # fmt: skip
    return render(request, "web/portal/places.html", told)


@gate.worker
@never_cache
@require_safe
def place(request: HttpRequest, number: int) -> HttpResponse:
    """One place: its state, when and where, and what may be done with it now."""
    return _drawn(request, _mine(request, number), None)


@gate.worker
@require_POST
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Take the place that is held."""
    row = _mine(request, number)
    try:
        queue_moves.accept(number, now=timezone.now(), by=actor_of(request))
    except Refused as refused:
        return _drawn(request, _mine(request, number), refused)
    messages.success(request, _("名额是您的了。"))
    return redirect("me-place", number=row.pk)


@gate.worker
@require_POST
def give_back(request: HttpRequest, number: int) -> HttpResponse:
    """Give the place back, or wait no longer. Sent twice, it is given back once."""
    row = _mine(request, number)
    try:
        if row.session_id is None:
            raise Refused(_("这不是报名来的名额，不能取消。"))
        if row.state != CANCELLED:
            queue_moves.give_back(number, now=timezone.now(), by=actor_of(request))
    except Refused as refused:
        return _drawn(request, _mine(request, number), refused)
    messages.success(request, _("已经取消。"))
    return redirect("me-place", number=row.pk)


@gate.worker
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check_in(request: HttpRequest, session: int) -> HttpResponse:
    """At the door: the code on the screen, typed or brought along by the QR code. Guessing is held off."""
    by, now = actor_of(request), timezone.now()
    row = (
        Participation.objects.visible_to(by)
        .filter(session__pk=session, state__in=(SIGNED, ATTENDED))  # by its key: a number no key can be finds nothing
        .select_related("offer")
        .first()
    )
    if row is None:
        raise NotYours(f"session:{session}")
    code, refused = request.POST.get("code", request.GET.get("code", ""))[:16], None
    if request.method == "POST":
        try:
            attendance_moves.check_in(session, code, now=now, by=by)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("签到成功。"))
            return redirect("me-place", number=row.pk)
    told = {"tab": "places", "row": row, "session": session, "code": code, "refused": refused}
    return render(request, "web/portal/check_in.html", told, status=422 if refused else 200)


@gate.worker
@require_POST
def feedback(request: HttpRequest, number: int) -> HttpResponse:
    """How it was: one to five, and words if they like."""
    row = _mine(request, number)
    said = request.POST.get("score", "")
    try:
        score = int(said) if said.isascii() and said.isdigit() and len(said) == 1 else 0
        said_moves.give_feedback(number, score, request.POST.get("comment", ""), by=actor_of(request))
    except Refused as refused:
        return _drawn(request, row, refused)
    messages.success(request, _("谢谢您的评价。"))
    return redirect("me-place", number=number)


def _mine(request: HttpRequest, number: int) -> Participation:
    row: Participation | None = showing.places_of(actor_of(request)).filter(pk=number).first()
    if row is None:
        raise NotYours(f"participation:{number}")
    return row


def _said(row: Participation) -> dict[str, Any]:
    """A place in words."""
    called_off = row.session is not None and row.session.cancelled_at is not None
    return {
        "row": row, "state": _("场次已取消") if called_off and row.state == CANCELLED else STATES[row.state],
        "tone": TONES.get(row.state, "st-full"), "queue": row.ahead + 1 if row.state == WAITING else 0,  # type: ignore[attr-defined]
    }  # fmt: skip


def _drawn(request: HttpRequest, row: Participation, refused: Refused | None) -> HttpResponse:
    now, slot = timezone.now(), row.session
    by_code = "code" in service.find(row.offer.service).verified
    at_door = slot is not None and row.state == SIGNED and slot.held_at is None and slot.starts_at - EARLY <= now
    told = _said(row) | {
        "tab": "places", "slot": slot, "now": now, "refused": refused, "sent": request.POST,
        "held": row.held_until if row.state == OFFERED else None,
        "may_give_back": row.state in COMING and slot is not None and slot.held_at is None
        and (row.state != SIGNED or now <= slot.cancel_until),
        "too_late": slot is not None and row.state == SIGNED and slot.held_at is None and now > slot.cancel_until,
        "check_in": at_door and by_code, "by_staff": at_door and not by_code,
        "rate": row.state == ATTENDED, "scores": SCORES, "score": request.POST.get("score") or str(row.score or ""),
    }  # fmt: skip
    return render(request, "web/portal/place.html", told, status=422 if refused else 200)


def waiting_for(request: HttpRequest) -> list[dict[str, Any]]:
    """What waits for the worker: a place held for them, and what is on today or tomorrow."""
    now = timezone.now()
    soon = Q(state=OFFERED, held_until__gt=now) | Q(
        state=SIGNED, session__ends_at__gt=now, session__starts_at__lt=now + timedelta(days=2), session__held_at=None
    )
    rows = showing.places_of(actor_of(request)).filter(soon).order_by("state", "session__starts_at", "pk")
    return [_said(row) for row in rows[:5]]
