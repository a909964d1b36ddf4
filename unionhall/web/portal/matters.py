"""My matters: how far each is, by when it is promised, what was done; what I may add, take back, or say of it in the end."""

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from unionhall.access import reveal
from unionhall.cases import intake_moves, parties, party_moves, reach
from unionhall.cases import service as services
from unionhall.cases.clock_models import Note
from unionhall.cases.drive_models import Drive
from unionhall.cases.drives import sums
from unionhall.cases.handling_moves import MERGED
from unionhall.cases.intake_moves import LONGEST, RATINGS
from unionhall.cases.models import Case, IssuedPaper
from unionhall.cases.party_models import Party
from unionhall.cases.reach import WORKER
from unionhall.cases.union_building import FOUNDING, JOINING
from unionhall.exchange import casefile_guard, casefile_moves
from unionhall.exchange.casefile_models import CaseFile
from unionhall.exchange.export import Mark
from unionhall.exchange.papers.letter import letter
from unionhall.exchange.papers.letter_forms import FORMS
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.money import yuan
from unionhall.web import filing, gate, words
from unionhall.web.acting import actor_of
from unionhall.web.monthly import attached

A_PAGE = 20
TOLD = ("answered", "given_back", "added", "completed", "referred")
"""Notes whose words are meant for the worker, or are theirs; the others are the officers' own."""
SENTENCES = {
    "answered": "答复",
    "given_back": "请您补充",
    "added": "您补充了",
    "completed": "材料已补齐",
    "referred": "请别的部门或律师看",
}


@gate.worker
@never_cache
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """Those under way first, then those that are over."""
    by = actor_of(request)
    rows = Case.objects.of(by.person or 0).order_by("-pk")
    going = [_shown(row) for row in rows.filter(closed_on=None)[:A_PAGE]]
    page = Paginator(rows.filter(closed_on__isnull=False), A_PAGE).get_page(request.GET.get("page"))
    told = {
        "tab": "help",
        "going": going if page.number == 1 else [],
        "page": page,
        "over": [_shown(row) for row in page],
    }
    return render(request, "web/portal/matters.html", told)


@gate.worker
@never_cache
@require_safe
def matter(request: HttpRequest, number: int) -> HttpResponse:
    """One of mine."""
    return _page(request, _mine(actor_of(request), number))


@gate.worker
@require_POST
def step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """I take it back, or say that it is not settled."""
    by, row = actor_of(request), _mine(actor_of(request), number)
    try:
        intake_moves.step(number, name, reason=request.POST.get("reason", "")[:LONGEST], now=timezone.now(), by=by)
    except Refused as no:
        return _page(request, row, refused=no)
    messages.success(request, _("已办好。"))
    return redirect("me-matter", number=number)


@gate.worker
@require_POST
def add(request: HttpRequest, number: int) -> HttpResponse:
    """I add what was forgotten or asked for: words, photographs, or both."""
    by, row = actor_of(request), _mine(actor_of(request), number)
    text, files = request.POST.get("text", ""), request.FILES.getlist("file")

    def told() -> None:
        said = text if text.strip() or not files else _("补充了 %(n)d 个文件。") % {"n": len(files)}
        intake_moves.add(number, said, now=timezone.now(), by=by)

    try:
        if files:
            filing.put(number, files, by=by, then=told)
        else:
            told()
    except Refused as no:
        return _page(request, row, refused=no)
    messages.success(request, _("已补充。"))
    return redirect("me-matter", number=number)


@gate.worker
@never_cache
@require_POST
def file(request: HttpRequest, number: int, kept: int) -> HttpResponse:
    """One of the files of my matter, to look at again."""
    by, row = actor_of(request), _mine(actor_of(request), number)
    if not CaseFile.objects.visible_to(by).filter(pk=kept, case=row).exclude(token="").exists():
        raise Http404(f"casefile {kept}")
    return filing.given_out(*casefile_moves.open_file(kept, by=by, purpose="本人查看"))


@gate.worker
@never_cache
@require_POST
def paper(request: HttpRequest, number: int, made: int, form: str) -> HttpResponse:
    """A paper that was made out to me, to keep. A line in the book of looks says that I took it."""
    by, row = actor_of(request), _mine(actor_of(request), number)
    found = IssuedPaper.objects.visible_to(by).filter(pk=made, case=row).first()
    if found is None or form not in FORMS:
        raise Http404(f"paper {made} as {form!r}")
    content = json.loads(reveal.reveal("cases.issuedpaper.content", made, by=by, purpose="本人查看"))
    mark = str(Mark(by.name, timezone.now(), by.trace))
    return attached(FORMS[form](letter(content, mark)), f"{found.title}-{found.number}", form)


@gate.worker
@require_POST
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """I leave a matter of many; the others' goes on."""
    by, row = actor_of(request), _mine(actor_of(request), number)
    try:
        party_moves.leave(number, now=timezone.now(), by=by)
    except Refused as no:
        return _page(request, row, refused=no)
    messages.success(request, _("您已退出这件事，其他职工的照常办理。"))
    return redirect("me-matters")


