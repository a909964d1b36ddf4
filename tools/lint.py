"""`make lint`: every check that needs no running test. All are run, as many at once as there are cores; one that fails makes the whole fail."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable

CHECKS = (
    ("types", (f"{BIN}/mypy",)),
    ("imports only go down", (f"{BIN}/lint-imports", "--no-logo")),
    ("declarations (system checks)", (PYTHON, "-m", "django", "check", "--fail-level", "WARNING")),
    ("migrations are complete", (PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run")),
    ("texts in two languages", (PYTHON, "tools/messages.py", "--check")),
    ("generated docs are current", (PYTHON, "tools/docs.py", "--check")),
    ("vendored files are unchanged", (PYTHON, "tools/vendor.py")),
    ("style", (f"{BIN}/ruff", "check", "--output-format", "concise")),
    ("layout", (f"{BIN}/ruff", "format", "--check", "--output-format", "concise")),
)
"""The longest first: the others are done beside it."""


class Outcome(NamedTuple):
    """What a check said; "" when all is well."""

    title: str
    wrong: str
    seconds: float


def environment(home: str) -> dict[str, str]:
    """Settings that depend on no installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "unionhall.settings",
        "PYTHONPATH": str(HERE),
        "UNIONHALL_HOME": home,
        "UNIONHALL_SECRET_KEY": "only-to-check",
    }


def check(title: str, command: tuple[str, ...], home: str) -> Outcome:
    began = time.monotonic()
    done = subprocess.run(command, cwd=HERE, env=environment(home), capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr or f"exit status {done.returncode}\n"
    return Outcome(title, said if done.returncode else "", time.monotonic() - began)


def main() -> None:
    failed = []
    with tempfile.TemporaryDirectory(prefix="unionhall-lint-") as home, ThreadPoolExecutor(os.cpu_count()) as pool:
        asked = [pool.submit(check, title, command, home) for title, command in CHECKS]
        for one in as_completed(asked):
            title, wrong, seconds = one.result()
            if wrong:
                failed.append(title)
                print(f"✗ {title}\n{wrong}", flush=True)
            else:
                print(f"✓ {title} ({seconds:.1f} s)", flush=True)
    if failed:
        sys.exit(f"make lint: {len(failed)} of {len(CHECKS)} checks failed: {'; '.join(failed)}")


if __name__ == "__main__":
    main()
