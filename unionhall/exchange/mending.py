"""Rows put right by hand, read in the place of those in the file; and one row alone, judged again at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from unionhall.exchange import child, reading
from unionhall.exchange.reading import Chunk, Reading, checked, make_rows
from unionhall.exchange.template import Loader, Reason, Row, Template, Verdict
from unionhall.storage.sealed import keys

Cells = tuple[Any, ...]
"""The cells of one row in template order, as typed."""


class Mended:
    """A file being read, with the cells of some of its rows replaced (sheet row -> cells); stands where a `Reading` does."""

    def __init__(self, template: Template, inner: Reading, fixes: Mapping[int, Cells]) -> None:
        self.inner, self.fixes = inner, fixes
        self.checks_here = inner.checks_here
        self.reader = _reader(template, self.checks_here)

    def __exit__(self, *exc: object) -> None:
        self.inner.__exit__(*exc)

    @property
    def unknown(self) -> tuple[str, ...]:
        return self.inner.unknown

    @property
    def cells(self) -> dict[int, Cells]:
        """As they stood in the file, or as they were put right."""
        return {**self.inner.cells, **self.fixes}

    def chunks(self) -> Iterator[Chunk]:
        for chunk in self.inner.chunks():
            self._whole = chunk
            yield self._mended(chunk)

    def want(self, chunk: Chunk, numbers: set[int]) -> None:
        self.inner.want(self._whole, numbers - set(self.fixes))

    def _mended(self, chunk: Chunk) -> Chunk:
        there = {*(chunk.columns[0] if chunk.columns else ()), *(number for number, _, _ in chunk.bad)}
        mine = {number: cells for number, cells in self.fixes.items() if number in there}
        if not mine:
            return chunk
        rows = [
            (row, digest)
            for row, digest in zip(zip(*chunk.columns, strict=True), chunk.hashes, strict=True)
            if row[0] not in mine
        ]
        bad = [one for one in chunk.bad if one[0] not in mine]
        for number, cells in mine.items():
            _, columns, hashes, faulty = self.reader.read([cells], number)
            rows += list(zip(zip(*columns, strict=True), hashes, strict=True))
            bad += faulty
        rows.sort(key=lambda one: one[0][0])
        return Chunk(
            list(zip(*(row for row, _ in rows), strict=True)),
            [digest for _, digest in rows],
            sorted(bad, key=lambda one: one[0]),
        )


def _reader(template: Template, checks_here: bool) -> Any:
    """The reading process's own reader, over cells that stand in template order already."""
    check = None if checks_here else template.check
    task = child.Task("", "csv", template.title, template.columns, check, None, 1)
    return child._Reader(task, tuple(range(len(template.columns))), None)


def judge_alone(template: Template, loader: Loader, number: int, cells: Cells) -> tuple[Verdict, tuple[Reason, ...]]:
    """What becomes of one row by itself: its verdict and the reasons.

    Rows of the same file are not seen: what two of them say of one another is found when all are judged together.
    """
    checks_here = template.check is not None and reading._stays(template)
    _, columns, hashes, bad = _reader(template, checks_here).read([cells], number)
    if bad:
        return Verdict.REFUSED, tuple(bad[0][1])
    if not hashes:
        return Verdict.REFUSED, ((None, "这一行是空的；不要这一行，就不必改它"),)
    mac = keys().mac(f"row/{template.name}")
    rows: Sequence[Row] = make_rows(template, columns, [mac(one) for one in hashes])
    if checks_here:
        rows, refused = checked(template, list(rows))
        if refused:
            return Verdict.REFUSED, (refused[0][1],)
    (judged,) = loader.judge(rows)
    return judged.verdict, judged.reasons
