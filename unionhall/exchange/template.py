"""What a template is: the columns of one of the union's forms, and the loader that knows what a row means.

A template is a declaration. Reading the sheet (`reading`), deciding, writing and taking back (`run`), the blank form
(`blank`) and the faults given back (`faults`) are done once for all templates.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from unionhall.kernel.actor import Actor

Row = Any
"""One row as read: a NamedTuple of `number` (sheet row, from 1), the column keys in template order, and `digest`.

Types cannot follow a tuple made per template; `Template.row` is the exact class.
"""

Check = Callable[[Row], "Row | None"]
"""Looks across the columns of one row. None: nothing to say. A row: the same, settled (a number and its kind agree).

Raises `Refused`, with the column key as `code` when one column is at fault. No database: a check that lives in a module
which imports no model runs in the reading process; any other runs after it, at a cost.
"""

Columns = Sequence[Sequence[Any]]
"""Rows held by columns: the sheet row's numbers, then the template's columns in order."""

CheckAll = Callable[[Columns], "tuple[list[Sequence[Any]], Sequence[int]]"]
"""A check of many rows at once: the columns, settled where nothing is the matter, and the places of the rows `check` must
look at one by one. What it settles, it settles as `check` would.
"""

_IN_TEMPLATES = "unionhall.exchange.templates."


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header in the union's form, other headers it is known by, and how a cell of it is read.

    `read` is an instance from `kinds`: it travels to the reading process, which has no database. `under` is set for one
    file only, when an officer has said which of its headers is which (`mapping`): the label it stands under, "" for none.
    `keeps`: an empty cell changes nothing.
    """

    key: str
    header: str
    read: Callable[[Any], Any]
    required: bool = False
    aliases: tuple[str, ...] = ()
    explain: str = ""
    example: str = ""
    words: Mapping[str, str] | None = None
    under: str | None = None
    keeps: bool = False

    def __post_init__(self) -> None:
        if self.key in ("number", "digest") or not self.key.isidentifier():
            raise TypeError(f"column key {self.key!r} cannot be a field of a row")
        if getattr(self.read, "__module__", "").startswith(_IN_TEMPLATES):
            raise TypeError(f"column {self.key}: a cell reader comes from exchange.kinds, which knows no database")


class Verdict(StrEnum):
    """What becomes of a row. Every row of a file ends in exactly one."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


VERDICT_TITLES = {
    Verdict.NEW: "新增",
    Verdict.CHANGED: "变更",
    Verdict.UNCHANGED: "未变",
    Verdict.DOUBTFUL: "存疑",
    Verdict.REFUSED: "退回",
}

Reason = tuple[str | None, str]
"""(column key or None for the whole row, Chinese sentence)."""


class Swept(NamedTuple):
    """What a loader took in of many rows at once: how many are new without a doubt, what to hand to `write_swept` for
    them, and the places of the others, to be judged one by one.
    """

    count: int
    block: Any
    others: Sequence[int]


@dataclass(slots=True)
class Judged:
    """A row and what the loader says of it.

    `accepted` is what a DOUBTFUL row becomes when the officer accepts it (NEW or CHANGED); None: it may not be accepted.
    `note` is the loader's own: what it found while judging and needs again in `write`.
    """

    row: Row
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    accepted: Verdict | None = None
    note: Any = None


class Loader:
    """Knows what the rows of one template mean. One instance per file.

    Built before the first row is read, outside the transaction; `judge` and `write` are called chunk by chunk (one call
    with all rows when the template is `whole`); `write` only inside the batch's transaction, and it writes only through
    actions. Before it changes a row that was there it calls `before.keep(batch, model, ids)`.
    """

    fills: ClassVar[tuple[Any, ...]] = ()
    """Models a first import fills by the hundred thousand: when all are empty, they are indexed after the last row."""

    def __init__(self, actor: Actor, today: date) -> None:
        self.actor = actor
        self.today = today
        self.stood: dict[bytes, int] = {}
        """Digest -> sheet row of the rows of this file found UNCHANGED so far; the engine fills it."""

    @property
    def asks_nothing(self) -> bool:
        """Does `judge` answer without the database and without what `write` did? Then the next chunk is judged meanwhile."""
        return False

    def known(self) -> set[bytes]:
        """Digests of the rows that still stand as they came: the engine answers UNCHANGED for these without asking."""
        return set()

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        """One verdict per row, in order; reads only. Remembers the rows of earlier chunks of the same file."""
        raise NotImplementedError

    def sweep(self, columns: Columns, digests: Sequence[bytes]) -> Swept | None:
        """Judge a stretch of the file by columns, where that can be done. None: every row is judged by itself."""
        return None

    def write_swept(self, block: Any, batch: int) -> None:
        """Write what `sweep` took in."""
        raise NotImplementedError

    def write(self, judged: Sequence[Judged], batch: int) -> None:
        """Write the NEW and CHANGED rows of one chunk."""
        raise NotImplementedError

    def finish(self, batch: int) -> None:
        """Called once after the last chunk, inside the transaction, if anything was written."""


@dataclass(frozen=True)
class Template:
    """One of the union's forms.

    `whole`: the loader is handed all rows of a file at once (a tree, where parents may stand later).
    """

    name: str
    title: str
    title_en: str
    columns: tuple[Column, ...]
    explain: str
    loader: type[Loader]
    check: Check | None = None
    check_all: CheckAll | None = None
    whole: bool = False

    def __post_init__(self) -> None:
        headers: dict[str, str] = {}
        for column in self.columns:
            for header in (column.header, *column.aliases):
                if headers.setdefault(header, column.key) != column.key:
                    raise TypeError(f"template {self.name}: header {header} is two columns")

    @cached_property
    def row(self) -> type[Row]:
        """The row's class."""
        return row_class(tuple(column.key for column in self.columns))

    def column(self, key: str) -> Column:
        """The column of that key; raises LookupError."""
        for column in self.columns:
            if column.key == key:
                return column
        raise LookupError(f"template {self.name} has no column {key}")


def row_class(keys: tuple[str, ...]) -> type[Row]:
    """The NamedTuple class of rows with these column keys."""
    return namedtuple("Row", ("number", *keys, "digest"))
