"""A database of its own for the long runs, which no test session carries: `python -m tests.matrix.nasty`, `…mutants`."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import setup_test_environment, teardown_test_environment

django.setup()


@contextmanager
def stage(*, in_memory: bool = False) -> Iterator[None]:
    """Make the test database, stand in one transaction over it, and take both away.

    `in_memory`: SQLite without a file, so that a forked process has a copy of its own.
    """
    logging.disable(logging.CRITICAL)
    if in_memory and connection.vendor == "sqlite":
        settings.DATABASES["default"]["TEST"]["NAME"] = connection.settings_dict["TEST"]["NAME"] = None
    setup_test_environment(debug=False)
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
        teardown_test_environment()
        logging.disable(logging.NOTSET)
