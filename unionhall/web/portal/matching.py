"""Matchmaking on the telephone: my profile, the events I was at, and a yes or a no to those I met there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import match_moves, matches
from unionhall.offers.match_models import Profile
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.refusals import in_words


@gate.worker
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Opting in, what I say of myself, my events; and the way out."""
    by, now, refused = actor_of(request), timezone.now(), None
    if request.method == "POST":
        sent = request.POST
        try:
            match_moves.opt_in(
                sent.get("words", ""), sent.get("contact", ""), single=sent.get("single") == "1", now=now, by=by
            )
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("资料已保存。只有同场活动里也参加配对的人看得到介绍。"))
            return redirect("me-match")
    assert by.person is not None  # the gate lets in nobody else
    profile = matches.profile_of(by)
    stands = Profile.objects.standing(now).filter(person=by.person).exists()
    told: dict[str, Any] = {
        "tab": "match", "profile": profile if profile is not None and profile.withdrawn_at is None else None, "stands": stands,
        "why": matches.may_take_part(by.person, now), "events": matches.events_of(by) if stands else [], "refused": refused,
        "words": _typed(request, "words", profile), "contact": _typed(request, "contact", profile),
        "single": request.POST.get("single") == "1", "longest_words": match_moves.LONGEST_WORDS,
        "longest_contact": match_moves.LONGEST_CONTACT,
    }  # fmt: skip
    return render(request, "web/portal/match.html", told, status=422 if refused else 200)


@gate.worker
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Out, at once."""
    try:
        match_moves.withdraw(now=timezone.now(), by=actor_of(request))
    except Refused as refused:
        messages.info(request, in_words(refused))
    else:
        messages.success(request, _("已退出，您写的资料和选择都已清除。"))
    return redirect("me-match")


@gate.worker
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, session: int) -> HttpResponse:
    """Whom I met at one event; my answers, and the contact of who said yes too."""
    by, now = actor_of(request), timezone.now()
    slot = next((one for one in matches.events_of(by) if one.pk == session), None)
    if slot is None:
        raise NotYours(f"session:{session}")
    if request.method == "POST":
        number, said = request.POST.get("who", ""), request.POST.get("answer", "")
        if said not in ("yes", "no") or not (number.isascii() and number.isdigit() and len(number) < 16):
            raise NotYours(f"participation:{number[:20]}")
        match_moves.answer(session, int(number), yes=said == "yes", now=now, by=by)
        messages.success(request, _("已记下，只有您自己知道。"))
        return redirect("me-match-event", session=session)
    people = matches.people_met(session, now=now, by=by)
    return render(request, "web/portal/match_event.html", {"tab": "match", "slot": slot, "people": people})


def _typed(request: HttpRequest, name: str, profile: Profile | None) -> str:
    if request.method == "POST":
        return str(request.POST.get(name, ""))
    return matches.said(profile, name, actor_of(request)) if profile is not None else ""
