"""Which header is which column: our guess, put right by hand where it is wrong."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.exchange import headers, mapping, permits, uploads
from unionhall.exchange.cells import masked
from unionhall.exchange.mapping import Proposal
from unionhall.exchange.models import Upload
from unionhall.exchange.template import Template
from unionhall.exchange.templates import by_name
from unionhall.jobs.tasks import imports as tasks
from unionhall.kernel.errors import NotYours, Refused
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.imports.progress import stage
from unionhall.web.desk.imports.start import title_of
from unionhall.web.refusals import in_words

EXAMPLES = 3
FIELD = "column-"


@gate.right(permits.DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk_import_columns(request: HttpRequest, number: int) -> HttpResponse:
    actor = actor_of(request)
    upload = Upload.objects.visible_to(actor).filter(pk=number).first()
    if upload is None or not upload.token:
        raise NotYours(number)
    if upload.state not in ("received", "checked"):
        return HttpResponseRedirect(reverse("desk-import", args=[number]))
    template, rows = by_name(upload.template), uploads.head(upload)
    asked = request.POST if request.method == "POST" else request.GET
    row = _row(asked.get("row", ""), len(rows), upload.header_row)
    proposal = mapping.propose(template, rows, by=actor, path=upload.path, row=row)
    if upload.chosen and row == upload.header_row and request.method != "POST":
        proposal = _over(proposal, upload.chosen, "remembered")
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        chosen = {column.key: request.POST.get(FIELD + column.key, "") for column in template.columns}
        try:
            with transaction.atomic():
                upload = uploads.choose(number, proposal.row, chosen, by=actor)
                tasks.start_check(upload, by=actor)
            return HttpResponseRedirect(reverse("desk-import", args=[number]))
        except Refused as refused:
            problems = [(FIELD + refused.code if refused.code else "", in_words(refused))]
            proposal = _over(proposal, chosen, "chosen")
    context = _context(upload, template, rows, proposal, own=upload.account == actor.account)
    wrong = dict(problems)
    context |= {"problems": problems, "wrong": wrong, "step": 2, "twins": uploads.same_file(upload)}
    return render(request, "web/desk/imports/columns.html", context, status=422 if problems else 200)


def _row(text: str, rows: int, known: int | None) -> int | None:
    """The header row asked for; None where the guess decides."""
    if text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= min(rows, headers.LOOKED_AT):
        return int(text) - 1
    return known


def _over(proposal: Proposal, chosen: Any, how: str) -> Proposal:
    choices = tuple(
        one.told(chosen.get(one.key, ""), how if chosen.get(one.key, "") else "") for one in proposal.choices
    )
    return Proposal(proposal.row, proposal.labels, choices)


def _context(
    upload: Upload, template: Template, rows: list[list[str]], proposal: Proposal, *, own: bool
) -> dict[str, Any]:
    below = rows[proposal.row + 1 : proposal.row + 1 + EXAMPLES]
    examples: dict[str, str] = {}
    for place, label in enumerate(proposal.labels):
        said = [row[place] for row in below if place < len(row) and row[place].strip()]
        examples[label] = "、".join(said)[:60]
    lines = []
    for one in proposal.choices:
        shown = examples.get(one.under, "") if one.under else ""
        if not own and shown:
            shown = masked(template.column(one.key), shown)
        lines.append({"choice": one, "field": FIELD + one.key, "example": shown})
    first = [
        (at, "、".join(cell for cell in row if cell.strip())[:40] or _("（空行）")) for at, row in enumerate(rows, 1)
    ]
    return {
        "upload": upload, "stage": stage(upload), "template": template, "title": title_of(template), "lines": lines,
        "labels": [label for label in proposal.labels if label], "proposal": proposal, "own": own,
        "rows": first[: headers.LOOKED_AT] if own else [], "header_row": proposal.row + 1, "field": FIELD,
    }  # fmt: skip
