"""Work that comes round by itself. One row a task, which waits again when it is done: two workers never do it twice."""

from typing import Any

from django.utils.translation import gettext_noop as _
from django_tasks.base import Task

from unionhall.jobs import queue
from unionhall.jobs.tasks import cases, doors, imports, offers, outbox, seals, upkeep

PERIODIC: tuple[tuple[int, Task[Any, Any], str], ...] = (
    (60, seals.seal, _("封存审计记录")),
    (30, offers.expire, _("过期的候补名额给下一位")),
    (3600, cases.remind, _("提醒办理期限，超期上报")),
    (3600, upkeep.sweep, _("清理过期的任务文件")),
    (3600, imports.tidy, _("清理过期的导入文件")),
    (3600, doors.tidy, _("清理过期的登录")),
    (20, outbox.release, _("归并待发的通知")),
    (5, outbox.send, _("发送短信、微信和邮件")),
)
"""(seconds from one end to the next beginning, a task without arguments, its title)."""


def plan() -> None:
    """Put them in the queue; every worker does when it starts."""
    queue.plan(PERIODIC)
