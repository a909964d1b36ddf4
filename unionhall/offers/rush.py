"""The two questions a rush asks of everybody: is there a place, and who is this. By hand, because everybody asks at once.

Put together by the ORM they take longer to write than to answer.
"""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db import connection

from unionhall.kernel.errors import Refused
from unionhall.offers.conditions import Facts
from unionhall.offers.models import Offer, Session

_SLOT = """
    SELECT s.path, s.places, s.taken, s.shared, s.queues, s.most_adults, s.most_children,
        s.starts_at, s.opens_at, s.closes_at, s.held_at, s.cancelled_at, o.id, o.service, o.code, o.kind, o.title, o.most_each, o.per,
        EXISTS (SELECT 1 FROM offers_offercondition c
                WHERE c.offer_id = o.id AND c.since <= %s AND (c.until IS NULL OR c.until > %s)),
        (SELECT p.id FROM offers_participation p WHERE p.person_id = %s AND p.key = %s AND p.key <> '')
    FROM offers_session s JOIN offers_offer o ON o.id = s.offer_id WHERE s.id = %s
"""
_FACTS = """
    SELECT m.path, m.union_id, m.employer_id, m.state, m.since, m.contract, who.sex, who.birth, who.hukou,
        EXISTS (SELECT 1 FROM people_card k
                WHERE k.person_id = who.id AND k.made_on <= %s AND (k.until IS NULL OR k.until > %s))
    FROM people_person who
    LEFT JOIN people_membership m ON m.person_id = who.id AND m.since <= %s AND (m.until IS NULL OR m.until > %s)
    WHERE who.id = %s ORDER BY m.since DESC, m.id DESC LIMIT 1
"""


class Found(NamedTuple):
    """A session as a request for a place finds it. `asks`: its item has conditions; `first`: what this tap got before."""

    path: str
    places: int | None
    taken: int
    shared: bool
    queues: bool
    most_adults: int
    most_children: int
    starts_at: datetime
    opens_at: datetime | None
    closes_at: datetime
    held_at: datetime | None
    cancelled_at: datetime | None
    offer: int
    service: str
    code: str
    kind: str
    title: str
    most_each: int | None
    per: str
    asks: bool
    first: int | None

    def session(self, number: int) -> Session:
        """As the row it came from; only with what was read."""
        item = Offer(
            pk=self.offer,
            service=self.service,
            code=self.code,
            kind=self.kind,
            title=self.title,
            most_each=self.most_each,
            per=self.per,
        )
        return Session(
            pk=number, offer=item, path=self.path, places=self.places, taken=self.taken, shared=self.shared, queues=self.queues,
            starts_at=self.starts_at, closes_at=self.closes_at,
        )  # fmt: skip


def look(session: int, person: int, key: str, day: date) -> Found | None:
    """A session and what this tap got before; None when there is no such session."""
    with connection.cursor() as cursor:
        cursor.execute(_SLOT, [day, day, person, key, session])
        row = cursor.fetchone()
    if row is None or connection.vendor == "postgresql":
        return None if row is None else Found(*row)
    return Found(*row[:7], *map(_instant, row[7:12]), *row[12:])


def facts_of(person: int, day: date) -> Facts:
    """What conditions ask of a person on a day. Refused: nobody of that number."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [day, day, day, day, person])
        row = cursor.fetchone()
    if row is None:
        raise Refused("没有这个人，请核对。")
    path, union, employer, state, since, contract, sex, birth, hukou, card = row
    return Facts(
        person,
        day,
        path or "",
        union,
        employer,
        state or "",
        _day(since),
        contract or "",
        sex,
        _day(birth),
        hukou,
        bool(card),
    )


def _day(value: Any) -> date | None:
    """SQLite keeps days as text, which its driver may have read."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _instant(value: Any) -> datetime | None:
    """SQLite keeps instants as text, in UTC, which its driver may have read."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return None if read is None else read.replace(tzinfo=UTC)
