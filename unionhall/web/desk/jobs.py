"""The page of jobs: what was asked of the machine, how far it is, what came of it; to stop it, do it again, fetch its file.

Those who keep the machine see everybody's jobs, to see that they run, but not what came out of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from unionhall.jobs import files, queue
from unionhall.jobs.leases import leases
from unionhall.jobs.models import CANCELLED, DONE, FAILED, OPEN, RUNNING, WAITING, Job
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Place
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.detail import State
from unionhall.web.refusals import in_words
from unionhall.web.sudo import sudo

RIGHT = "jobs.see"
PAGE = 30

STATES: Mapping[str, State] = {
    WAITING: State(_("等待"), "wait"),
    RUNNING: State(_("正在办"), "go"),
    DONE: State(_("办完了"), "ok"),
    FAILED: State(_("没有办成"), "bad"),
    CANCELLED: State(_("已取消"), "off"),
}
STOPPING = State(_("正在停下"), "wait")
SHOWS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "": (_("全部"), ()),
    "open": (_("没办完的"), OPEN),
    "done": (_("办完了"), (DONE,)),
    "failed": (_("没有办成"), (FAILED, CANCELLED)),
}
WORDS: Mapping[str, Any] = {
    "rows": _("行数"), "new": _("新增"), "changed": _("变更"), "unchanged": _("未变"), "doubtful": _("存疑"),
    "refused": _("退回"), "batch": _("批次"), "done": _("办成"), "failed": _("没有办成"), "people": _("人数"),
    "sent": _("已发送"), "waiting": _("等待"), "given_up": _("放弃"), "files": _("文件"),
}  # fmt: skip
"""Results are plain values under English names; those that have a word here are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """A job as one actor sees it. `mine`: its message, result and file are for me."""

    job: Job
    mine: bool

    @property
    def title(self) -> str:
        """In the reader's language, as far as the task's own title is in the catalogue; a file's name stays."""
        return gettext(self.job.title) if self.job.title else ""

    @property
    def state(self) -> State:
        stopping = self.job.state == RUNNING and self.job.cancelled_by is not None
        return STOPPING if stopping else STATES[self.job.state]

    @property
    def running(self) -> bool:
        return self.job.state == RUNNING

    @property
    def open(self) -> bool:
        return self.job.state in OPEN and self.job.every is None

    @property
    def can_stop(self) -> bool:
        return self.open and not (self.running and self.job.cancelled_by is not None)

    @property
    def can_retry(self) -> bool:
        ended = self.job.ended_at
        return self.job.state in (FAILED, CANCELLED) and ended is not None and timezone.now() - ended < queue.KEPT_WHOLE

    @property
    def doing(self) -> str:
        return gettext(self.job.doing) if self.job.doing else ""

    @property
    def message(self) -> str:
        """Why it failed, for its owner; whoever keeps the machine has the trace number."""
        return gettext(self.job.message) if self.mine and self.job.message else ""

    @property
    def has_file(self) -> bool:
        return self.mine and self.job.state == DONE and bool(self.job.file)

    @property
    def results(self) -> list[tuple[Any, Any]]:
        """What came of it, in words; nothing of others' jobs."""
        if not self.mine or not isinstance(self.job.result, dict):
            return []
        told = self.job.result.items()
        return [(WORDS[name], _said(name, value)) for name, value in told if name in WORDS and value is not None]

    @property
    def file_until(self) -> Any:
        return self.job.ended_at + queue.KEPT_WHOLE if self.job.ended_at else None

    @property
    def took(self) -> timedelta | None:
        """How long the last attempt ran, to the second."""
        if self.job.started_at is None:
            return None
        end = (None if self.running else self.job.ended_at) or timezone.now()
        return timedelta(seconds=int(max(0.0, (end - self.job.started_at).total_seconds())))


