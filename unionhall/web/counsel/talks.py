"""A counsellor's talks, the nearest first, and the note of each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import notes, said_moves
from unionhall.offers.models import Participation
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.portal.places import STATES, TONES

A_PAGE = 30


@gate.counsellor
@never_cache
@require_safe
def talks(request: HttpRequest) -> HttpResponse:
    """What lies ahead first, the nearest before the others; then what is over."""
    by, today = actor_of(request), timezone.localdate()
    rows = notes.who_comes(by, today)
    ahead = list(rows.filter(on__gte=today).order_by("session__starts_at", "pk")[:A_PAGE])
    page = Paginator(rows.filter(on__lt=today).order_by("-on", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    told = {
        "tab": "talks", "ahead": [] if page.number > 1 else list(map(_said, ahead)), "page": page,
        "over": list(map(_said, page)),
    }  # fmt: skip
    return render(request, "web/counsel/talks.html", told)


@gate.counsellor
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, number: int) -> HttpResponse:
    """One talk and what I keep of it."""
    by, refused = actor_of(request), None
    row: Participation | None = notes.who_comes(by, timezone.localdate()).filter(pk=number).first()
    if row is None:
        raise NotYours(f"participation:{number}")
    if request.method == "POST":
        try:
            said_moves.keep_note(number, request.POST.get("text", ""), now=timezone.now(), by=by)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("记录已保存，只有您能看。"))
            return redirect("counsel-talk", number=number)
    text = request.POST.get("text", "") if refused else notes.my_note(number, by=by)
    told = _said(row) | {"tab": "talks", "text": text, "refused": refused, "longest": said_moves.LONGEST_NOTE}
    return render(request, "web/counsel/talk.html", told, status=422 if refused else 200)


def _said(row: Participation) -> dict[str, object]:
    return {"row": row, "who": row.person.masked, "state": STATES[row.state], "tone": TONES.get(row.state, "st-full")}
