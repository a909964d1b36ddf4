"""What an installation needs before Django can start: a home of its own, a secret, sealing keys. Knows no database."""

import os
import secrets
from pathlib import Path

from environs import Env

from unionhall.kernel.keys import create_keys

DEMONSTRATION = "demonstration"
"""A file of this name in the home marks a demonstration: its accounts may be shown on the sign-in page."""


def home() -> Path:
    """UNIONHALL_HOME, or ./var."""
    return Env(prefix="UNIONHALL_").path("HOME", default=Path.cwd() / "var")


def prepare(*, demonstration: bool = False) -> Path:
    """Make the home, the secret and the key file where they are missing; existing ones are never touched."""
    here = home()
    here.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = here / "secret_key"
    if not secret.exists() and not os.environ.get("UNIONHALL_SECRET_KEY"):
        _private(secret, secrets.token_urlsafe(64))
    env = Env(prefix="UNIONHALL_")
    keys = env.path("KEY_FILE", default=here / "keys.json")
    if not keys.exists():
        create_keys(keys, cipher="sm4-gcm" if env.str("CIPHER", default="aes-gcm") == "sm4-gcm" else "aes-gcm")
    if demonstration:
        (here / DEMONSTRATION).touch()
    return here


def _private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
