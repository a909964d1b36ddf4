"""How often something may be tried: an exact sliding window per name, account, mobile or address, kept in the database.

A try is reserved before anything is checked, and only what was reserved is checked. Reserving is one conditional statement
(the row as it was read, or nothing), so however many processes try at the same moment, no more than `limit` tries pass
in any stretch of `minutes`; whoever comes second reads again. That ends: a reader is overtaken only by a try that passed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

MINUTES = 15


class Try(NamedTuple):
    """`at`: the instant reserved, in milliseconds, to give it back by; None when nothing was left. `wait`: seconds until then.

    `row`: the row it was reserved in as it stands now, (id, version, times).
    """

    at: int | None
    wait: int = 0
    row: tuple[int, int, tuple[int, ...]] | None = None

    @property
    def passed(self) -> bool:
        return self.at is not None


@dataclass(frozen=True, slots=True)
class Bucket:
    """What may be tried `limit` times in any `minutes`."""

    kind: str
    limit: int
    minutes: int = MINUTES

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    def recent(self, times: list[int], now: datetime) -> list[int]:
        """Those of the tries that still count."""
        return [at for at in times if at > milliseconds(now - self.span)]

    def wait(self, recent: list[int], now: datetime) -> int:
        """Seconds, at least one, until the next try passes; 0 when one passes now."""
        if len(recent) < self.limit:
            return 0
        opens = sorted(recent)[-self.limit] + milliseconds_of(self.span)
        return max(1, -((milliseconds(now) - opens) // 1000))


PASSWORD = Bucket("password", 5)
"""Passwords for one name to sign in with, whether there is such an account or not."""
SECOND = Bucket("second", 5)
"""Codes of a device, or recovery codes, for one account."""
CODE = Bucket("code", 5)
"""One-time codes typed for one mobile, and then the last four characters of a document."""
SENT = Bucket("sent", 5)
"""One-time codes asked for by one mobile."""
SENT_A_DAY = Bucket("sent_a_day", 20, minutes=24 * 60)
"""The same: nobody's telephone rings all day because somebody else likes to."""
WHO_A_DAY = Bucket("who_a_day", 10, minutes=24 * 60)
"""Ends of document numbers tried for one mobile: whoever was given an old number by the carrier does not work through them."""
SHOWN = Bucket("shown", 20)
"""Codes of e-cards that nobody shows, typed or scanned by one account at a counter: eight digits are not to be guessed."""
SHOWN_A_DAY = Bucket("shown_a_day", 200, minutes=24 * 60)
"""The same: a counter that serves hundreds reads some that have just run out; one that guesses reads nothing else."""
DOOR = Bucket("door", 10)
"""Codes of the screen at a session's door, typed by one person; they change each minute."""
LOOKED_UP = Bucket("looked_up", 20)
"""Numbers of certificates looked up from one address."""
ADDRESS = Bucket("address", 50)
"""Tries from one address, whatever for; what succeeded is given back."""


def milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def milliseconds_of(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
