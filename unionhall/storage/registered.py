"""Rows of a register written in bulk from NamedTuples whose fields are the columns' names, the last one `digest`."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from unionhall.storage import bulk

Fields = Any
"""A NamedTuple: attribute names of the model, then `digest` (bytes | None)."""


def add(model: type[models.Model], rows: Sequence[Fields], batch: int | None) -> list[int]:
    """Write new rows inside the caller's transaction; their ids, in order."""
    if not rows:
        return []
    numbers = bulk.ids(model, len(rows))
    names = ("id", *rows[0]._fields, "batch")
    bulk.insert(model, names, [(number, *row, batch) for number, row in zip(numbers, rows, strict=True)])
    return numbers


def change(model: type[models.Model], rows: Sequence[tuple[int, Fields]]) -> None:
    """Change rows that stand; a row that came without a digest clears the one of the import it no longer equals."""
    if rows:
        bulk.update(model, rows[0][1]._fields, [(number, *row) for number, row in rows])
