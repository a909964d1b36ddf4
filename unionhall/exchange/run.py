"""Bringing a file in: read, judge, write, in one pass and one transaction; or judge only (the preview)."""

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import router, transaction

from unionhall.exchange import kinds
from unionhall.exchange.ahead import ahead
from unionhall.exchange.models import Batch, Before
from unionhall.exchange.reading import CHUNK, Chunk, Reading, checked, make_rows
from unionhall.exchange.template import Judged, Reason, Row, Swept, Template, Verdict
from unionhall.exchange.withdrawal import withdraw
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.storage import bulk
from unionhall.storage.loading import into_empty
from unionhall.storage.sealed import keys

__all__ = ["Faulty", "Outcome", "dry_run", "run_import", "withdraw"]

Progress = Callable[[int], None]
"""Called with the number of rows done so far."""

WRITES = (Verdict.NEW, Verdict.CHANGED)
_BATCH = ("id", "template", "file_name", "file_digest", "state", "rows", "new", "changed", "unchanged", "doubtful",
          "refused", "by", "started_at", "confirmed_at", "withdrawn_because")  # fmt: skip


class Writes(NamedTuple):
    """What one chunk gives to be written: rows taken in at once, and rows judged one by one."""

    swept: Swept | None
    judged: list[Judged]


@dataclass(frozen=True, slots=True)
class Faulty:
    """A row that was not written, why, and its cells in template order as they stood in the file."""

    number: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    cells: tuple[Any, ...]


@dataclass
class Outcome:
    """What became of a file. The counts add up to `rows`: every row ended in exactly one verdict.

    `accepted` of the new and changed rows were doubtful and an officer took them. `batch` is None when nothing was
    written. `unknown` are headers no column of the template goes by; what stood under them was not read.
    """

    template: Template
    file_name: str
    counts: Counter[Verdict] = field(default_factory=Counter)
    accepted: int = 0
    faults: list[Faulty] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    batch: int | None = None

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def dry_run(
    template: Template, path: Path, *, by: Actor, on: date | None = None, progress: Progress | None = None
) -> Outcome:
    """What an import of this file would do, row by row. Writes nothing. Raises `Refused` when the file is no such form."""
    return look_over(_Import(template, path, by, on, accept_doubtful=False, progress=progress))


def run_import(
    template: Template, path: Path, *, by: Actor, accept_doubtful: bool = False, on: date | None = None,
    progress: Progress | None = None,
) -> Outcome:  # fmt: skip
    """Bring a file in, all of it or nothing. Rows refused, and rows doubtful unless accepted, are left out and told.

    Raises `Refused` when the file is no such form, and whatever rule an action holds against a row: then nothing is
    written. A second import of the same file finds every row unchanged and writes nothing.
    """
    return bring_in(_Import(template, path, by, on, accept_doubtful=accept_doubtful, progress=progress))


def look_over(import_: "_Import") -> Outcome:
    """`dry_run` of an import that is set up."""
    with import_:
        for _ in import_.judged():
            import_.report()
        return import_.outcome


def bring_in(import_: "_Import") -> Outcome:
    """`run_import` of an import that is set up."""
    started = datetime.now(UTC)
    with import_, transaction.atomic(using=router.db_for_write(Batch)):
        with into_empty(*import_.loader.fills):
            judged = import_.judged()
            for writes in ahead(judged) if import_.loader.asks_nothing else judged:
                import_.write(writes)
                import_.report()
        import_.finish(started)
        return import_.outcome


