"""Rows in bulk: COPY on PostgreSQL, executemany on SQLite; blocks of ids known before the rows are written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from itertools import chain, count, islice, repeat
from typing import Any, NamedTuple

from django.db import connections, models, router, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

Row = Sequence[Any]

_COPY_TYPES = {
    "BigAutoField": "int8", "BigIntegerField": "int8", "ForeignKey": "int8", "OneToOneField": "int8",
    "IntegerField": "int4", "PositiveIntegerField": "int4", "SmallIntegerField": "int2", "PositiveSmallIntegerField": "int2",
    "CharField": "varchar", "TextField": "text", "DateField": "date", "DateTimeField": "timestamptz",
    "BinaryField": "bytea", "SealedField": "bytea", "BooleanField": "bool", "JSONField": "jsonb",
}  # fmt: skip

_MOST_VARIABLES = 8_000
"""A quarter of what SQLite takes in one statement unless it was built otherwise."""
_FEW = 8
"""So few rows are one statement; COPY would take three turns with the server."""
_RESERVE = """
    SELECT min(n), max(n), CASE WHEN max(n) - min(n) + 1 > count(*) THEN array_agg(n ORDER BY n) END
    FROM (SELECT nextval({}) AS n FROM generate_series(1, %s)) AS taken
"""
"""Nearly always nobody else takes ids meanwhile, and the first and the last say all; else each is named."""


def ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve `count` ids of a table. On SQLite only inside the writing transaction, which is exclusive there."""
    if count <= 0:
        return []
    connection = connections[router.db_for_write(model)]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Named in the text, it is looked up once and not for every id.
            sequence = sql.Literal(_sequence(connection, table))
            if count == 1:
                cursor.execute(sql.SQL("SELECT nextval({})").format(sequence))
                return [cursor.fetchone()[0]]
            cursor.execute(sql.SQL(_RESERVE).format(sequence), [count])
            first, last, numbers = cursor.fetchone()
            return list(range(first, last + 1)) if numbers is None else numbers
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        if found:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [first + count - 1, table])
        else:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first + count - 1])
        return list(range(first, first + count))


def one_id_of(*tables: type[models.Model]) -> list[int]:
    """Reserve one id of each table, on PostgreSQL in one turn."""
    connection = connections[router.db_for_write(tables[0])]
    if connection.vendor != "postgresql":
        return [ids(table, 1)[0] for table in tables]
    wanted = [sql.SQL("nextval({})").format(sql.Literal(_sequence(connection, one._meta.db_table))) for one in tables]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(wanted)))
        return list(cursor.fetchone())


_sequences: dict[tuple[str, str], str] = {}


