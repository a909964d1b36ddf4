"""Sealing anew, after the keys were rotated, what an older key still holds: columns and files, while everybody works on.

A row the audit chain vouches for is sealed anew only if it is as its last action left it; else the new seal would vouch
for what somebody has put there. Its new digest is an entry of the chain, in the transaction that changes it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models, router, transaction

from unionhall.exchange import strongroom
from unionhall.jobs import files
from unionhall.jobs.models import Job
from unionhall.jobs.sealing import SEALED
from unionhall.journal import audit
from unionhall.journal.walk import Walk, catch_up, faults_of, walk
from unionhall.kernel import keys as key_file
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.keys import SealBroken
from unionhall.storage import bulk
from unionhall.storage.sealed import SealedField, keys

AT_ONCE = 1_000
"""Rows sealed anew in one transaction: on SQLite the others wait for it, a tenth of a second."""
ACT = "keys.reseal"

Told = Callable[[str, int], None]
"""Is told what is being gone through ("people.person"), and how many of it were sealed anew."""


@dataclass
class Done:
    """How many rows and files were sealed anew, and what was left as it is because something is wrong with it."""

    rows: int = 0
    files: int = 0
    left: list[str] = field(default_factory=list)


def columns() -> list[tuple[type[models.Model], tuple[SealedField, ...]]]:
    """Every table that has sealed columns, with them."""
    found = [
        (model, tuple(one for one in model._meta.concrete_fields if isinstance(one, SealedField)))
        for model in apps.get_models()
    ]
    return sorted(((model, fields) for model, fields in found if fields), key=lambda each: each[0]._meta.label_lower)


def count() -> Counter[str]:
    """Key id -> how many envelopes, in columns and files, it holds."""
    held: Counter[str] = Counter()
    service = keys()
    for model, fields in columns():
        for row in model._base_manager.order_by().values_list(*(one.attname for one in fields)).iterator(AT_ONCE):
            held.update(service.key_of(bytes(envelope)) for envelope in row if envelope is not None)
    for _where, envelopes, _reseal in _files():
        held.update(service.key_of(envelope) for envelope in envelopes)
    return held


def reseal(*, by: Actor, told: Told = lambda what, many: None) -> Done:
    """Seal anew whatever another key or cipher than today's holds. Broken off, it goes on where it was when called again.

    Raises `Refused` when the audit chain itself is not whole: then nobody could say which rows are as they should be.
    """
    keys().look_again()
    audit.seal_waiting()
    found = walk()
    _refuse_unless_whole(found)
    done = Done()
    for model, fields in columns():
        before = done.rows
        _table(model, fields, found, by, done)
        told(model._meta.label_lower, done.rows - before)
    for where, envelopes, again in _files():
        try:
            if any(map(keys().needs_resealing, envelopes)):
                again()
                done.files += 1
        except (SealBroken, Refused):
            done.left.append(f"{where} 打不开")
    told("files", done.files)
    return done


def retire(kid: str, *, by: Actor) -> str:
    """Move a key that holds nothing any more out of the key file; where it lies now. Raises `Refused` while it holds
    something, `KeyFileError` for the key in use.
    """
    held = count()[kid]
    if held:
        raise Refused("密钥 {kid} 还保护着 {many} 项内容，请先执行 unionhall keys reseal", kid=kid, many=held)
    apart = key_file.retire(settings.KEY_FILE, kid)
    with transaction.atomic(using=router.db_for_write(Job)):
        audit.write("keys.retire", by=by, note=kid)
    return str(apart)


def rotate(*, by: Actor) -> str:
    """Add a new key, with which everything is sealed from now on; its id."""
    kid = key_file.rotate(settings.KEY_FILE).active
    keys().look_again()
    with transaction.atomic(using=router.db_for_write(Job)):
        audit.write("keys.rotate", by=by, note=kid)
    return kid


def restore(retired: str, *, by: Actor) -> str:
    """Put a retired key back, to open what a backup brought with it; its id."""
    kid = key_file.restore(settings.KEY_FILE, retired)
    keys().look_again()
    with transaction.atomic(using=router.db_for_write(Job)):
        audit.write("keys.restore", by=by, note=kid)
    return kid


def _not_as_left(found: Walk, model: type[models.Model], ids: Sequence[int]) -> dict[int, str | None]:
    """What is wrong with rows that are held: nobody can write to them now, so what was written of them can be known."""
    catch_up(found)
    _refuse_unless_whole(found)
    return faults_of(found, model, ids)


def _refuse_unless_whole(found: Walk) -> None:
    if found.faults:
        raise Refused("审计链有 {many} 处不符，不能重新加密，请先用 unionhall verify 查明", many=len(found.faults))


def _table(model: type[models.Model], fields: Sequence[SealedField], found: Walk, by: Actor, done: Done) -> None:
    vouched = model._meta.label_lower in SEALED
    for numbers in _held_by_others(model, fields):
        with transaction.atomic(using=router.db_for_write(model)):
            rows = _locked(model, numbers, [one.attname for one in fields])
            wrong = _not_as_left(found, model, list(rows)) if vouched else {}
            resealed = []
            for number, envelopes in rows.items():
                if number in wrong:
                    done.left.append(f"{model._meta.label_lower} {number} {wrong[number] or '尚未封存'}")
                    continue
                try:
                    resealed.append((number, *_anew(fields, number, envelopes)))
                except SealBroken:
                    done.left.append(f"{model._meta.label_lower} {number} 打不开")
            if not resealed:
                continue
            bulk.update(model, [one.attname for one in fields], resealed)
            if vouched:
                audit.write(ACT, by=by, keys=[(model, [row[0] for row in resealed])])
            done.rows += len(resealed)


def _held_by_others(model: type[models.Model], fields: Sequence[SealedField]) -> Iterator[list[int]]:
    """The ids of rows that hold an envelope of another key or cipher than today's, `AT_ONCE` at a time."""
    names, last, service = [one.attname for one in fields], 0, keys()
    while True:
        rows = list(model._base_manager.filter(pk__gt=last).order_by("pk").values_list("pk", *names)[:AT_ONCE])
        if not rows:
            return
        last = rows[-1][0]
        old = [
            number for number, *envelopes in rows
            if any(one is not None and _is_old(service, bytes(one)) for one in envelopes)
        ]  # fmt: skip
        if old:
            yield old


