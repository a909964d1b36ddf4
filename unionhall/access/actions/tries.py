"""Writing down tries (see unionhall/access/tries.py): reserved before the check, given back after a success."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from unionhall.access.entry import Tries
from unionhall.access.tries import Bucket, Try, milliseconds
from unionhall.kernel.actor import Actor
from unionhall.storage.sealed import keys

KEPT = timedelta(days=1)
"""Tries of days past count for nothing."""


def reserve(bucket: Bucket, what: str, *, by: Actor, now: datetime) -> Try:
    """Reserve a try of `what`: committed before the caller checks anything. Never inside the transaction of the check."""
    key = _key(bucket, what)
    while True:
        row = Tries.objects.filter(kind=bucket.kind, key=key).values_list("pk", "times", "version").first()
        if row is None:
            Tries.objects.bulk_create([Tries(kind=bucket.kind, key=key, latest=now)], ignore_conflicts=True)
            continue
        number, times, version = row
        recent = bucket.recent(times, now)
        wait = bucket.wait(recent, now)
        if wait:
            return Try(None, wait)
        at = milliseconds(now)
        if _written(number, version, [*recent, at], now):
            return Try(at)


def reserve_within(bucket: Bucket, beyond: Bucket, what: str, *, by: Actor, now: datetime) -> Try:
    """`reserve`, unless `beyond` is used up already, of which nothing is reserved. Both are read at once."""
    both = Q(kind=bucket.kind, key=_key(bucket, what)) | Q(kind=beyond.kind, key=_key(beyond, what))
    while True:
        rows = {kind: rest for kind, *rest in Tries.objects.filter(both).values_list("kind", "pk", "times", "version")}
        if beyond.kind in rows and (wait := beyond.wait(beyond.recent(rows[beyond.kind][1], now), now)):
            return Try(None, wait)
        if bucket.kind not in rows:
            return reserve(bucket, what, by=by, now=now)
        number, times, version = rows[bucket.kind]
        recent = bucket.recent(times, now)
        if wait := bucket.wait(recent, now):
            return Try(None, wait)
        at = milliseconds(now)
        if _written(number, version, [*recent, at], now):
            return Try(at, row=(number, version + 1, (*recent, at)))


def settle(bucket: Bucket, what: str, reserved: Try, *, by: Actor, now: datetime) -> None:
    """`give_back` of what `reserve_within` reserved: at once, where nobody else has tried since."""
    if reserved.at is None:
        return
    if reserved.row is not None:
        number, version, times = reserved.row
        if _written(number, version, list(times[:-1]), now):
            return
    give_back(bucket, what, reserved.at, by=by, now=now)


def give_back(bucket: Bucket, what: str, at: int, *, by: Actor, now: datetime) -> None:
    """A try that succeeded does not count."""
    key = _key(bucket, what)
    while (
        row := Tries.objects.filter(kind=bucket.kind, key=key).values_list("pk", "times", "version").first()
    ) is not None:
        number, times, version = row
        if at not in times:
            return
        times.remove(at)
        if _written(number, version, times, now):
            return


def forget(bucket: Bucket, what: str, *, by: Actor) -> None:
    """All tries of `what` count for nothing: it succeeded, or an administrator opened it again."""
    Tries.objects.filter(kind=bucket.kind, key=_key(bucket, what)).delete()


def sweep(*, by: Actor, now: datetime) -> int:
    """Take away what counts for nothing any more; how many rows."""
    return Tries.objects.filter(latest__lt=now - KEPT).delete()[0]


def _written(number: int, version: int, times: list[int], now: datetime) -> bool:
    rows = Tries.objects.filter(pk=number, version=version)
    alone = not connection.in_atomic_block
    with transaction.atomic(savepoint=False):
        if alone and connection.vendor == "postgresql":
            # Seen by everybody once committed, and not waited for until it is on the disk: a server that loses its power forgets the
            # tries of its last half second, and whoever signs in waits no longer than for the password.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO off")
        return rows.update(times=times, version=version + 1, latest=now) == 1


def _key(bucket: Bucket, what: str) -> bytes:
    """A keyed digest: the table tells nobody whose names were tried, nor from where."""
    return keys().mac(f"access/tries/{bucket.kind}")(what.encode())
