"""Rows as they stood before a batch changed them, kept so that the batch can be taken back.

The database writes them itself, one statement for many rows: a bank's reply changes two hundred thousand cards. What is
kept of a row is one JSON object, each key the column's name and how its value is written ("number:hex", "made_on:day").
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connections, models, router

from unionhall.exchange.models import Before

_AT_ONCE = 50_000

_WRITTEN = {
    "BinaryField": "hex", "SealedField": "hex", "DateField": "day", "DateTimeField": "at", "BooleanField": "yes",
    "JSONField": "json", "CharField": "as", "TextField": "as", "BigAutoField": "as", "BigIntegerField": "as",
    "IntegerField": "as", "PositiveIntegerField": "as", "SmallIntegerField": "as", "PositiveSmallIntegerField": "as",
    "ForeignKey": "as", "OneToOneField": "as",
}  # fmt: skip
"""How the values of a kind of column are written. A kind that is not here cannot be kept, and says so."""

_SQLITE = {"hex": "CASE WHEN {0} IS NOT NULL THEN hex({0}) END", "json": "json({0})"}
_POSTGRESQL = {"hex": "encode({0}, 'hex')"}


def keep(batch: int, model: type[models.Model], ids: Iterable[int], *, only: tuple[str, ...] = ()) -> None:
    """Remember these rows as they stand now, once per batch: the first call counts, later ones change nothing.

    With `only`, nothing but these columns is remembered, and put back.
    """
    wanted = sorted(set(ids))
    alias = router.db_for_write(Before)
    statement = _statement(model, connections[alias].vendor, only)
    with connections[alias].cursor() as cursor:
        for at in range(0, len(wanted), _AT_ONCE):
            part = wanted[at : at + _AT_ONCE]
            rows: Any = part if connections[alias].vendor == "postgresql" else json.dumps(part)
            cursor.execute(statement, [batch, model._meta.label_lower, rows])


def unpacked(values: dict[str, Any]) -> dict[str, Any]:
    """Column values as they were, from what `keep` stored."""
    found = {}
    for key, value in values.items():
        name, _, how = key.rpartition(":")
        found[name] = None if value is None else _READ[how](value)
    return found


def model_of(table: str) -> type[models.Model]:
    """The model behind `Before.table`."""
    return apps.get_model(table)


def json_text(value: Any) -> str:
    """A JSON column's value as `storage.bulk` takes it."""
    return json.dumps(value, ensure_ascii=False)


def rows_of(batch: int) -> Sequence[Before]:
    """Everything a batch changed, latest first."""
    return list(Before.objects.filter(batch_id=batch).order_by("-id"))


@cache
def _statement(model: type[models.Model], vendor: str, only: tuple[str, ...]) -> str:
    """INSERT … SELECT with three parameters: the batch, the table's label, the ids."""
    sql = _POSTGRESQL if vendor == "postgresql" else _SQLITE
    pairs = []
    for field in model._meta.concrete_fields:
        if not field.primary_key and (not only or field.attname in only):
            how = _WRITTEN[field.get_internal_type()]
            pairs.append(f"""'{field.attname}:{how}', {sql.get(how, "{0}").format(f'"{field.column}"')}""")
    make, among = ("jsonb_build_object", "= ANY(%s)") if vendor == "postgresql" else (
        "json_object", "IN (SELECT value FROM json_each(%s))")  # fmt: skip
    table, key = model._meta.db_table, model._meta.pk
    assert key is not None
    return f"""
        INSERT INTO "{Before._meta.db_table}" ("batch_id", "table", "row", "values")
        SELECT %s, %s, "{key.column}", {make}({", ".join(pairs)})
        FROM "{table}" WHERE "{key.column}" {among} ORDER BY "{key.column}"
        ON CONFLICT ("batch_id", "table", "row") DO NOTHING
    """  # noqa: S608 - names of tables and columns, all our own


def _instant(written: str) -> datetime:
    """SQLite keeps instants in UTC and does not say so."""
    read = datetime.fromisoformat(written)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_READ: dict[str, Callable[[Any], Any]] = {
    "hex": bytes.fromhex, "day": date.fromisoformat, "at": _instant, "yes": bool, "json": lambda value: value,
    "as": lambda value: value,
}  # fmt: skip
