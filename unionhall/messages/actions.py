"""The only code that writes the outbox: posting, handing over, and writing down what came of it.

A sender hands messages over before it writes anything (`hand_over`), then settles them in one transaction (`settle`). One
killed between the two hands them over again with the same keys, by which a gateway knows them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.messages.adapters import Adapter, Undelivered
from unionhall.messages.models import EXPIRED, FAILED, SENT, WAITING, Message
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

PAUSES = (5, 20, 60, 180)
"""Seconds before the second, third, … fifth attempt; there is no sixth."""
AT_ONCE = 100
KEPT = timedelta(days=180)
"""That a message went is known for half a year; what it said, only until it went."""


class Letter(NamedTuple):
    """A text for one telephone: the channel ("sms"), a short word what it is about, the number and the text."""

    channel: str
    about: str
    destination: str
    text: str


class Handed(NamedTuple):
    """What a gateway said to one message on its nth attempt: nothing (it took it), or why not and whether to try again."""

    message: int
    attempt: int
    trouble: str = ""
    again: bool = False


class Outcome(NamedTuple):
    """How many messages were sent, wait for another attempt, and were given up."""

    sent: int
    waiting: int
    failed: int


def post(letter: Letter, *, key: str, until: datetime, by: Actor, now: datetime) -> int:
    """Put a message into the outbox, sealed; its id. The same key again is the same message.

    Without a number it is a message to nobody, kept empty and never sent: so that asking for a code takes as long for a
    mobile nobody has, and clocks tell as little as pages.
    """
    with transaction.atomic():
        standing = Message.objects.filter(key=key).values_list("pk", flat=True).first()
        if standing is not None:
            return standing
        (number,) = bulk.ids(Message, 1)
        sealed = [sealer(Message, name)(number, getattr(letter, name)) for name in ("destination", "text")]
        Message.objects.create(
            pk=number, channel=letter.channel, about=letter.about, key=key, created_at=now, not_before=now, until=until,
            state=WAITING if letter.destination else EXPIRED,
            destination=sealed[0] if letter.destination else None, text=sealed[1] if letter.destination else None,
        )  # fmt: skip
        audit.write("message.post", by=by, subject=f"message:{number}", note=letter.about)
        return number


def hand_over(adapter: Adapter, *, by: Actor, now: datetime) -> list[Handed]:
    """Hand every message that is due to the gateway, the oldest first. Writes nothing: `settle` does."""
    return [_handed(row, adapter, by) for row in Message.objects.due(now).order_by("not_before", "pk")[:AT_ONCE]]


def settle(handed: Sequence[Handed], *, by: Actor, now: datetime) -> Outcome:
    """Write down what came of messages handed over; give up those of no more use."""
    counts = dict.fromkeys((SENT, WAITING, FAILED), 0)
    with transaction.atomic():
        for one in handed:
            state = _state_after(one)
            told: dict[str, Any] = {"state": state, "attempts": one.attempt, "trouble": one.trouble}
            if state == WAITING:
                told["not_before"] = now + timedelta(seconds=PAUSES[one.attempt - 1])
            else:
                told |= {"destination": None, "text": None, "sent_at": now if state == SENT else None}
            # Another sender may have been faster.
            counts[state] += Message.objects.filter(pk=one.message, state=WAITING, attempts=one.attempt - 1).update(
                **told
            )
        over = Message.objects.filter(state=WAITING, until__lte=now)
        over.update(state=EXPIRED, destination=None, text=None)
    return Outcome(counts[SENT], counts[WAITING], counts[FAILED])


def text_of(message: int, *, by: Actor) -> str | None:
    """What a message says: on a demonstration, where no telephone rings."""
    if not settings.DEMO:
        raise Refused("短信内容只在演示中显示。")
    row = Message.objects.filter(pk=message).first()
    return None if row is None or row.text is None else row.text.reveal(by, "演示", _unwitnessed)


def forget_old(*, by: Actor, now: datetime) -> int:
    """Take away what is known of messages half a year old; how many."""
    return Message.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _handed(row: Message, adapter: Adapter, by: Actor) -> Handed:
    attempt = row.attempts + 1
    if row.destination is None or row.text is None:
        return Handed(row.pk, attempt, "empty")
    number, text = (sealed.reveal(by, "发送", _unwitnessed) for sealed in (row.destination, row.text))
    try:
        adapter.send(number, text, key=row.key)
    except Undelivered as trouble:
        return Handed(row.pk, attempt, trouble.why, trouble.again)
    return Handed(row.pk, attempt)


def _state_after(one: Handed) -> str:
    if not one.trouble:
        return SENT
    return WAITING if one.again and one.attempt <= len(PAUSES) else FAILED


def _unwitnessed(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Handed to the gateway and shown to nobody; on a demonstration, to the browser it is for."""
