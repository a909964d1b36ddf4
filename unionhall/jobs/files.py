"""Result files: sealed on disk under random names, read by their owner only, gone after seven days."""

import json
import secrets
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from unionhall.exchange.strongroom import in_place_of, looking_ahead
from unionhall.jobs.models import Job
from unionhall.storage.sealed import keys

CHUNK = 1 << 20
_COLUMN = "jobs_job.file"
_LENGTH = struct.Struct("<IB")


def folder() -> Path:
    """Where they lie."""
    here = Path(settings.MEDIA_ROOT) / "jobs"
    here.mkdir(parents=True, exist_ok=True, mode=0o700)
    return here


def memory() -> Path:
    """Where plain text may lie for a moment: not on a disk, where the system offers that."""
    shared = Path("/dev/shm")  # noqa: S108 - each folder made in it is its owner's alone (mkdtemp)
    return shared if shared.is_dir() else folder()


def scratch_prefix() -> str:
    """What this installation's scratch folders begin with, before the job's number and a dash."""
    return f"unionhall-{zlib.crc32(str(Path(settings.HOME).resolve()).encode()):08x}-"


def seal(job: int, name: str, content: bytes | Path) -> dict[str, Any]:
    """Write a sealed file; the columns that tell of it. Without a row that names it, upkeep takes it away."""
    stored = secrets.token_hex(16)
    size = _write(folder() / stored, job, _pieces(content))
    return {"file": stored, "file_name": name[:120], "file_size": size}


def _write(path: Path, job: int, pieces: Iterator[tuple[bytes, bool]]) -> int:
    size = 0
    with path.open("xb") as out:
        path.chmod(0o600)
        for at, (piece, last) in enumerate(pieces):
            envelope = keys().seal(_COLUMN, _uid(job, at, last), piece)
            out.write(_LENGTH.pack(len(envelope), last) + envelope)
            size += len(piece)
    return size


def envelopes(job: Job) -> Iterator[bytes]:
    """The pieces of a job's file as they lie there; none when it has gone."""
    with suppress(FileNotFoundError), (folder() / job.file).open("rb") as file:
        while head := file.read(_LENGTH.size):
            length, _last = _LENGTH.unpack(head)
            yield file.read(length)


def reseal(job: Job) -> None:
    """Seal a job's file anew with today's key. Raises `SealBroken` when it is not as it was."""
    in_place_of(folder() / job.file, lambda beside: _write(beside, job.pk, looking_ahead(opened_file(job))))


def opened_file(job: Job) -> Iterator[bytes]:
    """The plain bytes of a job's file, piece by piece; `SealBroken` when it was changed, cut or is another job's."""
    with (folder() / job.file).open("rb") as sealed:
        at, last = 0, False
        while not last:
            length, flag = _LENGTH.unpack(sealed.read(_LENGTH.size).ljust(_LENGTH.size, b"\0"))
            last = bool(flag)
            yield keys().open(_COLUMN, _uid(job.pk, at, last), sealed.read(length))
            at += 1


def opened(job: Job) -> Any:
    """What was sealed beside a job; an empty mapping when nothing was."""
    envelope = job.__dict__.get("private")
    return json.loads(keys().open("jobs_job.private", job.pk, envelope)) if envelope else {}


def _uid(job: int, at: int, last: bool) -> int:
    """Which piece of which job's file: pieces cannot be exchanged, left out at the end, or put under another job."""
    return job << 32 | at << 1 | last


def _pieces(content: bytes | Path) -> Iterator[tuple[bytes, bool]]:
    if isinstance(content, bytes):
        cuts = range(0, len(content) or 1, CHUNK)
        yield from ((content[at : at + CHUNK], at + CHUNK >= len(content)) for at in cuts)
        return
    with content.open("rb") as file:
        yield from looking_ahead(iter(lambda: file.read(CHUNK), b""))
