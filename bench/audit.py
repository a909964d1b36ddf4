"""The audit chain: writing, linking and walking it, and a register's rows against their digests, in rows a second.

    python -m bench.audit [--entries 50000] [--rows 200000] [--postgresql URL]

The floor is what no verification can do without: the same rows read with a bare cursor, and one plain SHA-256 over each.
Goal: the chain is walked at 40,000 entries a second or more.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from bench.report import databases

GOAL = 40_000


def main() -> int:
    """Exit status 1 when the goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1/postgres", help="'' leaves it out")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        django.setup()
        # Tables can be imported only now.
        from bench.auditrounds import rounds  # noqa: PLC0415

        return rounds(options.entries, options.rows, GOAL)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="unionhall-bench-") as home:
        for name, url in databases(options.postgresql, Path(home)):
            print(name, flush=True)
            missed |= _measured(url, Path(home) / name, options)
    return missed


def _measured(url: str, home: Path, options: argparse.Namespace) -> int:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = inherited | {
        "UNIONHALL_HOME": str(home), "UNIONHALL_DATABASE_URL": url, "UNIONHALL_SECRET_KEY": "bench-" + "x" * 60,
        "DJANGO_SETTINGS_MODULE": "unionhall.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.audit", "--measure"]
    command += ["--entries", str(options.entries), "--rows", str(options.rows)]
    return subprocess.run(command, env=environment, cwd=Path(__file__).parent.parent).returncode


if __name__ == "__main__":
    sys.exit(main())
