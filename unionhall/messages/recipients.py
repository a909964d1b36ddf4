"""Where somebody is reached: the ways they want, with number, mailbox or follower's name. Nothing here writes."""

from collections.abc import Iterable
from typing import NamedTuple

from unionhall.kernel.actor import Actor
from unionhall.messages.kinds import ZH
from unionhall.messages.models import Preference
from unionhall.people.models import Person

CHANNELS = {"sms": "短信", "wechat": "微信", "email": "电子邮件"}
"""Channel -> what it is called."""


class Recipient(NamedTuple):
    """`person`: whoever they were merged into. `ways`: channel -> destination, only those that are wanted and known."""

    person: int | None
    ways: dict[str, str]
    language: str


def recipients(
    persons: Iterable[int | None], accounts: Iterable[int | None], *, by: Actor
) -> dict[tuple[int | None, int | None], Recipient]:
    """(person, account) -> how they are reached; an account has no telephone but what its holder has given."""
    wanted = {number for number in persons if number is not None}
    rows = list(Person.objects.filter(pk__in=wanted).select_related("merged_into"))
    standing = {row.pk: row.merged_into or row for row in rows}
    preferences = Preference.objects.filter(person__in=list(standing.values()))
    of_person = {row.person_id: row for row in preferences}
    found: dict[tuple[int | None, int | None], Recipient] = {
        (number, None): _recipient(person, of_person.get(person.pk), by) for number, person in standing.items()
    }
    officers = {number for number in accounts if number is not None}
    of_account = {row.account_id: row for row in Preference.objects.filter(account__in=officers)}
    return found | {(None, number): _recipient(None, of_account.get(number), by) for number in officers}


def _recipient(person: Person | None, preference: Preference | None, by: Actor) -> Recipient:
    ways = {}
    if person is not None and person.mobile is not None and (preference is None or preference.sms):
        ways["sms"] = person.mobile.reveal(by, "发送通知", _unwitnessed)
    if preference is not None:
        for channel, sealed in (("wechat", preference.wechat_id), ("email", preference.mailbox)):
            if getattr(preference, channel) and sealed is not None:
                ways[channel] = sealed.reveal(by, "发送通知", _unwitnessed)
    return Recipient(person.pk if person else None, ways, preference.language if preference else ZH)


def _unwitnessed(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Sealed again at once into the outbox, and shown to nobody."""
