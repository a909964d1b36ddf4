"""Uploaded files checked, brought in and taken back, apart from the request that asked for it."""

from typing import Any

from django.db import transaction
from django_tasks import task

from unionhall.exchange import preview, sitting, strongroom, uploads
from unionhall.exchange.models import Batch, Upload
from unionhall.exchange.template import Verdict
from unionhall.exchange.withdrawal import withdraw as take_back
from unionhall.jobs.context import Context
from unionhall.jobs.models import Job
from unionhall.jobs.queue import READING, enqueue
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused

CHECKING, BRINGING_IN, TAKING_BACK = "核对导入的表格", "导入表格", "撤回一批导入"


@task(takes_context=True, queue_name=READING)
def check(context: Context, upload: int) -> dict[str, int]:
    """Judge every row of an upload; nothing of the union is written. Counts by verdict."""
    by, row = context.actor(), _upload(upload)
    if row.state != "checking":
        return {}
    with strongroom.opened(row.token, f".{row.form}") as path:
        looked = sitting.look(row, path, by=by, progress=_told(context, row, "核对"))
    faults = preview.seal_faults(looked.outcome)
    try:
        context.begin()
        preview.keep(row, looked, faults, by=by)
    except BaseException:
        strongroom.forget(faults)
        raise
    return _counts(looked.outcome.counts)


@task(takes_context=True)
def bring_in(context: Context, upload: int) -> dict[str, Any]:
    """Bring an upload in, all of it or nothing, once. Counts by verdict, and the batch."""
    by = context.actor()
    row = uploads.held(upload, by=by)
    if row.state == "done":
        return {"batch": row.batch_id}
    if row.state != "running":
        raise Refused("这份表已经不在等待导入，什么都没有写入")
    with strongroom.opened(row.token, f".{row.form}") as path:
        outcome = sitting.bring_in(row, path, by=by, progress=_told(context, row, "写入"))
    preview.settle(row, outcome, preview.seal_faults(outcome))
    return {"batch": row.batch_id, **_counts(outcome.counts)}


@task(takes_context=True)
def withdraw(context: Context, batch: int) -> dict[str, int]:
    """Take a whole import back; how many rows went or were put back."""
    by = context.actor()
    found = Batch.objects.filter(pk=batch).first()
    if found is None or not uploads.may_withdraw(found, by):
        raise NotYours(batch)
    return {"rows": take_back(batch, by=by, reason=str(context.private().get("reason", "")))}


@task
def tidy() -> dict[str, int]:
    """Remove uploaded files whose time is over; how many."""
    return uploads.tidy()


def start_check(upload: Upload, *, by: Actor) -> Job:
    """Ask for an upload to be checked; inside the transaction that put it into that state."""
    return _start(check, CHECKING, upload, by)


def start_bringing_in(upload: Upload, *, by: Actor) -> Job:
    """Ask for a confirmed upload to be brought in; inside the transaction that confirmed it."""
    return _start(bring_in, BRINGING_IN, upload, by)


def start_withdrawal(batch: Batch, *, by: Actor, reason: str, place: str) -> Job:
    """Ask for an import to be taken back. The reason travels sealed."""
    reason = reason.strip()
    if not reason:
        raise Refused("撤回一批导入必须写明理由。", code="reason")
    if len(reason) > 200:
        raise Refused("理由最多 200 个字，请缩短。", code="reason")
    if not uploads.may_withdraw(batch, by):
        raise NotYours(batch.pk)
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != "confirmed":
            raise Refused("这一批已经撤回，不能再撤一次")
        return enqueue(withdraw, by=by, title=TAKING_BACK, place=place, private={"reason": reason}, batch=batch.pk)


def _start(what: Any, title: str, upload: Upload, by: Actor) -> Job:
    with transaction.atomic():
        job = enqueue(what, by=by, title=title, place=upload.path, upload=upload.pk)
        uploads.employ(upload, job.pk)
    return job


def _upload(number: int) -> Upload:
    found = Upload.objects.filter(pk=number).first()
    if found is None:
        raise NotYours(number)
    return found


def _told(context: Context, row: Upload, doing: str) -> sitting.Progress:
    """`rows` is known when the file was checked before; until then there is no end to measure against."""

    def told(done: int) -> None:
        context.progress(done, max(row.rows, done) if row.rows else 0, doing)

    context.progress(0, row.rows, doing)
    return told


def _counts(counts: Any) -> dict[str, int]:
    return {verdict.value: counts[verdict] for verdict in Verdict}
