"""The page of one upload: how far it is, what would happen, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.exchange import permits, preview, uploads
from unionhall.exchange.models import Upload
from unionhall.exchange.preview import Line
from unionhall.exchange.template import Column, Template, Verdict
from unionhall.exchange.templates import by_name
from unionhall.jobs.arguments import hushed
from unionhall.journal.models import Line as JournalLine
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.chronicle import counted_in
from unionhall.web.desk.detail import State
from unionhall.web.desk.imports.progress import Stage, stage
from unionhall.web.desk.imports.start import title_of

PER_PAGE = 50
WIDE = 6
"""Columns shown of a row that would be written."""
ORDER = (Verdict.REFUSED, Verdict.DOUBTFUL, Verdict.CHANGED, Verdict.NEW, Verdict.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Tab:
    """One verdict and how many rows have it; `href` opens them."""

    verdict: Verdict
    title: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """One reason a row was given back for: the column it is about, what stands there."""

    header: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the preview, ready to be shown."""

    line: Line
    wrongs: tuple[Wrong, ...]
    cells: tuple[str, ...]
    was: tuple[tuple[str, str, str], ...]  # header, before, after

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def badge(self) -> State:
        if self.line.accepted:
            return State(_("已采用"), "ok")
        return State(titles()[self.line.verdict], TONES[self.line.verdict])


TONES = {
    Verdict.NEW: "ok", Verdict.CHANGED: "go", Verdict.UNCHANGED: "off", Verdict.DOUBTFUL: "look", Verdict.REFUSED: "bad",
}  # fmt: skip


def titles() -> dict[Verdict, str]:
    return {
        Verdict.NEW: _("可新增"), Verdict.CHANGED: _("将更新"), Verdict.UNCHANGED: _("没有变化"), Verdict.DOUBTFUL: _("存疑"),
        Verdict.REFUSED: _("退回"),
    }  # fmt: skip


def found(request: HttpRequest, number: int) -> Upload:
    """The upload of that number, if this account may see it."""
    upload = Upload.objects.visible_to(actor_of(request)).select_related("batch").filter(pk=number).first()
    if upload is None:
        raise NotYours(number)
    return upload


@gate.right(permits.DOOR)
@never_cache
@require_safe
def desk_import(request: HttpRequest, number: int) -> HttpResponse:
    upload = found(request, number)
    at = stage(upload)
    if at.state == "received" and upload.token:
        return HttpResponseRedirect(at.href)
    context = frame(request, at)
    if at.state in ("checked", "done", "withdrawn"):
        context |= _rows(request, at)
    if at.state in ("done", "withdrawn"):
        context |= _after(at, actor_of(request))
    return render(request, "web/desk/imports/upload.html", context)


@gate.right(permits.DOOR)
@never_cache
@require_safe
def desk_import_progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far the job is; when it has ended, the browser is sent to the page itself."""
    at = stage(found(request, number))
    if not at.working:
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = reverse("desk-import", args=[number])
        return answer
    return render(request, "web/desk/imports/_progress.html", {"stage": at, "upload": at.upload})


def frame(request: HttpRequest, at: Stage) -> dict[str, Any]:
    """What every state of the page shows."""
    upload, actor = at.upload, actor_of(request)
    template = by_name(upload.template)
    return {
        "upload": upload, "stage": at, "template": template, "title": title_of(template),
        "own": upload.account == actor.account, "step": 4 if at.state in ("done", "withdrawn") else 3,
        "to_write": uploads.to_write(upload), "accepted": uploads.accepted(upload),
        "left_out": upload.refused + upload.doubtful - uploads.accepted(upload), "twins": uploads.same_file(upload),
    }  # fmt: skip


def _rows(request: HttpRequest, at: Stage) -> dict[str, Any]:
    upload = at.upload
    template, counts = by_name(upload.template), {verdict: getattr(upload, verdict.value) for verdict in Verdict}
    shown = ORDER if at.state == "checked" else ORDER[:2]
    asked = request.GET.get("tab", "")
    tab = next((one for one in shown if one == asked), None)
    if tab is None:
        tab = next((one for one in shown if counts[one]), shown[0])
    page = Paginator(upload.shown.filter(verdict=tab).order_by("number"), PER_PAGE).get_page(request.GET.get("page"))
    own = upload.account == actor_of(request).account
    rows = [row(template, line, own=own) for line in preview.lines(upload, page.object_list)]
    return {
        "tabs": tabs(at, tab), "tab": tab, "page": page, "rows": rows, "kept": page.paginator.count,
        "all": counts[tab], "wide": wide(template), "query": urlencode({"tab": tab.value}),
        "mending": at.state == "checked" and own,
    }  # fmt: skip


def tabs(at: Stage, current: Verdict | None) -> list[Tab]:
    address = reverse("desk-import", args=[at.upload.pk])
    shown = ORDER if at.state == "checked" else ORDER[:2]
    return [
        Tab(verdict, titles()[verdict], getattr(at.upload, verdict.value), f"{address}?tab={verdict.value}",
            verdict is current)
        for verdict in shown
    ]  # fmt: skip


def wide(template: Template) -> list[Column]:
    """The columns by which people tell rows apart: the required ones, then others, as many as there is room for."""
    first = sorted(template.columns, key=lambda column: not column.required)[:WIDE]
    return [column for column in template.columns if column in first]


def row(template: Template, line: Line, *, own: bool) -> Row:
    """A row as it is shown to whoever looks."""
    cells = preview.shown_cells(template, line, own=own)
    of = {column.key: (column.header, cell) for column, cell in zip(template.columns, cells, strict=True)}
    wrongs = tuple(
        Wrong(*of.get(key, ("", "")), sentence if own else hushed(sentence)) for key, sentence in line.reasons
    )
    picked = tuple(cells[place] for place, column in enumerate(template.columns) if column in wide(template))
    was = tuple((of[key][0], before, after) for key, (before, after) in line.was.items())
    return Row(line, wrongs, picked, was)


def _after(at: Stage, actor: Actor) -> dict[str, Any]:
    """What became of it: the batch, and the figures its records count in."""
    batch = at.upload.batch
    if batch is None:
        return {}
    return {"batch": batch, "figures": figures(batch.pk, actor), "may_withdraw": uploads.may_withdraw(batch, actor)}


def figures(batch: int, actor: Actor) -> Sequence[Any]:
    """Figures the batch's standing lines count in, by one line of each kind."""
    kinds = JournalLine.objects.standing().filter(batch=batch).order_by("service", "act", "kind")
    numbers: dict[tuple[str, str, str], int] = {}
    for service, act, kind in kinds.values_list("service", "act", "kind").distinct()[:50]:
        first = kinds.filter(service=service, act=act, kind=kind).values_list("pk", flat=True).first()
        if first is not None:
            numbers[service, act, kind] = first
    return counted_in(JournalLine.objects.filter(pk__in=numbers.values()).select_related("voided_by"), actor)
