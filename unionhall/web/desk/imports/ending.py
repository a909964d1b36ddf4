"""The last steps: checked again, confirmed, cancelled, put away; and the batches that came in, with the way back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall.exchange import permits, uploads
from unionhall.exchange.models import Batch
from unionhall.exchange.templates import TEMPLATES, by_name
from unionhall.jobs import queue
from unionhall.jobs.models import FAILED, OPEN, Job
from unionhall.jobs.tasks import imports as tasks
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Account
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Step, Table, render_detail
from unionhall.web.desk.filters import Choice
from unionhall.web.desk.finding import ByText
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.imports.page import figures, found
from unionhall.web.desk.imports.progress import stage
from unionhall.web.desk.imports.start import title_of
from unionhall.web.desk.register import Register

BATCH_STATES = {"confirmed": gettext_lazy("已导入"), "withdrawn": gettext_lazy("已撤回")}
BATCH_TONES = {"confirmed": "ok", "withdrawn": "off"}

_title = lazy(lambda name: title_of(by_name(name)), str)
FORMS = {template.name: _title(template.name) for template in TEMPLATES}
"""Template -> its title in the reader's language."""

register = Register(
    key="batches", title=gettext_lazy("导入批次"), model=Batch, right=permits.DOOR, icon="file-import", unit=gettext_lazy("批"),
    rows=lambda actor: Batch.objects.visible_to(actor), placed="",
    columns=(
        Column("file_name", gettext_lazy("文件"), link=True),
        Column("state", gettext_lazy("状态"), show="state", words=BATCH_STATES, tones=BATCH_TONES, phone="end"),
        Column("template", gettext_lazy("表格"), words=FORMS),
        Column("new", gettext_lazy("新增"), show="number", phone=""),
        Column("changed", gettext_lazy("更新"), show="number", phone=""),
        Column("unchanged", gettext_lazy("未变"), show="number", phone=""),
        Column("refused", gettext_lazy("退回"), show="number", phone=""),
        Column("confirmed_at", gettext_lazy("导入时间"), show="moment"),
    ),
    search=(ByText("file_name"),), search_hint=gettext_lazy("文件名"),
    filters=(
        Choice("template", FORMS, gettext_lazy("表格")),
        Choice("state", BATCH_STATES, gettext_lazy("状态")),
    ),
    default_sort="-confirmed_at", sorts=("confirmed_at", "new", "changed", "refused"), detail="desk-batch",
    empty=gettext_lazy("还没有导入过表格。"),
)  # fmt: skip


