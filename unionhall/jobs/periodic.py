"""Work that comes round by itself. One row a task, which waits again when it is done: two workers never do it twice."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop as _
from django_tasks.base import Task

from unionhall.jobs import queue
from unionhall.jobs.tasks import doors, imports, outbox, seals, upkeep

PERIODIC: tuple[tuple[int, Task[Any, Any], str], ...] = (
    (60, seals.seal, _("封存审计记录")),
    (3600, upkeep.sweep, _("清理过期的任务文件")),
    (3600, imports.tidy, _("清理过期的导入文件")),
    (3600, doors.tidy, _("清理过期的登录")),
    *(((5, outbox.send, _("发送短信")),) if settings.SMS else ()),
)
"""(seconds from one end to the next beginning, a task without arguments, its title)."""


def plan() -> None:
    """Put them in the queue; every worker does when it starts."""
    queue.plan(PERIODIC)
