"""`make test`: every test on SQLite, and again on PostgreSQL when one is reachable.

    python tools/runtests.py [ARGUMENTS OF PYTEST]

PostgreSQL: DATABASE_URL_TEST (postgresql://user:password@host:port/), or else a server that lets this user in on
127.0.0.1:5432 or its local socket. Databases named test_unionhall_… are made there and dropped again; nothing else is
touched. REQUIRE_POSTGRES=1 makes it a failure when none is reachable. The last lines are pytest's own closing lines.
"""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pytest

HERE = Path(__file__).resolve().parent.parent
GUESSES = ("postgresql://postgres@127.0.0.1:5432/", "postgresql:///")


def reachable() -> str | None:
    """The address, without a database name, of a server on which this user may create databases; None if there is none.

    A server that is named and cannot be used ends the run: silence would look like a pass.
    """
    named = os.environ.get("DATABASE_URL_TEST", "")
    for url in [named] if named else GUESSES:
        try:
            with psycopg.connect(f"{_server(url)}/postgres", connect_timeout=3) as connection:
                may = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError as error:
            if named:
                sys.exit(f"DATABASE_URL_TEST: {error}")
            continue
        if may and may[0]:
            return _server(url)
        if named:
            sys.exit("DATABASE_URL_TEST: this user may not create databases")
    return None


def _server(url: str) -> str:
    parts = urlsplit(url)
    return f"postgresql://{parts.netloc}"


def run(title: str, url: str, arguments: list[str]) -> tuple[int, str]:
    """Run pytest against one database; its exit status and closing line."""
    print(f"\n######## {title} ########\n", flush=True)
    command = [sys.executable, "-m", "pytest", *_parallel(arguments), *arguments]
    environment = {**os.environ, "TEST_DATABASE_URL": url}
    closing = ""
    with subprocess.Popen(command, cwd=HERE, env=environment, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout is not None
        for line in tests.stdout:
            print(line, end="", flush=True)
            closing = line.rstrip() or closing
    return tests.returncode, closing


def _parallel(arguments: list[str]) -> list[str]:
    """Four processes, a file each, unless the caller says otherwise or asks for little: half of the time is waiting.

    tests/conftest.py says in which order: the files that take longest come first.
    """
    if any(word.startswith(("-n", "--pdb", "--numprocesses", "--collect-only")) for word in arguments):
        return []
    if any("::" in word for word in arguments):
        return []
    return ["-n", "4", "--dist", "loadfile", "--no-loadscope-reorder"]


def main() -> None:
    arguments = sys.argv[1:]
    server = reachable()
    if server is None and os.environ.get("REQUIRE_POSTGRES") == "1":
        sys.exit("REQUIRE_POSTGRES=1, and no PostgreSQL is reachable")
    runs = [("SQLite", "")]
    if server is not None:
        runs.append(
            (f"PostgreSQL {urlsplit(server).hostname or 'socket'}", f"{server}/{quote(f'unionhall_{os.getpid()}')}")
        )
    outcomes = [(title, *run(title, url, arguments)) for title, url in runs]
    if server is None:
        print("\n######## PostgreSQL was NOT run: none is reachable, and DATABASE_URL_TEST is not set ########")
    print()
    for title, _, closing in outcomes:
        print(f"{title}:\n{closing}", flush=True)
    # Tests that need no database run on the first only: a second run that finds none left to do has failed nothing.
    first, *others = (status for _, status, _ in outcomes)
    sys.exit(first != 0 or any(status not in (0, pytest.ExitCode.NO_TESTS_COLLECTED) for status in others))


if __name__ == "__main__":
    main()
