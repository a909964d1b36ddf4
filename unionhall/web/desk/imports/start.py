"""Choosing a form, its blank workbook, and taking a file or pasted cells in."""

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.exchange import permits, strongroom, uploads
from unionhall.exchange.blank import write_blank
from unionhall.exchange.models import Upload
from unionhall.exchange.template import Template
from unionhall.exchange.templates import TEMPLATES
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import actions
from unionhall.web.desk.forms import DeskForm, problems
from unionhall.web.desk.imports.progress import stages
from unionhall.web.refusals import in_words

RECENT = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileForm(DeskForm):
    file = forms.FileField(
        label=gettext_lazy("选择文件"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={"required": gettext_lazy("请先选择要导入的文件。"), "empty": gettext_lazy("文件是空的，请重新选择文件。")},
    )  # fmt: skip


class PasteForm(DeskForm):
    text = forms.CharField(
        label=gettext_lazy("粘贴的内容"), strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off", "class": "pasted"}),
    )  # fmt: skip
    headed = forms.BooleanField(label=gettext_lazy("第一行是表头"), required=False, initial=True)


def title_of(template: Template) -> str:
    """A form's title in the reader's language."""
    if (get_language() or "").startswith("en"):
        return template.title_en[:1].upper() + template.title_en[1:]
    return template.title


@gate.right(permits.DOOR)
@never_cache
@require_safe
def desk_imports(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    mine = [template for template in TEMPLATES if permits.may(actor, template.name)]
    rows = Upload.objects.visible_to(actor).exclude(state="discarded").select_related("batch").order_by("-id")[:RECENT]
    context = {
        "templates": [(template, title_of(template)) for template in mine],
        "recent": stages(list(rows)),
    }
    return render(request, "web/desk/imports/index.html", context)


@gate.right(permits.DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk_import_new(request: HttpRequest, name: str) -> HttpResponse:
    actor, template = actor_of(request), _template(request, name)
    file_form, paste_form, wrong = FileForm(), PasteForm(), None
    if request.method == "POST":
        pasted = "text" in request.POST
        sent: DeskForm = PasteForm(request.POST) if pasted else FileForm(request.POST, request.FILES)
        if sent.is_valid():
            try:
                return HttpResponseRedirect(_take(request, template, actor, sent.cleaned_data))
            except Refused as refused:
                sent.add_error("text" if pasted else "file", in_words(refused))
        wrong = sent
        if pasted:
            paste_form = sent  # type: ignore[assignment]
        else:
            file_form = sent  # type: ignore[assignment]
    context = {
        "template": template, "title": title_of(template), "file_form": file_form, "paste_form": paste_form,
        "problems": problems(wrong) if wrong is not None else [], "largest": settings.LARGEST_UPLOAD // 2**20,
        "required": [column for column in template.columns if column.required], "step": 1,
    }  # fmt: skip
    return render(request, "web/desk/imports/new.html", context, status=422 if wrong is not None else 200)


@gate.right(permits.DOOR)
@require_safe
def desk_import_blank(request: HttpRequest, name: str) -> HttpResponse:
    template = _template(request, name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.xlsx"
        write_blank(template, path)
        return workbook(path.read_bytes(), f"{template.title}.xlsx")


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook to download."""
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _template(request: HttpRequest, name: str) -> Template:
    """The form of that name, for who may bring it in; otherwise there is none."""
    for template in TEMPLATES:
        if template.name == name and permits.may(actor_of(request), name):
            return template
    raise Http404(name)


def _take(request: HttpRequest, template: Template, by: Actor, said: Any) -> str:
    """Take the file in, once for each form sent; the address of its page."""
    key, taken = said.get("key"), _taken(template, by, said)
    try:
        with transaction.atomic():
            before = actions.sent_before(key, by=by) if key is not None else None
            if before is None:
                upload = uploads.record(taken, by=by)
                to = reverse("desk-import-columns", args=[upload.pk])
                if key is not None:
                    actions.sent(key, to, by=by)
                return to
    except BaseException:
        uploads.drop(taken)
        raise
    uploads.drop(taken)
    messages.info(request, _("这张表刚才已经提交过，没有重复办理。"))
    return before or reverse("desk-imports")


def _taken(template: Template, by: Actor, said: Any) -> uploads.Taken:
    if "text" in said:
        with strongroom.private(".csv") as path:
            return uploads.take_pasted(template, said["text"], headed=said["headed"], by=by, path=path)
    file = said["file"]
    return uploads.take(template, Path(file.temporary_file_path()), file.name, by=by)
