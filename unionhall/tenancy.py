"""Which district this process serves.

One installation serves one district: this module is the single-machine mode, and the only place that will ever know of
more (design/scale.md: one PostgreSQL schema per district, bound at the edge). The domain never mentions a tenant.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def database(url: str) -> dict[str, Any]:
    """Django's settings of the one database: "sqlite:////var/lib/unionhall/db.sqlite3" or "postgresql://user@host/name"."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        if not parts.path.strip("/"):
            raise ImproperlyConfigured("DATABASE_URL: sqlite needs a file, sqlite:////path/to/db.sqlite3")
        return {
            "ENGINE": "unionhall.storage.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;"
                "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=268435456;",
            },
        }
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "unionhall.storage.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"DATABASE_URL: sqlite:// or postgresql://, not {parts.scheme or 'nothing'}://")
