"""Django's SQLite backend with foreign keys checked at once, as on PostgreSQL."""
