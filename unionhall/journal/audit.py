"""Who did what: one sealed entry per action, in the action's own transaction, with the digests of the rows it left.

Rows an import writes by the hundred thousand are only noted while it runs; their digests are sealed after its commit
(`seal_waiting`), and count from the import's own entry on.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from os.path import commonprefix

from django.db import connections, models, router, transaction
from django.db.models import Sum

from unionhall.journal.chain import TOLD, entry_mac, link_soon
from unionhall.journal.digests import GONE, UNSEEN, Part, digest_rows, model_of, pack, pack_ids, unpack_ids
from unionhall.journal.models import AuditEntry, Unsealed
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.paths import STEP
from unionhall.storage import bulk
from unionhall.storage.sealed import keys as key_service

__all__ = ["Keys", "hold_to", "note_rows", "seal_waiting", "waiting", "write", "write_batch", "wrote"]

Keys = Sequence[tuple[type[models.Model], Sequence[int]]]
"""Rows by table and id."""

Rule = Callable[[Sequence[int]], None]
"""Asked of rows (ids) an action wrote, before their entry is written; raises to make the action fall."""

_rules: dict[type[models.Model], list[Rule]] = {}

SEALED_AT_ONCE = 2_000
"""A batch of no more rows than this is sealed within its own transaction."""
SEALED, BEGUN = "batch.sealed", "chain.begin"
"""The acts of the entries that hold the digests of a batch's rows, and from which a table is vouched for."""
_CHUNK = 5_000
_COLUMNS = (*TOLD, "mac")
_NOTE = 200


def hold_to(table: type[models.Model], rule: Rule) -> None:
    """Have this rule asked of every row of a table whenever an action has written it."""
    _rules.setdefault(table, []).append(rule)


def write(
    act: str, *, by: Actor, subject: str = "", path: str = "", rows: Sequence[models.Model] = (), keys: Keys = (),
    batch: int | None = None, about: int | None = None, note: str = "", parts: Sequence[Part] = (), number: int | None = None,
) -> int:  # fmt: skip
    """Write the entry of an action inside its transaction; the entry's id.

    `act` is dotted ("member.transfer"); `subject` names the matter ("membership:17"); `rows` and `keys` are the rows the
    action wrote or took away, read again here and digested; `about` is the person concerned; `note` never holds personal
    data; `parts` are digests of rows the action has just written (`digest_written`), which are not read again; `number` an
    id reserved for the entry. An action that runs for an import passes its `batch`: the rows are noted for the batch's sealing, the import
    writes the entry, and 0 is returned.
    """
    touched = [*keys, *_keys_of(rows)]
    for model, ids in touched:
        for rule in _rules.get(model, ()):
            rule(ids)
    if batch is not None:
        _note_rows(touched, batch, gone=False)
        return 0
    sealed = [*parts, *(digest_rows(model, ids) for model, ids in touched if ids)]
    return _enter(act, by, subject=subject, path=path, about=about, note=note, parts=sealed, number=number)


def wrote(
    act: str, model: type[models.Model], numbers: Sequence[int], *, by: Actor, paths: Iterable[str] = (), keys: Keys = (),
    batch: int | None = None, about: int | None = None, note: str = "", parts: Sequence[Part] = (),
) -> None:  # fmt: skip
    """`write` for an action over rows of one table, and perhaps of others (`keys`): nothing was written for no rows.

    The subject is the row, if it is one ("union:17"); the place, the lowest that has all the `paths` in it.
    """
    if not numbers and not any(ids for _, ids in keys):
        return
    subject = f"{model._meta.model_name}:{numbers[0]}" if len(numbers) == 1 else ""
    touched = [(model, numbers), *keys]
    write(
        act, by=by, subject=subject, path=above(paths), keys=touched, batch=batch, about=about, note=note, parts=parts
    )


