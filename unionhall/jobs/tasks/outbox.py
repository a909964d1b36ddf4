"""Sending what lies in the outbox. The gateway is spoken to before anything is written, so that nobody waits for it."""

from django.utils import timezone
from django_tasks import task

from unionhall.jobs.context import Context
from unionhall.jobs.queue import READING
from unionhall.messages import actions as messages
from unionhall.messages import adapters


@task(takes_context=True, queue_name=READING, priority=50)
def send(context: Context) -> dict[str, int]:
    """How many messages were sent, wait and were given up."""
    if not adapters.can_send():
        return {}
    handed = messages.hand_over(adapters.sms(), by=context.actor(), now=timezone.now())
    if not handed:
        return {}
    context.begin()
    return messages.settle(handed, by=context.actor(), now=timezone.now())._asdict()
