"""Letting go what was held: when the quiet hours are over, and one message instead of several of a kind to one person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.messages import standing
from unionhall.messages.kinds import DIGEST, ZH, fill
from unionhall.messages.models import EXPIRED, GATHERED, HELD, OPEN, WAITING, Message, Preference
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

MOST = 500
_Owner = tuple[str, int | None, int | None, str]
"""Channel, person, account, kind: what is gathered together."""


class Released(NamedTuple):
    """How many messages now wait for the gateway, how many of these stand for several, and how many came too late."""

    released: int
    digests: int
    expired: int


def release(*, by: Actor, now: datetime) -> Released:
    """Let go of held messages whose time has come, unless it is quiet; several of one kind to one owner become one.

    What is gathered is written before anything is sent, so that a sender killed in the middle sends the same again under
    the same key. When the first of a kind is due, all that lie there go with it.
    """
    with transaction.atomic():
        over = Message.objects.filter(state__in=OPEN, until__lte=now)
        expired = over.update(state=EXPIRED, destination=None, text=None)
        if standing.is_quiet(now):
            return Released(0, 0, expired)
        groups = _groups(now)
        alone = [rows[0].pk for rows in groups.values() if len(rows) == 1]
        Message.objects.filter(pk__in=alone, state=HELD).update(state=WAITING, not_before=now)
        several = {owner: rows for owner, rows in groups.items() if len(rows) > 1}
        _gather(several, by, now)
        return Released(len(groups), len(several), expired)


def _groups(now: datetime) -> dict[_Owner, list[Message]]:
    held = Message.objects.filter(state=HELD)
    due = held.filter(not_before__lte=now).order_by("not_before", "pk")[:MOST]
    owners = {(row.channel, row.person_id, row.account_id, row.about) for row in due}
    persons = {person for _channel, person, _account, _about in owners if person is not None}
    accounts = {account for _channel, _person, account, _about in owners if account is not None}
    mine = held.filter(Q(person__in=persons) | Q(account__in=accounts)).select_for_update().order_by("pk")
    groups: dict[_Owner, list[Message]] = defaultdict(list)
    for row in mine:
        owner = (row.channel, row.person_id, row.account_id, row.about)
        if owner in owners:
            groups[owner].append(row)
    return groups


def _gather(several: dict[_Owner, list[Message]], by: Actor, now: datetime) -> None:
    """One message for each of these owners, to the destination that was stated last."""
    words = standing.words([DIGEST], timezone.localdate(now))
    spoken = _languages(several)
    seal_destination, seal_text = sealer(Message, "destination"), sealer(Message, "text")
    for number, (owner, rows) in zip(bulk.ids(Message, len(several)), several.items(), strict=True):
        channel, person, account, about = owner
        short = words[DIGEST.key, spoken.get((person, account), ZH)].short
        destination = rows[-1].destination.reveal(by, "并作一条", _unwitnessed)
        Message.objects.create(
            pk=number, channel=channel, about=about, key=f"digest:{number}", person_id=person, account_id=account,
            urgent=False, state=WAITING, created_at=now, not_before=now, until=max(row.until for row in rows),
            destination=seal_destination(number, destination),
            text=seal_text(number, fill(short, {"count": str(len(rows))})),
        )  # fmt: skip
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=GATHERED, into=number, destination=None, text=None
        )
        audit.write("message.gather", by=by, subject=f"message:{number}", note=f"{about} {len(rows)}", about=person)


def _languages(owners: Iterable[_Owner]) -> dict[tuple[int | None, int | None], str]:
    listed: Sequence[_Owner] = list(owners)
    persons, accounts = [one[1] for one in listed if one[1]], [one[2] for one in listed if one[2]]
    rows = Preference.objects.filter(Q(person__in=persons) | Q(account__in=accounts))
    return {(row.person_id, row.account_id): row.language for row in rows}


def _unwitnessed(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Sealed again at once, and shown to nobody."""
