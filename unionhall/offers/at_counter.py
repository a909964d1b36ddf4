"""What a counter asks of a code at once: the item, whether this account stands there, whose card it is, what this tap got before.

By hand, as in `rush`: put together by the ORM the questions take longer to write than to answer.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from unionhall.offers.models import Offer

_LOOK = """
    SELECT o.id, o.service, o.code, o.title, o.path, o.since, o.until, o.most_each, o.per, o.fen_each,
        EXISTS (SELECT 1 FROM offers_counter c
                WHERE c.account = %s AND c.offer_id = o.id AND c.since <= %s AND (c.until IS NULL OR c.until > %s)),
        EXISTS (SELECT 1 FROM offers_session s WHERE s.offer_id = o.id AND s.cancelled_at IS NULL),
        EXISTS (SELECT 1 FROM offers_offercondition c
                WHERE c.offer_id = o.id AND c.since <= %s AND (c.until IS NULL OR c.until > %s)),
        (SELECT p.id FROM offers_participation p
         WHERE p.verifier = %s AND p."on" = %s AND p.used_key = %s AND p.offer_id = o.id),
        k.id, k.person_id
    FROM offers_offer o LEFT JOIN offers_showncode k ON k.code = %s AND k.until > %s WHERE o.id = %s
"""


class Looked(NamedTuple):
    """`counter`: the account stands there today; `sessions`: the item has some; `asks`: an officer set conditions; `done`:
    the participation this tap got before; `shown`, `person`: the code's row and whose it is, None when nobody shows it.
    """

    item: Offer
    counter: bool
    sessions: bool
    asks: bool
    done: int | None
    shown: int | None
    person: int | None


def look(offer: int, code: str, tap: str, now: datetime, account: int | None) -> Looked | None:
    """None when there is no such item."""
    day = timezone.localdate(now)
    instant = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [account, day, day, day, day, account, day, tap, code, instant, offer])
        row = cursor.fetchone()
    if row is None:
        return None
    number, service, own, title, path, since, until, most_each, per, fen_each, *told = row
    item = Offer(
        pk=number, service=service, code=own, title=title, path=path, since=_day(since) or day, until=_day(until), most_each=most_each,
        per=per, fen_each=fen_each,
    )  # fmt: skip
    counter, sessions, asks, done, shown, person = told
    return Looked(item, bool(counter), bool(sessions), bool(asks), done, shown, person)


def use_up(shown: int, code: str) -> bool:
    """Take the code off its card. Whoever read the same code at the same moment waits here, and finds it gone."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM offers_showncode WHERE id = %s AND code = %s", [shown, code])
        return int(cursor.rowcount) == 1


def _day(value: Any) -> date | None:
    """SQLite keeps days as text, which its driver may have read."""
    return date.fromisoformat(value) if isinstance(value, str) else value
