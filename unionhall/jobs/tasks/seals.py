"""The audit chain kept whole: rows large imports left to be sealed, and entries whose process ended before their link."""

from django_tasks import task

from unionhall.journal import audit, chain

MOST = 100_000
"""Rows sealed in one go: a job is one transaction, and on SQLite the others wait for it, for a second."""


@task
def seal() -> dict[str, int]:
    """How many rows were sealed, and entries linked."""
    return {"rows": audit.seal_waiting(most=MOST), "linked": chain.link()}
