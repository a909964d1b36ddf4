"""The search box of every page: members, unions, employers and cases by what people know of them.

Words are posted and go on sealed (finding.sealed), an identity number or a mobile as a token of its blind index
(finding.token); a number that is neither is answered at once. None of them stands in an address.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.kernel.identifiers import narrow
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import finding
from unionhall.web.desk.columns import Column
from unionhall.web.desk.listing import address, load, names_of_places
from unionhall.web.desk.menu import may
from unionhall.web.desk.register import Asked, Register

SEARCHED = ("members", "unions", "employers", "cases")
"""Keys of the lists a word is looked for in, in the order they are shown."""
SHOWN = 8


def search_view(registers: Sequence[Register]) -> Callable[..., HttpResponse]:
    """`registers` are all lists of the desk; those searched are taken out of them."""
    by_key = {register.key: register for register in registers}
    searched = [by_key[key] for key in SEARCHED if key in by_key]

    @gate.signed_in
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def desk_search(request: HttpRequest) -> HttpResponse:
        mine = [register for register in searched if may(request, register.right)]
        if request.method == "POST":
            return _posted(request, mine)
        words = finding.unsealed(request.GET.get("w", "")[:600], actor_of(request).account)
        return _page(request, mine, words, request.GET.get("k", ""))

    return desk_search


def _posted(request: HttpRequest, mine: Sequence[Register]) -> HttpResponse:
    words = narrow(request.POST.get("q", "")).replace("\x00", "").strip()[: finding.LONGEST]
    account = actor_of(request).account
    for register in mine:
        if words and (token := finding.token(register.search, words, account)):
            return HttpResponseRedirect(reverse("desk-search") + "?" + urlencode({"k": f"{register.key}.{token}"}))
    if finding.numberish(words):
        return _page(request, mine, words, "")
    return HttpResponseRedirect(
        reverse("desk-search") + (f"?{urlencode({'w': finding.sealed(words, account)})}" if words else "")
    )


def _page(request: HttpRequest, mine: Sequence[Register], words: str, number: str) -> HttpResponse:
    key, _dot, token = number.partition(".")
    groups = []
    for register in mine:
        if token and register.key == key:
            groups.append(_group(request, register, "", token))
        elif words:
            groups.append(_group(request, register, words, ""))
    found = [group for group in groups if group["rows"]]
    context = {"words": words, "asked": bool(groups), "groups": found, "kinds": [one.title for one in mine]}
    return render(request, "web/desk/search.html", context)


def _group(request: HttpRequest, register: Register, words: str, token: str) -> dict[str, Any]:
    """The first rows one list has for it, and the way to them all."""
    asked = Asked(register, actor_of(request), QueryDict(urlencode({"k": token, "held": "all"})), words=words)
    rows = load(register, asked.ordered(asked.rows())[: SHOWN + 1])
    lines: list[Column] = [one for one in register.columns if one.phone in ("line", "end") and not one.link]
    places = names_of_places(register, rows, [register.naming, *lines])
    shown = [
        {
            "title": register.naming.text(row, places),
            "href": reverse(register.detail, args=[row.pk]) if register.detail else "",
            "more": " · ".join(text for one in lines if (text := one.text(row, places))),
        }
        for row in rows[:SHOWN]
    ]
    return {"register": register, "rows": shown, "all": address(register, asked.query) if len(rows) > SHOWN else ""}
