"""Doing one thing to many rows: those that were ticked, or all that a filter finds. Asked first, told row by row after.

"All" is not what the page showed: the filter is run again here, for this account, and its number is shown before anything
is done.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_tasks.base import Task

from unionhall.jobs.queue import enqueue
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import actions
from unionhall.web.desk.forms import DeskForm, problems
from unionhall.web.desk.listing import address, bulks, load, names_of_places
from unionhall.web.desk.register import Asked, Bulk, Register
from unionhall.web.models import BulkRun
from unionhall.web.refusals import in_words

AT_ONCE = 200
"""More rows than this are done by a job."""
SAMPLE = 10
Tell = Callable[[int, int], None]


def _silent(_done: int, _of: int) -> None:
    """Nobody waits for word of two hundred rows."""


def bulk_view(register: Register, many: Task[Any, Any]) -> Callable[..., HttpResponse]:
    """`many` is the task that does it to more rows than one waits for (tasks.do_to_many)."""

    @gate.right(*sorted({one.right for one in register.bulk} or {register.right}))
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def desk_bulk(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":  # the question was left, and its address opened again
            return HttpResponseRedirect(address(register))
        one = next((one for one in bulks(request, register) if one.key == request.POST.get("do")), None)
        if one is None:
            raise Http404("no such thing to do to many rows")
        query = request.POST.get("query", "")[:1500]
        asked = Asked(register, actor_of(request), QueryDict(query))
        whole = request.POST.get("all") == "1"
        rows = asked.rows() if whole else register.visible(actor_of(request)).filter(pk__in=_ticked(request))
        count = rows.count()
        if not count:
            messages.warning(request, _("没有选中任何一行。请先勾选，或选“全部符合条件的”。"))
            return HttpResponseRedirect(address(register, asked.query or "reset=1"))
        return _asked(request, register, one, asked, rows, count, whole=whole, many=many)

    return desk_bulk


def result_view(register: Register) -> Callable[..., HttpResponse]:
    """What became of each row; whoever did it may look."""

    @gate.right(*sorted({one.right for one in register.bulk} or {register.right}))
    @never_cache
    @require_safe
    def desk_bulk_result(request: HttpRequest, key: UUID) -> HttpResponse:
        run = BulkRun.objects.filter(key=key, register=register.key, account=actor_of(request).account).first()
        if run is None:
            raise Http404(f"run {key}")
        one = next((one for one in register.bulk if one.key == run.bulk), None)
        rows = {
            row.pk: row for row in load(register, register.visible(actor_of(request)).filter(pk__in=dict(run.results)))
        }
        places = names_of_places(register, list(rows.values()), [register.naming])
        results = [
            {
                "title": register.naming.text(rows[number], places), "reason": reason,
                "href": reverse(register.detail, args=[number]) if register.detail else "",
            }
            for number, reason in run.results
            if number in rows
        ]  # fmt: skip
        refused = [result for result in results if result["reason"]]
        context = {"register": register, "bulk": one, "results": refused + [r for r in results if not r["reason"]],
                   "done": len(results) - len(refused), "refused": len(refused), "back": address(register)}  # fmt: skip
        return render(request, "web/desk/bulk_result.html", context)

    return desk_bulk_result


def run(
    register: Register, one: Bulk, keys: Sequence[int], values: Mapping[str, Any], *, by: Actor, tell: Tell = _silent,
    first: int = 0, of: int = 0,
) -> list[tuple[int, str]]:  # fmt: skip
    """Do it to these rows of the actor's: (id, "" or why not) each, in their order. `tell` hears first + how many, and of."""
    mine = set(register.visible(by).filter(pk__in=keys).values_list("pk", flat=True))
    results = []
    for at, key in enumerate([key for key in keys if key in mine]):
        tell(first + at, of)
        reason = ""
        try:
            with transaction.atomic():
                one.act(key, by, values)
        except Refused as refused:
            reason = in_words(refused)
        except NotYours:
            reason = _("不在您的岗位范围内。")
        results.append((key, reason))
    return results


