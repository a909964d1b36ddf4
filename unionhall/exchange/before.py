"""Rows as they stood before a batch changed them, kept so that the batch can be taken back."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import models

from unionhall.exchange.models import Before
from unionhall.kernel.secret import Secret
from unionhall.storage import bulk

_AT_ONCE = 5_000


def keep(batch: int, model: type[models.Model], ids: Iterable[int]) -> None:
    """Remember these rows as they stand now, once per batch: the first call counts, later ones change nothing."""
    wanted = list(dict.fromkeys(ids))
    table = model._meta.label_lower
    for at in range(0, len(wanted), _AT_ONCE):
        part = wanted[at : at + _AT_ONCE]
        kept = set(Before.objects.filter(batch_id=batch, table=table, row__in=part).values_list("row", flat=True))
        rows = model._default_manager.filter(pk__in=[number for number in part if number not in kept]).values()
        found = [(batch, table, row["id"], _packed(row)) for row in rows]
        bulk.insert(Before, ("id", "batch_id", "table", "row", "values"),
                    [(number, *row) for number, row in zip(bulk.ids(Before, len(found)), found, strict=True)])


def unpacked(values: dict[str, Any]) -> dict[str, Any]:
    """Column values as they were, from what `keep` stored."""
    return {name: _unpack(value) for name, value in values.items()}


def model_of(table: str) -> type[models.Model]:
    """The model behind `Before.table`."""
    return apps.get_model(table)


def _packed(row: dict[str, Any]) -> str:
    return json.dumps({name: _pack(value) for name, value in row.items()}, ensure_ascii=False)


def _pack(value: Any) -> Any:
    if isinstance(value, Secret):
        value = value.envelope
    if isinstance(value, bytes | memoryview):
        return {"bytes": b64encode(bytes(value)).decode()}
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, dict | list | tuple):
        return {"json": value}
    return value


def _unpack(value: Any) -> Any:
    match value:
        case {"bytes": str(packed)}:
            return b64decode(packed)
        case {"at": str(written)}:
            return datetime.fromisoformat(written)
        case {"day": str(written)}:
            return date.fromisoformat(written)
        case {"json": inner}:
            return inner
    return value


def json_text(value: Any) -> str:
    """A JSON column's value as `storage.bulk` takes it."""
    return json.dumps(value, ensure_ascii=False)


def rows_of(batch: int) -> Sequence[Before]:
    """Everything a batch changed, latest first."""
    return list(Before.objects.filter(batch_id=batch).order_by("-id"))
