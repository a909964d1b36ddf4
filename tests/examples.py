"""How many examples a property is tried with."""

from django.db import connection


def examples(many: int) -> int:
    """All of them on SQLite; on PostgreSQL, where a property needs the database only to be kept and read back, a third."""
    return max(many // 3, 2) if connection.vendor == "postgresql" else many
