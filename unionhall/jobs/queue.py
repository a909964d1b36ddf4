"""Jobs asked for, taken and settled: the only code that writes their rows.

    enqueue(export_members, by=actor, title="导出会员名册", place=path, register="members")

The row is written in the caller's transaction: a request that rolls back has asked for nothing. A worker takes a job by
raising its fence; the job's effects and its "done" are one transaction, whose last statement is conditional on that
fence. So whoever took the job earlier, and was only slow, commits nothing.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_noop as _
from django_tasks.base import Task

from unionhall.jobs.arguments import checked, hushed
from unionhall.jobs.leases import Taken, leases
from unionhall.jobs.models import CANCELLED, DONE, ENDED, FAILED, RUNNING, WAITING, Job
from unionhall.journal import audit
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Account
from unionhall.organisations.roles import SYSTEM as SYSTEM_ROLE
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

ATTEMPTS = 5
KEPT_WHOLE = timedelta(days=7)
"""How long what belongs to an ended job, its file and its private arguments, is kept."""
GIVEN_UP = _("试了五次都没有做完。请联系系统管理员，报上这项任务的编号。")
READING = "reading"
"""The queue of tasks that read for long and write little: they open their transaction themselves (see context.py)."""
QUEUES = ("default", READING)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Lost(Exception):
    """Somebody else holds the job by now: what was done in this take must not stay."""


def enqueue(
    task: Task[Any, Any],
    *,
    by: Actor,
    title: str,
    place: str = "",
    private: Mapping[str, Any] | None = None,
    run_after: datetime | None = None,
    **arguments: Any,
) -> Job:
    """Ask for a task to be done once, by whoever asks, after the caller's transaction; its job.

    `arguments` are ids and short words (`ValueError` otherwise, see arguments.py); anything else, such as what was
    typed into a search box, goes into `private`, which is sealed and read with `context.private()`. `place` is the path
    it is about. At run time the task acts with the posts the account holds then.
    """
    if by.account is None and not by.holds(SYSTEM_ROLE):
        raise ValueError("nobody: without an account there is nobody to act for")  # else it would act as the system
    row = Job(
        task=task.module_path,
        title=hushed(title)[:100],
        arguments=checked(arguments),
        account_id=by.account,
        person=by.person,
        path=place,
        trace=by.trace or get_random_string(8, _LETTERS),
        queue=task.queue_name,
        priority=task.priority,
        run_after=run_after or task.run_after or timezone.now(),
    )
    with transaction.atomic():
        if private:
            (row.pk,) = bulk.ids(Job, 1)
            row.private = sealer(Job, "private")(row.pk, json.dumps(dict(private), ensure_ascii=False))
        row.save(force_insert=True)
        _audit("job.ask", row, by)
    return row


def cancel(job: Job, *, by: Actor) -> None:
    """Stop a job: at once while it waits; while it runs, at the task's next word about its progress, leaving nothing."""
    now = Job.objects.filter(pk=job.pk, every=None).first()
    if now is not None and now.state == WAITING and _cancelled(now, by):
        return
    # Looked at, never written: on SQLite the running task may hold the only pen. The worker writes who asked, afterwards.
    now = Job.objects.filter(pk=job.pk, every=None).first()
    if now is None or now.state != RUNNING:
        raise Refused("这项任务已经结束，不必取消。")
    leases().stop(now, by.account or 0)


def _cancelled(job: Job, by: Actor) -> bool:
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state=WAITING).update(
            state=CANCELLED, cancelled_by=by.account, ended_at=timezone.now()
        )
        if changed:
            _audit("job.cancel", job, by)
    return bool(changed)


def retry(job: Job, *, by: Actor) -> None:
    """Have a failed or cancelled job done again, with the posts its owner holds then, as long as it is kept whole."""
    recent = timezone.now() - KEPT_WHOLE
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state__in=(FAILED, CANCELLED), ended_at__gt=recent).update(
            state=WAITING, attempts=0, run_after=timezone.now(), message="", cancelled_by=None, ended_at=None, done=0, total=0
        )  # fmt: skip
        if not changed:
            raise Refused("只有七天内没有办成或者已经取消的任务可以重做，请重新提出。")
        _audit("job.retry", job, by)


def downloaded(job: Job, *, by: Actor) -> None:
    """Write down that a result file is handed out; before its first byte is."""
    with transaction.atomic():
        _audit("job.download", job, by)


