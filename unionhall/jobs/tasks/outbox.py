"""Sending what lies in the outbox: held messages let go, and those that are due handed to their gateways, one by one."""

from collections import Counter

from django.utils import timezone
from django_tasks import task

from unionhall.jobs.context import Context
from unionhall.jobs.queue import READING
from unionhall.messages import actions as messages
from unionhall.messages import adapters


@task(takes_context=True, priority=40)
def release(context: Context) -> dict[str, int]:
    """How many were let go, how many of these stand for several, and how many came too late."""
    return messages.release(by=context.actor(), now=timezone.now())._asdict()


@task(takes_context=True, queue_name=READING, priority=50)
def send(context: Context) -> dict[str, int]:
    """How many messages were sent, wait and were given up.

    A gateway is spoken to before anything is written, so that nobody waits for it; what it said is committed before the
    next is handed over, so that a worker killed here leaves one message unconfirmed at most.
    """
    ways, counts = adapters.Ways(), Counter[str]()
    for done in range(messages.AT_ONCE):
        handed = messages.hand_over(ways, by=context.actor(), now=timezone.now())
        if handed is None:
            break
        with context.aside():
            counts.update(messages.settle([handed], by=context.actor(), now=timezone.now())._asdict())
        context.progress(done + 1)
    return {name: count for name, count in counts.items() if count}
