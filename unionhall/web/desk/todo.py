"""What waits for the signed-in post: each line a number and the way to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.kernel.actor import Actor
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import menu
from unionhall.web.desk.menu import may

WAYS = 5
"""Lines of the menu offered where nothing waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that may wait: `count` of it for an actor, and the address that shows it. A line of nothing is left out.

    `right` is a right of organisations/roles.py, "" for everybody; `under` is a short remark below the number.
    """

    title: Any
    unit: Any
    right: str
    count: Callable[[Actor], int]
    address: Callable[[Actor], str]
    under: Any = ""


def todo_view(
    waiting: Sequence[Waiting], inbox: Callable[[HttpRequest], Mapping[str, Any]] = lambda request: {}
) -> Callable[..., HttpResponse]:
    """The page one comes to: the matters due first (`inbox`), then lines that have something in them, as declared."""

    @gate.signed_in
    @never_cache
    @require_safe
    def todo(request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        mine = [one for one in waiting if may(request, one.right)]
        lines = [
            {"title": one.title, "unit": one.unit, "count": count, "href": one.address(actor), "under": one.under}
            for one in mine
            if (count := one.count(actor))
        ]
        first = inbox(request)
        ways = [] if lines or first.get("rows") else [one for one in menu.shown(request) if not one.current][:WAYS]
        return render(request, "web/desk/todo.html", {"lines": lines, "ways": ways, "inbox": first})

    return todo
