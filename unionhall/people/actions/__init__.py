"""The only code that writes people: admission, changes, the end of a membership, confirmation, merging, cards.

Everything is done in bulk, in one transaction; one person is a list of one. A row id is reserved before the row is
written, because sealed columns are bound to it. Numbers arrive settled (kernel.identifiers) and leave sealed.
"""

from unionhall.people.actions.cards import Reply, Request, cancel_card, record_replies, replace_card, request_cards
from unionhall.people.actions.memberships import (
    ENDS,
    At,
    Standing,
    admit,
    confirm,
    end,
    restate,
    transfer,
)
from unionhall.people.actions.persons import (
    Identity,
    add_persons,
    change_persons,
    keep_apart,
    merge,
    offer_duplicates,
)

__all__ = [
    "ENDS", "At", "Identity", "Reply", "Request", "Standing", "add_persons", "admit", "cancel_card", "change_persons",
    "confirm", "end", "keep_apart", "merge", "offer_duplicates", "record_replies", "replace_card", "request_cards", "restate",
    "transfer",
]  # fmt: skip
