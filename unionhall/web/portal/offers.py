"""What is open to a worker: benefits and activities, whom each is for, and signing up."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import place_moves, service, showing
from unionhall.offers.conditions import Facts
from unionhall.offers.eligibility import answers, left_of
from unionhall.offers.models import Counter, Offer, Participation
from unionhall.offers.place_moves import Party
from unionhall.offers.showing import Item
from unionhall.organisations.models import Place
from unionhall.web import gate
from unionhall.web.acting import actor_of

A_PAGE = 20
SESSIONS = 30
KINDS = {"": _("全部"), "activities": _("活动报名"), "benefits": _("普惠福利")}
WHOSE = {"": _("全部"), "mine": _("我能报的"), "near": _("在我街道"), "free": _("免费的")}
PERIODS = {"day": _("每天"), "month": _("每月"), "quarter": _("每季度"), "year": _("每年"), "ever": _("总共")}

_KEPT: Mapping[str, Callable[[Item, Facts], bool]] = {
    "mine": lambda item, _facts: item.fits,
    "near": showing.is_near,
    "free": lambda item, _facts: not item.offer.pays_fen,
}


@gate.worker
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """Everything open, what one signs up for first; narrowed by what it is and by whose it is."""
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else ""
    whose = request.GET.get("for", "") if request.GET.get("for") in WHOSE else ""
    now = timezone.now()
    facts = facts_for(actor_of(request), now)
    items = [
        one for one in showing.open_items(facts, now) if not kind or (one.ahead is not None) == (kind == "activities")
    ]
    if whose:
        items = [one for one in items if _KEPT[whose](one, facts)]
    page = Paginator(items, A_PAGE).get_page(request.GET.get("page"))
    told = {
        "tab": "offers", "page": page, "kind": kind, "whose": whose, "kinds": _choices(KINDS, kind), "whoses": _choices(WHOSE, whose),
        "given": f"kind={kind}&for={whose}", "now": now, "names": place_names(page),
    }  # fmt: skip
    return render(request, "web/portal/offers.html", told)


@gate.worker
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """One item: what, where, whom it is for and whether that is me; choosing a session and signing up."""
    by, now = actor_of(request), timezone.now()
    row = _open(number, by)
    if request.method == "POST":
        try:
            place = _sign_up(request, row, now, by)
        except Refused as refused:
            return _drawn(request, row, now, by, refused)
        return redirect("me-place", number=place.pk)
    return _drawn(request, row, now, by, None)


def _sign_up(request: HttpRequest, row: Offer, now: datetime, by: Actor) -> Participation:
    chosen, key = request.POST.get("session", ""), request.POST.get("key", "")
    if not _number(chosen):
        raise Refused(str(_("请先选一个场次。")), code="session")
    if not key:
        raise Refused(str(_("请刷新页面后重试。")), code="key")
    if not row.sessions.filter(pk=int(chosen)).exists():
        raise NotYours(f"session:{chosen}")
    party = Party(_heads(request, "adults"), _heads(request, "children"))
    return place_moves.sign_up(int(chosen), now=now, by=by, party=party, key=key)


def _heads(request: HttpRequest, name: str) -> int:
    said = request.POST.get(name, "").strip() or "0"
    if not (said.isascii() and said.isdigit() and len(said) < 4):
        raise Refused(str(_("同去的人数请填数字。")), code="party")
    return int(said)


def _drawn(request: HttpRequest, row: Offer, now: datetime, by: Actor, refused: Refused | None) -> HttpResponse:
    facts = facts_for(by, now)
    page = Paginator(showing.slots_of(row, facts, now), SESSIONS).get_page(request.GET.get("page"))
    slots = showing.stand(list(page), facts, now)
    open_now = [one for one in slots if one.open and one.mine is None and (not one.full or one.session.queues)]
    chosen = request.POST.get("session", "") or (str(open_now[0].session.pk) if len(open_now) == 1 else "")
    asked = answers(row, facts)
    left = left_of(row, facts.person, facts.day)
    fits = all(answer.met for answer in asked)
    told: dict[str, Any] = {
        "tab": "offers", "offer": row, "answers": asked, "fits": fits, "slots": slots, "page": page, "chosen": chosen,
        "can": fits and left != 0 and bool(open_now), "left": left, "per": PERIODS.get(row.per, ""), "now": now,
        "details": _details(row), "place": place_names([row]).get(row.path, ""),
        "adults": max((one.session.most_adults for one in open_now), default=0),
        "children": max((one.session.most_children for one in open_now), default=0),
        "sent": request.POST, "key": request.POST.get("key") or secrets.token_urlsafe(15), "refused": refused,
        "venues": _venues(row) if not slots else [], "card": not row.sessions.exists() if not slots else False,
    }  # fmt: skip
    return render(request, "web/portal/offer.html", told, status=422 if refused else 200)


def _open(number: int, by: Actor) -> Offer:
    """An item open today, or one the worker has a place at."""
    row = Offer.objects.on(timezone.localdate()).filter(pk=number).first()
    if row is None and Participation.objects.visible_to(by).filter(offer=number).exists():
        row = Offer.objects.filter(pk=number).first()
    if row is None:
        raise NotYours(f"offer:{number}")
    return row


def facts_for(by: Actor, now: datetime) -> Facts:
    """What conditions ask of the worker, today."""
    assert by.person is not None  # the gate lets in nobody else
    return showing.facts_with_history(by.person, timezone.localdate(now))


def place_names(rows: Any) -> dict[str, str]:
    """The names of the places that opened these items, by path."""
    paths = {getattr(row, "offer", row).path for row in rows}
    return dict(Place.objects.filter(path__in=paths).values_list("path", "name"))


def _details(row: Offer) -> list[tuple[str, str]]:
    """What the item says on its service's own form, in its words."""
    said = row.details or {}
    return [
        (_(one.title), _(dict(one.choices).get(said[one.key], said[one.key])))
        for one in service.find(row.service).form
        if said.get(one.key)
    ]


def _venues(row: Offer) -> list[str]:
    standing = Counter.objects.on(timezone.localdate()).filter(offer=row.pk).exclude(venue="")
    return list(standing.order_by("venue").values_list("venue", flat=True).distinct())


def _choices(words: Mapping[str, Any], chosen: str) -> list[tuple[str, Any, bool]]:
    return [(key, title, key == chosen) for key, title in words.items()]


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16
