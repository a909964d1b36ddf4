"""Telling people: a notice in the inbox, and a short word about it to whatever they want to be reached by."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours
from unionhall.messages import standing
from unionhall.messages.adapters import can_send
from unionhall.messages.kinds import LANGUAGES, Kind, Words, fill
from unionhall.messages.models import HELD, WAITING, Message, Notice
from unionhall.messages.recipients import Recipient, recipients
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

Said = str | Mapping[str, str]
"""The value of a merge field: one text, or one for each language ("zh-hans", "en")."""
_AT_ONCE = 500


class Addressed(NamedTuple):
    """One notice to one person or one officer's account. `key`, at most 54 characters, says which it is: the action and the
    row it is about ("offer.cancelled:17:310"). `subject` is what it is about, as in the journal ("participation:310").
    """

    key: str
    person: int | None = None
    account: int | None = None
    fields: Mapping[str, Said] = {}
    subject: str = ""


def queue(
    kind: Kind, *, key: str, by: Actor, now: datetime | None = None, person: int | None = None, account: int | None = None,
    fields: Mapping[str, Said] | None = None, subject: str = "",
) -> int:  # fmt: skip
    """Tell one person or account something, within the caller's transaction; the notice's id.

    What rolls back was not told. The same key again is the same notice, and nothing is sent a second time. `ValueError`:
    nobody or two are named, the key is too long, or a merge field is missing.
    """
    one = Addressed(key, person, account, fields or {}, subject)
    return queue_many(kind, [one], by=by, now=now)[0]


def queue_many(kind: Kind, addressed: Sequence[Addressed], *, by: Actor, now: datetime | None = None) -> list[int]:
    """`queue` for many, some hundred a statement; the ids of the notices, in order."""
    now = now or timezone.now()
    _check(kind, addressed)
    words = standing.words([kind], timezone.localdate(now))
    numbers: dict[str, int] = {}
    with transaction.atomic():
        for at in range(0, len(addressed), _AT_ONCE):
            numbers |= _queue(kind, words, addressed[at : at + _AT_ONCE], by, now)
    return [numbers[one.key] for one in addressed]


def read(notice: int, *, by: Actor, now: datetime) -> None:
    """The actor has opened one of their own. When somebody was told is a fact that is kept."""
    with transaction.atomic():
        mine = Notice.objects.visible_to(by).filter(pk=notice)
        if not mine.exists():
            raise NotYours(f"notice:{notice}")
        if mine.filter(read_at=None).update(read_at=now):
            audit.write("notice.read", by=by, subject=f"notice:{notice}", about=by.person)


def read_all(*, by: Actor, now: datetime) -> int:
    """The actor has seen that all of these are there; how many were new."""
    with transaction.atomic():
        count = Notice.objects.visible_to(by).filter(read_at=None).update(read_at=now)
        if count:
            audit.write("notice.read", by=by, about=by.person, note=f"{count} 条")
        return count


def _check(kind: Kind, addressed: Iterable[Addressed]) -> None:
    for one in addressed:
        if (one.person is None) == (one.account is None):
            raise ValueError(f"{one.key}: to one person or one account")
        if not 0 < len(one.key) <= 54:
            raise ValueError(f"{one.key}: a key has 1 to 54 characters")
        if missing := kind.fields.keys() - one.fields.keys():
            raise ValueError(f"{one.key}: without {sorted(missing)}")


def _queue(
    kind: Kind, words: Mapping[tuple[str, str], Words], addressed: Sequence[Addressed], by: Actor, now: datetime
) -> dict[str, int]:
    """Key -> id of the notice; those whose key stands already are left as they are, whoever was faster."""
    who = recipients([one.person for one in addressed], [one.account for one in addressed], by=by)
    fresh = list({one.key: one for one in addressed}.values())
    numbers = bulk.ids(Notice, len(fresh))
    seal = sealer(Notice, "content")
    rows = [
        Notice(
            pk=number, person_id=who[one.person, one.account].person, account_id=one.account, kind=kind.key, key=one.key,
            subject=one.subject, made_at=now,
            content=seal(number, json.dumps(_content(kind, words, one), ensure_ascii=False)),
        )
        for number, one in zip(numbers, fresh, strict=True)
    ]  # fmt: skip
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    stand = dict(Notice.objects.filter(key__in=[one.key for one in fresh]).values_list("key", "pk"))
    new = [(number, one) for number, one in zip(numbers, fresh, strict=True) if stand[one.key] == number]
    if new:
        _send([(one, who[one.person, one.account]) for _number, one in new], kind, words, now)
        alone = new[0] if len(new) == 1 else None
        audit.write(
            "message.queue", by=by, subject=f"notice:{alone[0]}" if alone else "",
            about=who[alone[1].person, alone[1].account].person if alone else None, note=f"{kind.key} {len(new)}",
        )  # fmt: skip
    return stand


def _content(kind: Kind, words: Mapping[tuple[str, str], Words], one: Addressed) -> dict[str, list[str]]:
    told = {}
    for language in LANGUAGES:
        said, values = words[kind.key, language], _values(one, language)
        told[language] = [fill(said.title, values), fill(said.text, values)]
    return told


def _values(one: Addressed, language: str) -> dict[str, str]:
    return {name: said if isinstance(said, str) else said[language] for name, said in one.fields.items()}


def _send(
    new: Sequence[tuple[Addressed, Recipient]], kind: Kind, words: Mapping[tuple[str, str], Words], now: datetime
) -> None:
    """A message for every way each of them wants to be reached by and there is a gateway for."""
    outward = [
        (one, who, channel, destination)
        for one, who in new
        for channel, destination in who.ways.items()
        if can_send(channel)
    ]
    seal_destination, seal_text = sealer(Message, "destination"), sealer(Message, "text")
    Message.objects.bulk_create([
        Message(
            pk=number, channel=channel, about=kind.key, key=f"{one.key}:{channel}", person_id=who.person,
            account_id=one.account, urgent=kind.urgent, state=WAITING if kind.urgent else HELD, created_at=now,
            not_before=now if kind.urgent else now + kind.gather, until=now + kind.lasts,
            destination=seal_destination(number, destination),
            text=seal_text(number, fill(words[kind.key, who.language].short, _values(one, who.language))),
        )
        for number, (one, who, channel, destination) in zip(bulk.ids(Message, len(outward)), outward, strict=True)
    ])  # fmt: skip
