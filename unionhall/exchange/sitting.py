"""An uploaded file judged and brought in: the import as it is everywhere, with an officer's choices put over it.

What an officer says about one file (which header is which column, cells put right, doubts set aside) and where they may
bring anything in come to the import as a template made for this file; the import itself knows nothing of them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from unionhall.exchange import run
from unionhall.exchange.cells import said
from unionhall.exchange.differences import Differences, differences
from unionhall.exchange.mapping import mapped
from unionhall.exchange.mending import Cells, Mended
from unionhall.exchange.models import Batch, Fix, Upload
from unionhall.exchange.run import Outcome
from unionhall.exchange.scope import Scope
from unionhall.exchange.template import Judged, Loader, Reason, Template, Verdict
from unionhall.exchange.templates import by_name
from unionhall.kernel.actor import Actor
from unionhall.storage.sealed import keys

SAMPLES = {Verdict.NEW: 50, Verdict.CHANGED: 200, Verdict.UNCHANGED: 20}
"""How many rows of each verdict the preview shows; of what is given back it shows more (uploads.SHOWN)."""

Progress = Callable[[int], None]


@dataclass
class Samples:
    """Rows that would be written, as the preview shows them, and which doubtful ones may be accepted.

    `rows`: verdict -> sheet row -> cells in words; `was`: sheet row -> differences.
    """

    template: Template
    rows: dict[Verdict, dict[int, list[str]]] = field(default_factory=lambda: {verdict: {} for verdict in SAMPLES})
    was: dict[int, Differences] = field(default_factory=dict)
    acceptable: dict[int, Verdict] = field(default_factory=dict)

    def take(self, loader: Loader, judged: Sequence[Judged]) -> None:
        """Look at a chunk just judged, before it is written."""
        kept: list[Judged] = []
        for one in judged:
            if one.verdict is Verdict.DOUBTFUL:
                if one.accepted is not None:
                    self.acceptable[one.row.number] = one.accepted
            elif one.verdict in SAMPLES and len(self.rows[one.verdict]) < SAMPLES[one.verdict]:
                self.rows[one.verdict][one.row.number] = [
                    said(column, getattr(one.row, column.key)) for column in self.template.columns
                ]
                if one.verdict is Verdict.CHANGED:
                    kept.append(one)
        if kept:
            self.was |= differences(self.template, loader, kept)


class Kept(Loader):
    """A template's loader, kept to a scope, with the doubts an officer has set aside.

    `accepted`: sheet row -> digest of the doubts set aside; a row with other doubts is asked about again.
    """

    def __init__(
        self, inner: Loader, scope: Scope, accepted: Mapping[int, bytes], *, all_doubts: bool, samples: Samples | None
    ) -> None:
        super().__init__(inner.actor, inner.today)
        self.inner, self.scope, self.accepted = inner, scope, accepted
        self.all_doubts, self.samples = all_doubts, samples
        self.stood = inner.stood
        self.fills = inner.fills  # type: ignore[misc]
        self.taken = 0

    @property
    def asks_nothing(self) -> bool:
        return self.inner.asks_nothing and self.scope.everywhere

    def known(self) -> set[bytes]:
        # Who brings in a street's rows is not told which rows of elsewhere stand: every row is judged, then kept to scope.
        return self.inner.known() if self.scope.everywhere else set()

    def judge(self, rows: Sequence[Any]) -> list[Judged]:
        judged = self.inner.judge(rows)
        self.scope.refuse(self.inner, judged)
        for one in judged:
            if one.verdict is Verdict.DOUBTFUL and one.accepted is not None and self._accepts(one):
                one.verdict = one.accepted
                self.taken += 1
        if self.samples is not None:
            self.samples.take(self.inner, judged)
        return judged

    def write(self, judged: Sequence[Judged], batch: int) -> None:
        self.inner.write(judged, batch)

    def finish(self, batch: int) -> None:
        self.inner.finish(batch)

    def _accepts(self, one: Judged) -> bool:
        if self.all_doubts:
            return True
        seen = self.accepted.get(one.row.number)
        return seen is not None and seen == digest_of(one.reasons)


def digest_of(reasons: Sequence[Reason | list[str | None]]) -> bytes:
    """What was said of a row, as a keyed digest: the doubts an officer saw and set aside, not whatever comes later."""
    return keys().mac("import/doubts")(json.dumps([list(reason) for reason in reasons], ensure_ascii=False).encode())


class _Sitting(run._Import):
    """One uploaded file on its way through."""

    def __init__(
        self, upload: Upload, path: Path, by: Actor, *, progress: Progress | None, looking: bool, on: date | None
    ) -> None:
        plain = by_name(upload.template)
        self.upload, self.samples = upload, Samples(plain) if looking else None
        self.fixes = fixes_of(upload)
        accepted = {
            fix.number: bytes(fix.accepted) for fix in upload.fixes.exclude(accepted=None) if fix.accepted is not None
        }
        all_doubts = upload.doubts and not looking

        def loader(actor: Actor, today: date) -> Loader:
            inner = plain.loader(actor, today)
            scope = Scope(actor, plain.name)
            self.kept = Kept(inner, scope, {} if looking else accepted, all_doubts=all_doubts, samples=self.samples)
            return self.kept

        template = replace(mapped(plain, upload.chosen), loader=loader)  # type: ignore[arg-type]
        super().__init__(template, path, by, on, accept_doubtful=False, progress=progress)

    def __enter__(self) -> "_Sitting":
        super().__enter__()
        if self.fixes:
            self.reading = Mended(self.template, self.reading, self.fixes)  # type: ignore[assignment]
        return self

    def _open_batch(self) -> int:
        number = super()._open_batch()
        # On disk the file goes by a random name.
        Batch.objects.filter(pk=number).update(file_name=self.upload.file_name)
        return number


def fixes_of(upload: Upload) -> dict[int, Cells]:
    """Sheet row -> the cells somebody put right."""
    return {fix.number: tuple(json.loads(opened_column(Fix, "cells", fix))) for fix in upload.fixes.exclude(cells=None)}


def opened_column(model: type[Any], column: str, row: Any) -> str:
    """What is sealed of an upload: for the import itself, and for the page of whoever brought the file."""
    envelope = row.__dict__[column]
    return keys().open(model._meta.get_field(column).sealed_as, row.pk, bytes(envelope)).decode()


@dataclass
class Looked:
    """What checking a file found."""

    outcome: Outcome
    samples: Samples


def look(upload: Upload, path: Path, *, by: Actor, progress: Progress | None = None, on: date | None = None) -> Looked:
    """What an import of this file would do, nothing set aside. Reads only."""
    sitting = _Sitting(upload, path, by, progress=progress, looking=True, on=on)
    outcome = run.look_over(sitting)
    assert sitting.samples is not None
    return Looked(outcome, sitting.samples)


def bring_in(
    upload: Upload, path: Path, *, by: Actor, progress: Progress | None = None, on: date | None = None
) -> Outcome:
    """All of it or nothing, inside the caller's transaction if there is one."""
    sitting = _Sitting(upload, path, by, progress=progress, looking=False, on=on)
    outcome = run.bring_in(sitting)
    outcome.accepted = sitting.kept.taken
    return outcome
