"""What a receipt is called."""

from unionhall.ledger.models import Posting


def number_of(posting: Posting) -> str:
    """The number of the receipt of a payment: its year and its own number, so that a reprint bears the same."""
    return f"{posting.on.year}-{posting.pk:06d}"
