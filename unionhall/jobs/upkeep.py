"""What is left over when jobs have ended, taken away: the work behind tasks/upkeep.py."""

import shutil
import time
from datetime import timedelta

from django.utils import timezone

from unionhall.jobs import files
from unionhall.jobs.leases import leases
from unionhall.jobs.models import ENDED, RUNNING, Job
from unionhall.jobs.queue import KEPT_WHOLE

ROWS_KEPT = timedelta(days=180)
ORPHANS_KEPT = 24 * 3600
"""Seconds a sealed file without a row is left alone: its task may still be running."""


def sweep_up() -> dict[str, int]:
    """Inside a transaction. Files go last to their rows: a row may name a file that is gone, never the other way round."""
    now = timezone.now()
    over = Job.objects.filter(state__in=ENDED, ended_at__lt=now - KEPT_WHOLE)
    over.exclude(file="", private=None).update(file="", private=None)
    rows, _ = Job.objects.filter(state__in=ENDED, ended_at__lt=now - ROWS_KEPT).delete()
    leases().sweep()
    return {"files": _files_without_a_row(), "rows": rows, "folders": sweep_scratch()}


def sweep_scratch() -> int:
    """Take away what killed workers left in memory; how many folders. Those of running jobs stay."""
    running = {str(number) for number in Job.objects.filter(state=RUNNING).values_list("pk", flat=True)}
    left = [
        folder for folder in files.memory().glob(f"{files.scratch_prefix()}*")
        if folder.name.removeprefix(files.scratch_prefix()).split("-")[0] not in running
    ]  # fmt: skip
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _files_without_a_row() -> int:
    named = set(Job.objects.exclude(file="").values_list("file", flat=True))
    gone = 0
    for path in files.folder().iterdir():
        if path.name not in named and time.time() - path.stat().st_mtime > ORPHANS_KEPT:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
