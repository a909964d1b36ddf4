"""A loader for registers whose rows have a key of their own: the same key is the same record, in the file and outside it."""

from collections.abc import Callable, Container, Hashable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db import models

from unionhall.exchange import before
from unionhall.exchange.template import Judged, Loader, Reason, Row, Verdict
from unionhall.kernel.actor import Actor


class Remarks:
    """What is said of one row: reasons to refuse it, and doubts an officer may set aside."""

    def __init__(self) -> None:
        self.refused: list[Reason] = []
        self.doubted: list[Reason] = []

    def refuse(self, column: str | None, sentence: str) -> None:
        self.refused.append((column, sentence))

    def doubt(self, column: str | None, sentence: str) -> None:
        self.doubted.append((column, sentence))


Standing = dict[Hashable, tuple[int, bytes | None]]
"""Key -> id and digest of the record that stands."""


class KeyedLoader(Loader):
    """New when the key is new, unchanged when the record stands as this very row left it, changed otherwise.

    `known` stays empty although digests are kept: every row must pass here, so that a second row of one key is refused
    on the second import as it was on the first.
    """

    model: ClassVar[type[models.Model]]
    key_column: ClassVar[str]

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self._rows_of_keys: dict[Hashable, int] = {}

    def key(self, row: Row) -> Hashable:
        raise NotImplementedError

    def standing(self, rows: Sequence[Row]) -> Standing:
        """The records of these rows' keys that are there already; more is allowed."""
        raise NotImplementedError

    def prepare(self, rows: Sequence[Row]) -> None:
        """Look up at once what the rows of a chunk refer to."""

    def look(self, row: Row, remarks: Remarks, number: int | None) -> Any:
        """Say what is wrong with a row that is not unchanged (`number`: the record it changes); what `write` needs of it."""
        raise NotImplementedError

    def add(self, new: Sequence[tuple[Row, Any]], batch: int) -> None:
        """Write new records: (row, what `look` found)."""
        raise NotImplementedError

    def change(self, changed: Sequence[tuple[int, Row, Any]], batch: int) -> None:
        """Change records: (id, row, what `look` found); how they stood is kept already."""
        raise NotImplementedError

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        standing = self.standing(rows)
        self.prepare(rows)
        return [self._judge(row, standing) for row in rows]

    def write(self, judged: Sequence[Judged], batch: int) -> None:
        new = [(one.row, one.note[1]) for one in judged if one.verdict is Verdict.NEW]
        changed = [(one.note[0], one.row, one.note[1]) for one in judged if one.verdict is Verdict.CHANGED]
        if new:
            self.add(new, batch)
        if changed:
            before.keep(batch, self.model, [number for number, _, _ in changed])
            self.change(changed, batch)

    def _judge(self, row: Row, standing: Standing) -> Judged:
        key = self.key(row)
        first = self._rows_of_keys.setdefault(key, row.number)
        number, digest = standing.get(key, (None, None))
        remarks = Remarks()
        if first != row.number:
            remarks.refuse(self.key_column, f"与第 {first} 行重复，请只留一行")
        elif digest is not None and bytes(digest) == row.digest:
            return Judged(row, Verdict.UNCHANGED)
        note = (number, self.look(row, remarks, number))
        verdict = Verdict.NEW if number is None else Verdict.CHANGED
        if remarks.refused:
            return Judged(row, Verdict.REFUSED, tuple(remarks.refused + remarks.doubted))
        if remarks.doubted:
            return Judged(row, Verdict.DOUBTFUL, tuple(remarks.doubted), accepted=verdict, note=note)
        return Judged(row, verdict, note=note)


def standing_of(rows: models.QuerySet[Any], *names: str, as_key: Callable[..., Hashable] | None = None) -> Standing:
    """Every record of a register by the columns `names`, made a key by `as_key` (the tuple of them, or the one)."""
    make = as_key or (lambda *values: values if len(values) > 1 else values[0])
    return {make(*values): (number, digest) for number, digest, *values in rows.values_list("pk", "digest", *names)}


def refuse_with_parents(judged: Sequence[Judged], column: str, standing: Container[str]) -> None:
    """Refuse rows whose record above, named by code in `column`, is a refused row of the same file and not `standing`."""
    first: dict[str, Judged] = {}
    for one in judged:
        first.setdefault(one.row.code, one)
    named = ((one.row.number, getattr(one.row, column)) for one in judged)
    above = {number: first[code] for number, code in named if code in first and code not in standing}
    more = True
    while more:
        more = False
        for one in judged:
            over = above.get(one.row.number)
            if over is None or one.verdict in (Verdict.REFUSED, Verdict.UNCHANGED):
                continue
            if over.verdict is Verdict.REFUSED:
                one.verdict, one.note, more = Verdict.REFUSED, None, True
                one.reasons = (*one.reasons, (column, f"上级在第 {over.row.number} 行，那一行没有通过，请先改正那一行"))


def check_span(remarks: Remarks, column: str, since: date | None, until: date | None, words: str = "起始日期") -> None:
    """Refuse an end before its start."""
    if since is not None and until is not None and until < since:
        remarks.refuse(column, f"{until.isoformat()} 早于{words} {since.isoformat()}，请核对")


def check_past(remarks: Remarks, column: str, day: date | None, today: date) -> None:
    """Refuse a day that has not come yet for something that was done."""
    if day is not None and day > today:
        remarks.refuse(column, f"{day.isoformat()} 还没有到，请核对日期")


def overlaps(spans: Sequence[tuple[date, date | None]], since: date, until: date | None) -> date | None:
    """The start of a span that shares a day with [since, until) and does not start with it."""
    for one, other in spans:
        if one != since and (until is None or one < until) and (other is None or other > since):
            return one
    return None
