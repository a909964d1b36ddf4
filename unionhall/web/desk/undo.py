"""Taking back what was just done: by an event of its own, within a day, by whoever did it. Nothing is deleted."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import actions
from unionhall.web.models import Undo
from unionhall.web.refusals import in_words


class Inverse(NamedTuple):
    """How to take something back: a name in `registers.INVERSES`, and ids and days for it (what JSON holds)."""

    name: str
    arguments: Mapping[str, Any]


TakeBack = Callable[[Actor, Mapping[str, Any]], str]
"""(by, arguments) -> the address of what was restored; raises Refused when later events stand on it."""


@gate.signed_in
@never_cache
@require_safe
def undo_list(request: HttpRequest) -> HttpResponse:
    """What I did in the last day that can be taken back."""
    since = timezone.now() - actions.KEPT
    rows = Undo.objects.filter(account=actor_of(request).account, made_at__gte=since).order_by("-made_at")[:100]
    return render(request, "web/desk/undo.html", {"rows": rows})


def undo_view(inverses: Mapping[str, TakeBack]) -> Callable[..., HttpResponse]:
    @gate.signed_in
    @require_POST
    def desk_undo(request: HttpRequest, key: UUID) -> HttpResponse:
        by = actor_of(request)
        try:
            with transaction.atomic():
                row = actions.take_undo(key, by=by)
                then = inverses[row.inverse](by, row.arguments)
        except Refused as refused:
            messages.error(request, in_words(refused))
            return HttpResponseRedirect(reverse("desk-undo-list"))
        messages.success(request, _("已撤销：%(what)s") % {"what": row.title})
        return HttpResponseRedirect(then)

    return desk_undo
