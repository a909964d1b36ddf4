"""The process that has a database of its own: uploads, kills whoever brings them in, and looks at what is left."""

import hashlib
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench import rosterfile
from bench.rosterours import _district
from unionhall.exchange import mapping, uploads
from unionhall.exchange.models import Batch, Upload
from unionhall.exchange.templates import by_name
from unionhall.jobs import leases
from unionhall.jobs.models import DONE, RUNNING, Job
from unionhall.jobs.supervision import beside
from unionhall.jobs.tasks import imports
from unionhall.jobs.worker import Worker
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.identifiers import parse_citizen
from unionhall.kernel.identifiers.citizen import check_character
from unionhall.organisations.actions import PlaceRow, PostRow, give_post, open_account, record_places
from unionhall.organisations.models import Account, Place, Union
from unionhall.people.actions import At, Identity, Standing, add_persons, admit
from unionhall.people.models import Membership, Person
from unionhall.storage.sealed import indexer

LEASE = 2.0
"""Seconds, so that nobody waits half a minute for an abandoned job; in the product it is 30."""
LONGEST = 600.0


def run(rows: int, kills: int, seed: int) -> dict[str, Any]:
    """What came of `kills` rounds over a roster of `rows`."""
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    _district(home)
    file = home / "roster.xlsx"
    rosterfile.write(file, rows)
    by = _officer()
    chance = random.Random(seed)
    found: dict[str, Any] = {"rows": rows, "kills": 0, "hit": 0, "servers": 0, "torn": 0, "different": 0, "moments": []}
    upload = _checked(file, by)
    seconds, wanted = _undisturbed(upload, by)
    found["seconds"] = seconds
    _taken_back(upload, by)
    bystander, pace = 0, seconds
    for round_ in range(3 * kills):
        if found["hit"] >= kills:
            break
        if round_ % 2 and not bystander:
            bystander = _bystander()
        upload = _checked(file, by)
        server = round_ % 3 == 2
        moment = chance.uniform(0.02, 0.98) * pace
        hit = _killed(upload, by, moment, server=server)
        found["kills"] += 1
        found["hit"] += hit
        found["servers"] += server
        found["moments"].append(round(moment, 2))
        found["torn"] += not _whole_or_nothing(upload, wanted, bystander)
        pace = min(seconds, _work_until_done(upload) or pace)  # the machine may be busy now and idle then
        found["different"] += _standing(bystander) != wanted
        _taken_back(upload, by)
        found["torn"] += Membership.objects.exclude(person=bystander).exists()
        print(f"round {round_ + 1}: {found}", file=sys.stderr, flush=True)
    return found


def _officer() -> Actor:
    record_places([PlaceRow("W00", "望河区", "district", "", date(2010, 1, 1))], by=SYSTEM)
    root = Place.objects.filter(parent=None).get().path
    account = open_account("importer", "导入员", by=SYSTEM)
    give_post(PostRow(account, "organisation", root, timezone.localdate() - timedelta(days=30)), by=SYSTEM)
    return Account.objects.get(pk=account).actor(timezone.localdate())


def _checked(file: Path, by: Actor) -> Upload:
    template = by_name("members")
    upload = uploads.record(uploads.take(template, file, file.name, by=by), by=by)
    proposal = mapping.propose(template, uploads.head(upload), by=by, path=upload.path)
    upload = uploads.choose(upload.pk, proposal.row, {one.key: one.under for one in proposal.choices}, by=by)
    imports.start_check(upload, by=by)
    _drain()
    upload.refresh_from_db()
    if upload.state != "checked":
        raise SystemExit(f"the roster was not checked: {upload.state}")
    return upload


def _undisturbed(upload: Upload, by: Actor) -> tuple[float, tuple[int, str]]:
    """Seconds a worker of its own needs for the job, and what stands then."""
    _confirm(upload, by)
    worker = _start("--work")
    job = _await(upload, (RUNNING, DONE))
    started = time.monotonic()
    while job.state != DONE:
        time.sleep(0.02)
        job.refresh_from_db()
    seconds = time.monotonic() - started
    _end(worker)
    return seconds, _standing(0)


def _killed(upload: Upload, by: Actor, moment: float, *, server: bool) -> bool:
    """Confirm, and kill that long after the job began; was it still being done?"""
    _confirm(upload, by)
    process = _start("--serve" if server else "--work")
    job = _await(upload, (RUNNING, DONE))
    time.sleep(moment)
    job.refresh_from_db()
    hit = job.state == RUNNING
    process.kill()
    process.wait()
    if server:  # the worker it started finds itself alone, ends what it is doing, and goes
        _await(upload, (DONE,))
    return hit


