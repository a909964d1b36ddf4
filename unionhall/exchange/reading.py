"""Rows of a file, read by a process of their own: the guard first, then the reading process, then chunks of clean rows."""

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, Self

import unionhall
from unionhall.exchange import child, guard
from unionhall.exchange.child import Bad, Task
from unionhall.exchange.template import Row, Template
from unionhall.kernel.errors import Refused

CHUNK = 10_000
_PLAIN = {("datetime", "date"): date, ("datetime", "datetime"): datetime, ("datetime", "time"): time}


class Chunk(NamedTuple):
    """Some rows of the file, in order: those that read well (`digest` is still the plain hash), and those refused."""

    columns: list[Any]
    hashes: list[bytes]
    bad: list[Bad]


class _Plain(pickle.Unpickler):
    """What the reading process sends is data: no class but these is ever built from it."""

    def find_class(self, module: str, name: str) -> Any:
        return _PLAIN[module, name]


@dataclass
class Reading:
    """One file being read. A context manager: leaving it ends the reading process, whatever happened."""

    template: Template
    path: Path
    chunk: int = CHUNK
    header_row: int = 0
    unknown: tuple[str, ...] = ()
    cells: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        form = guard.check(self.path)
        self.checks_here = self.template.check is not None and _stays(self.template)
        task = Task(
            str(self.path.resolve()), form, self.template.title, self.template.columns,
            *((None, None) if self.checks_here else (self.template.check, self.template.check_all)), self.chunk,
        )  # fmt: skip
        self._start()
        try:
            self._tell.send_bytes(pickle.dumps(task, 5))
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop()

    def head(self) -> None:
        """Wait until the headers are found; raises `Refused` when they are not."""
        self.header_row, self.unknown = self._next("head")

    def chunks(self) -> Iterator[Chunk]:
        """The rows. The caller answers each chunk with `want` before it takes the next."""
        while (content := self._next("rows")) is not None:
            yield Chunk(*content)

    def want(self, chunk: Chunk, numbers: set[int]) -> None:
        """Ask for the cells of these rows of the chunk as they stood; they are in `cells` when the file is read."""
        if not numbers:
            self._tell.send_bytes(b"")
            return
        bits = bytearray((len(chunk.hashes) >> 3) + 1)
        for place, number in enumerate(chunk.columns[0]):
            if number in numbers:
                bits[place >> 3] |= 1 << (place & 7)
        self._tell.send_bytes(bytes(bits))

    def _start(self) -> None:
        for_child, tell = os.pipe()
        hear, from_child = os.pipe()
        # The reading process knows where the program lies, and nothing of this installation's settings or keys.
        places = [str(Path(unionhall.__file__).parent.parent), *(place for place in sys.path if place)]
        environment = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "unionhall.exchange.child", str(for_child), str(from_child)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=(for_child, from_child), env=environment, close_fds=True,
            )  # fmt: skip
        finally:
            os.close(for_child)
            os.close(from_child)
        self._tell, self._hear = Connection(tell, readable=False), Connection(hear, writable=False)

    def _stop(self) -> None:
        self._tell.close()
        self._hear.close()
        self._process.kill()
        self._process.wait()

    def _next(self, awaited: str) -> Any:
        while True:
            try:
                what, content = _Plain(io.BytesIO(self._hear.recv_bytes())).load()
            except EOFError:
                raise Refused("读表超出了时间或内存限制；请删掉空白的行列，或分成几个文件导入") from None
            if what == "refused":
                raise Refused(content)
            if what == "cells":
                self.cells.update(content)
            elif what == "end":
                return None
            elif what == awaited:
                return content


def _stays(template: Template) -> bool:
    """Does the check live among the loaders, where models are imported?"""
    return str(getattr(template.check, "__module__", "")).startswith("unionhall.exchange.templates.")


def make_rows(template: Template, columns: Sequence[Sequence[Any]], digests: Sequence[bytes]) -> list[Row]:
    """The rows of these columns, with their keyed digests."""
    if not digests:
        return []
    make = template.row._make
    return list(map(make, zip(*columns, digests, strict=True)))


def checked(template: Template, rows: list[Row]) -> tuple[list[Row], list[tuple[Row, Any]]]:
    """Apply a check that could not run in the reading process: rows that pass, and (row, reason) of those refused."""
    assert template.check is not None
    good, bad = [], []
    for row in rows:
        settled, reason = child.refuse(template.check, row)
        if reason is None:
            good.append(settled)
        else:
            bad.append((settled, reason))
    return good, bad
