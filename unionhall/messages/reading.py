"""A notice as its reader sees it. Nothing here writes."""

import json
from datetime import datetime
from typing import NamedTuple

from unionhall.kernel.actor import Actor
from unionhall.messages.kinds import ZH
from unionhall.messages.models import Notice


class Told(NamedTuple):
    """A notice opened for its reader, in their language."""

    number: int
    kind: str
    title: str
    text: str
    subject: str
    at: datetime
    read: bool


def told(row: Notice, language: str, *, by: Actor) -> Told:
    """Open one of the actor's own (`Notice.objects.visible_to`)."""
    content: dict[str, list[str]] = json.loads(row.content.reveal(by, "本人阅读", _unwitnessed))
    title, text = content.get(language) or content[ZH]
    return Told(row.pk, row.kind, title, text, row.subject, row.made_at, row.read_at is not None)


def unread(actor: Actor) -> int:
    """How many of the actor's own were not read yet."""
    return Notice.objects.visible_to(actor).filter(read_at=None).count()


def _unwitnessed(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Opened for whom it was written."""
