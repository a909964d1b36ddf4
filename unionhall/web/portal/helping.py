"""有话跟工会说: what it is about in plain words, the questions of that service, a page to check, and a number with a day.

Nothing is kept between the pages but in the pages themselves: what was written travels in the form, so that it works without
JavaScript and nothing of it lies anywhere until it is sent.
"""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.cases import intake_moves, service
from unionhall.cases.intake_moves import LONGEST
from unionhall.cases.models import Case
from unionhall.cases.service import CaseService
from unionhall.kernel.errors import Refused
from unionhall.web import gate
from unionhall.web.acting import actor_of


def asked_for() -> list[CaseService]:
    """The services a worker turns to: first to speak up, the last of the list of what a union does, then up that list."""
    return sorted((one for one in service.everyone() if one.asked_as), key=lambda one: -one.row)


@gate.worker
@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What it is about, in plain words; below, the matters under way."""
    by = actor_of(request)
    going = Case.objects.visible_to(by).filter(person=by.person, closed_on=None).count()
    told = {"tab": "help", "choices": [(one.key, _(one.asked_as)) for one in asked_for()], "going": going}
    return render(request, "web/portal/help.html", told)


@gate.worker
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """The questions; then all answers once more to check; then they are sent."""
    declared = next((one for one in asked_for() if one.key == key), None)
    if declared is None:
        raise Http404(f"service {key}")
    by, step, refused = actor_of(request), request.POST.get("step", ""), None
    cause, sent = request.POST.get("cause", ""), request.POST.get("sent", "")[:40] or secrets.token_urlsafe(15)
    said = {one.key: request.POST.get(f"said_{one.key}", "").strip() for one in declared.form}
    if request.method == "POST" and step in ("check", "send"):
        try:
            intake_moves.check(key, cause, said, by=by)
            if step == "send":
                case = intake_moves.bring(key, cause, said, now=timezone.now(), by=by, sent=sent)
                messages.success(request, _("收到了，编号 %(number)s。") % {"number": case.number})
                return redirect("me-matter", number=case.pk)
        except Refused as no:
            refused = no
    told = {
        "tab": "help", "service": declared, "title": _(declared.asked_as), "refused": refused, "longest": LONGEST, "cause": cause, "sent": sent,
        "causes": [(one, _(title)) for one, title in declared.causes.items()],
        "questions": [_question(one, said[one.key], refused) for one in declared.form],
    }  # fmt: skip
    if step == "check" and refused is None:
        told["cause_title"] = _(declared.causes[cause]) if cause in declared.causes else ""
        return render(request, "web/portal/check.html", told)
    return render(request, "web/portal/ask.html", told, status=422 if refused else 200)


def _question(one: Any, said: str, refused: Refused | None) -> dict[str, Any]:
    return {
        "key": one.key, "name": f"said_{one.key}", "title": _(one.title), "hint": _(one.hint) if one.hint else "", "said": said,
        "choices": [(key, _(title)) for key, title in one.choices.items()], "required": one.required,
        "shown": _(one.choices[said]) if said in one.choices else said, "wrong": refused is not None and refused.code == one.key,
    }  # fmt: skip
