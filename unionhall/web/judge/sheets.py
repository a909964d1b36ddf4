"""A judge's contests, and the sheet of a round: one line an entrant, by their turn and a masked name."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.identifiers import narrow
from unionhall.offers import contest_moves, service
from unionhall.offers import contests as read
from unionhall.offers.contest_models import DECLARED, Judge, Round
from unionhall.offers.contests import Line
from unionhall.web import gate
from unionhall.web.acting import actor_of

MOST = 50
WHY = {
    read.EMPLOYER: gettext_lazy("与您同一单位，按规定回避"), read.ONESELF: gettext_lazy("是您本人，按规定回避"),
    DECLARED: gettext_lazy("您已声明回避"),
}  # fmt: skip


@gate.scorer
@never_cache
@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """Where I judge, the latest first: every round with where it stands."""
    mine = Judge.objects.of(actor_of(request)).select_related("session__offer").order_by("-session__starts_at", "-pk")
    told = []
    for judge in mine[:MOST]:
        rounds = read.rounds_of(judge.session_id)
        now = read.under_way(rounds)
        told.append((judge.session, [(one, named(one), _state(one, now)) for one in rounds]))
    return render(request, "web/judge/contests.html", {"tab": "contests", "contests": told})


@gate.scorer
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """My sheet of one round. Everything typed is kept at once; a line left empty stays as it is."""
    by, refused = actor_of(request), None
    one = Round.objects.select_related("session__offer").filter(pk=number).first()
    judge = None if one is None else Judge.objects.of(by).filter(session=one.session_id).first()
    if one is None or judge is None:
        raise NotYours(f"round:{number}")
    lines = read.sheet_of(one, judge)
    typed = {line.row.pk: request.POST.get(f"points-{line.row.pk}", "").strip()[:12] for line in lines}
    if request.method == "POST":
        stepped = [line.row.pk for line in lines if request.POST.get(f"recused-{line.row.pk}")]
        try:
            points = {number_: _hundredths(text) for number_, text in typed.items() if text and number_ not in stepped}
            contest_moves.score(number, points, stepped, now=timezone.now(), by=by)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("评分已保存。"))
            return redirect("judge-round", number=number)
    open_ = one == read.under_way(read.rounds_of(one.session_id))
    told: dict[str, Any] = {
        "tab": "contests", "row": one, "title": named(one), "open": open_, "refused": refused, "top": f"{one.top / 100:g}",
        "lines": [_said(line, typed[line.row.pk] if refused else None) for line in lines],
        "done": sum(line.points is not None or bool(line.recused) for line in lines), "all": len(lines),
    }  # fmt: skip
    return render(request, "web/judge/sheet.html", told, status=422 if refused else 200)


def named(one: Round) -> str:
    """A round's title."""
    choices = dict(service.find(one.session.offer.service).results[contest_moves.SCORE].choices)
    return _(choices.get(one.key, one.key))


def _said(line: Line, typed: str | None) -> dict[str, Any]:
    kept = "" if line.points is None else f"{line.points / 100:g}"
    return {
        "row": line.row, "turn": line.turn, "who": line.row.person.masked, "points": kept if typed is None else typed,
        "declared": line.recused == DECLARED, "barred": WHY[line.recused] if line.recused in (read.EMPLOYER, read.ONESELF) else "",
        "why": WHY.get(line.recused, ""),
    }  # fmt: skip


def _state(one: Round, now: Round | None) -> str:
    return "open" if one == now else "closed" if one.closed_at is not None else "coming"


def _hundredths(text: str) -> int:
    """ "86.5" as 8650."""
    try:
        points = Decimal(narrow(text)) * 100
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or points != points.to_integral_value() or not 0 <= points < 10_000_000:
        raise Refused(_("“%(text)s”不是分数，请填数字，最多两位小数。") % {"text": text}, code="points")
    return int(points)
