"""One writer at a time, for the few tables whose next row depends on the last one."""

from django.db import connections, models, router, transaction
from psycopg import sql


def take(model: type[models.Model]) -> None:
    """Wait until no other transaction writes this table, and keep others waiting until the caller's transaction ends.

    Readers are not held up. On SQLite the transaction, begun IMMEDIATE, is the only writer already.
    """
    connection = connections[router.db_for_write(model)]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a turn is taken inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.Identifier(model._meta.db_table))
            )
