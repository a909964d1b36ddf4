"""What is asked of the machine, and what became of it: one row a job."""

from typing import Self

from django.db import models

from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.organisations.roles import SYSTEM
from unionhall.storage.sealed import SealedField

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
OPEN = (WAITING, RUNNING)
ENDED = (DONE, FAILED, CANCELLED)
SEES_ALL = (SYSTEM, "system_admin")
"""Who keeps the machine running sees that a job waits or failed; what came out of it is its owner's alone."""


class Jobs(models.QuerySet["Job"]):
    def of(self, actor: Actor) -> Self:
        """Jobs this actor asked for. A periodic job is nobody's."""
        if actor.person is not None:
            return self.filter(person=actor.person)
        if actor.account is not None:
            return self.filter(account=actor.account, person=None)
        return self.none()

    def visible_to(self, actor: Actor) -> Self:
        """My own; all, for those who keep the machine."""
        return self.all() if actor.holds(*SEES_ALL) else self.of(actor)


class Job(models.Model):
    """Something to be done once, apart from the request that asked for it.

    `fence` grows by one each time a worker takes the job: what an earlier taker still holds commits nothing. The lease
    is good until `lease_until` or, on SQLite, as the taker's beat file says (see beats.py). `done` of `total` counts
    what the task counts. No column holds personal data, but `private`, which is sealed and emptied when the job ends.
    """

    id = models.BigAutoField(primary_key=True)
    task = models.CharField(max_length=128)
    title = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    private = SealedField()
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="jobs")
    person = models.BigIntegerField(null=True, blank=True)
    path = models.CharField(max_length=24, blank=True)
    trace = models.CharField(max_length=16)

    queue = models.CharField(max_length=16, default="default")
    priority = models.SmallIntegerField(default=0)
    every = models.PositiveIntegerField(null=True, blank=True)  # seconds; a periodic job waits again when it is done
    state = models.CharField(max_length=12, default=WAITING)
    run_after = models.DateTimeField()
    fence = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=64, blank=True)
    cancelled_by = models.BigIntegerField(null=True, blank=True)  # the account that asked for it to stop

    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=60, blank=True)
    result = models.JSONField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True)
    file = models.CharField(max_length=64, blank=True)  # random; under HOME/files/jobs
    file_name = models.CharField(max_length=120, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = Jobs.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=models.Q(every__isnull=False), name="job_periodic_once"),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "run_after", "id"], condition=models.Q(state=WAITING), name="job_waiting"
            ),
            models.Index(fields=["lease_until"], condition=models.Q(state=RUNNING), name="job_running"),
            models.Index(fields=["account", "-id"], name="job_account"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def share(self) -> int:
        """Percent done, 0 to 100; 0 while the task has not said how much there is."""
        return min(100, self.done * 100 // self.total) if self.total else 0