def _sequence(connection: Any, table: str) -> str:
    """The sequence a table's ids come from; asked once a process, as one action in a rush would else ask three times."""
    known = connection.alias, table
    if known not in _sequences:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            _sequences[known] = cursor.fetchone()[0]
    return _sequences[known]


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows (tuples in the order of the attribute names) inside the caller's transaction; how many were written.

    A JSON column takes JSON text, here and in `update`. On PostgreSQL rows made one by one (a generator) are made while
    the server takes in those before.
    """
    if not rows:
        return 0
    connection = connections[router.db_for_write(model)]
    transaction.get_connection(connection.alias)  # an alias that does not exist fails here, by name
    fields = [_field(model, name) for name in names]
    columns = [str(field.column) for field in fields]
    if connection.vendor == "postgresql" and isinstance(rows, list) and len(rows) <= _FEW:
        with connection.cursor() as cursor:
            cursor.execute(_few_rows(model._meta.db_table, tuple(columns), len(rows)), list(chain.from_iterable(rows)))
        return len(rows)
    if connection.vendor == "postgresql":
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
            sql.Identifier(model._meta.db_table), sql.SQL(", ").join([sql.Identifier(column) for column in columns])
        )
        # COPY goes past Django's cursor, and so would its errors.
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types([_COPY_TYPES[field.get_internal_type()] for field in fields])
            write, count = copy.write_row, 0
            for count, row in enumerate(_postgresql_rows(fields, rows), 1):  # noqa: B007 - counted
                write(row)
        return count
    return _sqlite_insert(connection, model._meta.db_table, fields, rows)


@lru_cache(maxsize=256)
def _few_rows(table: str, columns: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES {", ".join([row] * rows)}'


class Same(NamedTuple):
    """In `insert_columns`, a column that says the same in every row."""

    value: Any


Column = Sequence[Any] | Same


def insert_columns(model: type[models.Model], names: Sequence[str], columns: Sequence[Column], count: int) -> None:
    """`insert` for `count` rows that are held by columns, in the order of the attribute names: no row is ever made."""
    if count:
        if connections[router.db_for_write(model)].vendor == "postgresql":
            insert(model, names, zip(*(_spread(column, count) for column in columns), strict=True))
            return
        connection = connections[router.db_for_write(model)]
        fields = [_field(model, name) for name in names]
        with connection.wrap_database_errors:
            _sqlite_insert_columns(connection, model._meta.db_table, fields, columns, count)


def _spread(column: Column, count: int) -> Iterable[Any]:
    return repeat(column.value, count) if isinstance(column, Same) else column


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> int:
    """Change rows in bulk: each tuple is (id, new values in the order of the names)."""
    if not rows:
        return 0
    connection = connections[router.db_for_write(model)]
    fields = [_field(model, name) for name in names]
    key = model._meta.pk
    assert key is not None
    if connection.vendor == "postgresql":
        changes = ", ".join(f'"{field.column}" = %s' for field in fields)
        statement = f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "{key.column}" = %s'
        with connection.cursor() as cursor:
            cursor.executemany(statement, [(*row[1:], row[0]) for row in rows])
        return len(rows)
    changes = ", ".join(f'"{field.column}" = ?' for field in fields)
    statement = f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "{key.column}" = ?'
    number, *cells = zip(*rows, strict=True)
    _sqlite_many(connection, statement, _sqlite_rows([*fields, key], [*cells, number]))
    return len(rows)


@cache
def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise LookupError(f"{model.__name__} has no column {name}")


def _postgresql_rows(fields: Sequence["models.Field[Any, Any]"], rows: Iterable[Row]) -> Iterable[Row]:
    """COPY would write JSON text as one JSON string."""
    converters = {place: _json_text for place, field in enumerate(fields) if field.get_internal_type() == "JSONField"}
    return (_converted(row, converters) for row in rows) if converters else rows


def _json_text(text: str) -> Jsonb:
    return Jsonb(text, dumps=str)


def _sqlite_insert(connection: Any, table: str, fields: Sequence["models.Field[Any, Any]"], rows: Iterable[Row]) -> int:
    """Many rows a statement: half the time of a statement a row. What a whole column repeats is bound once."""
    cells: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
    if not cells:
        return 0
    total = len(cells[0])
    columns = [Same(column[0]) if column.count(column[0]) == total else column for column in cells]
    with connection.wrap_database_errors:
        _sqlite_insert_columns(connection, table, fields, columns, total)
    return total


def _sqlite_insert_columns(
    connection: Any, table: str, fields: Sequence["models.Field[Any, Any]"], columns: Sequence[Column], total: int
) -> None:
    # A column nobody filled is left to the table.
    filled = [
        one for one in zip(fields, columns, strict=True) if not (isinstance(one[1], Same) and one[1].value is None)
    ]
    once = [next(iter(_sqlite_column(field, [one.value]))) for field, one in filled if isinstance(one, Same)]
    changing = zip(*(_sqlite_column(field, one) for field, one in filled if not isinstance(one, Same)), strict=True)
    names, same = tuple(str(field.column) for field, _ in filled), tuple(isinstance(one, Same) for _, one in filled)
    at_once = _MOST_VARIABLES // len(filled)
    with connection.cursor() as cursor:
        # Below Django's cursor: its per-parameter formatting would double the time of a roster.
        execute = cursor.cursor.connection.execute
        for start in range(0, total, at_once):
            some = min(at_once, total - start)
            execute(_sqlite_statement(table, names, same, some), [*once, *chain.from_iterable(islice(changing, some))])


@lru_cache(maxsize=64)
def _sqlite_statement(table: str, names: tuple[str, ...], same: tuple[bool, ...], rows: int) -> str:
    """The places of the values that repeat come first and are shared by all rows; the others are each row's own."""
    shared, own = count(1), count(1 + sum(same))
    places = [f"?{next(shared)}" if repeats else "" for repeats in same]
    row = (f"({', '.join([place or f'?{next(own)}' for place in places])})" for _ in range(rows))
    columns = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table}" ({columns}) VALUES {", ".join(row)}'


def _sqlite_many(connection: Any, statement: str, rows: Iterable[Row]) -> None:
    with connection.wrap_database_errors, connection.cursor() as cursor:
        # Below Django's cursor: its per-parameter formatting would double the time of a roster.
        cursor.cursor.connection.executemany(statement, rows)


def _sqlite_rows(fields: Sequence["models.Field[Any, Any]"], cells: Sequence[Sequence[Any]]) -> Iterable[Row]:
    """Rows of these columns as SQLite keeps them."""
    return zip(*map(_sqlite_column, fields, cells), strict=True)


def _sqlite_column(field: "models.Field[Any, Any]", column: Sequence[Any]) -> Iterable[Any]:
    """Dates and instants as text; bytes as what the driver takes without looking for an adapter."""
    words = _TEXTS.get(field.get_internal_type())
    if words is not None:
        return map(_Remembered(words).__getitem__, column)  # a roster has few different days
    if type(column[0]) is bytes and None not in column:
        return map(bytearray, column)
    return column


class _Remembered(dict[Any, Any]):
    def __init__(self, words: Callable[[Any], str]) -> None:
        self.words = words
        self[None] = None

    def __missing__(self, value: Any) -> str:
        text = self[value] = self.words(value)
        return text


def _converted(row: Row, converters: Mapping[int, Callable[[Any], Any]]) -> Row:
    out = list(row)
    for place, convert in converters.items():
        if out[place] is not None:
            out[place] = convert(out[place])
    return out


def _date_text(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _instant_text(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


_TEXTS: dict[str, Callable[[Any], str]] = {"DateField": _date_text, "DateTimeField": _instant_text}
