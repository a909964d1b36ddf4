"""The chain of audit entries: whatever is done to it behind the actions is found, and nothing else is."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.world import World
from unionhall.journal import audit, chain, walk
from unionhall.journal.models import AuditEntry, ChainHead
from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.organisations.models import Union

pytestmark = pytest.mark.django_db
LENGTH = 60
TAMPERS = 150
"""Of each kind, seven kinds: 1,050 in all."""

Tamper = Callable[[random.Random, list[int]], None]


@pytest.fixture
def written(here: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> list[int]:
    """The ids of a chain of entries of every sort, linked and anchored."""
    union = Union.objects.get(code="U01")
    for number in range(LENGTH):
        by = Actor(number % 3 or None, f"干部{number}", (Post("street", here.willow),), trace=f"t{number:04d}")
        audit.write(
            f"test.{number % 5}", by=by, subject=f"union:{union.pk}", path=here.willow, rows=[union] if number % 2 else [],
            about=number or None, note=f"n{number}",
        )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        chain.link()
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def _sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount >= 1


def _set(entry: int, **columns: Any) -> None:
    for name, value in columns.items():
        _sql(f'UPDATE journal_auditentry SET "{name}" = %s WHERE id = %s', value, entry)


def edit(chance: random.Random, entries: list[int]) -> None:
    """One field of one entry says something else."""
    entry = chance.choice(entries)
    was = AuditEntry.objects.values().get(pk=entry)
    name = chance.choice(
        ["act", "subject", "path", "note", "trace", "posts", "account", "about", "batch", "person", "rows", "stands_at"]
    )
    value = was[name]
    if name == "rows":
        changed: Any = bytes(value)[:-1] + bytes([(bytes(value)[-1] + 1) % 256]) if value else b"x"
    elif name in ("account", "about", "batch", "person", "stands_at"):
        changed = (value or 0) + chance.randint(1, 9) if value is None or chance.random() < 0.7 else None
    else:
        changed = value[:-1] if value and chance.random() < 0.5 else value + chance.choice("a|~0")
    _set(entry, **{name: changed})


def edit_time(chance: random.Random, entries: list[int]) -> None:
    """An entry is dated otherwise, by a microsecond or a month."""
    entry = chance.choice(entries)
    at = AuditEntry.objects.get(pk=entry).at
    later = at + chance.choice([1, -1]) * chance.choice(
        [walk.timedelta(microseconds=1), walk.timedelta(seconds=7), walk.timedelta(days=30)]
    )
    AuditEntry.objects.filter(pk=entry).update(at=later)


def delete(chance: random.Random, entries: list[int]) -> None:
    """Entries are taken out of the middle; sometimes the later ones are moved up to close the gap."""
    gone = chance.choice(entries[:-1])
    place = AuditEntry.objects.get(pk=gone).place
    _sql("DELETE FROM journal_auditentry WHERE id = %s", gone)
    if chance.random() < 0.5:
        for entry in entries:
            _move_up(entry, place or 0)
        ChainHead.objects.update(place=len(entries) - 1)


def _move_up(entry: int, place: int) -> None:
    AuditEntry.objects.filter(pk=entry, place__gt=place).update(place=chain_place(entry) - 1)


def chain_place(entry: int) -> int:
    found = AuditEntry.objects.filter(pk=entry).values_list("place", flat=True).first()
    return found or 0


def insert(chance: random.Random, entries: list[int]) -> None:
    """An entry nobody wrote: a copy of a true one, or a made-up one; unlinked, or with a place and a seal."""
    values = dict(AuditEntry.objects.values().get(pk=chance.choice(entries)), id=entries[-1] + 1000)
    if chance.random() < 0.5:
        values |= {"act": "made.up", "mac": chance.randbytes(16)}
    if chance.random() < 0.5:
        values |= {"place": None, "seal": None}
    else:
        values |= {"place": len(entries) + 1, "seal": chance.randbytes(32)}
        if chance.random() < 0.5:
            ChainHead.objects.update(place=values["place"], seal=values["seal"])
    AuditEntry.objects.bulk_create([AuditEntry(**values)])


def swap(chance: random.Random, entries: list[int]) -> None:
    """Two entries change places, with their seals or without."""
    one, other = (AuditEntry.objects.get(pk=entry) for entry in chance.sample(entries, 2))
    seals = chance.random() < 0.5
    _set(one.pk, place=None)
    _set(other.pk, place=one.place)
    _set(one.pk, place=other.place)
    if seals:
        _set(one.pk, seal=other.seal)
        _set(other.pk, seal=one.seal)


def cut(chance: random.Random, entries: list[int]) -> None:
    """The last entries are gone; sometimes the head is put back as it was then, which only the anchor can tell."""
    left = len(entries) - chance.randint(1, len(entries) - 1)
    _sql("DELETE FROM journal_auditentry WHERE place > %s", left)
    if chance.random() < 0.7:
        last = AuditEntry.objects.get(place=left)
        ChainHead.objects.update(place=left, seal=last.seal)


def replace_seal(chance: random.Random, entries: list[int]) -> None:
    """A seal or a MAC is another: noise, that of another entry, one byte off, or none."""
    entry, name = chance.choice(entries), chance.choice(["seal", "mac"])
    was = bytes(AuditEntry.objects.values_list(name, flat=True).get(pk=entry))
    other = bytes(AuditEntry.objects.exclude(pk=entry).values_list(name, flat=True)[chance.randrange(len(entries) - 1)])
    at = chance.randrange(len(was))
    flipped = was[:at] + bytes([was[at] ^ (1 << chance.randrange(8))]) + was[at + 1 :]
    _set(entry, **{name: chance.choice([chance.randbytes(len(was)), other, flipped])})


KINDS: list[Tamper] = [edit, edit_time, delete, insert, swap, cut, replace_seal]


def test_a_chain_nobody_touched_is_whole(written: list[int]) -> None:
    found = walk.walk()
    assert found.faults == []
    assert found.entries == found.place == len(written) and len(written) > LENGTH


@pytest.mark.parametrize("tamper", KINDS, ids=lambda kind: kind.__name__)
def test_every_tamper_is_found(written: list[int], tamper: Tamper) -> None:
    missed = []
    for seed in range(TAMPERS):
        before = transaction.savepoint()
        tamper(random.Random(f"{tamper.__name__}{seed}"), written)
        if not walk.walk().faults:
            missed.append(seed)
        transaction.savepoint_rollback(before)
    assert missed == []
    assert walk.walk().faults == []


def test_more_than_a_thousand_tampers_of_seven_kinds_are_tried() -> None:
    assert len(KINDS) == 7 and len(KINDS) * TAMPERS >= 1_000


def test_one_edit_is_named_once_and_by_its_entry(written: list[int]) -> None:
    _set(written[7], note="x")
    assert walk.walk().faults == [walk.Fault(f"journal.auditentry {written[7]}", walk.EDITED)]


def test_the_anchor_alone_tells_a_database_put_back_to_yesterday(written: list[int]) -> None:
    _sql("DELETE FROM journal_auditentry WHERE place > 40")
    ChainHead.objects.update(place=40, seal=AuditEntry.objects.get(place=40).seal)
    assert [fault.where for fault in walk.walk().faults] == [f"链上第 {len(written)} 位"]
    chain.anchor_path().unlink()
    assert walk.walk().faults == []  # the control: without the anchor nothing would tell


def test_an_anchor_that_was_taken_away_is_missed_after_ten_minutes(
    written: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.anchor_path().unlink()
    assert walk.walk().faults == []
    monkeypatch.setattr(walk, "LAG", walk.timedelta(0))
    assert [fault.where for fault in walk.walk().faults] == ["锚定文件"]


def test_a_rewritten_anchor_is_found(written: list[int]) -> None:
    path = chain.anchor_path()
    path.write_text(path.read_text().replace(" ", " 00", 1))
    assert walk.walk().faults
    path.write_text("what is this")
    assert walk.walk().faults == [walk.Fault("锚定文件", walk.EDITED)]


def test_the_anchor_keeps_one_line_a_linking_and_only_its_owner_reads_it(written: list[int]) -> None:
    lines = chain.anchor_path().read_text().splitlines()
    assert lines[-1].startswith(f"{len(written)} {bytes(AuditEntry.objects.latest('place').seal or b'').hex()} ")
    assert chain.anchor_path().stat().st_mode & 0o077 == 0


def test_a_full_disk_under_the_anchor_stops_nobody(
    here: World, settings: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.ANCHOR = "/proc/cannot/be"
    with django_capture_on_commit_callbacks(execute=True):
        assert chain.link() > 0
    assert not AuditEntry.objects.filter(place=None).exists()


def test_an_entry_outside_its_actions_transaction_is_an_error() -> None:
    assert connection.in_atomic_block  # the test's own
    connection.in_atomic_block = False
    try:
        with pytest.raises(transaction.TransactionManagementError):
            audit.write("test", by=SYSTEM)
    finally:
        connection.in_atomic_block = True
