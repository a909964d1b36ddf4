"""The queue behind the `django-tasks` API, which is Django 6's own: `task.enqueue(...)` and its results work as documented
there. `queue.enqueue` is the way in that knows who asks.
"""

from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.exceptions import TaskResultDoesNotExist

from unionhall.jobs.models import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job
from unionhall.jobs.queue import enqueue
from unionhall.kernel.actor import SYSTEM

_STATUS = {
    WAITING: TaskResultStatus.READY,
    RUNNING: TaskResultStatus.RUNNING,
    DONE: TaskResultStatus.SUCCESSFUL,
    FAILED: TaskResultStatus.FAILED,
    CANCELLED: TaskResultStatus.FAILED,
}


class Backend(BaseTaskBackend):
    """TASKS["default"]["BACKEND"]. Arguments by keyword only: they are kept by name."""

    supports_defer = True
    supports_priority = True
    supports_get_result = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        if args:
            raise TypeError("the arguments of a job are given by keyword")
        return result_of(enqueue(task, by=SYSTEM, title=task.name, **kwargs), task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        job = Job.objects.filter(pk=result_id).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job, import_string(job.task))


def result_of(job: Job, task: Task[Any, Any]) -> TaskResult[Any]:
    """A job as the library shows it."""
    ended: datetime | None = job.ended_at if job.state not in (WAITING, RUNNING) else None
    result: TaskResult[Any] = TaskResult(
        task=task, id=str(job.pk), status=_STATUS[job.state], enqueued_at=job.created_at, started_at=job.started_at,
        finished_at=ended, last_attempted_at=job.started_at, args=[], kwargs=job.arguments, backend=task.backend,
        errors=[], worker_ids=[job.worker] * job.attempts,
    )  # fmt: skip
    object.__setattr__(result, "_return_value", job.result)  # frozen; the library's own backends do the same
    return result
