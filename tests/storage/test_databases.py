"""The two databases: settings from one address, and foreign keys that speak when they are broken."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction

from unionhall.organisations.models import Cover
from unionhall.tenancy import database


def test_an_address_of_either_database() -> None:
    sqlite = database("sqlite:////var/lib/unionhall/db.sqlite3")
    assert (sqlite["ENGINE"], sqlite["NAME"]) == ("unionhall.storage.sqlite3", "/var/lib/unionhall/db.sqlite3")
    assert sqlite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    other = database("postgresql://li%40hall:p%2Fw@db.example:5433/union_hall")
    assert other["ENGINE"] == "unionhall.storage.postgresql"
    assert [other[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "union_hall", "li@hall", "p/w", "db.example", "5433",
    ]  # fmt: skip


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "sqlite:///", "/var/db.sqlite3"])
def test_any_other_address_stops_the_process_by_name(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database(url)


@pytest.mark.django_db
def test_a_row_that_points_nowhere_is_refused_at_once() -> None:
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        Cover.objects.create(union_id=10**9, employer_id=10**9, path="101", since="2015-01-01")


@pytest.mark.django_db
def test_no_foreign_key_waits_for_the_end_of_a_transaction() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_constraint WHERE condeferred")
            assert cursor.fetchone() == (0,)
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE sql LIKE '%DEFERRABLE%'")
            assert cursor.fetchall() == []
            cursor.execute("PRAGMA foreign_keys")
            assert cursor.fetchone() == (1,)