def _whole_or_nothing(upload: Upload, wanted: tuple[int, str], bystander: int) -> bool:
    """At the moment after the kill: is all of the batch there, or nothing at all, and does the upload say the same?"""
    upload.refresh_from_db()
    there = Batch.objects.filter(state="confirmed").exists()
    said = upload.state == "done"
    stands = _standing(bystander)
    return (stands == wanted and there and said) or (stands[0] == 0 and not there and not said)


def _work_until_done(upload: Upload) -> float:
    """Have the job done again; seconds it took, 0 when it was done already."""
    if Upload.objects.get(pk=upload.pk).state == "done":
        return 0.0
    worker = _start("--work")
    number = Upload.objects.values_list("job", flat=True).get(pk=upload.pk)
    fence = Job.objects.get(pk=number).fence
    while Job.objects.get(pk=number).fence == fence:
        time.sleep(0.01)
    began = time.monotonic()
    _await(upload, (DONE,))
    _end(worker)
    return time.monotonic() - began


def _taken_back(upload: Upload, by: Actor) -> None:
    upload = Upload.objects.select_related("batch").get(pk=upload.pk)
    if upload.batch is None:
        raise SystemExit("nothing was brought in")
    imports.start_withdrawal(upload.batch, by=by, reason="bench", place=upload.path)
    _drain()


def _standing(bystander: int) -> tuple[int, str]:
    """How many memberships stand and what they and their lines say, as one digest; numbers given by a table do not count."""
    said = hashlib.sha256()
    members = Membership.objects.exclude(person=bystander).order_by("person__number_index", "since")
    count = 0
    names = ("person__name", "person__number_index", "person__mobile_index", "person__birth", "union__code",
             "employer__uscc", "state", "job", "contract", "since", "until", "path", "digest")  # fmt: skip
    for row in members.values_list(*names).iterator(20_000):
        said.update(repr([bytes(one) if isinstance(one, memoryview) else one for one in row]).encode())
        count += 1
    lines = Line.objects.standing().exclude(person=bystander).order_by("person__number_index", "on", "act")
    names = ("person__number_index", "service", "act", "kind", "path", "on", "headcount")
    for row in lines.values_list(*names).iterator(20_000):
        said.update(repr([bytes(one) if isinstance(one, memoryview) else one for one in row]).encode())
    return count, said.hexdigest()


def _bystander() -> int:
    """Somebody who was there before: the import then finds its tables not empty."""
    number = "11010119650601001" + check_character("11010119650601001")
    read = parse_citizen(number, today=timezone.localdate())
    stated = Identity("旁人", "citizen", number, indexer(Person, "number")(number), "", None, read.sex, read.birth)
    (person,) = add_persons([stated], by=SYSTEM)
    union = Union.objects.order_by("pk").first()
    assert union is not None
    at = At(union.pk, union.path, union.kind)
    admit([Standing(person, at, None, "active", "", "", timezone.localdate() - timedelta(days=3))], by=SYSTEM)
    return person


def _confirm(upload: Upload, by: Actor) -> None:
    upload, first = uploads.confirm(upload.pk, by=by)
    if not first:
        raise SystemExit("confirmed before")
    imports.start_bringing_in(upload, by=by)


def _await(upload: Upload, states: tuple[str, ...]) -> Job:
    """The upload's last job, once it is in one of these states."""
    began = time.monotonic()
    number = Upload.objects.values_list("job", flat=True).get(pk=upload.pk)
    while time.monotonic() - began < LONGEST:
        job = Job.objects.get(pk=number)
        if job.state in states:
            return job
        if job.state not in (RUNNING, "waiting"):
            raise SystemExit(f"the job {job.state}: {job.message}")
        time.sleep(0.01)
    raise SystemExit("the job did not end")


def _start(what: str) -> subprocess.Popen[bytes]:
    connection.close()
    return subprocess.Popen([sys.executable, "-m", "bench.importskilled", what], stdout=subprocess.DEVNULL)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(60)


def _drain() -> None:
    worker = Worker()
    while worker.run_one():
        pass


def main() -> None:
    """A worker, or what stands for a server with a worker beside it, over this process's database; until it is killed."""
    leases.LEASE = timedelta(seconds=LEASE)
    if sys.argv[1] == "--work":
        Worker().run()
        return
    with beside():
        signal.pause()


if __name__ == "__main__":
    main()