def _ticked(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("sel")[:1000]
    return [int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 16]


def _asked(
    request: HttpRequest, register: Register, one: Bulk, asked: Asked, rows: Any, count: int, *, whole: bool,
    many: Task[Any, Any],
) -> HttpResponse:  # fmt: skip
    """The question, with the number and a few of the rows; or, once confirmed, the doing."""
    form_class = one.form or DeskForm
    confirmed = request.POST.get("confirmed") == "1"
    by = actor_of(request)
    form = form_class(request.POST, actor=by) if confirmed else form_class(actor=by)
    moved = confirmed and whole and request.POST.get("count") != str(count)
    if one.most and count > one.most:
        messages.warning(request, _("一次最多 %(most)d 条，请先用条件筛选，分几次办。") % {"most": one.most})
        return HttpResponseRedirect(address(register, asked.query or "reset=1"))
    look = one.look(by, form.cleaned_data, asked.ordered(rows)) if one.look and confirmed and form.is_valid() else None
    if look is not None and form.cleaned_data["seen"] != look.seen:
        form = form_class({**request.POST.dict(), "seen": look.seen}, actor=by)
    elif confirmed and form.is_valid() and not moved:
        keys = list(asked.ordered(rows).values_list("pk", flat=True))
        job = one.task or (many if len(keys) > AT_ONCE else None)
        doing = partial(_leave, job) if job is not None else _do
        return doing(request, register, one, keys, form, by=by)
    sample = load(register, asked.ordered(rows)[:SAMPLE])
    places = names_of_places(register, sample, [register.naming])
    context = {
        "register": register, "bulk": one, "form": form, "problems": problems(form) if confirmed and not moved else [],
        "count": count, "whole": whole, "query": asked.query, "moved": moved,
        "keys": [] if whole else list(rows.values_list("pk", flat=True)),
        "sample": [register.naming.text(row, places) for row in sample], "rest": max(0, count - SAMPLE),
        "back": address(register, asked.query or "reset=1"), "too_many": count > AT_ONCE and one.task is None, "look": look,
        "looks": one.look is not None,
    }  # fmt: skip
    return render(request, "web/desk/bulk.html", context, status=422 if confirmed and look is None else 200)


def _do(
    request: HttpRequest, register: Register, one: Bulk, keys: Sequence[int], form: DeskForm, *, by: Actor
) -> HttpResponse:
    values = form.cleaned_data
    with transaction.atomic():
        key = values.get("key")
        before = actions.sent_before(key, by=by) if key else None
        if before is not None:
            messages.info(request, _("这张表刚才已经提交过，没有重复办理。"))
            return HttpResponseRedirect(before or address(register))
        results = run(register, one, keys, values, by=by)
        made = actions.record_run(register.key, one.key, results, by=by)
        then = reverse(f"desk-{register.key}-bulk-result", args=[made])
        if key:
            actions.sent(key, then, by=by)
    done = sum(not reason for _key, reason in results)
    messages.success(request, _("办成 %(count)d 条。") % {"count": done})
    return HttpResponseRedirect(then)


def _leave(
    many: Task[Any, Any], request: HttpRequest, register: Register, one: Bulk, keys: Sequence[int], form: DeskForm, *,
    by: Actor,
) -> HttpResponse:  # fmt: skip
    """Too many to wait for: the worker does it, on these very rows."""
    with transaction.atomic():
        key = form.cleaned_data.get("key")
        before = actions.sent_before(key, by=by) if key else None
        if before is not None:
            return HttpResponseRedirect(before or address(register))
        sent = request.POST.copy()
        for name in ("csrfmiddlewaretoken", "sel", "query", "confirmed", "count", "all", "do", "key"):
            sent.pop(name, None)
        job = enqueue(
            many, by=by, title=f"{register.title}：{one.title}", place=audit.above(register.scope(by).paths),
            private={"keys": list(keys), "said": sent.urlencode()}, register=register.key, what=one.key,
        )  # fmt: skip
        then = reverse("desk-job", args=[job.pk])
        if key:
            actions.sent(key, then, by=by)
    return HttpResponseRedirect(then)
