"""One migrated database for all processes of a run: the first that needs it applies every migration, the others copy it.

A process of `pytest -n` finds the migrated database as a file beside the run's other files (SQLite), or as a database
whose name ends in `_migrated` (PostgreSQL, which copies it by CREATE DATABASE … TEMPLATE). `migrate` is run over each
copy too, and would apply what the copy lacks. A run of one process makes its database as Django does.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ENDS = "_migrated"


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Other processes that ask for the same lock wait until this one is through."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def database(shared: Path | None) -> Iterator[None]:
    """The tests' database of this process, made and taken away again.

    `shared`: a folder all processes of the run see; None when there is no other process.
    """
    before = connection.settings_dict["NAME"]
    copied = shared is not None and _copied(shared)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=copied)
    try:
        yield
    finally:
        _send_away()
        connection.creation.destroy_test_db(before, verbosity=0)


def _send_away() -> None:
    """A process some test killed may still stand in this database, for as long as the server has not noticed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _copied(shared: Path) -> bool:
    """See to it that this process begins with a copy; is the copy there already, or will Django still make it?"""
    told, on_file = connection.settings_dict["TEST"], connection.vendor == "sqlite"
    made = shared / f"migrated-{connection.vendor}"
    template = str(made.with_suffix(".sqlite3")) if on_file else template_name(str(told["NAME"]))
    with one_at_a_time(made.with_suffix(".lock")):
        if not made.exists():
            _make(template)
            made.touch()
        if on_file:
            shutil.copy(template, told["NAME"])
        else:
            told["TEMPLATE"] = template
    return on_file


def template_name(own: str) -> str:
    """The name of the migrated database, from that of a process ("test_x_gw3") or of the whole run ("test_x")."""
    return own.rpartition("_gw")[0] + ENDS if "_gw" in own else own + ENDS


def _make(template: str) -> None:
    told = connection.settings_dict
    before, own = told["NAME"], told["TEST"]["NAME"]
    told["TEST"]["NAME"] = template
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        told["TEST"]["NAME"] = own
        told["NAME"] = settings.DATABASES[connection.alias]["NAME"] = before


def drop() -> None:
    """After the run: the migrated database goes (a file goes with the run's folder)."""
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            name = connection.ops.quote_name(template_name(f"test_{connection.settings_dict['NAME']}"))
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