def _audit(act: str, job: Job, by: Actor) -> None:
    # Without the row's digest: the worker changes the row from here on, and its own acts are those of the task.
    audit.write(act, by=by, subject=f"job:{job.pk}", path=job.path, note=job.task.rpartition(".")[2])


def plan(listed: Iterable[tuple[int, Task[Any, Any], str]]) -> None:
    """Put periodic tasks (seconds, task, title) in the queue and take out those no longer listed. Safe to call again."""
    wanted = {task.module_path: (seconds, task, title) for seconds, task, title in listed}
    with transaction.atomic():
        Job.objects.filter(every__isnull=False).exclude(task__in=wanted).exclude(state=RUNNING).delete()
        for path, (seconds, task, title) in wanted.items():
            new = Job(
                task=path, title=title, every=seconds, queue=task.queue_name, priority=task.priority,
                run_after=timezone.now(), trace=get_random_string(8, _LETTERS),
            )  # fmt: skip
            if not Job.objects.filter(task=path, every__isnull=False).update(every=seconds, title=title):
                Job.objects.bulk_create([new], ignore_conflicts=True)  # another worker may have been quicker


def take(worker: str) -> Taken | None:
    """The next job, now held by this worker; None when nothing is due."""
    while _due().exists() or leases().free(_running()) is not None:  # a look locks nothing
        with transaction.atomic():
            skip = connection.features.has_select_for_update_skip_locked
            abandoned = leases().free(_running().select_for_update(skip_locked=skip))
            if abandoned is not None and abandoned.attempts >= ATTEMPTS:
                _give_up(abandoned)
                continue
            waiting = _due().select_for_update(skip_locked=skip).order_by("-priority", "run_after", "id")
            job = abandoned or waiting.first()
            if job is None:
                return None  # others were quicker
            taken = _taken(job, worker)
        if abandoned is not None:
            leases().evict(taken)
        return taken
    return None


def _taken(job: Job, worker: str) -> Taken:
    taken = Taken(job.pk, job.fence + 1, job.attempts + 1)
    Job.objects.filter(pk=job.pk).update(
        state=RUNNING, fence=taken.fence, attempts=taken.attempt, worker=worker[:64], done=0, total=0, doing="",
        message="", started_at=timezone.now(), ended_at=None,
    )  # fmt: skip
    leases().take(taken)
    return taken


def held(taken: Taken) -> QuerySet[Job]:
    """The job, as long as it is still this take's."""
    return Job.objects.filter(pk=taken.job, fence=taken.fence, state=RUNNING)


def settle(taken: Taken, state: str, **values: Any) -> None:
    """Write what became of a take, if it still holds; raises `Lost` otherwise. The last statement of a transaction."""
    now = timezone.now()
    every = Job.objects.filter(pk=taken.job).values_list("every", flat=True).first()
    if every is not None and state in ENDED:
        values |= {"run_after": now + timedelta(seconds=every), "attempts": 0, "cancelled_by": None}
        state = WAITING
    if state == DONE:
        values["private"] = None
    values |= {"lease_until": None, "ended_at": now}
    if not held(taken).update(state=state, done=taken.done, total=taken.total, doing="", **values):
        raise Lost(taken.job)


def stopped(taken: Taken, asked_by: int | None) -> None:
    """Settle a take that was stopped, and write down who asked: the page could not, while the task held the pen."""
    with transaction.atomic():
        settle(taken, CANCELLED, cancelled_by=asked_by, message="")
        job = Job.objects.get(pk=taken.job)
        asker = Account.objects.filter(pk=asked_by).first() if asked_by else None
        _audit("job.cancel", job, asker.actor(timezone.localdate()) if asker else SYSTEM)


def _due() -> QuerySet[Job]:
    return Job.objects.filter(state=WAITING, run_after__lte=timezone.now())


def _running() -> QuerySet[Job]:
    return Job.objects.filter(state=RUNNING)


def _give_up(job: Job) -> None:
    """Five workers ended without a word over it: a sixth would too."""
    Job.objects.filter(pk=job.pk).update(
        state=WAITING if job.every else FAILED,
        attempts=0 if job.every else job.attempts,
        run_after=timezone.now() + timedelta(seconds=job.every or 0),
        lease_until=None,
        ended_at=timezone.now(),
        message=GIVEN_UP,
    )
