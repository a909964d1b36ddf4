"""The page of jobs, as its owner, a colleague and whoever keeps the machine meet it."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests import world
from tests.jobs import errands
from unionhall.jobs import queue
from unionhall.jobs.leases import Taken, leases
from unionhall.jobs.models import CANCELLED, FAILED, RUNNING, WAITING, Job
from unionhall.jobs.queue import enqueue
from unionhall.jobs.worker import OUR_FAULT, run_until_empty
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.web.sudo import PROVED_AT

pytestmark = pytest.mark.usefixtures("counted")


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")


@pytest.fixture
def officer(here: world.World) -> Actor:
    return world.an_officer("station_worker", here.willow)


def browser(actor: Actor, *, proven: bool = True) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    if proven:
        session = client.session
        session[PROVED_AT] = int(timezone.now().timestamp())
        session.save()
    return client


def asked(task: Any, by: Actor, **arguments: Any) -> Job:
    return enqueue(task, by=by, title="导出会员名册", **arguments)


def page(client: Client, job: Job | None = None, **asked: str) -> str:
    response = client.get(f"/desk/jobs/{f'{job.pk}/' if job else ''}", asked)
    assert response.status_code == 200
    return str(response.content.decode())


def running(job: Job, done: int = 1_234, total: int = 10_000) -> Taken:
    """Taken by a worker that has said this much."""
    taken = queue.take("somebody")
    assert taken is not None and taken.job == job.pk
    taken.done, taken.total, taken.doing = done, total, "核对"
    leases().beat(taken)
    return taken


def test_an_empty_page_says_what_will_be_here(officer: Actor) -> None:
    assert "还没有任务" in page(browser(officer))


def test_a_running_job_shows_how_far_it_is_and_the_page_moves_by_itself(officer: Actor) -> None:
    job = asked(errands.plain, officer)
    taken = running(job)
    for shown in (page(browser(officer)), page(browser(officer), job)):
        assert 'value="12"' in shown and "1,234 / 10,000" in shown
        assert 'hx-trigger="every 2s"' in shown
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in shown
    leases().drop(taken)


def test_a_list_in_which_nothing_is_open_stands_still(officer: Actor) -> None:
    asked(errands.plain, officer)
    run_until_empty()
    shown = page(browser(officer))
    assert "办完了" in shown
    assert "hx-trigger" not in shown and "http-equiv" not in shown


def test_what_htmx_asks_for_is_a_piece_not_a_page(officer: Actor) -> None:
    job = asked(errands.plain, officer)
    for address in ("/desk/jobs/", f"/desk/jobs/{job.pk}/"):
        piece = browser(officer).get(address, headers={"HX-Request": "true"}).content.decode()
        assert piece.lstrip().startswith("<div id=") and "<html" not in piece


def test_a_waiting_job_is_cancelled_from_the_page_and_done_again(officer: Actor) -> None:
    job, client = asked(errands.plain, officer), browser(officer)
    assert client.post(f"/desk/jobs/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == CANCELLED
    assert client.post(f"/desk/jobs/{job.pk}/retry/").status_code == 302
    run_until_empty()
    assert errands.done() == [(job.pk, "done")]
    acts = list(AuditEntry.objects.filter(subject=f"job:{job.pk}").order_by("pk").values_list("act", "account"))
    assert acts == [("job.ask", officer.account), ("job.cancel", officer.account), ("job.retry", officer.account)]


def test_a_running_job_asked_to_stop_says_so(officer: Actor) -> None:
    job, client = asked(errands.plain, officer), browser(officer)
    taken = running(job)
    client.post(f"/desk/jobs/{job.pk}/cancel/")
    shown = page(client, job)
    assert "正在停下" in shown and 'id="stop"' not in shown
    leases().drop(taken)


def test_the_worker_writes_down_who_stopped_a_running_job(officer: Actor) -> None:
    errands.meanwhile.append(lambda context: queue.cancel(context.job, by=officer))
    job = asked(errands.interrupted, officer)
    run_until_empty()
    entry = AuditEntry.objects.get(subject=f"job:{job.pk}", act="job.cancel")
    assert entry.account == officer.account


def test_what_has_ended_cannot_be_stopped_and_the_page_says_so(officer: Actor) -> None:
    job, client = asked(errands.plain, officer), browser(officer)
    run_until_empty()
    answer = client.post(f"/desk/jobs/{job.pk}/cancel/", follow=True)
    assert "已经结束" in answer.content.decode()


def test_a_change_is_never_made_by_opening_an_address(officer: Actor) -> None:
    job, client = asked(errands.plain, officer), browser(officer)
    for step in ("cancel", "retry"):
        assert client.get(f"/desk/jobs/{job.pk}/{step}/").status_code == 405
    assert Job.objects.get(pk=job.pk).state == WAITING


def test_a_refusal_is_read_by_its_owner_and_a_fault_of_ours_with_its_number(officer: Actor) -> None:
    refused, broken, client = asked(errands.refuses, officer), asked(errands.breaks, officer), browser(officer)
    run_until_empty()
    assert "已经登记，请核对后再导" in page(client, refused)
    shown = page(client, broken)
    assert OUR_FAULT in shown and broken.trace in shown


def test_the_file_is_handed_to_its_owner_as_an_attachment_and_written_down(officer: Actor) -> None:
    job, client = asked(errands.makes_a_file, officer), browser(officer)
    run_until_empty()
    assert "名册.txt" in page(client, job)
    answer = client.get(f"/desk/jobs/{job.pk}/file/")
    assert answer.getvalue().startswith(b"13912345678\n")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.get(act="job.download").account == officer.account


def test_the_file_asks_who_one_is_again_after_a_while(officer: Actor) -> None:
    job = asked(errands.makes_a_file, officer)
    run_until_empty()
    answer = browser(officer, proven=False).get(f"/desk/jobs/{job.pk}/file/")
    assert answer.status_code == 302 and "again" in answer["Location"]
    assert not AuditEntry.objects.filter(act="job.download").exists()


def test_a_file_that_was_swept_is_told_in_words(officer: Actor) -> None:
    job, client = asked(errands.makes_a_file, officer), browser(officer)
    run_until_empty()
    next((settings.MEDIA_ROOT / "jobs").iterdir()).unlink()
    assert "已经清理" in client.get(f"/desk/jobs/{job.pk}/file/").content.decode()


def test_a_colleague_meets_none_of_it(here: world.World, officer: Actor) -> None:
    job = asked(errands.makes_a_file, officer)
    run_until_empty()
    other = browser(world.an_officer("station_head", here.willow))
    assert "导出会员名册" not in page(other)
    for address in ("", "file/"):
        assert other.get(f"/desk/jobs/{job.pk}/{address}").status_code == 404
    for step in ("cancel", "retry"):
        assert other.post(f"/desk/jobs/{job.pk}/{step}/").status_code == 404


def test_who_keeps_the_machine_sees_that_it_ran_but_not_what_came_of_it(here: world.World, officer: Actor) -> None:
    keeper = browser(world.an_officer("system_admin", here.root))
    made, refused = asked(errands.makes_a_file, officer), asked(errands.refuses, officer)
    run_until_empty()
    Job.objects.filter(pk=made.pk).update(result={"people": 1_203})
    shown = page(keeper) + page(keeper, made) + page(keeper, refused)
    assert "导出会员名册" in shown and "没有办成" in shown
    assert "名册.txt" not in shown and "已经登记" not in shown and "1203" not in shown and "1,203" not in shown
    assert keeper.get(f"/desk/jobs/{made.pk}/file/").status_code == 404
    assert keeper.post(f"/desk/jobs/{refused.pk}/retry/").status_code == 302
    assert "1,203" in page(browser(officer), made)


def test_a_post_without_the_right_is_turned_away(here: world.World) -> None:
    lawyer = browser(world.an_officer("lawyer", here.root))
    assert lawyer.get("/desk/jobs/").status_code == 403


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40, "１２", "1e5", "'; --", "0"])
def test_any_page_number_is_answered(officer: Actor, before: str) -> None:
    asked(errands.plain, officer)
    page(browser(officer), show="nonsense", before=before)


def test_older_jobs_are_one_page_further_and_the_states_narrow_the_list(officer: Actor) -> None:
    first = asked(errands.refuses, officer)
    run_until_empty()
    for _ in range(31):
        asked(errands.plain, officer)
    client = browser(officer)
    shown = page(client)
    assert f'id="job-{first.pk}"' not in shown and "更早的" in shown
    assert f'id="job-{first.pk}"' in page(client, before=str(first.pk + 1))
    failed = page(client, show="failed")
    assert failed.count('id="job-') == 1 and f'id="job-{first.pk}"' in failed


def test_a_page_of_jobs_costs_few_queries_however_many_run(officer: Actor, django_assert_max_num_queries: Any) -> None:
    client = browser(officer)
    for state in (RUNNING, FAILED, WAITING):
        Job.objects.bulk_create(
            Job(task="x", title="x", trace="x", state=state, account_id=officer.account, run_after=timezone.now())
            for _ in range(10)
        )
    with django_assert_max_num_queries(15):
        page(client)
