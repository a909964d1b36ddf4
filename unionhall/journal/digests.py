"""Keyed digests of rows, whatever their table: what an audit entry seals, and what `verify` compares.

A digest is 16 bytes of HMAC-SM3 over the row's columns in one unambiguous text, the same on every database; sealed columns
count as their envelopes. The key is derived per table and list of columns (its *form*), so a digest of one table says
nothing of another, and one made before a column was added is checked over the columns there were.
"""

import json
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import methodcaller
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from unionhall.storage.sealed import keys

DIGEST = 16
GONE = bytes(DIGEST)
"""Instead of a digest: the row was taken away."""
UNSEEN = b"\xff" * DIGEST
"""Instead of a digest: the row should have been there when its batch was sealed, and was not."""

Form = tuple[str, ...]
"""The columns (attribute names) a digest covers, in order."""
Row = Sequence[Any]


class Part(NamedTuple):
    """The digests of rows of one table: `digests[n]` is that of `ids[n]`; ids ascend."""

    table: str
    form: Form
    ids: Sequence[int]
    digests: Sequence[bytes]


def form_of(model: type[models.Model]) -> Form:
    """Every column a table keeps, without those it declares as `unsealed_columns` (what changes without an action)."""
    left_out = getattr(model, "unsealed_columns", ())
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname not in left_out)


@cache
def _digester(model: type[models.Model], form: Form) -> Callable[[Row], bytes]:
    return digester(model, form)


def digester(model: type[models.Model], form: Form) -> Callable[[Row], bytes]:
    """(values in the order of the form) -> digest."""
    mac = keys().mac(f"row/{model._meta.label_lower}/{','.join(form)}")
    canonical = writer(model, form)

    def digest(row: Row) -> bytes:
        return mac(canonical(row).encode())

    return digest


def writer(model: type[models.Model], form: Form) -> Callable[[Row], str]:
    """(values in the order of the form) -> the text that is digested. Raises `LookupError` for a column it cannot write.

    Numbers, days, yes and no, and NULL write themselves, in C; only the others are put into words one by one.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    kinds = [_kind(fields[name]) for name in form]
    special = tuple((place, _WRITTEN[kind]) for place, kind in enumerate(kinds) if kind in _WRITTEN)
    template = "|".join(["%s"] * len(form))

    def canonical(row: Row) -> str:
        values = list(row)
        for place, write in special:
            value = values[place]
            if value is not None:
                values[place] = write(value)
        return template % tuple(values)

    return canonical


def digest_rows(model: type[models.Model], ids: Iterable[int], *, absent: bytes = GONE) -> Part:
    """The digests of these rows as the database holds them now; `absent` for those that are not there."""
    form = form_of(model)
    digest, pk = digester(model, form), form.index(_key(model))
    wanted = sorted(set(ids))
    found: dict[int, bytes] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        rows = model._base_manager.filter(pk__in=wanted[at : at + _AT_ONCE]).values_list(*form)
        # A cursor of the server's keeps many rows out of memory, and takes three turns where few need one.
        found |= {row[pk]: digest(row) for row in (rows if len(wanted) <= _FEW else rows.iterator(_AT_ONCE))}
    return Part(model._meta.label_lower, form, wanted, [found.get(number, absent) for number in wanted])


def digest_written(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> Part:
    """The digests of rows just written from these very values, which need not be read again. Columns that are not named
    are NULL in the table; the values are of the columns' own types.
    """
    form = form_of(model)
    digest, at = _digester(model, form), {name: place for place, name in enumerate(names)}
    places = [at.get(name) for name in form]
    told = [[None if place is None else row[place] for place in places] for row in rows]
    key = at[_key(model)]
    return Part(model._meta.label_lower, form, [row[key] for row in rows], [digest(row) for row in told])


def pack(parts: Iterable[Part]) -> bytes:
    """Parts as an entry keeps them; `unpack` reads them back."""
    packed = []
    for table, form, ids, digests in parts:
        numbers = pack_ids(ids)
        head = f"{table} {','.join(form)} {len(ids)} {len(numbers)}\n".encode()
        packed += [head, numbers, *digests]
    return b"".join(packed)


def unpack(packed: bytes) -> Iterator[Part]:
    """The parts of an entry; raises `ValueError` when it is no such thing."""
    at = 0
    while at < len(packed):
        end = packed.index(b"\n", at)
        table, form, count, length = packed[at:end].decode().split(" ")
        numbers, digests = end + 1, end + 1 + int(length)
        at = digests + DIGEST * int(count)
        if at > len(packed):
            raise ValueError("digests cut short")
        ids = unpack_ids(packed[numbers:digests])
        told = [packed[place : place + DIGEST] for place in range(digests, at, DIGEST)]
        if len(ids) != len(told):
            raise ValueError("as many digests as rows")
        yield Part(table, tuple(form.split(",")), ids, told)


def pack_ids(ids: Sequence[int]) -> bytes:
    """Ascending numbers as their differences, compressed: ids of one import are mostly neighbours."""
    steps = array("q", [number - before for number, before in zip(ids, [0, *ids], strict=False)])
    if steps.itemsize != 8:
        raise RuntimeError("numbers of 64 bits")
    return zlib.compress(_big_endian(steps).tobytes(), 1)


def unpack_ids(packed: bytes) -> list[int]:
    """The numbers `pack_ids` packed."""
    steps = array("q")
    steps.frombytes(zlib.decompress(packed))
    numbers, at = [], 0
    for step in _big_endian(steps):
        at += step
        numbers.append(at)
    return numbers


def model_of(table: str) -> type[models.Model]:
    """The model of a part's table."""
    return apps.get_model(table)


_AT_ONCE = 5_000
_FEW = 100


def _key(model: type[models.Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return key.attname


def _big_endian(numbers: "array[int]") -> "array[int]":
    if array("h", [1]).tobytes() == b"\x01\x00":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers


def _text(value: str) -> str:
    # Only text can hold the separator, so only text says how long it is.
    return f"{len(value)}:{value}"


def _json(value: Any) -> str:
    return _text(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _instant(value: datetime) -> datetime:
    return value.astimezone(UTC)


_PLAIN = frozenset((
    "BigAutoField", "BigIntegerField", "IntegerField", "PositiveIntegerField", "PositiveBigIntegerField", "SmallIntegerField",
    "PositiveSmallIntegerField", "UUIDField", "BooleanField", "DateField",
))  # fmt: skip
"""Kinds of columns whose values have one way of being written, and cannot be taken for another's or for NULL ("None")."""
_WRITTEN: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("CharField", "TextField", "FileField", "SlugField", "URLField", "EmailField"), _text),
    **dict.fromkeys(("BinaryField", "SealedField"), methodcaller("hex")), "JSONField": _json, "DateTimeField": _instant,
}  # fmt: skip
"""How a value of the other kinds is written. A kind that is in neither cannot be digested, and says so."""


@cache
def _kind(field: "models.Field[Any, Any]") -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    kind = field.get_internal_type()
    if kind not in _PLAIN and kind not in _WRITTEN:
        raise LookupError(f"{field}: a {kind} cannot be digested yet")
    return kind
