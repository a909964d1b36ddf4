"""Sessions, kept in the database: ended there, they are over, whatever cookie somebody still holds.

The cookie holds a random key of 32 characters, the table its keyed digest. Signed cookies would cost a query less a page
only as long as nothing had to be looked up; ending a session at once needs the look anyway, and with the row at hand a
copied cookie brings nothing back. A request costs one query more, and one small write a minute.

Staff: 30 minutes idle, 12 hours at most, for office computers are shared. Workers: 7 days idle, 30 days at most, for they
come in on telephones of their own, see only what is theirs, masked, and each new code costs a message. On the way in
(password given, code not yet): 15 minutes.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from unionhall.access import standing
from unionhall.access.models import Session
from unionhall.storage.sealed import keys


class Lasts(NamedTuple):
    """How long a session may be idle, and how long it lasts at most."""

    idle: timedelta
    most: timedelta


STAFF = Lasts(timedelta(minutes=30), timedelta(hours=12))
WORKER = Lasts(timedelta(days=7), timedelta(days=30))
ENTERING = Lasts(timedelta(minutes=15), timedelta(minutes=15))

SEEN_EVERY = timedelta(minutes=1)
"""Use is written down this often, so a session may end up to a minute early, never late."""

DEVICE, ADDRESS = "_device", "_address"
"""What the door notes of the browser; shown in the list of one's sessions."""


class SessionStore(SessionBase):
    """Django's interface of session stores over access.Session."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None

    @classmethod
    def clear_expired(cls) -> None:
        """Django's command `clearsessions`."""
        Session.objects.exclude(until__gt=timezone.now()).delete()

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, under no key, once it is over."""
        now = timezone.now()
        key = self.session_key
        self.row = Session.objects.open(now).filter(key=digest(key)).first() if key else None
        if self.row is None:
            self._session_key = None
            return {}
        if now - self.row.seen >= SEEN_EVERY:
            _used(self.row, now)
        return self.decode(self.row.data)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key=digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def cycle_key(self) -> None:
        """Another key to the same session: its limits stand, and the old key opens nothing any more."""
        data, old = self._get_session(), self.session_key  # type: ignore[attr-defined]
        if old is None:
            self.create()
        else:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            if not Session.objects.filter(key=digest(old)).update(key=digest(self._session_key)):
                raise UpdateError
        self._session_cache = data
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        told: dict[str, Any] = {"data": self.encode(data)}
        account = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        if must_create or self.row is None or self.row.account_id != account:
            told |= _begun(account, data)
        if not must_create:
            if not Session.objects.filter(key=digest(self.session_key)).update(**told):
                raise UpdateError
        else:
            self.row = _written(self.session_key, told)
        if self.row is not None:
            self.row.account_id = account

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key=digest(key)).delete()


def digest(session_key: str) -> bytes:
    """What the table keeps of a key."""
    return keys().mac("access/session")(session_key.encode())


def lasts(account: int | None, person: int | None) -> Lasts:
    """The limits of this kind of session."""
    if account is None:
        return ENTERING
    return STAFF if person is None else WORKER


def _begun(account: int | None, data: dict[str, Any]) -> dict[str, Any]:
    """The columns of a session that begins now, or in which somebody has just signed in."""
    now = timezone.now()
    person = standing.person_of(account) if account is not None else None
    limits = lasts(account, person)
    return {
        "account_id": account, "person": person, "device": data.get(DEVICE, ""), "address": data.get(ADDRESS, ""),
        "since": now, "seen": now, "idle_until": now + limits.idle, "until": now + limits.most,
    }  # fmt: skip


def _written(key: str, told: dict[str, Any]) -> Session:
    try:
        with transaction.atomic():
            return Session.objects.create(key=digest(key), **told)
    except IntegrityError:
        raise CreateError from None


def _used(row: Session, now: datetime) -> None:
    """Note that the session is in use; of several requests at once, one does.

    While an import writes, SQLite lets nobody else write for seconds: a page does not wait for that, the next one notes it.
    """
    row.seen, row.idle_until = now, now + lasts(row.account_id, row.person).idle
    noted = Session.objects.filter(pk=row.pk, seen__lte=now - SEEN_EVERY)
    if connection.vendor != "sqlite":
        noted.update(seen=row.seen, idle_until=row.idle_until)
        return
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            noted.update(seen=row.seen, idle_until=row.idle_until)
        except OperationalError:
            return
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience:d}")
