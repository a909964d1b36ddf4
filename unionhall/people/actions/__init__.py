"""The only code that writes people: admission, changes, the end of a membership, confirmation, merging, cards.

Everything is done in bulk, in one transaction; one person is a list of one. A row id is reserved before the row is
written, because sealed columns are bound to it. Numbers arrive settled (kernel.identifiers) and leave sealed.
"""

from unionhall.people.actions.cards import Reply, Request, cancel_card, record_replies, replace_card, request_cards
from unionhall.people.actions.memberships import (
    ENDS,
    At,
    Roll,
    Standing,
    admit,
    confirm,
    end,
    enrol,
    restate,
    transfer,
)
from unionhall.people.actions.persons import (
    Identity,
    People,
    add_people,
    add_persons,
    change_persons,
    keep_apart,
    merge,
    offer_duplicates,
)

__all__ = [
    "ENDS", "At", "Identity", "People", "Reply", "Request", "Roll", "Standing", "add_people", "add_persons", "admit",
    "cancel_card", "change_persons", "confirm", "end", "enrol", "keep_apart", "merge", "offer_duplicates", "record_replies",
    "replace_card", "request_cards", "restate", "transfer",
]  # fmt: skip
