"""Joining the union: where I work, which union that is, a declaration, and a number with a day. Where there is none, that is
said, and with my consent a lead goes to whoever founds unions.

Nothing is kept between the pages but in the pages themselves, so that it works without JavaScript.
"""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.cases import joining_moves, union_building
from unionhall.cases.models import Case
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Employer
from unionhall.people.models import Membership, Person
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.portal import words


@gate.worker
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Told that I am a member; or asked where I work, shown the union that is there, and asked to declare."""
    by = actor_of(request)
    held = union_building.membership_of(by.person)
    asked = union_building.under_way(union_building.JOINING, person=by.person)
    person = get_object_or_404(Person.objects.visible_to(by))
    told: dict[str, Any] = {
        "tab": "data", "held": held, "state": words.membership_state(held) if held else "", "asked": asked, "person": person,
        "document": words.document(person), "longest": union_building.LONGEST_JOB, "sent": _sent(request, "sent")[:40] or secrets.token_urlsafe(15),
        "job": _sent(request, "job"), "typed": _sent(request, "employer") if "employer" in request.POST else _last_employer(by.person), "step": "ask",
    }  # fmt: skip
    if held is not None or asked is not None or request.method != "POST":
        return render(request, "web/portal/join.html", told)
    return _answer(request, told)


def _answer(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """What comes after what was typed: the union or that there is none; then the matter. "change": back to what was typed."""
    by, now, step = actor_of(request), timezone.now(), request.POST.get("step", "")
    try:
        if step == "change":
            return render(request, "web/portal/join.html", told)
        told["employer"] = employer = union_building.named(told["typed"])
        told["union"] = union_building.union_for(employer.pk, timezone.localdate(now))
        union_building.job_of(told["job"])
        told["step"] = "check" if told["union"] is not None else "none"
        if step == "send":
            pledged = request.POST.get("pledge") == "1"
            case = joining_moves.ask(employer.pk, told["job"], pledged=pledged, now=now, by=by, sent=told["sent"])
            messages.success(request, _("收到了，编号 %(number)s。") % {"number": case.number})
            return redirect("me-matter", number=case.pk)
        if step == "wish":
            agreed = request.POST.get("agreed") == "1"
            return _passed_on(
                request, joining_moves.wish(employer.pk, agreed=agreed, now=now, by=by, sent=told["sent"]), employer
            )
    except Refused as no:
        told["refused"] = no
        return render(request, "web/portal/join.html", told, status=422)
    return render(request, "web/portal/join.html", told)


def _sent(request: HttpRequest, name: str) -> str:
    """A line of text; PostgreSQL keeps no NUL."""
    return str(request.POST.get(name, "")).replace("\x00", "").strip()


def _passed_on(request: HttpRequest, case: Case, employer: Employer) -> HttpResponse:
    """Mine, to be followed; or somebody's before me, which has one voice more."""
    if case.person_id == actor_of(request).person:
        messages.success(
            request, _("线索已交给工会，编号 %(number)s。办到哪一步，您在这里看得到。") % {"number": case.number}
        )
        return redirect("me-matter", number=case.pk)
    messages.success(request, _("%(employer)s的建会工会已经在办，您的愿望也记上了。") % {"employer": employer.name})
    return redirect("me")


def _last_employer(person: int | None) -> str:
    """Where they worked when they were last a member: most likely they still do."""
    held = (
        Membership.objects.filter(person=person)
        .exclude(employer=None)
        .select_related("employer")
        .order_by("-since", "-pk")
    )
    last = held.first()
    return last.employer.name if last is not None else ""
