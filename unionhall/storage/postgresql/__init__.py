"""Django's PostgreSQL backend with foreign keys checked at once (design/scale.md, rule 4)."""
