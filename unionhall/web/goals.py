"""Goals of figures: how far each has come, the page on which the organisation department sets and splits them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall import catalogue
from unionhall.indicators import target_moves, targets
from unionhall.indicators.figures import Figure, Rate, Value
from unionhall.indicators.models import Target
from unionhall.indicators.territory import below
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Account, Place
from unionhall.organisations.roles import holders
from unionhall.web import asked, drawing, gate
from unionhall.web.acting import actor_of
from unionhall.web.counted import Reading
from unionhall.web.refusals import in_words

Standing = Mapping[tuple[str, str], Target]


@dataclass(frozen=True)
class Goal:
    """A goal beside its number: both in words, how far it has come, and what to say of that."""

    shown: str
    percent: Decimal
    state: str
    word: str

    @property
    def size(self) -> float:
        """0 to 1, for a bar."""
        return float(min(self.percent, Decimal(100)) / 100)


def beside(figure: Figure, value: Value, target: Target | None, year: int) -> Goal | None:
    """The goal of a figure beside its number; None when none stands or neither means anything."""
    if target is None:
        return None
    percent = targets.attained(value, target.goal)
    if percent is None:
        return None
    if percent >= 100:
        state, word = "met", _("已达成")
    elif figure.adds_over_time and percent < _elapsed(year) - 10:
        state, word = "behind", _("落后于进度")
    else:
        state, word = "going", _("按进度") if figure.adds_over_time else _("未达成")
    return Goal(targets.show(figure, target.goal), percent, state, word)


def standing(year: int, paths: Sequence[str]) -> Standing:
    """The goals that stand at these places for a year. One query."""
    return targets.standing(year, paths)


def _elapsed(year: int) -> Decimal:
    """How much of the year is over, in percent."""
    today = timezone.localdate()
    if today.year != year:
        return Decimal(100 if today.year > year else 0)
    days = (today - date(year, 1, 1)).days + 1
    return Decimal(days * 100) / ((date(year + 1, 1, 1) - date(year, 1, 1)).days)


@dataclass(frozen=True)
class Line:
    """One place on the form of goals: its field, what it came to last year and now, and what is typed."""

    place: Place
    field: str
    last: str
    now: str
    typed: str
    wrong: str = ""


@gate.right("board.see")
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every figure that has a goal at a place of mine, the ones furthest behind first."""
    reading = Reading()
    year, place = asked.year(request, reading), _place(request, reading)
    known, rows = catalogue.figures(), []
    for (key, _path), target in targets.standing(year, [place.path]).items():
        if key in known:
            value = reading.value(known[key], place.path, asked.period(year))
            rows.append(
                (known[key], known[key].show(value), beside(known[key], value, target, year), _way(key, place, year))
            )
    rows.sort(key=lambda row: row[2].percent if row[2] else Decimal(0))
    mine = actor_of(request).reaches(place.path, *holders("targets.change"))
    without = [one for one in known.values() if mine and one.key not in {row[0].key for row in rows}]
    context = {
        "rows": rows, "place": place, "year": year, "years": reading.years(), "mine": [place], "may_set": mine,
        "without": [(one, _way(one.key, place, year)) for one in without],
    }  # fmt: skip
    return render(request, "web/board_goals.html", context)


@gate.right("board.see")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def goals(request: HttpRequest, key: str) -> HttpResponse:
    """The goal of one figure at a place, and its split over the places below: `?year=&place=&suggest=1`."""
    reading = Reading()
    one, year, place = asked.figure(key), asked.year(request, reading), _place(request, reading)
    may = actor_of(request).reaches(place.path, *holders("targets.change"))
    if request.method == "POST" and not may:
        raise NotYours(place.path)
    period = asked.period(year)
    parts = [part for part in below(place.path, period, reading.moves()) if part.until is None]
    typed, problems, status = _stood(one, year, place, parts), [], 200
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:30] for name in typed}
        try:
            count = _set(request, one, year, place, parts, typed)
        except Refused as refused:
            problems, status = (
                [(refused.code if refused.code in typed or refused.code == "reason" else "goal", in_words(refused))],
                422,
            )
        else:
            messages.success(request, _("目标已保存。") if count else _("没有改动。"))
            return HttpResponseRedirect(_way(key, place, year))
    elif "suggest" in request.GET and may:
        typed = _suggested(request, reading, one, year, place, parts, typed)
    context = {
        "figure": one, "place": place, "year": year, "years": reading.years(), "may_set": may, "problems": problems, "parts": parts,
        "whole": _line(reading, one, year, place, "goal", typed["goal"]),
        "lines": [_line(reading, one, year, part, f"goal-{part.path}", typed[f"goal-{part.path}"]) for part in parts],
        "reason": request.POST.get("reason", ""), "stands": bool(any(_stood(one, year, place, parts).values())),
        "history": _history(one, year, place), "suggest": drawing.address(reverse("board-figure-goals", args=[key]), place=place.path, year=year, suggest=1),
        "up": drawing.address(reverse("board-figure", args=[key]), place=place.path, year=year),
    }  # fmt: skip
    return render(request, "web/board_figure_goals.html", context, status=status)


