"""The page of one row: what it is, what may be done next and why the rest may not, and what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.organisations.accounts import Account
from unionhall.organisations.roles import holders
from unionhall.web.acting import actor_of
from unionhall.web.desk import happenings
from unionhall.web.desk.register import Asked, Register


class State(NamedTuple):
    """The state in a word; `tone` is one of columns.TONES."""

    word: Any
    tone: str


class Fact(NamedTuple):
    """One thing known. `href` makes it a link; `secret` is a sealed value shown by the reveal component (object, column)."""

    title: Any
    text: Any
    href: str = ""
    secret: Any = None


class Step(NamedTuple):
    """A next step. When it is not `allowed`, `why_not` says why; only allowed ones are buttons. `post`: done by one click."""

    key: str
    title: Any
    allowed: bool
    why_not: Any
    url: str
    icon: str = "check"
    danger: bool = False
    post: bool = False


class Event(NamedTuple):
    """One line of the timeline: when (a day, or an instant), who, what; `void` for what was declared void.

    `words` are what somebody wrote about it, for who may read them at once; `secret` the same for who needs a reason.
    """

    on: date | datetime
    who: str
    what: Any
    void: bool = False
    words: str = ""
    secret: Any = None


class Table(NamedTuple):
    """Related rows: `rows` are lists of cells; a cell is text, (text, address) or a State."""

    title: Any
    heads: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    empty: Any = ""
    link: tuple[Any, str] | None = None


class Figure(NamedTuple):
    """A figure this row is counted in, and the address of its records."""

    title: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Detail:
    """Everything a detail page shows."""

    title: Any
    number: str = ""
    state: State | None = None
    facts: Sequence[Fact]
    steps: Sequence[Step] = ()
    timeline: Sequence[Event] = ()
    related: Sequence[Table] = ()
    counted_in: Sequence[Figure] = ()
    crumbs: tuple[tuple[Any, str], ...] = ()
    facts_title: Any = ""
    more: dict[str, Any] = field(default_factory=dict)


def render_detail(
    request: HttpRequest, detail: Detail, *, register: Register | None = None, row: Any = None,
    template: str = "web/desk/detail.html",
) -> HttpResponse:  # fmt: skip
    """The page; with `register` and `row`, the way to the rows before and after it in the list one came from."""
    around = _around(request, register, row) if register is not None and "list" in request.GET else {}
    crumbs = detail.crumbs
    if register is not None and not crumbs:
        back = request.GET.get("list", "")
        query = Asked(register, actor_of(request), QueryDict(back[:1500])).query if back else ""
        crumbs = ((register.title, reverse(f"desk-{register.key}") + (f"?{query}" if query else "")),)
    tables = drawn_tables(detail.related)
    shown = {
        "facts": [fact._replace(text=_plain(fact.text)) for fact in detail.facts],
        "timeline": [event._replace(on=_plain(event.on)) for event in detail.timeline],
    }
    context = {"detail": detail, "tables": tables, **shown, "crumbs": crumbs, "around": around, **detail.more}
    return render(request, template, context)


def drawn_tables(tables: Sequence[Table]) -> list[tuple[Table, list[list[Any]]]]:
    """Tables with their cells as a page draws them."""
    return [(table, [[_cell(cell) for cell in cells] for cells in table.rows]) for table in tables]


def lines_of(subjects: Sequence[str], *, by: Actor, right: str, most: int = 100) -> list[Event]:
    """The journal's lines about these subjects ("membership:17") where the actor holds `right`, newest first."""
    found = Line.objects.visible_to(by, *holders(right)).filter(subject__in=subjects).exclude(act="void")
    lines = list(found.order_by("-on", "-id")[:most])
    names = dict(Account.objects.filter(pk__in={line.by for line in lines if line.by}).values_list("pk", "name"))
    return [
        Event(
            line.on, names.get(line.by or 0, _("系统")), happenings.told(line.service, line.act, line.kind, line.reason),
            void=line.voided_by_id is not None,
        )
        for line in lines
    ]  # fmt: skip


def _cell(cell: Any) -> Any:
    """Text as it is; (text, address) as a link; a State as a badge."""
    if isinstance(cell, State):
        return format_html('<span class="st st-{}">{}</span>', cell.tone, cell.word)
    if isinstance(cell, tuple):
        return format_html('<a href="{}">{}</a>', cell[1], _plain(cell[0]))
    return "" if cell is None else _plain(cell)


def _plain(value: Any) -> Any:
    """Days and moments as everywhere on the desk: 2015-03-01, 2015-03-01 09:30."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else value


def _around(request: HttpRequest, register: Register, row: Any) -> dict[str, str]:
    asked = Asked(register, actor_of(request), QueryDict(request.GET["list"][:1500]))
    rows = asked.rows()
    trail = "?" + urlencode({"list": asked.query})
    found = {}
    for way, before in (("before", True), ("after", False)):
        beside = asked.ordered(asked.beyond(rows, row.pk, before=before), backwards=before)
        key = beside.values_list("pk", flat=True).first()
        if key is not None:
            found[way] = reverse(register.detail, args=[key]) + trail
    return found
