"""Jobs asked for and settled, in one process: what is kept, what is refused, who acts, and what becomes of each."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, default_task_backend
from django_tasks.exceptions import TaskResultDoesNotExist

from tests import world
from tests.jobs import errands
from unionhall.jobs import queue
from unionhall.jobs.models import CANCELLED, DONE, FAILED, WAITING, Job
from unionhall.jobs.queue import enqueue
from unionhall.jobs.worker import run_until_empty
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.actions import end_post
from unionhall.organisations.models import Account, PostHeld

pytestmark = pytest.mark.usefixtures("counted")


def asked(task: Any = errands.plain, *, by: Actor = SYSTEM, **arguments: Any) -> Job:
    return enqueue(task, by=by, title="跑腿", **arguments)


def after(job: Job) -> Job:
    run_until_empty()
    return Job.objects.get(pk=job.pk)


def test_a_job_is_done_once_and_keeps_its_result() -> None:
    job = asked(note="hello")
    assert run_until_empty() == 1
    assert run_until_empty() == 0
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts, job.fence) == (DONE, {"note": "hello"}, 1, 1)
    assert errands.done() == [(job.pk, "hello")]


def test_nothing_is_asked_for_by_a_request_that_rolls_back() -> None:
    with transaction.atomic():
        asked()
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    asked()
    assert run_until_empty() == 1


def test_jobs_are_taken_by_priority_then_by_age_and_not_before_their_time() -> None:
    later = asked(note="later", run_after=timezone.now() + timedelta(hours=1))
    first, second = asked(note="first"), asked(note="second")
    urgent = enqueue(errands.plain.using(priority=50), by=SYSTEM, title="急", note="urgent")
    taken = [queue.take("one") for _ in range(4)]
    assert [take.job if take else None for take in taken] == [urgent.pk, first.pk, second.pk, None]
    later.refresh_from_db()
    assert later.state == WAITING


# --- what may stand beside a job --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "13912345678", "110101198506010019", "手机13912345678", "6217000000000000017", 13912345678, 110101198506010019,
        "x" * 65, b"bytes", object(), ["13912345678"], {"deep": {"er": ["110101198506010019"]}}, {"13912345678": 1},
        {1: "a"}, list(range(1001)), timezone.now(), {"set"}, "13912345678901234567890",
    ],
)  # fmt: skip
def test_personal_numbers_long_texts_and_objects_are_refused_as_arguments(value: Any) -> None:
    with pytest.raises(ValueError, match="note") as refusal:
        asked(note=value)
    assert "139123" not in str(refusal.value)
    assert "1101011985" not in str(refusal.value)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "value",
    [
        "short words", 230_584, 9_999_999_999, -1, 1.5, True, None, ["a", 1, None], {"place": "101004012"}, "101004012003",
        "2015-12-31", "0123456789abcdef0123456789abcdef", "9b2f8c1e-1234-4234-8234-123456789012", "2015",
    ],
)  # fmt: skip
def test_ids_paths_days_and_tokens_are_taken_and_come_back_the_same(value: Any) -> None:
    job = asked(note=value)
    assert Job.objects.get(pk=job.pk).arguments == {"note": value}


def test_arguments_have_a_limit_as_a_whole() -> None:
    with pytest.raises(ValueError, match="8000"):
        asked(note=["x" * 60] * 200)


def test_what_is_private_is_sealed_until_the_task_opens_it_and_gone_when_it_is_done() -> None:
    job = asked(errands.opens_private, private={"search": "王芳 13912345678"})
    row = Job.objects.filter(pk=job.pk).values().get()
    assert "13912345678" not in repr(row) and "王芳" not in repr(row)
    run_until_empty()
    assert errands.seen == [{"search": "王芳 13912345678"}]
    assert Job.objects.values_list("private", flat=True).get() is None


def test_a_title_keeps_no_long_number() -> None:
    assert enqueue(errands.plain, by=SYSTEM, title="导出 13912345678").title == "导出 ＊＊＊"


# --- who acts ---------------------------------------------------------------------------------------------------------


def test_a_task_acts_with_the_posts_held_when_it_runs(here: world.World) -> None:
    officer = world.an_officer("station_worker", here.willow)
    job = asked(errands.asks_who, by=officer)
    run_until_empty()
    assert errands.seen.pop() == (officer.account, [("station_worker", here.willow)], job.trace)

    asked(errands.asks_who, by=officer)
    post = PostHeld.objects.get(account=officer.account)
    end_post(post.pk, on=timezone.localdate(), by=SYSTEM)
    run_until_empty()
    assert errands.seen.pop()[1] == []


def test_a_closed_account_holds_nothing(here: world.World) -> None:
    officer = world.an_officer("station_worker", here.willow)
    asked(errands.asks_who, by=officer)
    Account.objects.filter(pk=officer.account).update(is_active=False)
    run_until_empty()
    assert errands.seen.pop()[:2] == (officer.account, [])


def test_what_the_system_asks_for_the_system_does() -> None:
    asked(errands.asks_who)
    run_until_empty()
    assert errands.seen.pop()[:2] == (None, [("system", "")])


def test_nobody_cannot_ask_in_the_systems_name() -> None:
    with pytest.raises(ValueError, match="nobody"):
        asked(errands.asks_who, by=Actor(None, "访客"))
    assert not Job.objects.exists()


def test_a_worker_acts_as_themselves_whatever_posts_the_account_was_given(here: world.World) -> None:
    member = world.a_member(here)
    worker = world.an_officer("station_worker", here.willow)
    account = Account.objects.get(pk=worker.account)
    asked(errands.asks_who, by=Actor(account.pk, account.name, person=member.person))
    run_until_empty()
    assert errands.seen.pop()[:2] == (account.pk, [])


def test_a_job_is_seen_by_its_owner_and_whoever_keeps_the_machine(here: world.World) -> None:
    mine, other = world.an_officer("station_worker", here.willow), world.an_officer("street", here.willow)
    job = asked(by=mine)
    assert list(Job.objects.visible_to(mine)) == [job]
    assert list(Job.objects.visible_to(other)) == []
    assert list(Job.objects.visible_to(world.an_officer("security_auditor", here.root))) == []
    assert list(Job.objects.visible_to(world.an_officer("system_admin", here.root))) == [job]


# --- how it ends ------------------------------------------------------------------------------------------------------


def test_what_a_rule_refuses_is_told_and_leaves_nothing() -> None:
    job = after(asked(errands.refuses))
    assert (job.state, job.attempts) == (FAILED, 1)
    assert job.message == "身份证号 ＊＊＊ 已经登记，请核对后再导。"
    assert errands.done() == []


def test_a_record_out_of_reach_is_told_without_naming_it() -> None:
    job = after(asked(errands.strays))
    assert job.state == FAILED
    assert "范围" in job.message and "101004" not in job.message


def test_a_fault_of_ours_leaves_a_number_and_no_personal_data(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="unionhall.jobs"):
        job = after(asked(errands.breaks))
    assert (job.state, job.attempts) == (FAILED, 1)
    assert job.trace in caplog.text
    assert "ValueError" in caplog.text and "errands.py" in caplog.text
    assert "13912345678" not in job.message + caplog.text
    assert errands.done() == []


def test_a_result_too_large_to_show_is_our_fault_and_leaves_nothing() -> None:
    assert after(asked(errands.returns_too_much)).state == FAILED
    assert errands.done() == []


def hurry(job: Job) -> Job:
    """As if the wait before the next attempt were over."""
    Job.objects.filter(pk=job.pk, state=WAITING).update(run_after=timezone.now())
    return after(job)


def test_what_may_pass_is_tried_again_after_growing_waits() -> None:
    job = after(asked(errands.stumbles, times=2))
    waits = []
    while job.state == WAITING:
        assert run_until_empty() == 0  # not before its time
        waits.append((job.run_after - timezone.now()).total_seconds())
        job = hurry(job)
    assert (job.state, job.result, job.message) == (DONE, {"attempt": 3}, "")
    assert errands.done() == [(job.pk, "done")]
    assert waits == pytest.approx([5, 15], abs=3)


def test_what_does_not_pass_fails_after_five_attempts() -> None:
    job = after(asked(errands.stumbles, times=99))
    for _ in range(10):
        job = hurry(job)
    assert (job.state, job.attempts) == (FAILED, queue.ATTEMPTS)
    assert errands.done() == []


def test_a_failed_job_can_be_done_again_and_a_finished_one_cannot() -> None:
    job = after(asked(errands.stumbles, times=99))
    for _ in range(10):
        job = hurry(job)
    Job.objects.filter(pk=job.pk).update(arguments={"times": 0})
    queue.retry(job, by=SYSTEM)
    job = after(job)
    assert (job.state, job.attempts, job.message) == (DONE, 1, "")
    with pytest.raises(Refused):
        queue.retry(job, by=SYSTEM)
    assert errands.done() == [(job.pk, "done")]


def test_after_a_week_a_job_is_not_done_again_since_what_it_needs_is_gone() -> None:
    job = after(asked(errands.refuses))
    Job.objects.filter(pk=job.pk).update(ended_at=timezone.now() - timedelta(days=7.1))
    with pytest.raises(Refused):
        queue.retry(job, by=SYSTEM)


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job = asked()
    queue.cancel(job, by=SYSTEM)
    assert after(job).state == CANCELLED
    assert errands.done() == []


def test_a_running_job_stops_at_its_next_word_and_leaves_nothing() -> None:
    errands.meanwhile.append(lambda context: queue.cancel(context.job, by=SYSTEM))
    job = after(asked(errands.interrupted))
    assert (job.state, job.result) == (CANCELLED, None)
    assert errands.done() == []


def test_a_cancelled_job_can_be_done_again() -> None:
    errands.meanwhile.append(lambda context: queue.cancel(context.job, by=SYSTEM))
    job = after(asked(errands.interrupted))
    errands.meanwhile.clear()
    queue.retry(job, by=SYSTEM)
    assert after(job).state == DONE
    assert len(errands.done()) == 3


def test_what_has_ended_cannot_be_cancelled() -> None:
    job = after(asked())
    with pytest.raises(Refused):
        queue.cancel(job, by=SYSTEM)
    assert Job.objects.get().state == DONE


# --- the library's own way in -----------------------------------------------------------------------------------------


def test_the_library_finds_its_way() -> None:
    result = errands.without_context.enqueue(number=21)
    assert result.status == TaskResultStatus.READY
    run_until_empty()
    result.refresh()
    assert (result.status, result.return_value, result.attempts) == (TaskResultStatus.SUCCESSFUL, 42, 1)
    assert errands.without_context.get_result(result.id).return_value == 42
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result("987654321")
    with pytest.raises(TypeError):
        errands.without_context.enqueue(21)