@gate.right(RIGHT)
@never_cache
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The newest first, a page at a time; a list with something in it that is not done moves by itself."""
    actor, show = actor_of(request), request.GET.get("show", "")
    show = show if show in SHOWS else ""
    rows = Job.objects.visible_to(actor).select_related("account").order_by("-pk")
    if SHOWS[show][1]:
        rows = rows.filter(state__in=SHOWS[show][1])
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 16:
        rows = rows.filter(pk__lt=int(before))
    lines = _lines(list(rows[: PAGE + 1]), actor)
    shown = {
        "lines": lines[:PAGE],
        "older": lines[PAGE - 1].job.pk if len(lines) > PAGE else None,
        "show": show,
        "before": before,
        "shows": [(key, title, key == show) for key, (title, _states) in SHOWS.items()],
        "moving": any(line.open for line in lines[:PAGE]),
        "whose": any(not line.mine for line in lines),
    }
    return render(request, "web/desk/jobs/_list.html" if _is_fragment(request) else "web/desk/jobs/list.html", shown)


@gate.right(RIGHT)
@never_cache
@require_safe
def job(request: HttpRequest, number: int) -> HttpResponse:
    """One job."""
    actor = actor_of(request)
    (line,) = _lines([_one(number, actor)], actor)
    place = Place.objects.filter(path=line.job.path).first() if line.job.path else None
    shown = {"line": line, "job": line.job, "moving": line.open, "place": place}
    return render(request, "web/desk/jobs/_job.html" if _is_fragment(request) else "web/desk/jobs/job.html", shown)


@gate.right(RIGHT)
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Stop it: at once, or at its next step."""
    return _told(request, number, queue.cancel, _("已经取消。正在办的会在下一步停下，不留下任何改动。"))


@gate.right(RIGHT)
@require_POST
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Have it done again."""
    return _told(request, number, queue.retry, _("已经重新排队。"))


@gate.right(RIGHT)
@sudo
@never_cache
@require_safe
def download(request: HttpRequest, number: int) -> HttpResponse | StreamingHttpResponse:
    """The result file, to its owner alone, written down before the first byte."""
    actor = actor_of(request)
    found = Job.objects.of(actor).filter(pk=number, state=DONE).exclude(file="").first()
    if found is None:
        raise NotYours(number)
    pieces = files.opened_file(found)
    try:
        first = next(pieces)
    except FileNotFoundError:
        raise Refused("这个文件已经清理，请重新办一次。") from None
    queue.downloaded(found, by=actor)
    response = StreamingHttpResponse(_joined(first, pieces), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.file_name) or "attachment"
    return response


def open_count(actor: Actor) -> int:
    """How many of my jobs are not done yet; for the menu."""
    return Job.objects.of(actor).filter(state__in=OPEN, every=None).count()


def _said(name: str, value: Any) -> str:
    """A count in groups of three; a number that only names something, as it is."""
    return f"{value:,}" if isinstance(value, int) and name != "batch" else str(value)


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _one(number: int, actor: Actor) -> Job:
    found = Job.objects.visible_to(actor).select_related("account").filter(pk=number).first()
    if found is None:
        raise NotYours(number)
    return found


def _lines(rows: list[Job], actor: Actor) -> list[Line]:
    leases().watch(rows)
    mine = set(Job.objects.of(actor).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [Line(row, row.pk in mine) for row in rows]


def _told(request: HttpRequest, number: int, do: Any, done: Any) -> HttpResponseRedirect:
    actor = actor_of(request)
    try:
        do(_one(number, actor), by=actor)
    except Refused as refused:
        messages.error(request, in_words(refused))
    else:
        messages.success(request, done)
    return redirect("desk-job", number)


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


urlpatterns: list[URLPattern] = [
    path("desk/jobs/", jobs, name="desk-jobs"),
    path("desk/jobs/<int:number>/", job, name="desk-job"),
    path("desk/jobs/<int:number>/cancel/", cancel, name="desk-job-cancel"),
    path("desk/jobs/<int:number>/retry/", retry, name="desk-job-retry"),
    path("desk/jobs/<int:number>/file/", download, name="desk-job-file"),
]
