"""Places held for somebody who did not take them go to the next."""

from django.utils import timezone
from django_tasks import task

from unionhall.kernel.actor import SYSTEM
from unionhall.offers import queue_moves


@task
def expire() -> dict[str, int]:
    """How many holds ran out."""
    return {"expired": queue_moves.expire_holds(now=timezone.now(), by=SYSTEM)}
