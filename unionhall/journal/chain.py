"""The sealed chain of audit entries, and its anchor outside the database.

An entry is written in its action's transaction with a MAC of its own: from then on it cannot be changed or forged. Right
after the commit it is linked: it gets the next place and seal_n = HMAC-SM3(key, seal_{n-1} ‖ n ‖ mac_n), so that none can
be taken out, put in or moved. Linking after the commit keeps the one row everybody would wait for out of the actions'
transactions: no long waits behind a slow one, no deadlock. An entry whose process died before the link waits for the next.
"""

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event, Lock

from django.conf import settings
from django.db import connections, router, transaction

from unionhall.journal.digests import Row, writer
from unionhall.journal.models import AuditEntry, ChainHead
from unionhall.storage import bulk
from unionhall.storage.sealed import keys

TOLD = ("id", "at", "account", "person", "posts", "act", "subject", "path", "batch", "about", "trace", "note", "stands_at",
        "rows")  # fmt: skip
"""What an entry's MAC covers, in this order."""
SEAL = 32
START = bytes(SEAL)
"""The seal before the first."""
_AT_ONCE = 1_000
_PASSES = 3
"""In a rush somebody always writes another entry meanwhile: after so many passes the next who commits goes on."""
_log = logging.getLogger(__name__)


def entry_mac() -> Callable[[Row], bytes]:
    """(values of an entry in the order of `TOLD`) -> its MAC."""
    mac, canonical = keys().mac("audit/entry"), writer(AuditEntry, TOLD)
    return lambda told: mac(canonical(told).encode())


def sealing() -> Callable[[bytes, int, bytes], bytes]:
    """(seal before, place, MAC of the entry there) -> its seal."""
    mac = keys().mac("audit/chain", SEAL)
    return lambda before, place, entry: mac(before + place.to_bytes(8, "big") + entry)


def link_soon() -> None:
    """Link when the transaction under way commits; once for all its entries. A link that fails is made by the next."""
    connection = connections[router.db_for_write(AuditEntry)]
    if not any(hook[1] is _link_now for hook in connection.run_on_commit):
        transaction.on_commit(_link_now, using=connection.alias, robust=True)


def link(*, wait: bool = True) -> int:
    """Give every committed entry without one its place and seal; how many. Then the last is told to the anchor.

    An entry whose MAC is wrong was not written by an action: it gets no place, and `verify` names it. Without `wait`, who
    finds somebody else linking leaves it to them: they look again before they stop.
    """
    alias = router.db_for_write(AuditEntry)
    linked = 0
    for at in range(_PASSES):
        # Who does not wait has just written an entry, and need not ask whether there is one.
        if (wait or at) and not AuditEntry.objects.using(alias).filter(place=None).exists():
            break
        more = _link_waiting(alias, wait=wait)
        linked += more
        if not more:
            break
    return linked


def _link_waiting(alias: str, *, wait: bool) -> int:
    """One pass over what is waiting, in a transaction of its own; how many were linked."""
    linked = 0
    with transaction.atomic(using=alias):
        mac_of, seal_after = entry_mac(), sealing()
        head = _head(wait=wait)
        if head is None:
            return linked
        place, seal, last = head.place, bytes(head.seal), 0
        while waiting := list(
            AuditEntry.objects.filter(place=None, pk__gt=last).order_by("pk").values_list(*TOLD, "mac")[:_AT_ONCE]
        ):
            rows = []
            for *told, mac in waiting:
                if mac_of(told) == bytes(mac):
                    place += 1
                    seal = seal_after(seal, place, bytes(mac))
                    rows.append((told[0], place, seal))
            bulk.update(AuditEntry, ("place", "seal"), rows)
            linked, last = linked + len(rows), waiting[-1][0]
            if len(waiting) < _AT_ONCE:
                break
        if linked:
            ChainHead.objects.filter(pk=head.pk).update(place=place, seal=seal)
            transaction.on_commit(partial(_tell_anchor, place, seal), using=alias)
    return linked


def anchor_path() -> Path:
    """The file that remembers the chain's seals outside the database (settings.ANCHOR)."""
    return Path(settings.ANCHOR)


def anchored() -> dict[int, bytes] | None:
    """place -> seal as the anchor has them; None when there is no such file. Raises `ValueError` for a line that is none."""
    found: dict[int, bytes] = {}
    try:
        with anchor_path().open(encoding="ascii") as lines:
            for line in lines:
                place, seal, _ = line.split(" ")
                found[int(place)] = bytes.fromhex(seal)
    except FileNotFoundError:
        return None
    return found


_turn = Lock()
_more = Event()


def _link_now() -> None:
    """Link what was committed; of a process's threads one links for all that committed meanwhile."""
    _more.set()
    while _more.is_set() and _turn.acquire(blocking=False):
        try:
            _more.clear()
            link(wait=False)
        finally:
            _turn.release()


def _head(*, wait: bool) -> ChainHead | None:
    """The head's row, locked; made anew from the last entry where it is missing (the anchor knows whether it was cut).

    None when somebody else has it and one is not to wait.
    """
    skips = not wait and connections[router.db_for_write(ChainHead)].features.has_select_for_update_skip_locked
    head = ChainHead.objects.select_for_update(skip_locked=skips).order_by("pk").first()
    if head is None and skips and ChainHead.objects.exists():
        return None
    if head is None:
        last = AuditEntry.objects.exclude(place=None).order_by("place").last()
        place, seal = (last.place or 0, bytes(last.seal or START)) if last else (0, START)
        ChainHead.objects.bulk_create([ChainHead(pk=1, place=place, seal=seal)], ignore_conflicts=True)
        head = ChainHead.objects.select_for_update().get(pk=1)
    return head


def _tell_anchor(place: int, seal: bytes) -> None:
    """One line at the end of the anchor. What was done stands even if the disk is full: then `verify` says how far it lags."""
    line = f"{place} {seal.hex()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode()
    try:
        handle = os.open(anchor_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)
    except OSError as error:
        _log.error("audit anchor %s: %s", anchor_path(), error.strerror)