class _Import:
    """One file on its way through. A context manager around the reading process."""

    def __init__(
        self,
        template: Template,
        path: Path,
        by: Actor,
        on: date | None,
        *,
        accept_doubtful: bool,
        progress: Progress | None,
    ) -> None:
        self.template, self.path, self.by = template, path, by
        self.on = on or kinds.today()
        self.accept_doubtful = accept_doubtful
        self.progress = progress
        self.outcome = Outcome(template, path.name)
        self.batch: int | None = None
        self.doubts: list[tuple[int, Verdict, tuple[Reason, ...]]] = []
        self.mac = keys().mac(f"row/{template.name}")

    def __enter__(self) -> "_Import":
        self.reading = Reading(self.template, self.path, CHUNK).__enter__()
        try:
            # What the loader looks up first, it looks up while the other process parses.
            self.loader = self.template.loader(self.by, self.on)
            self.known = self.loader.known()
            self.reading.head()
        except BaseException:
            self.reading.__exit__()
            raise
        self.outcome.unknown = self.reading.unknown
        return self

    def __exit__(self, *exc: object) -> None:
        self.reading.__exit__()

    def judged(self) -> Iterator[Writes]:
        """Chunk by chunk what is to be written; everything else is counted and kept as a fault."""
        with _no_collecting():
            if self.template.whole:
                chunks = list(self._rows_of(self.reading.chunks()))
                yield Writes(None, self._judge([row for _, rows in chunks for row in rows]))
            else:
                for swept, rows in self._rows_of(self.reading.chunks()):
                    yield Writes(swept, self._judge(rows))
        self._settle()

    def report(self) -> None:
        if self.progress is not None:
            self.progress(self.outcome.rows)

    def write(self, writes: Writes) -> None:
        if writes.swept is None and not writes.judged:
            return
        if self.batch is None:
            self.batch = self._open_batch()
        if writes.swept is not None:
            self.loader.write_swept(writes.swept.block, self.batch)
        if writes.judged:
            self.loader.write(writes.judged, self.batch)

    def finish(self, started: datetime) -> None:
        """The batch's own row, if anything was written."""
        if self.batch is None:
            return
        self.loader.finish(self.batch)
        counts = {verdict.value: self.outcome.counts[verdict] for verdict in Verdict}
        Batch.objects.filter(pk=self.batch).update(
            rows=self.outcome.rows, started_at=started, confirmed_at=datetime.now(UTC), **counts
        )
        self._seal(self.batch)
        self.outcome.batch = self.batch

    def _seal(self, batch: int) -> None:
        """The import's one audit entry. The actions noted the rows they wrote; what a withdrawal would put back is noted here."""
        kept = list(Before.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True))
        audit.note_rows([(Before, kept)], batch=batch)
        path = min(self.by.paths(), key=len, default="")
        counts = self.outcome.counts
        note = f"{self.template.title}：新增 {counts[Verdict.NEW]:,}，变更 {counts[Verdict.CHANGED]:,}"
        audit.write_batch("import.confirm", by=self.by, batch=batch, path=path, keys=[(Batch, [batch])], note=note)

    def _open_batch(self) -> int:
        """The batch's own row comes first: what it changes points at it."""
        (number,) = bulk.ids(Batch, 1)
        now = datetime.now(UTC)
        bulk.insert(Batch, _BATCH, [(
            number, self.template.name, self.path.name[:200], file_digest(self.path), "confirmed", 0,
            *(0 for _ in Verdict), self.by.account, now, now, "",
        )])  # fmt: skip
        return number

    def _rows_of(self, chunks: Iterator[Chunk]) -> Iterator[tuple[Swept | None, list[Row]]]:
        """What was swept up of each chunk, and the rows to be judged one by one; those of neither are counted here."""
        mac, known, counts, stood = self.mac, self.known, self.outcome.counts, self.loader.stood
        for chunk in chunks:
            for number, reasons, cells in chunk.bad:
                self.outcome.faults.append(Faulty(number, Verdict.REFUSED, reasons, cells))
            counts[Verdict.REFUSED] += len(chunk.bad)
            digests, swept = list(map(mac, chunk.hashes)), None
            if digests and not (known or self.template.whole or self.reading.checks_here):
                swept = self.loader.sweep(chunk.columns, digests)
            if swept is None:
                rows = make_rows(self.template, chunk.columns, digests)
            else:
                counts[Verdict.NEW] += swept.count
                columns = [[column[place] for place in swept.others] for column in (*chunk.columns, digests)]
                rows = make_rows(self.template, columns[:-1], columns[-1])
                swept = swept if swept.count else None
            if self.reading.checks_here:
                rows, refused = checked(self.template, rows)
                self.doubts += [(row.number, Verdict.REFUSED, (reason,)) for row, reason in refused]
                counts[Verdict.REFUSED] += len(refused)
            if known:
                fresh = []
                for row in rows:
                    if row.digest in known and row.digest not in stood:
                        stood[row.digest] = row.number
                    else:
                        fresh.append(row)
                counts[Verdict.UNCHANGED] += len(rows) - len(fresh)
                rows = fresh
            before = len(self.doubts) if not self.reading.checks_here else 0
            yield swept, rows
            # A whole template is judged when every chunk is read: all cells of its rows may be asked for.
            wanted = (
                set(chunk.columns[0])
                if self.template.whole and chunk.columns
                else {n for n, *_ in self.doubts[before:]}
            )
            self.reading.want(chunk, wanted)

    def _judge(self, rows: list[Row]) -> list[Judged]:
        if not rows:
            return []
        judged = self.loader.judge(rows)
        if len(judged) != len(rows):
            raise RuntimeError(f"{self.template.name}: {len(rows)} rows, {len(judged)} verdicts")
        writes = []
        for one in judged:
            verdict = one.verdict
            if verdict is Verdict.DOUBTFUL and self.accept_doubtful and one.accepted is not None:
                one.verdict = verdict = one.accepted
                self.outcome.accepted += 1
            if verdict in WRITES:
                writes.append(one)
            elif verdict is not Verdict.UNCHANGED:
                self.doubts.append((one.row.number, verdict, one.reasons))
        self.outcome.counts.update(one.verdict for one in judged)
        return writes

    def _settle(self) -> None:
        """The cells of doubtful and refused rows have come by now."""
        if not self.outcome.rows:
            raise Refused("表里没有数据行，请核对第一张工作表")
        cells, empty = self.reading.cells, (None,) * len(self.template.columns)
        self.outcome.faults += [
            Faulty(number, verdict, reasons, cells.get(number, empty)) for number, verdict, reasons in self.doubts
        ]
        self.outcome.faults.sort(key=lambda fault: fault.number)


def file_digest(path: Path) -> str:
    """SHA-256 of the file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Rows make no cycles; a collector that walks all of them after every few hundred finds nothing and costs much."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
