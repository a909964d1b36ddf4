"""The first load of empty tables: their indexes and foreign keys are put back once, when the rows are in.

Keeping fifteen indexes and five foreign keys in step costs three times as much as writing the rows. All of it happens in
the caller's transaction, so a load that fails leaves tables, indexes and keys as they were; a row that breaks a key or a
unique index fails when that is put back. Only for tables without rows: on PostgreSQL they are locked, and only then does
nobody miss them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, models, router

_SQLITE = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL ORDER BY rowid"
)
_KEYS = """
    SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype IN ('f', 'u') AND NOT EXISTS (
        SELECT 1 FROM pg_constraint other WHERE other.conindid = pg_constraint.conindid AND other.contype = 'f'
        AND pg_constraint.contype = 'u')
    ORDER BY contype, conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY indexrelid
"""


@contextmanager
def into_empty(*tables: type[models.Model]) -> Iterator[bool]:
    """Inside a transaction: rows written under it are indexed at its end. Gives whether that was done.

    If any of the tables has a row, nothing is changed.
    """
    if not tables or any(table._default_manager.exists() for table in tables):
        yield False
        return
    connection = connections[router.db_for_write(tables[0])]
    names = [table._meta.db_table for table in tables]
    back = _take_sqlite(connection, names) if connection.vendor == "sqlite" else _take_postgresql(connection, names)
    yield True
    with connection.cursor() as cursor:
        for statement in back:
            cursor.execute(statement)


def _take_sqlite(connection: Any, names: list[str]) -> list[str]:
    back: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA threads = 2")  # sorting for an index may use another core
        cursor.execute("PRAGMA cache_size")
        back.append(f"PRAGMA cache_size = {cursor.fetchone()[0]}")
        cursor.execute(
            "PRAGMA cache_size = -196608"
        )  # what one transaction writes should not be read back from its log
        for table in names:
            cursor.execute(_SQLITE, [table])
            for name, statement in cursor.fetchall():
                back.insert(-1, statement)
                cursor.execute(f'DROP INDEX "{name}"')
    return back


def _take_postgresql(connection: Any, names: list[str]) -> list[str]:
    indexes, keys = [], []
    with connection.cursor() as cursor:
        for table in names:
            cursor.execute(_KEYS, [table])
            for name, definition in cursor.fetchall():
                keys.append(f'ALTER TABLE "{table}" ADD CONSTRAINT {name} {definition}')
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT {name}')
            cursor.execute(_INDEXES, [table])
            for name, definition in cursor.fetchall():
                indexes.append(definition)
                cursor.execute(f"DROP INDEX {name}")
    return indexes + keys
