"""What a task has in hand while it runs: its first argument, `context`.

    @task(takes_context=True)
    def renumber(context: Context, union: int) -> dict[str, int]:
        for at, member in enumerate(members, 1):
            context.progress(at, len(members))
            change(member, by=context.actor())
        return {"changed": len(members)}

All of it is one transaction, with "done" as its last statement. A task that reads for long and writes little (an export,
a preview) is declared `@task(takes_context=True, queue_name=READING)`: its connection only reads until it calls
`context.begin()`, so that on SQLite nobody waits for it.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import TaskContext

from unionhall.access import standing
from unionhall.jobs import files
from unionhall.jobs.heart import Heart
from unionhall.jobs.leases import leases
from unionhall.jobs.models import Job
from unionhall.jobs.queue import READING, Lost, held
from unionhall.kernel.actor import SYSTEM, Actor

RESULT = 20_000
"""Characters of a result as JSON: what is shown of a job, not what it made."""


@dataclass(frozen=True, kw_only=True)
class Context(TaskContext):
    """`attempt` and `task_result` are the library's; the rest is below."""

    job: Job
    heart: Heart
    effects: ExitStack
    made: dict[str, Any]

    def progress(self, done: int, total: int = 0, doing: str = "") -> None:
        """Say how far it is, as often as is handy. Raises `Cancelled` when somebody asked for it to stop."""
        self.heart.say(done, total, doing)

    def actor(self) -> Actor:
        """Whoever asked, with the posts held today, not those held when asking."""
        job, account = self.job, self.job.account
        if account is None:
            return replace(SYSTEM, trace=job.trace)
        if not account.is_active:
            return Actor(account.pk, account.name, trace=job.trace)
        if job.person is not None:  # a worker holds no post, whatever was given to the account
            return Actor(account.pk, account.name, person=standing.person_of(account.pk), trace=job.trace)
        return replace(account.actor(timezone.localdate()), trace=job.trace)

    def private(self) -> Any:
        """What `enqueue` was given as `private`."""
        return files.opened(self.job)

    def begin(self) -> None:
        """From here on the task writes; its transaction ends with the task. Called by the worker for all but READING."""
        if "begun" not in self.made:
            self.made["begun"] = True
            if self.job.queue == READING:
                read_only(False)
            leases().mark(self.heart.taken)
            self.effects.enter_context(transaction.atomic())

    @contextmanager
    def aside(self) -> Iterator[None]:
        """A transaction of its own in the middle of a reading task, committed at once: for what was done outside of the
        database, which rolls back with nothing (a message was handed over). `Lost`, and nothing stays, when another worker
        holds the job by now.
        """
        read_only(False)
        try:
            leases().mark(self.heart.taken)
            with transaction.atomic():
                yield
                if not held(self.heart.taken).update(fence=F("fence")):
                    raise Lost(self.job.pk)
        finally:
            read_only(True)

    def keep(self, name: str, content: bytes | Path) -> None:
        """Seal this as the job's result file, shown as `name`. The last one kept counts."""
        self.made.update(files.seal(self.job.pk, name, content))

    def scratch(self) -> Path:
        """A folder in memory for what a library must write to a path; gone when the task ends."""
        folder = Path(tempfile.mkdtemp(prefix=f"{files.scratch_prefix()}{self.job.pk}-", dir=files.memory()))
        self.effects.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder


def read_only(on: bool) -> None:
    """What the connection may do outside the task's transaction: a write there would not be undone with it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA query_only = {'ON' if on else 'OFF'}")
        else:
            cursor.execute(f"SET default_transaction_read_only = {'on' if on else 'off'}")


def shown(returned: Any) -> Any:
    """A task's return value as it is kept; `ValueError` when it is not small plain JSON."""
    text = json.dumps(returned, ensure_ascii=False)
    if len(text) > RESULT:
        raise ValueError(f"a result of {len(text)} characters, at most {RESULT}: keep a file instead")
    return json.loads(text)
