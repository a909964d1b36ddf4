"""The page of a list: fifty rows, the filters, saved views, and the ways on."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from unionhall.kernel.identifiers import narrow
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import columns, finding, views_saved
from unionhall.web.desk.columns import Column
from unionhall.web.desk.menu import may
from unionhall.web.desk.register import CAP, NUMBERED, PER_PAGE, Asked, Register

REMEMBERED = "desk-"
"""Cookie of the last filters of a list, so that one comes back to where one was. Never holds what was searched for."""
FRESH = "reset=1"
"""The address of a list as it opens, whatever was remembered."""


class Page(NamedTuple):
    """One page of rows and what lies around it."""

    rows: list[Any]
    number: int
    before: bool
    after: bool


def list_view(register: Register) -> Callable[..., HttpResponse]:
    @gate.right(register.right)
    @never_cache
    @require_safe
    def desk_list(request: HttpRequest) -> HttpResponse:
        return _list(request, register)

    return desk_list


def find_view(register: Register) -> Callable[..., HttpResponse]:
    """Filters and words come by POST, so that a name or number typed into the box never stands in an address."""

    @gate.right(register.right)
    @require_POST
    def desk_find(request: HttpRequest) -> HttpResponse:
        return _find(request, register)

    return desk_find


def count_view(register: Register) -> Callable[..., HttpResponse]:
    """How many there are, exactly: asked for after the page is drawn."""

    @gate.right(register.right)
    @never_cache
    @require_safe
    def desk_count(request: HttpRequest) -> HttpResponse:
        asked = Asked(register, actor_of(request), request.GET)
        return render(
            request, "web/desk/_count.html", {"count": asked.rows(counting=True).count(), "register": register}
        )

    return desk_count


def address(register: Register, query: str = "") -> str:
    """The address of a list with this query."""
    return reverse(f"desk-{register.key}") + (f"?{query}" if query else "")


def _list(request: HttpRequest, register: Register) -> HttpResponse:
    actor = actor_of(request)
    if not request.GET and not request.htmx and request.COOKIES.get(f"{REMEMBERED}{register.key}"):
        return _remembered(request, register)
    asked = Asked(register, actor, request.GET)
    if request.GET.get("q"):
        messages.warning(request, _("要找的内容请在查找框里输入，不要写进网址。"))
    rows = asked.rows()
    page = _page(request, asked, rows)
    seen = columns_of(register, views_saved.columns(register.key, actor))
    count = _count(asked, page, exactly=request.GET.get("count") == "1")
    context = {
        "register": register, "asked": asked, "page": page, "count": count, "cap": CAP,
        "exact": address_of(register, "count", asked.query), "exact_here": address(register, _with(asked, count="1")),
        "find_url": address_of(register, "find"),
        "save_url": address_of(register, "view"), "columns_url": address_of(register, "columns"),
        "bulk_url": address_of(register, "bulk") if register.bulk else "",
        "export_url": address_of(register, "export") if register.export else "",
        "heads": _heads(register, asked, seen), "seen": {column.name for column in seen},
        "body": _body(register, asked, page, seen, tick=bool(bulks(request, register))),
        "pages": _numbers(asked, page, count), "edges": _edges(asked, page),
        "bulk": bulks(request, register), "filters": _filters(register, asked),
        "fresh": address(register, FRESH),
        "links": [one for one in register.links if may(request, one.right)],
        "add": register.add if register.add and may(request, register.add.right) else None,
        "exporting": register.export and may(request, "exports.do"),
    }  # fmt: skip
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "web/desk/_list.html", context)
        response.headers["HX-Push-Url"] = request.get_full_path()
    else:
        context["views"] = views_saved.shown(register, actor, asked.query)
        response = render(request, "web/desk/list.html", context)
    _remember(request, response, register, asked)
    return response


def address_of(register: Register, page: str, query: str = "") -> str:
    """The address of one of a list's other pages: find, count, bulk, export, columns."""
    return reverse(f"desk-{register.key}-{page}") + (f"?{query}" if query else "")


def bulks(request: HttpRequest, register: Register) -> list[Any]:
    """What this account may do to many rows here."""
    return [one for one in register.bulk if may(request, one.right)]


def columns_of(register: Register, wanted: Sequence[str]) -> list[Column]:
    """The columns somebody chose, in the register's order; those shown by default when they chose none."""
    chosen = [column for column in register.columns if column.name in wanted]
    return chosen or [column for column in register.columns if column.chosen]


def load(register: Register, rows: Any) -> list[Any]:
    """Some rows, in their order, with everything their columns read.

    Their ids are found first: in one table the database follows the order of an index, in a join it may not.
    """
    keys = list(rows.values_list("pk", flat=True))
    whole = register.model._default_manager.filter(pk__in=keys)
    by_key = {row.pk: row for row in (whole.select_related(*register.related) if register.related else whole)}
    found = [by_key[key] for key in keys if key in by_key]
    if register.beside is not None:
        beside = register.beside(found)
        for row in found:
            row.beside = beside.get(row.pk)
    return found


def names_of_places(register: Register, rows: Sequence[Any], seen: Sequence[Column]) -> dict[str, str]:
    """The names the place columns of these rows need."""
    paths = {column.read(row) for column in seen if column.show == "place" for row in rows}
    return columns.place_names(path for path in paths if path)


def _page(request: HttpRequest, asked: Asked, rows: Any) -> Page:
    number = _positive(request.GET.get("page", "1"))
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    if after or before:
        key = _positive(after or before)
        further = asked.beyond(rows, key, before=bool(before))
        found = load(asked.register, asked.ordered(further, backwards=bool(before))[: PER_PAGE + 1])
        more = len(found) > PER_PAGE
        found = found[:PER_PAGE]
        if not before:
            return Page(found, number, True, more)
        found.reverse()
        return Page(found, number, more, True) if more or found else _page_number(asked, rows, 1)
    return _page_number(asked, rows, number)