def _is_old(service: Any, envelope: bytes) -> bool:
    try:
        return bool(service.needs_resealing(envelope))
    except SealBroken:  # no envelope: it will be told that it does not open
        return True


def _locked(model: type[models.Model], numbers: Sequence[int], names: Sequence[str]) -> dict[int, list[Any]]:
    """Id -> envelopes, of the rows that are still there, held until the transaction ends."""
    rows = model._base_manager.filter(pk__in=numbers).order_by("pk")
    if connections[router.db_for_write(model)].features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return {number: envelopes for number, *envelopes in rows.values_list("pk", *names)}


def _anew(fields: Sequence[SealedField], number: int, envelopes: Sequence[Any]) -> list[bytes | None]:
    service = keys()
    return [
        None if envelope is None
        else service.seal(one.sealed_as, number, service.open(one.sealed_as, number, bytes(envelope)))
        for one, envelope in zip(fields, envelopes, strict=True)
    ]  # fmt: skip


def _files() -> Iterator[tuple[str, Iterator[bytes], Callable[[], None]]]:
    """Every sealed file: where it is, its envelopes, and how it is sealed anew."""
    for token in strongroom.kept():
        yield f"files/uploads/{token}.sealed", strongroom.envelopes(token), partial(strongroom.reseal, token)
    for job in Job.objects.exclude(file="").iterator():
        yield f"files/jobs/{job.file}", files.envelopes(job), partial(files.reseal, job)
