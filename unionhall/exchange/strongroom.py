"""Files of people kept sealed on disk, under random names; opened only into a private file that is gone when it was read.

A sealed file is blocks of one megabyte, each an envelope bound to the file's own name and to its place in the file, with
a mark on the last: a block changed, moved, left out or taken from another file does not open.
"""

import os
import secrets
import struct
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_noop as _

from unionhall.kernel.errors import Refused
from unionhall.kernel.keys import SealBroken
from unionhall.storage.sealed import keys

BLOCK = 2**20
FORGOTTEN, STRAY = 3_600, 24 * 3_600
"""Seconds."""
_COLUMN = "exchange_upload.file"
_LENGTH = struct.Struct(">I")
_LOST = _("存放的文件已不在或已损坏，请重新上传")


def seal(source: BinaryIO) -> str:
    """Keep what the source holds; the token it is found by."""
    token = secrets.token_hex(16)
    _path(token).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(token, _path(token), iter(lambda: source.read(BLOCK), b""))
    return token


def _write(token: str, path: Path, pieces: Iterator[bytes]) -> None:
    """Write what a token names to a new file, and be sure that it is on the disk."""
    service = keys()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for at, (block, last) in enumerate(looking_ahead(pieces)):
                envelope = service.seal(_COLUMN, _place(token, at), (b"." if last else b"+") + block)
                out.write(_LENGTH.pack(len(envelope)) + envelope)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def kept() -> Iterator[str]:
    """The token of every sealed file there is."""
    for path in sorted(_kept_in().glob("*.sealed")):
        yield path.stem


def envelopes(token: str) -> Iterator[bytes]:
    """A kept file's blocks as they lie there; none for one that has gone."""
    with suppress(FileNotFoundError), _path(token).open("rb") as file:
        while length := file.read(_LENGTH.size):
            yield file.read(_LENGTH.unpack(length)[0])


def reseal(token: str) -> None:
    """Seal a kept file anew with today's key; whoever reads it meanwhile reads the old one to its end. Raises `Refused`
    when it is not as it was.
    """
    in_place_of(_path(token), lambda beside: _write(token, beside, blocks(token)))


def in_place_of(path: Path, write: Callable[[Path], object]) -> None:
    """Have a file written anew beside the one there is, and put in its place at once, unless that has gone meanwhile."""
    beside = path.with_name(f"{path.stem}.resealed")
    beside.unlink(missing_ok=True)  # of one that was interrupted
    write(beside)
    if path.exists():
        beside.replace(path)
    else:
        beside.unlink()


def looking_ahead(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each piece, and whether it is the last; there is one even of nothing."""
    piece = next(pieces, b"")
    while (following := next(pieces, None)) is not None:
        yield piece, False
        piece = following
    yield piece, True


def blocks(token: str) -> Iterator[bytes]:
    """What was sealed, block by block. Raises `Refused` when it is not all there as it was."""
    service = keys()
    try:
        with _path(token).open("rb") as file:
            at, ended = 0, False
            while length := file.read(_LENGTH.size):
                block = service.open(_COLUMN, _place(token, at), file.read(_LENGTH.unpack(length)[0]))
                if ended:
                    raise SealBroken("blocks after the last")
                at, ended = at + 1, block[:1] == b"."
                yield block[1:]
            if not ended:
                raise SealBroken("the last block is missing")
    except (OSError, struct.error, SealBroken):
        raise Refused(_LOST) from None


@contextmanager
def opened(token: str, suffix: str) -> Iterator[Path]:
    """The file in the clear for as long as the block lasts."""
    with private(suffix) as path:
        with path.open("wb") as out:
            for block in blocks(token):
                out.write(block)
        yield path


@contextmanager
def private(suffix: str) -> Iterator[Path]:
    """A file in a directory only this user reads, empty at first, gone when the block ends."""
    sweep()
    # The name says whose it is, so that what a killed process left is found and removed.
    path = folder() / f"{os.getpid()}-{secrets.token_hex(8)}{suffix}"
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield path
    finally:
        path.unlink(missing_ok=True)


def folder() -> Path:
    """Where files lie in the clear while they are looked at."""
    here = settings.HOME / "files" / "open"
    here.mkdir(mode=0o700, parents=True, exist_ok=True)
    return here


def forget(token: str) -> None:
    """Remove a sealed file; one that has gone already is no matter."""
    if token:
        _path(token).unlink(missing_ok=True)


def sweep() -> int:
    """Remove files in the clear whose process is no more, or that nobody wrote to for an hour; how many."""
    gone = 0
    for path in folder().iterdir():
        owner = path.name.partition("-")[0]
        with suppress(FileNotFoundError):
            orphan = owner.isdecimal() and not Path(f"/proc/{owner}").exists()
            if orphan or (not owner.isdecimal() and time.time() - path.stat().st_mtime > FORGOTTEN):
                path.unlink()
                gone += 1
    return gone


def forget_strays(named: Collection[str]) -> int:
    """Remove sealed files no row names, a day after they were written: their row may still be on its way; how many."""
    gone = 0
    for path in (*_kept_in().glob("*.sealed"), *_kept_in().glob("*.resealed")):
        with suppress(FileNotFoundError):
            if (path.stem not in named or path.suffix == ".resealed") and time.time() - path.stat().st_mtime > STRAY:
                path.unlink()
                gone += 1
    return gone


def _path(token: str) -> Path:
    return _kept_in() / f"{token}.sealed"


def _kept_in() -> Path:
    return Path(settings.HOME) / "files" / "uploads"


def _place(token: str, at: int) -> int:
    """What a block is bound to: its file and its place in it."""
    return (int(token, 16) << 32) | at
