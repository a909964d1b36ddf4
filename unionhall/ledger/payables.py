"""What the treasury may be asked to pay, as the concepts above declare it: the ledger itself knows neither grants nor goods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused


class Payable(NamedTuple):
    """Something approved and not yet paid. `fund` is the fund it was promised from, None when none was; `person` is the payee."""

    subject: str
    cause: str
    service: str
    title: str
    path: str
    fen: int
    person: int | None
    fund: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of payable; `kind` is the first part of its subjects ("case").

    `owed(by)`: all this actor may have paid. `held(subjects, by)`: these, locked until the transaction ends, each still owed
    (Refused otherwise). `pay(subject, fund's name, on, by)`: the concept's own move to paid, which posts. `came_back(subject,
    on, reason, by)`: the bank returned it; it stays owed, and its file says why.
    """

    kind: str
    owed: Callable[[Actor], Sequence[Payable]]
    held: Callable[[Sequence[str], Actor], Sequence[Payable]]
    pay: Callable[[str, str, date, Actor], None]
    came_back: Callable[[str, date, str, Actor], None]


_declared: dict[str, Source] = {}


def declare(source: Source) -> None:
    """Make a kind of payable known; a kind is declared once."""
    if source.kind in _declared:
        raise ValueError(f"two sources of {source.kind}")
    _declared[source.kind] = source


def source_of(subject: str) -> Source:
    """The source of a subject ("case:17")."""
    found = _declared.get(subject.partition(":")[0])
    if found is None:
        raise Refused("这件事不能由支付批次支付。")
    return found


def owed(by: Actor) -> list[Payable]:
    """Everything this actor may have paid, source by source."""
    return [one for source in _declared.values() for one in source.owed(by)]
