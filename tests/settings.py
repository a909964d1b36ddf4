"""Settings of the tests: the product's own, over a home, keys and a database that nobody else uses.

TEST_DATABASE_URL names another database than the SQLite default (tools/runtests.py sets it); Django makes and drops a
database "test_…" of its own there.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from unionhall.kernel.keys import create_keys

_home = Path(tempfile.mkdtemp(prefix="unionhall-tests-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("UNIONHALL_")]:
    del os.environ[_name]
os.environ |= {
    "UNIONHALL_HOME": str(_home),
    "UNIONHALL_SECRET_KEY": "only-for-tests-" + "x" * 50,
    "UNIONHALL_DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_home / 'unionhall.sqlite3'}",
    "DJANGO_SETTINGS_MODULE": "unionhall.settings",  # for commands a test starts as processes of their own
    # A browser's loop lives on in the thread after its test, and Django would take every later query for an async one.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
(_home / "static").mkdir()
create_keys(_home / "keys.json")

from unionhall.settings import *  # noqa: E402, F403 - the environment had to be set first

# A file, as in the product: what WAL and locks do is tested too.
if DATABASES["default"]["ENGINE"] == "unionhall.storage.sqlite3":  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(_home / "test.sqlite3")}  # noqa: F405

# Pages name their files without hashes, so that nothing has to be collected before a test.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
