"""Rows of a checked file put right in place, doubts set aside: one by one or all at once."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall.exchange import permits, preview, strongroom, uploads
from unionhall.exchange.models import Upload
from unionhall.exchange.preview import Line
from unionhall.exchange.template import Template, Verdict
from unionhall.exchange.templates import by_name
from unionhall.jobs.tasks import imports as tasks
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.imports.page import found, frame, row, tabs
from unionhall.web.desk.imports.progress import stage
from unionhall.web.desk.imports.start import workbook
from unionhall.web.refusals import in_words

CELL = "cell-"


@gate.right(permits.DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk_import_row(request: HttpRequest, number: int, line: int) -> HttpResponse:
    """The cells of one row to put right; for htmx only the row."""
    upload, actor = found(request, number), actor_of(request)
    template = by_name(upload.template)
    if upload.account != actor.account or upload.state != "checked":
        raise NotYours(line)
    shown = preview.line(upload, line)
    if not shown.typed:
        raise NotYours(line)
    if request.method == "POST":
        cells = [request.POST.get(CELL + column.key, "") for column in template.columns]
        return _mended(request, upload, template, shown, cells, actor)
    return _form(request, upload, template, shown, list(shown.cells), 200)


def _mended(
    request: HttpRequest, upload: Upload, template: Template, shown: Line, cells: list[str], actor: Actor
) -> HttpResponse:
    try:
        with transaction.atomic():
            judged = preview.mend(upload.pk, shown.number, cells, by=actor)
            if judged is None:
                tasks.start_check(uploads.check_again(upload.pk, by=actor), by=actor)
    except Refused as refused:
        return _form(request, upload, template, shown, cells, 422, said=in_words(refused))
    if judged is None:
        messages.info(request, _("这种表要整份一起核对，正在按改好的内容重新核对。"))
        return _go(request, reverse("desk-import", args=[upload.pk]))
    if judged.verdict is Verdict.REFUSED:
        return _form(request, upload, template, judged, cells, 422)
    if request.htmx:  # type: ignore[attr-defined]
        return _line(request, upload, template, judged)
    messages.success(request, _("第 %(number)s 行已改好。") % {"number": judged.number})
    return HttpResponseRedirect(_address(upload, shown))


@gate.right(permits.DOOR)
@require_POST
def desk_import_accept(request: HttpRequest, number: int) -> HttpResponse:
    """Doubts of one row, or of all, set aside (`yes`) or taken up again."""
    upload, actor, yes = found(request, number), actor_of(request), request.POST.get("yes") == "1"
    one = request.POST.get("row", "")
    if not one:
        count = preview.accept_all(number, yes=yes, by=actor)
        said = _("已采用全部 %(n)s 行存疑。") if yes else _("已取消全部采用。")
        messages.success(request, said % {"n": f"{count:,}"} if yes else said)
        return HttpResponseRedirect(reverse("desk-import", args=[number]) + "?tab=doubtful")
    if not (one.isascii() and one.isdecimal() and len(one) < 9):
        raise NotYours(number)
    preview.accept(number, [int(one)], yes=yes, by=actor)
    upload.refresh_from_db()
    line = preview.line(upload, int(one))
    if request.htmx:  # type: ignore[attr-defined]
        return _line(request, upload, by_name(upload.template), line)
    return HttpResponseRedirect(_address(upload, line))


@gate.right(permits.DOOR)
@require_safe
def desk_import_faults(request: HttpRequest, number: int) -> HttpResponse:
    """The rows given back as the same form, each with its reasons: for whoever brought the file, whose cells they are."""
    upload = found(request, number)
    if upload.account != actor_of(request).account or not upload.faults:
        raise NotYours(number)
    with strongroom.private(".xlsx") as path:
        preview.workbook(upload, path)
        content = path.read_bytes()
    return workbook(content, f"{upload.file_name.rpartition('.')[0]}-{_('退回')}.xlsx")


def _address(upload: Upload, line: Line) -> str:
    """Back to the tab the row was on, at the row."""
    return reverse("desk-import", args=[upload.pk]) + f"?tab={line.verdict.value}#row-{line.number}"


def _go(request: HttpRequest, to: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = to
        return answer
    return HttpResponseRedirect(to)


def _line(request: HttpRequest, upload: Upload, template: Template, line: Line) -> HttpResponse:
    """One row of the table anew, and the counts beside it."""
    upload.refresh_from_db()
    at = stage(upload)
    said = parse_qs(urlsplit(request.htmx.current_url or "").query).get("tab", [""])[0]  # type: ignore[attr-defined]
    on = next((verdict for verdict in Verdict if verdict == said), Verdict.REFUSED)
    context = frame(request, at) | {
        "row": row(template, line, own=upload.account == actor_of(request).account), "tabs": tabs(at, on),
        "mending": upload.account == actor_of(request).account, "fresh": True, "beside": True,
    }  # fmt: skip
    return render(request, "web/desk/imports/_row.html", context)


def _form(
    request: HttpRequest,
    upload: Upload,
    template: Template,
    line: Line,
    cells: list[str],
    status: int,
    *,
    said: str = "",
) -> HttpResponse:
    wrong: dict[str | None, list[str]] = {}
    for key, sentence in line.reasons:
        wrong.setdefault(key, []).append(sentence)
    fields: list[dict[str, Any]] = [
        {
            "name": CELL + column.key, "column": column, "value": cell, "wrong": "；".join(wrong.get(column.key, ())),
            "options": list((column.words or getattr(column.read, "mapping", {})).values()),
        }
        for column, cell in zip(template.columns, cells, strict=True)
    ]  # fmt: skip
    whole = [*([said] if said else []), *wrong.get(None, ())]
    first = [one for one in fields if one["wrong"]] or fields[:3]
    context = frame(request, stage(upload)) | {
        "line": line, "first": first, "rest": [one for one in fields if one not in first], "whole": whole,
        "again": status == 422, "problems": _problems(fields, whole) if status == 422 else [],
        "back": _address(upload, line), "row": row(template, line, own=True),
    }  # fmt: skip
    name = "_mend_row.html" if request.htmx else "mend.html"  # type: ignore[attr-defined]
    return render(request, f"web/desk/imports/{name}", context, status=status)


def _problems(fields: list[dict[str, Any]], whole: list[str]) -> list[tuple[str, str]]:
    said = [(one["name"], f"{one['column'].header}：{one['wrong']}") for one in fields if one["wrong"]]
    return [(fields[0]["name"], sentence) for sentence in whole] + said
