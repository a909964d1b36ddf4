"""What a posting may have paid for, as the concepts above declare it, and how that is undone when the money comes back."""

from collections.abc import Callable

from unionhall.kernel.actor import Actor
from unionhall.ledger.models import Posting

Undo = Callable[[str, Actor], None]
"""(reason, by): after the reversal, what was paid stands as it did before."""
Hold = Callable[[Posting], Undo | None]
"""What a posting paid for, locked until the transaction ends, and how it is undone; None when it paid for nothing of the kind."""

_declared: dict[str, Hold] = {}


def declare(kind: str, hold: Hold) -> None:
    """Make known what a payment may have been for; a kind is declared once."""
    if kind in _declared:
        raise ValueError(f"two that undo {kind}")
    _declared[kind] = hold


def held(posting: Posting) -> dict[str, Undo]:
    """Kind -> how it is undone, of what this posting paid for; its rows are locked."""
    return {kind: undo for kind, hold in _declared.items() if (undo := hold(posting)) is not None}
