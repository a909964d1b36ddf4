"""Views of a list that somebody saved, their own and their place's; and the columns they chose."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import actions
from unionhall.web.desk.register import Asked, Register
from unionhall.web.models import ChosenColumns, SavedView
from unionhall.web.refusals import in_words


class View(NamedTuple):
    """A view as a list shows it; `id` only of one's own, which one may drop."""

    name: str
    href: str
    current: bool
    id: int | None
    shared: bool


def shown(register: Register, actor: Actor, query: str) -> list[View]:
    """The views of a list: the declared ones, one's own, and those shared where one works."""
    base = reverse(f"desk-{register.key}")
    found = [View(str(name), f"{base}?{wanted}", wanted == query, None, False) for name, wanted in register.views]
    for row in SavedView.objects.visible_to(actor).filter(register=register.key).order_by("name", "id"):
        own = row.pk if row.account == actor.account else None
        found.append(View(row.name, f"{base}?{row.query}", row.query == query, own, row.shared_at is not None))
    return found


def columns(register: str, actor: Actor) -> list[str]:
    """The columns this account chose for a list; empty when it chose none."""
    if actor.account is None:
        return []
    row = ChosenColumns.objects.filter(account=actor.account, register=register).values_list("names", flat=True).first()
    return row or []


def save_view(register: Register) -> Callable[..., HttpResponse]:
    """Save the list's query, without what was searched for: a view of a name or a number is of no use tomorrow."""

    @gate.right(register.right)
    @require_POST
    def desk_view_save(request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        if drop := request.POST.get("drop", ""):
            actions.drop_view(int(drop) if drop.isascii() and drop.isdigit() and len(drop) < 16 else 0, by=actor)
            messages.success(request, _("视图已删去。"))
            return HttpResponseRedirect(reverse(f"desk-{register.key}") + "?reset=1")
        given = QueryDict(request.POST.get("query", "")[:1500], mutable=True)
        for name in ("w", "k"):
            given.pop(name, None)
        query = Asked(register, actor, given).query
        paths = register.scope(actor).paths
        share_at = paths[0] if request.POST.get("share") and paths else None
        try:
            actions.save_view(register.key, request.POST.get("name", ""), query, by=actor, share_at=share_at)
        except Refused as refused:
            messages.error(request, in_words(refused))
        else:
            messages.success(request, _("视图已存好。"))
        return HttpResponseRedirect(reverse(f"desk-{register.key}") + f"?{query or 'reset=1'}")

    return desk_view_save


def choose_columns(register: Register) -> Callable[..., HttpResponse]:
    @gate.right(register.right)
    @require_POST
    def desk_columns(request: HttpRequest) -> HttpResponse:
        wanted: Any = [column.name for column in register.columns if column.name in request.POST.getlist("column")]
        usual = [column.name for column in register.columns if column.chosen]
        actions.choose_columns(register.key, [] if wanted == usual else wanted, by=actor_of(request))
        given = QueryDict(request.POST.get("query", "")[:1500])
        query = Asked(register, actor_of(request), given).query
        return HttpResponseRedirect(reverse(f"desk-{register.key}") + f"?{query or 'reset=1'}")

    return desk_columns
