"""Something in my record is wrong: saying what, and reading what became of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.cases import intake_moves, service
from unionhall.cases.intake_moves import LONGEST
from unionhall.cases.models import Case
from unionhall.kernel.errors import Refused
from unionhall.web import gate
from unionhall.web.acting import actor_of

KEY = "correction"
SHOWN = 10
TONES = {"corrected": "st-ok", "received": "st-few"}


@gate.worker
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest) -> HttpResponse:
    """Which item, and what it should say; below, what I asked for before and the answers."""
    by, refused = actor_of(request), None
    if request.method == "POST":
        cause, right = request.POST.get("cause", ""), request.POST.get("right", "")
        try:
            intake_moves.bring(KEY, cause, {"right": right}, now=timezone.now(), by=by)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("已交给工会服务站核实，办好会通知您。"))
            return redirect("me-correct")
    declared = service.find(KEY)
    rows = Case.objects.visible_to(by).filter(service=KEY).order_by("-pk")[:SHOWN]
    told: dict[str, Any] = {
        "tab": "data", "refused": refused, "sent": request.POST, "longest": LONGEST,
        "causes": [(key, _(title)) for key, title in declared.causes.items()],
        "asked": [
            {
                "row": row, "about": _(declared.causes.get(row.cause, row.cause)), "state": _(declared.workflow.title(row.state)),
                "tone": TONES.get(row.state, "st-full"), "reason": row.details.get("reason", ""),
            }
            for row in rows
        ],
    }  # fmt: skip
    return render(request, "web/portal/correct.html", told, status=422 if refused else 200)