class WithdrawForm(DeskForm):
    reason = forms.CharField(
        label=gettext_lazy("撤回的理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("会和这一批一起留存，供审计查看。最多 200 个字，不要写个人信息。"),
    )  # fmt: skip


@gate.right(permits.DOOR)
@require_POST
def desk_import_check(request: HttpRequest, number: int) -> HttpResponse:
    actor = actor_of(request)
    if stage(found(request, number)).working:
        messages.info(request, _("正在核对，请稍候。"))
    else:
        with transaction.atomic():
            tasks.start_check(uploads.check_again(number, by=actor), by=actor)
    return HttpResponseRedirect(reverse("desk-import", args=[number]))


@gate.right(permits.DOOR)
@require_POST
def desk_import_confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Bring it in. Sent twice, from two tabs or by two people, it is brought in once."""
    actor = actor_of(request)
    at = stage(found(request, number))
    with transaction.atomic():
        upload, first = uploads.confirm(number, by=actor)
        if first or (upload.state == "running" and at.state == "stopped"):
            tasks.start_bringing_in(upload, by=actor)
    if not first:
        messages.info(request, _("这份表已经确认过，不会重复导入。"))
    return HttpResponseRedirect(reverse("desk-import", args=[number]))


@gate.right(permits.DOOR)
@require_POST
def desk_import_cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Stop the job at work on it; what it had begun leaves nothing."""
    at = stage(found(request, number))
    uploads.must_hold(at.upload, by=actor_of(request))
    if at.job is not None and at.working:
        queue.cancel(at.job, by=actor_of(request))
        messages.info(request, _("已要求停下；写了一半的内容不会留下。"))
    return HttpResponseRedirect(reverse("desk-import", args=[number]))


@gate.right(permits.DOOR)
@require_POST
def desk_import_reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Back to the preview, after an import that was stopped or failed."""
    if stage(found(request, number)).working:
        raise Refused(_("这份表正在导入，请等它完成或先取消。"))
    uploads.reopen(number, by=actor_of(request))
    return HttpResponseRedirect(reverse("desk-import", args=[number]))


@gate.right(permits.DOOR)
@require_POST
def desk_import_discard(request: HttpRequest, number: int) -> HttpResponse:
    at = stage(found(request, number))
    if at.job is not None and at.working:
        queue.cancel(at.job, by=actor_of(request))
    uploads.discard(number, by=actor_of(request))
    messages.success(request, _("已放弃这份表，文件已经删除，什么都没有写入。"))
    return HttpResponseRedirect(reverse("desk-imports"))


@gate.right(permits.DOOR)
@never_cache
@require_safe
def desk_batch(request: HttpRequest, number: int) -> HttpResponse:
    actor = actor_of(request)
    batch = _batch(actor, number)
    job = _withdrawal(batch)
    upload = getattr(batch, "upload", None)
    detail = Detail(
        title=batch.file_name, number=_("第 %(number)s 批") % {"number": batch.pk},
        state=State(*_state(batch, job)), facts=_facts(batch), steps=[_step(batch, job, actor)],
        related=[_counts(batch)], counted_in=figures(batch.pk, actor) if batch.state == "confirmed" else (),
        more={"job": job, "failed": job is not None and job.state == FAILED, "upload": upload},
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=batch, template="web/desk/imports/batch.html")


@gate.right(permits.DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk_batch_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    batch = _batch(actor_of(request), number)
    there = reverse("desk-batch", args=[number])

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        running = _withdrawal(batch)
        if running is not None and running.state in OPEN:
            raise Refused(_("这一批正在撤回，请稍候。"))
        upload = getattr(batch, "upload", None)
        tasks.start_withdrawal(batch, by=by, reason=said["reason"], place=upload.path if upload is not None else "")
        return Done(_("已开始撤回，完成后本页会显示结果。"))

    drawn = Drawn(
        title=_("撤回这一批导入"), button=_("整批撤回"), icon="arrow-back-up", danger=True,
        intro=_("新增的记录会删去，更新过的记录恢复原样，已计入的数字随之退回。后来的记录用到了这一批的，不能撤回。"),
        crumbs=((register.title, reverse("desk-batches")), (batch.file_name, there)),
        facts=((_("文件"), batch.file_name), (_("新增"), f"{batch.new:,}"), (_("更新"), f"{batch.changed:,}")),
    )  # fmt: skip
    return answer(request, WithdrawForm, drawn, act, there)


def _batch(actor: Actor, number: int) -> Batch:
    batch = Batch.objects.visible_to(actor).select_related("upload").filter(pk=number).first()
    if batch is None:
        raise NotYours(number)
    return batch


def _withdrawal(batch: Batch) -> Job | None:
    """The last job that was to take this batch back."""
    asked = Job.objects.filter(task=tasks.withdraw.module_path, arguments__batch=batch.pk)
    return asked.order_by("-pk").first()


def _state(batch: Batch, job: Job | None) -> tuple[Any, str]:
    if job is not None and job.state in OPEN:
        return _("正在撤回"), "go"
    return BATCH_STATES[batch.state], BATCH_TONES[batch.state]


def _step(batch: Batch, job: Job | None, actor: Actor) -> Step:
    why = ""
    if batch.state != "confirmed":
        why = _("这一批已经撤回。")
    elif job is not None and job.state in OPEN:
        why = _("这一批正在撤回，请稍候。")
    elif not uploads.may_withdraw(batch, actor):
        why = _("您的岗位管不到这一批所在的地方。")
    url = reverse("desk-batch-withdraw", args=[batch.pk])
    return Step("withdraw", _("整批撤回"), not why, why, url, icon="arrow-back-up", danger=True)


def _facts(batch: Batch) -> list[Fact]:
    names = dict(Account.objects.filter(pk=batch.by or 0).values_list("pk", "name"))
    upload = getattr(batch, "upload", None)
    known = [
        Fact(_("表格"), title_of(by_name(batch.template))), Fact(_("导入人"), names.get(batch.by or 0, _("命令行"))),
        Fact(_("导入时间"), batch.confirmed_at),
    ]  # fmt: skip
    if upload is not None:
        known.append(Fact(_("导入页"), upload.file_name, href=reverse("desk-import", args=[upload.pk])))
    if batch.withdrawn_at is not None:
        known += [Fact(_("撤回时间"), batch.withdrawn_at), Fact(_("撤回的理由"), batch.withdrawn_because)]
    return known


def _counts(batch: Batch) -> Table:
    heads = [_("总行数"), _("新增"), _("更新"), _("未变"), _("存疑"), _("退回")]
    values = (batch.rows, batch.new, batch.changed, batch.unchanged, batch.doubtful, batch.refused)
    return Table(_("行数"), heads, [[f"{value:,}" for value in values]])
