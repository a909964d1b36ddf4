"""What a reading task commits at once, in the middle: it stays when the task breaks, and goes when another worker holds the job."""

import pytest
from django.db.models import F

from tests.jobs import errands
from unionhall.jobs.context import Context
from unionhall.jobs.models import FAILED, RUNNING, Job
from unionhall.jobs.queue import enqueue
from unionhall.jobs.worker import Worker
from unionhall.kernel.actor import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counted")]


def run() -> Job:
    job = enqueue(errands.hands_over, by=SYSTEM, title="测试")
    assert Worker(alone=True).run_one()
    return Job.objects.get(pk=job.pk)


def test_what_was_handed_over_stays_though_the_task_breaks() -> None:
    job = run()
    assert job.state == FAILED
    assert errands.done() == [(job.pk, "first"), (job.pk, "second")]


def test_who_was_overtaken_meanwhile_writes_nothing_more() -> None:
    def overtake(context: Context) -> None:
        Job.objects.filter(pk=context.job.pk).update(fence=F("fence") + 1)

    errands.meanwhile.append(overtake)
    job = run()
    assert job.state == RUNNING, "it is the other's to say what becomes of it"
    assert errands.done() == [(job.pk, "first")]