def _set(
    request: HttpRequest, one: Figure, year: int, place: Place, parts: Sequence[Place], typed: Mapping[str, str]
) -> int:
    wanted: dict[str, int | None] = {}
    for name, text in typed.items():
        try:
            wanted[name] = targets.read(one, text)
        except Refused as refused:
            raise refused.at(name) from None
    split = {part.path: wanted[f"goal-{part.path}"] for part in parts}
    by, reason = actor_of(request), request.POST.get("reason", "")[:200]
    return target_moves.set_goals(
        one, year, place.path, wanted["goal"], split, by=by, on=timezone.localdate(), reason=reason
    )


def _stood(one: Figure, year: int, place: Place, parts: Sequence[Place]) -> dict[str, str]:
    """Field -> the goal that stands, as one would type it."""
    found = targets.standing(year, [place.path, *(part.path for part in parts)], [one.key])
    fields = {place.path: "goal"} | {part.path: f"goal-{part.path}" for part in parts}
    return {
        name: targets.typed(one, found[one.key, path].goal) if (one.key, path) in found else ""
        for path, name in fields.items()
    }


def _suggested(
    request: HttpRequest,
    reading: Reading,
    one: Figure,
    year: int,
    place: Place,
    parts: Sequence[Place],
    typed: dict[str, str],
) -> dict[str, str]:
    """The goal split by what each place came to last year, so that it adds up; a rate's goal is the same everywhere."""
    try:
        whole = targets.read(one, request.GET.get("goal", "") or typed["goal"])
    except Refused:
        whole = None
    if whole is None or not parts:
        messages.warning(request, _("请先填写总目标并保存，再按上年实绩分解。"))
        return typed
    if one.unit == "%":
        split = [whole] * len(parts)
    else:
        last = [reading.value(one, part.path, asked.period(year).a_year_earlier()) for part in parts]
        split = targets.shares(whole, [value if isinstance(value, int) else 0 for value in last])
    fresh = {f"goal-{part.path}": targets.typed(one, goal) for part, goal in zip(parts, split, strict=True)}
    return typed | {"goal": targets.typed(one, whole)} | fresh


def _line(reading: Reading, one: Figure, year: int, place: Place, field: str, typed: str) -> Line:
    period = asked.period(year)
    last, now = (reading.value(one, place.path, when) for when in (period.a_year_earlier(), period))
    return Line(place, field, _said(one, last), _said(one, now), typed)


def _said(one: Figure, value: Value) -> str:
    return f"{one.show(value)}{'%' if isinstance(value, Rate) and value.percent is not None else ''}"


def _history(one: Figure, year: int, place: Place) -> list[tuple[Target, str, str]]:
    """What stood before: each goal of this place and year, with who set it."""
    rows = list(Target.objects.filter(indicator=one.key, year=year, path=place.path).order_by("-pk")[:20])
    who = dict(Account.objects.filter(pk__in={row.by for row in rows if row.by}).values_list("pk", "name"))
    return [(row, targets.show(one, row.goal), who.get(row.by, "—")) for row in rows]


def _place(request: HttpRequest, reading: Reading) -> Place:
    """The place asked for, or the one my post stands at; one I do not reach does not exist for me."""
    actor = actor_of(request)
    mine = actor.paths(*holders("board.see"))
    first = reading.root() if "" in mine or not mine else Place.objects.filter(path=mine[0]).first()
    place = asked.place(request, first)
    actor.must_reach(place.path, *holders("board.see"))
    return place


def _way(key: str, place: Place, year: int) -> str:
    return drawing.address(reverse("board-figure-goals", args=[key]), place=place.path, year=year)
