"""What is left at the door: sessions, codes and tries that are over, and what is known of messages sent half a year ago."""

from django.utils import timezone
from django_tasks import task

from unionhall.access.actions import sessions, tries
from unionhall.jobs.context import Context
from unionhall.messages import actions as messages


@task(takes_context=True)
def tidy(context: Context) -> dict[str, int]:
    """How many rows of each went."""
    by, now = context.actor(), timezone.now()
    return {
        "sessions": sessions.sweep(by=by, now=now), "tries": tries.sweep(by=by, now=now),
        "messages": messages.forget_old(by=by, now=now),
    }  # fmt: skip