@gate.worker
@require_POST
def rate(request: HttpRequest, number: int) -> HttpResponse:
    """How satisfied I am."""
    by, row = actor_of(request), _mine(actor_of(request), number)
    try:
        intake_moves.rate(
            number, request.POST.get("score", ""), request.POST.get("said", ""), now=timezone.now(), by=by
        )
    except Refused as no:
        return _page(request, row, refused=no)
    messages.success(request, _("谢谢您的评价。"))
    return redirect("me-matter", number=number)


def _mine(by: Actor, number: int) -> Case:
    row: Case | None = Case.objects.of(by.person or 0).filter(pk=number).first()
    if row is None:
        raise Http404(f"case {number}")
    return row


def _shown(row: Case) -> dict[str, Any]:
    service = services.find(row.service)
    # Why an employer has no union is what the officers found, not what somebody asked about.
    cause = _(service.causes[row.cause]) if row.cause in service.causes and row.service != FOUNDING else ""
    firm = row.employer.name if row.service in (FOUNDING, JOINING) and row.employer else ""
    return {
        "row": row,
        "title": words.title(service),
        "about": cause,
        "firm": firm,
        "state": _state(row),
        "tone": _tone(row),
    }


def _state(row: Case) -> str:
    return _("已并入另一件") if row.state == MERGED else _(services.find(row.service).workflow.title(row.state))


def _tone(row: Case) -> str:
    if row.waiting_since is not None:
        return "st-few"
    return "st-ok" if row.closed_on is not None else "st-full"


def _page(request: HttpRequest, row: Case, *, refused: Refused | None = None) -> HttpResponse:
    by, service = actor_of(request), services.find(row.service)
    speaks, many = reach.speaks(by, row), parties.applicants(row)
    mine = [move for move in service.workflow.leaving(row.state) if move.by == WORKER and speaks]
    me = next((party for party in many if party.person_id == by.person), None)
    rated = speaks and row.closed_on is not None and row.result not in ("withdrawn", MERGED)
    told = {
        "tab": "help", **_shown(row), "events": _events(row, by), "refused": refused, "sent": request.POST, "longest": LONGEST,
        "steps": [{"name": move.name, "title": _(move.title), "reason": "reason" in move.asks} for move in mine],
        "may_add": row.closed_on is None and speaks, "me": me if len(many) > 1 else None, "many": len(many), "speaks": speaks,
        "amounts": [(title, f"{yuan(fen):,}") for title, fen in _amounts(me) if fen is not None],
        "may_leave": me is not None and len(many) > 1 and row.closed_on is None,
        "rates": [(key, _(title)) for key, title in RATINGS.items()] if rated else [],
        "score": _score(row), "papers": _papers(row, by), "forms": (("pdf", "PDF"), ("docx", "Word")), "files": _files(row, by), "accept": filing.ACCEPT, "size": casefile_guard.LARGEST // 2**20,
        "most": casefile_moves.MOST_AT_ONCE, **_donated(row),
    }  # fmt: skip
    return render(request, "web/portal/matter.html", told, status=422 if refused else 200)


def _amounts(me: Party | None) -> tuple[tuple[str, int | None], ...]:
    """What of the sums is mine."""
    if me is None:
        return ()
    return ((_("我的请求"), me.fen_claimed), (_("我应得的"), me.fen_agreed), (_("已经付给我的"), me.fen_paid))


def _donated(row: Case) -> dict[str, Any]:
    """The drive for it, if there is one, and its sums."""
    drive = Drive.objects.filter(case=row).first()
    return {"drive": drive, "sums": sums([drive.pk])[drive.pk] if drive is not None else None}


def _papers(row: Case, by: Actor) -> list[dict[str, Any]]:
    """What was made out to me in this matter and holds, the latest first. What it says, I see when I take it."""
    rows = IssuedPaper.objects.visible_to(by).filter(case=row).defer("content").order_by("-made_at", "-pk")
    return [{"row": one, "title": _(one.title)} for one in rows]


def _files(row: Case, by: Actor) -> list[dict[str, Any]]:
    """What lies with my matter; their names are mine to read."""
    rows = CaseFile.objects.visible_to(by).filter(case=row).exclude(token="").order_by("-at", "-pk")
    return [{"row": one, "name": one.name.reveal(by, "本人查看", _own)} for one in rows]


def _score(row: Case) -> str:
    lines = Line.objects.standing().filter(subject=row.subject, act="rated").order_by("-pk")
    return str(lines.values_list("kind", flat=True).first() or "")


def _events(row: Case, by: Actor) -> list[dict[str, Any]]:
    """What was done on which day, and the words that were meant for me or are mine, the latest first."""
    service = services.find(row.service)
    lines = Line.objects.standing().filter(subject=row.subject, act__in=service.workflow.states)
    found: list[dict[str, Any]] = [
        {"on": line.on, "at": line.at, "what": _(service.workflow.title(line.act)), "words": ""} for line in lines
    ]
    for note in Note.objects.filter(case=row, kind__in=TOLD):
        text = note.text.reveal(by, "本人查看", _own) if note.text is not None else ""
        found.append({"on": timezone.localdate(note.at), "at": note.at, "what": _(SENTENCES[note.kind]), "words": text})
    return sorted(found, key=lambda one: (one["on"], one["at"]), reverse=True)


def _own(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Their own words, and those written to them: no look at anybody else's."""
