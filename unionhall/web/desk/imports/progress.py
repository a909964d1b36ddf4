"""How far an upload is, with the job that is at work on it: the one place pages learn it from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from unionhall.exchange import uploads
from unionhall.exchange.models import Upload
from unionhall.exchange.templates import by_name
from unionhall.jobs.models import CANCELLED, FAILED, OPEN, Job
from unionhall.organisations.models import Account
from unionhall.web.desk.detail import State

STATES = {
    "received": "wait", "checking": "go", "checked": "look", "running": "go", "done": "ok", "withdrawn": "off",
    "discarded": "off", "stopped": "bad",
}  # fmt: skip
"""What a page shows -> tone of its badge."""


@dataclass(frozen=True, slots=True)
class Stage:
    """An upload as pages show it. `job` is None when none is known; `state` is one of STATES."""

    upload: Upload
    job: Job | None
    who: str
    confirmed_by: str

    @property
    def state(self) -> str:
        upload = self.upload
        if upload.batch is not None and upload.batch.state == "withdrawn":
            return "withdrawn"
        if upload.state in ("checking", "running") and not self.working:
            return "stopped"
        return upload.state

    @property
    def working(self) -> bool:
        """Is a job waiting or at work?"""
        return self.job is not None and self.job.state in OPEN

    @property
    def badge(self) -> State:
        words = {
            "received": _("待对列"), "checking": _("正在核对"), "checked": _("待确认"), "running": _("正在导入"),
            "done": _("已导入"), "withdrawn": _("已撤回"), "discarded": _("已放弃"), "stopped": _("已停下"),
        }  # fmt: skip
        return State(words[self.state], STATES[self.state])

    @property
    def why(self) -> str:
        """Why it stopped, in words for the person."""
        if self.job is None or self.job.state == CANCELLED:
            return _("已经取消，什么都没有写入。")
        if self.job.state == FAILED:
            return self.job.message
        return _("上一次处理没有留下结果，请重新开始。")

    @property
    def href(self) -> str:
        name = "desk-import-columns" if self.upload.state == "received" else "desk-import"
        return reverse(name, args=[self.upload.pk])

    @property
    def template(self) -> Any:
        return by_name(self.upload.template)

    @property
    def to_write(self) -> int:
        return uploads.to_write(self.upload)


def stages(rows: Sequence[Upload]) -> list[Stage]:
    """These uploads with their jobs and the names of people, in three queries however many."""
    jobs = Job.objects.in_bulk([row.job for row in rows if row.job is not None])
    wanted = {account for row in rows for account in (row.account, row.confirmed_by) if account is not None}
    names = dict(Account.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return [
        Stage(row, jobs.get(row.job or 0), names.get(row.account or 0, "—"), names.get(row.confirmed_by or 0, ""))
        for row in rows
    ]


def stage(row: Upload) -> Stage:
    return stages([row])[0]
