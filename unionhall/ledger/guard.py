"""No money moves without its line: whoever leaves a row saying "paid" without a standing posting is stopped.

Every action ends with its entry in the chain, which names the rows it wrote; there the rows are asked whether what they say
was paid was posted. What is found is a programmer's error, told to nobody but the log: the whole transaction falls.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db import models

from unionhall.journal import audit
from unionhall.ledger.actions import unposted

Causes = Callable[[Sequence[int]], Iterable[str]]
"""Ids of rows -> the causes of the payments they say were made."""


class MoneyWithoutPosting(RuntimeError):
    """A row says that money was paid, and the ledger knows nothing of it."""


def watch(table: type[models.Model], causes: Causes) -> None:
    """From here on no row of this table is left saying "paid" without its posting."""

    def rule(numbers: Sequence[int]) -> None:
        missing = unposted(list(causes(numbers)))
        if missing:
            raise MoneyWithoutPosting(f"{table._meta.label}: nothing was posted for {', '.join(missing[:5])}")

    audit.hold_to(table, rule)
