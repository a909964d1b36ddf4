"""A lawyer's matters by their last days; each with what was told, what was done, and the steps that are the lawyer's."""

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from unionhall.access import reveal
from unionhall.cases import lawyer_moves
from unionhall.cases import service as services
from unionhall.cases.clock_models import Note
from unionhall.cases.lawyer_moves import MINUTES
from unionhall.cases.models import Case
from unionhall.cases.note_moves import LONGEST
from unionhall.cases.reach import is_lawyer_of
from unionhall.cases.vocabulary import LEGAL_RESULTS
from unionhall.exchange import casefile_moves
from unionhall.exchange.casefile_models import CaseFile
from unionhall.kernel import money
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.web import filing, gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import case_words
from unionhall.web.sudo import sudo

A_PAGE = 30
NEXT = 50
"""Matters whose next hearing is looked for at once."""


@gate.lawyer
@never_cache
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """Those under way first, by their last day; then those that are closed."""
    by = actor_of(request)
    rows = Case.objects.visible_to(by).filter(lawyer=by.account).select_related("person", "employer")
    going = list(rows.filter(closed_on=None).order_by(F("due_on").asc(nulls_last=True), "opened_on", "pk")[:NEXT])
    page = Paginator(rows.filter(closed_on__isnull=False).order_by("-closed_on", "-pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    hearings = _hearings(going)
    told = {
        "tab": "matters", "page": page, "over": [_said(row) for row in page],
        "going": [_said(row) | {"hearing": hearings.get(row.pk)} for row in going] if page.number == 1 else [],
    }  # fmt: skip
    return render(request, "web/lawyer/matters.html", told)


def _hearings(rows: list[Case]) -> dict[int, date]:
    """Matter -> the next day it is heard."""
    today, found = timezone.localdate(), dict[int, date]()
    for note in Note.objects.filter(case__in=rows, kind="hearing").order_by("pk"):
        on = date.fromisoformat(note.said["on"])
        if on >= today:
            found[note.case_id] = min(on, found.get(note.case_id, on))
    return found


@gate.lawyer
@never_cache
@require_safe
def matter(request: HttpRequest, number: int) -> HttpResponse:
    """One that was given to me; another's is not there."""
    by = actor_of(request)
    return _page(request, _mine(by, number), by)


@gate.lawyer
@sudo
@never_cache
@require_POST
def read(request: HttpRequest, number: int) -> HttpResponse:
    """What was told and written down, for a reason: one line in the book of looks for each piece, which its worker reads."""
    by, purpose = actor_of(request), request.POST.get("purpose", "").strip()
    row = _mine(by, number)
    opened: list[tuple[str, str]] = []
    try:
        if row.sealed_details is not None:
            titles = {field.key: _(field.title) for field in services.find(row.service).form}
            told = json.loads(reveal.reveal("cases.case.sealed_details", row.pk, by=by, purpose=purpose))
            opened += [(titles.get(key, key), str(value)) for key, value in told.items()]
        for note in Note.objects.filter(case=row, text__isnull=False).exclude(by=by.account).order_by("at", "pk"):
            words = reveal.reveal("cases.note.text", note.pk, by=by, purpose=purpose)
            opened.append((f"{timezone.localtime(note.at):%Y-%m-%d} {_sentence(note)}", words))
        if not opened:
            raise Refused(_("这件事没有加密的内容。"))
    except Refused as no:
        return _page(request, row, by, refused=no, form="read")
    return _page(request, row, by, opened=opened)


def _sentence(note: Note) -> str:
    return case_words.sentence(note, {}, {}, {})


@gate.lawyer
@sudo
@never_cache
@require_POST
def file(request: HttpRequest, number: int, kept: int) -> HttpResponse:
    """One of the files of the matter, for a reason, which its worker reads."""
    by = actor_of(request)
    row = _mine(by, number)
    if not CaseFile.objects.visible_to(by).filter(pk=kept, case=row).exclude(token="").exists():
        raise Http404(f"casefile {kept}")
    try:
        return filing.given_out(*casefile_moves.open_file(kept, by=by, purpose=request.POST.get("purpose", "").strip()))
    except Refused as no:
        return _page(request, row, by, refused=no, form="read")


@gate.lawyer
@require_POST
def write(request: HttpRequest, number: int) -> HttpResponse:
    """Minutes of a talk, the day of a hearing, what was done."""
    by, sent = actor_of(request), request.POST
    row = _mine(by, number)
    try:
        lawyer_moves.write(number, sent.get("kind", ""), sent.get("text", ""), on=_day(sent.get("on", "")), by=by)
    except Refused as no:
        return _page(request, row, by, refused=no, form="write")
    messages.success(request, _("已记下，加密保存。"))
    return redirect("lawyer-matter", number=number)


@gate.lawyer
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """The closing report."""
    by, sent = actor_of(request), request.POST
    row = _mine(by, number)
    try:
        fen = _fen(sent.get("amount", ""))
        lawyer_moves.close(
            number, sent.get("result", ""), fen, sent.get("report", ""), on=_day(sent.get("on", "")), by=by
        )
    except Refused as no:
        return _page(request, row, by, refused=no, form="close")
    messages.success(request, _("已结案。"))
    return redirect("lawyer-matter", number=number)


def _mine(by: Actor, number: int) -> Case:
    related = ("person", "employer")
    row: Case | None = Case.objects.visible_to(by).select_related(*related).filter(pk=number, lawyer=by.account).first()
    if row is None or not is_lawyer_of(by, row):
        raise Http404(f"case {number}")
    return row


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("请按 2015-03-01 这样填写日期。"), code="on") from None


def _fen(text: str) -> int:
    if not text.strip():
        raise Refused(_("请填写为职工争取到的金额，没有就填 0。"), code="amount")
    try:
        fen = money.fen(text[:20])
    except Refused as no:
        raise no.at("amount") from None
    if fen < 0:
        raise Refused(_("金额不能是负数。"), code="amount")
    return fen


def _said(row: Case) -> dict[str, Any]:
    service = services.find(row.service)
    return {
        "row": row, "who": row.person.masked if row.person else "", "about": _(service.causes[row.cause]) if row.cause in service.causes else "",
        "state": _(service.workflow.title(row.state)), "employer": row.employer.name if row.employer else "",
        "result": _(LEGAL_RESULTS[row.result]) if row.result in LEGAL_RESULTS else "",
    }  # fmt: skip


def _page(
    request: HttpRequest, row: Case, by: Actor, *, refused: Refused | None = None, form: str = "",
    opened: list[tuple[str, str]] | None = None,
) -> HttpResponse:  # fmt: skip
    service = services.find(row.service)
    claimed = f"{money.yuan(row.fen_claimed):,}" if row.fen_claimed is not None else ""
    agreed = f"{money.yuan(row.fen_agreed):,}" if row.fen_agreed is not None else ""
    told = _said(row) | {
        "tab": "matters", "clocks": case_words.clocks_of(row, service), "events": case_words.noted(row, service, by), "opened": opened,
        "name": row.person.name if opened and row.person else "", "claimed": claimed, "agreed": agreed, "refused": refused, "form": form,
        "sent": request.POST if form else {}, "kinds": [(key, _(title)) for key, title in MINUTES.items()], "longest": LONGEST,
        "results": [(key, _(title)) for key, title in LEGAL_RESULTS.items()], "today": timezone.localdate().isoformat(),
        "files": CaseFile.objects.filter(case=row).exclude(token="").order_by("-at", "-pk"),
        "purpose": request.POST.get("purpose", "") if opened else "",
        "may_close": row.closed_on is None and row.state == "assigned",
    }  # fmt: skip
    return render(request, "web/lawyer/matter.html", told, status=422 if refused else 200)
