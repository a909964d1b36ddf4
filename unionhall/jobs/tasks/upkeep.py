"""Keeping the queue's own house: result files after seven days, rows after half a year, what killed workers left."""

from django_tasks import task

from unionhall.jobs.upkeep import sweep_up


@task
def sweep() -> dict[str, int]:
    """How many files and rows went."""
    return sweep_up()