def _page_number(asked: Asked, rows: Any, number: int) -> Page:
    if number > NUMBERED:
        raise Http404(f"page {number}")
    first = (number - 1) * PER_PAGE
    found = load(asked.register, asked.ordered(rows)[first : first + PER_PAGE + 1])
    return Page(found[:PER_PAGE], number, number > 1, len(found) > PER_PAGE)


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15 and int(text)):
        raise Http404(f"number {text!r}")
    return int(text)


def _count(asked: Asked, page: Page, *, exactly: bool) -> int | None:
    """How many rows, when they are few enough to be counted at once; None for more than CAP."""
    if page.number == 1 and not page.before and not page.after:
        return len(page.rows)
    rows = asked.rows(counting=True).order_by()
    if exactly:
        return rows.count()
    counted = rows.values("pk")[: CAP + 1].count()
    return counted if counted <= CAP else None


def _body(register: Register, asked: Asked, page: Page, seen: Sequence[Column], *, tick: bool) -> Any:
    places = names_of_places(register, page.rows, seen)
    link = None
    if register.detail:
        base = reverse(register.detail, args=[0])
        trail = "?" + urlencode({"list": asked.query})

        def link(row: Any) -> str:
            return base.replace("/0/", f"/{row.pk}/") + trail

    return columns.body(page.rows, seen, places, link=link, tick=tick, named=register.naming)


def _heads(register: Register, asked: Asked, seen: Sequence[Column]) -> list[dict[str, Any]]:
    """The heading of each column; of one that can be sorted by, where the next click leads."""
    heads = []
    for column in seen:
        way = "" if asked.sort.lstrip("-") != column.name else "down" if asked.sort.startswith("-") else "up"
        href = ""
        if column.name in register.sorts:
            sort = f"-{column.name}" if way == "up" else column.name
            href = address(register, _with(asked, sort=sort))
        heads.append({"column": column, "way": way, "href": href})
    return heads


def _with(asked: Asked, **changes: Any) -> str:
    pairs = [pair.split("=", 1) for pair in asked.query.split("&") if pair]
    kept = [f"{name}={value}" for name, value in pairs if name not in changes]
    return "&".join([*kept, urlencode([(name, value) for name, value in changes.items() if value])]).strip("&")


def _filters(register: Register, asked: Asked) -> list[dict[str, Any]]:
    scope = register.scope(asked.actor)
    shown = []
    for one in register.filters:
        chosen = asked.chosen.get(one.name, [])
        options = one.options(scope, chosen)
        title = one.title if one.title is not None else (column.title if (column := register.column(one.name)) else "")
        said = "、".join(option.title for option in options if option.on) if one.kind == "choice" else ""
        if one.kind == "days" and chosen:
            said = chosen[0].replace("..", " – ").strip()
        if options:
            shown.append({"name": one.name, "title": title, "kind": one.kind, "options": options, "said": said})
    return shown


def _numbers(asked: Asked, page: Page, count: int | None) -> list[tuple[int, str, bool]]:
    """(number, address, is this it) of the pages that have one."""
    last = NUMBERED if count is None else min(NUMBERED, -(-count // PER_PAGE))
    near = [at for at in range(1, last + 1) if at in (1, last) or abs(at - page.number) <= 2]
    return [(at, address(asked.register, _with(asked, page=at)), at == page.number) for at in near] if last > 1 else []


def _edges(asked: Asked, page: Page) -> dict[str, str]:
    """The way to the page before and after, by the id of the row at the edge."""
    edges = {}
    if page.before and page.rows:
        to = {"page": max(1, page.number - 1), "before": page.rows[0].pk}
        edges["before"] = address(asked.register, _with(asked, **to))
    if page.after and page.rows:
        edges["after"] = address(asked.register, _with(asked, page=page.number + 1, after=page.rows[-1].pk))
    return edges


def _find(request: HttpRequest, register: Register) -> HttpResponse:
    given = request.POST.copy()
    words = narrow(given.get("q", "")).replace("\x00", "").strip()[: finding.LONGEST]
    token = finding.token(register.search, words, actor_of(request).account) if words else ""
    if token:
        words, given["k"] = "", token
    elif any(isinstance(one, finding.ByIndex) for one in register.search) and finding.numberish(words):
        messages.warning(request, _("这不像是完整的手机号或证件号码，没有查找。请核对后再输入。"))
        words = ""
    elif words:
        given["k"] = ""
    query = Asked(register, actor_of(request), given, words=words).query
    target = address(register, query or FRESH)
    return HttpResponseRedirect(target)


def _remember(request: HttpRequest, response: HttpResponse, register: Register, asked: Asked) -> None:
    kept = "&".join(pair for pair in asked.query.split("&") if not pair.startswith(("w=", "k=")))
    name, path = f"{REMEMBERED}{register.key}", reverse(f"desk-{register.key}")
    if kept and len(kept) < 1_500:
        response.set_cookie(
            name, kept, max_age=30 * 86_400, path=path, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    elif name in request.COOKIES:
        response.delete_cookie(name, path=path)


def _remembered(request: HttpRequest, register: Register) -> HttpResponse:
    kept = request.COOKIES[f"{REMEMBERED}{register.key}"]
    asked = Asked(register, actor_of(request), QueryDict(kept[:1_500]))
    return HttpResponseRedirect(address(register, asked.query or FRESH))
