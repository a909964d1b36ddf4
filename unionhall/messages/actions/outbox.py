"""Posting a message, handing it over, and writing down what came of it.

The sender hands one message over before it writes anything (`hand_over`), then settles it in a transaction of its own
(`settle`). One killed between the two leaves that one unconfirmed: it is handed over again with the same key, by which a
gateway knows it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.messages import standing
from unionhall.messages.adapters import Undelivered, Ways
from unionhall.messages.models import EXPIRED, FAILED, SENT, WAITING, Message, Notice
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

PAUSES = {True: (5, 20, 60, 180), False: (30, 120, 600, 3600, 4 * 3600, 12 * 3600)}
"""Urgent or not -> seconds before the second, third, … attempt; after the last there is no other."""
AT_ONCE = 100
KEPT, NOTICES_KEPT = timedelta(days=180), timedelta(days=730)
"""That a message went is known for half a year, what it said only until it went; the inbox keeps two years."""


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
    urgent: bool
    trouble: str = ""
    again: bool = False


class Outcome(NamedTuple):
    """How many messages were sent, wait for another attempt, and were given up."""

    sent: int
    waiting: int
    failed: int


def post(letter: Letter, *, key: str, until: datetime, by: Actor, now: datetime) -> int:
    """Put a message that cannot wait, and stands in no inbox, into the outbox, sealed; its id. The same key again is the
    same message.

    Without a number it is a message to nobody, kept empty and never sent: so that asking for a code takes as long for a
    mobile nobody has, and clocks tell as little as pages.
    """
    with transaction.atomic():
        known = Message.objects.filter(key=key).values_list("pk", flat=True).first()
        if known is not None:
            return known
        (number,) = bulk.ids(Message, 1)
        sealed = [sealer(Message, name)(number, getattr(letter, name)) for name in ("destination", "text")]
        Message.objects.create(
            pk=number, channel=letter.channel, about=letter.about, key=key, created_at=now, not_before=now, until=until,
            state=WAITING if letter.destination else EXPIRED,
            destination=sealed[0] if letter.destination else None, text=sealed[1] if letter.destination else None,
        )  # fmt: skip
        audit.write("message.post", by=by, subject=f"message:{number}", note=letter.about)
        return number


def hand_over(ways: Ways, *, by: Actor, now: datetime) -> Handed | None:
    """Hand the one message that is due next to its gateway; None when none is. Writes nothing: `settle` does."""
    row = Message.objects.due(now, quiet=standing.is_quiet(now)).first()
    if row is None:
        return None
    attempt = row.attempts + 1
    if row.destination is None or row.text is None:
        return Handed(row.pk, attempt, row.urgent, "empty")
    destination, text = (sealed.reveal(by, "发送", _unwitnessed) for sealed in (row.destination, row.text))
    try:
        ways.way(row.channel).send(destination, text, key=row.key)
    except Undelivered as trouble:
        return Handed(row.pk, attempt, row.urgent, trouble.why[:60], trouble.again)
    return Handed(row.pk, attempt, row.urgent)


def settle(handed: Sequence[Handed], *, by: Actor, now: datetime) -> Outcome:
    """Write down what came of messages handed over."""
    counts = dict.fromkeys((SENT, WAITING, FAILED), 0)
    with transaction.atomic():
        for one in handed:
            state = _state_after(one)
            told: dict[str, Any] = {"state": state, "attempts": one.attempt, "trouble": one.trouble, "tried_at": now}
            if state == WAITING:
                told["not_before"] = now + timedelta(seconds=PAUSES[one.urgent][one.attempt - 1])
            else:
                told |= {"destination": None, "text": None, "sent_at": now if state == SENT else None}
            # Another sender may have been faster.
            counts[state] += Message.objects.filter(pk=one.message, state=WAITING, attempts=one.attempt - 1).update(
                **told
            )
    return Outcome(counts[SENT], counts[WAITING], counts[FAILED])


def text_of(message: int, *, by: Actor) -> str | None:
    """What a message says: on a demonstration, where no telephone rings."""
    if not settings.DEMO:
        raise Refused("短信内容只在演示中显示。")
    row = Message.objects.filter(pk=message).first()
    return None if row is None or row.text is None else row.text.reveal(by, "演示", _unwitnessed)


def forget_old(*, by: Actor, now: datetime) -> int:
    """Take away what is known of messages half a year old, and notices two years old; how many."""
    messages = Message.objects.filter(created_at__lt=now - KEPT)
    notices = Notice.objects.filter(made_at__lt=now - NOTICES_KEPT)
    return messages.delete()[0] + notices.delete()[0]


def _state_after(one: Handed) -> str:
    if not one.trouble:
        return SENT
    return WAITING if one.again and one.attempt <= len(PAUSES[one.urgent]) else FAILED


def _unwitnessed(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Handed to the gateway and shown to nobody; on a demonstration, to the browser it is for."""
