"""Sessions by the month, and the screen at a session's door."""

import calendar
from datetime import date, timedelta
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.offers import codes, service
from unionhall.offers.models import (
    Session,
)
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.sessions import STATES, TONES, midnight, register, session_of, state_of


@gate.right("offers.change")
@never_cache
@require_safe
def door(request: HttpRequest, number: int) -> HttpResponse:
    """The screen at the door: this minute's code, large, and as a QR code for telephones; drawn anew each half minute."""
    row = session_of(request, number)
    actor_of(request).must_reach(row.path, *service.find(row.offer.service).runs())
    if row.cancelled_at is not None or row.held_at is not None:
        raise Http404(f"session {number}")
    code = codes.door_code(number, timezone.now())
    to = request.build_absolute_uri(reverse("me-door", args=[number])) + f"?code={code}"
    qr = segno.make_qr(to, error="m").svg_data_uri(border=4, light="#ffffff", dark="#1f2328", omitsize=True)
    told = {
        "row": row,
        "code": f"{code[:4]} {code[4:]}",
        "qr": qr,
        "back": reverse("desk-session", args=[number]),
    }
    return render(request, "web/desk/business/door.html", told)


@gate.right("offers.see")
@never_cache
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """A month of sessions: a table of weeks on a desk, a list of days on a phone."""
    first = _month(request.GET.get("month", ""))
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    until = weeks[-1][-1] + timedelta(days=1)
    rows = register.visible(actor_of(request)).filter(
        starts_at__gte=midnight(weeks[0][0]), starts_at__lt=midnight(until)
    )
    days: dict[date, list[tuple[Session, Any, str]]] = {day: [] for week in weeks for day in week}
    for row in rows.select_related("offer").order_by("starts_at", "pk")[:500]:
        state = state_of(row)
        days[timezone.localdate(row.starts_at)].append((row, STATES[state], TONES[state]))
    told = {
        "first": first, "weeks": [[(day, days[day], day.month == first.month) for day in week] for week in weeks],
        "agenda": [(day, some) for day, some in days.items() if some and day.month == first.month],
        "before": f"{first - timedelta(days=1):%Y-%m}", "after": f"{(first + timedelta(days=31)).replace(day=1):%Y-%m}",
        "today": timezone.localdate(), "crumbs": ((register.title, reverse("desk-sessions")),),
        "heads": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
    }  # fmt: skip
    return render(request, "web/desk/business/month.html", told)


def _month(text: str) -> date:
    """The first day of "2026-03"; of this month for anything else."""
    year, _dash, month_ = text.partition("-")
    if (
        year.isascii()
        and year.isdigit()
        and len(year) == 4
        and month_.isascii()
        and month_.isdigit()
        and 1 <= int(month_[:3]) <= 12
    ):
        return date(max(int(year), 1950), int(month_), 1)
    return timezone.localdate().replace(day=1)


urlpatterns = [
    path("desk/sessions/month/", month, name="desk-calendar"),
    path("desk/sessions/<int:number>/door/", door, name="desk-session-door"),
]
