"""Files of a matter on their way in: looked over and sealed, before a row names them. No table is touched."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from unionhall.exchange import casefile_guard, strongroom

_NAME = 120


class Kept(NamedTuple):
    """A file that was looked over and sealed, and that no row names yet."""

    name: str
    form: str
    size: int
    token: str


def take(path: Path, name: str) -> Kept:
    """Look a file over and seal it; touches no table. Whoever does not `add` what it gives must `drop` it."""
    form = casefile_guard.check(path)
    with path.open("rb") as source:
        return Kept(_clean(name, form), form, path.stat().st_size, strongroom.seal(source))


def drop(kept: Sequence[Kept]) -> None:
    """Forget files that were sealed and not added."""
    for one in kept:
        strongroom.forget(one.token)


def _clean(name: str, form: str) -> str:
    """What it was called, without folders and invisible marks, under the ending its bytes deserve."""
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2]).rpartition(".")[0]
    bare = "".join(mark for mark in bare if mark.isprintable()).strip()[:_NAME] or "材料"
    return f"{bare}.{form}"