def above(paths: Iterable[str]) -> str:
    """The lowest place that has all these in it; empty for none."""
    found = commonprefix(list(paths))  # noqa: RUF071 - digit by digit is what is wanted
    return found[: len(found) // STEP * STEP]


def note_rows(keys: Keys, *, batch: int, gone: bool = False) -> None:
    """Note rows a batch wrote, or took away, for its sealing."""
    _note_rows(keys, batch, gone=gone)


def write_batch(act: str, *, by: Actor, batch: int, path: str = "", keys: Keys = (), note: str = "") -> int:
    """The entry of an import, or of its withdrawal: the last thing it does. What it noted is sealed from here on.

    A small batch is sealed at once; a large one waits for `seal_waiting`.
    """
    parts = [digest_rows(model, ids) for model, ids in keys if ids]
    number = _enter(act, by, subject=f"batch:{batch}", path=path, batch=batch, note=note, parts=parts)
    _bind(list(Unsealed.objects.filter(batch=batch, entry=None).order_by("pk")), number)
    return number


def seal_waiting(batch: int | None = None, *, most: int | None = None) -> int:
    """Seal the rows committed batches left to be sealed, of one batch or of all, `most` or a few more; how many rows.

    Each part in a transaction of its own, so that nobody waits long; two callers share the work, neither does it twice.
    A note that no batch wrote, or that was sealed before, is left for `verify` to name.
    """
    sealed = 0
    wanted = Unsealed.objects.exclude(entry=None).order_by("pk")
    if batch is not None:
        wanted = wanted.filter(batch=batch)
    for number in list(wanted.values_list("pk", flat=True)):
        if most is not None and sealed >= most:
            break
        with transaction.atomic(using=router.db_for_write(Unsealed)):
            noted = Unsealed.objects.select_for_update(skip_locked=_skips()).filter(pk=number).first()
            if noted is not None and is_genuine(noted):
                sealed += _seal(noted)
    return sealed


def begin(model: type[models.Model]) -> int:
    """From here on the rows of this table are vouched for. Those that stand already, written before there was a chain,
    are noted to be sealed as they are found, once; how many.
    """
    subject = f"table:{model._meta.label_lower}"
    with transaction.atomic(using=router.db_for_write(AuditEntry)):
        if AuditEntry.objects.filter(act=BEGUN, subject=subject).exists():
            return 0
        standing = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        number = _enter(BEGUN, SYSTEM, subject=subject, note=f"{len(standing):,} 行")
        _note_rows([(model, standing)], 0, gone=False)
        _bind(list(Unsealed.objects.filter(batch=0, entry=None).order_by("pk")), number)
        return len(standing)


def waiting() -> dict[int, int]:
    """Batch -> how many of its rows are not sealed yet."""
    rows = Unsealed.objects.values("batch").annotate(rows=Sum("count")).values_list("batch", "rows")
    return dict(rows.order_by("batch"))


def is_genuine(noted: Unsealed) -> bool:
    """Was this note written by a batch, and not sealed already?"""
    if noted.mac is None or bytes(noted.mac) != mac_of_note(noted):
        return False
    return not AuditEntry.objects.filter(subject=f"unsealed:{noted.pk}").exists()


def mac_of_note(noted: Unsealed) -> bytes:
    """The MAC of a note: that this batch wrote these rows."""
    told = f"{noted.pk}|{noted.batch}|{noted.entry}|{noted.table}|{noted.count}|{noted.gone:d}|{bytes(noted.ids).hex()}"
    return key_service().mac("audit/unsealed")(told.encode())


def _bind(noted: Sequence[Unsealed], entry: int) -> None:
    """The noted rows' digests will stand from this entry on; few rows are sealed at once."""
    for one in noted:
        one.entry = entry
    if sum(one.count for one in noted) <= SEALED_AT_ONCE:
        for one in noted:
            _seal(one)
    else:
        bulk.update(Unsealed, ("entry", "mac"), [(one.pk, entry, mac_of_note(one)) for one in noted])


def _seal(noted: Unsealed) -> int:
    """Digest the rows and write them to the chain as of the batch's entry; inside a transaction."""
    model, ids = model_of(noted.table), unpack_ids(bytes(noted.ids))
    if noted.gone:
        part = Part(noted.table, ("id",), ids, [GONE] * len(ids))
    else:
        part = digest_rows(model, ids, absent=UNSEEN)
    subject = f"unsealed:{noted.pk}"
    _enter(SEALED, SYSTEM, subject=subject, batch=noted.batch, parts=[part], stands_at=noted.entry)
    Unsealed.objects.filter(pk=noted.pk).delete()
    return len(ids)


def _note_rows(keys: Iterable[tuple[type[models.Model], Sequence[int]]], batch: int, *, gone: bool) -> None:
    found = []
    for model, ids in keys:
        wanted = sorted(set(ids))
        for at in range(0, len(wanted), _CHUNK):
            part = wanted[at : at + _CHUNK]
            found.append((batch, model._meta.label_lower, pack_ids(part), len(part), gone))
    if found:
        numbers = bulk.ids(Unsealed, len(found))
        columns = ("id", "batch", "table", "ids", "count", "gone")
        bulk.insert(Unsealed, columns, [(number, *row) for number, row in zip(numbers, found, strict=True)])


def _enter(
    act: str, by: Actor, *, subject: str = "", path: str = "", batch: int | None = None, about: int | None = None,
    note: str = "", parts: Sequence[Part] = (), stands_at: int | None = None, number: int | None = None,
) -> int:  # fmt: skip
    if not connections[router.db_for_write(AuditEntry)].in_atomic_block:
        raise transaction.TransactionManagementError("an audit entry is written inside the transaction of its action")
    if len(note) > _NOTE:
        raise ValueError(f"a note has at most {_NOTE} characters")
    number = bulk.ids(AuditEntry, 1)[0] if number is None else number
    posts = " ".join(f"{post.role}@{post.path}" for post in by.posts)
    told = (number, datetime.now(UTC), by.account, by.person, posts, act, subject, path, batch, about, by.trace, note,
            stands_at, pack(parts))  # fmt: skip
    bulk.insert(AuditEntry, _COLUMNS, [(*told, _mac()(told))])
    link_soon()
    return number


@cache
def _mac() -> Callable[[Sequence[object]], bytes]:
    """Made once: deriving the key takes longer than using it."""
    return entry_mac()


def _keys_of(rows: Iterable[models.Model]) -> list[tuple[type[models.Model], list[int]]]:
    found: dict[type[models.Model], list[int]] = {}
    for row in rows:
        found.setdefault(type(row), []).append(row.pk)
    return list(found.items())


def _skips() -> bool:
    """SQLite has one writer, so nothing is ever locked by another."""
    return bool(connections[router.db_for_write(Unsealed)].features.has_select_for_update_skip_locked)
