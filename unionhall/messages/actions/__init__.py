"""The only code that writes notices, messages, preferences, words and quiet hours.

Other packages call `queue` and `queue_many` (docs/developers/messages.md); the door's codes go by `post`.
"""

from unionhall.messages.actions.gathering import Released, release
from unionhall.messages.actions.notices import Addressed, Said, queue, queue_many, read, read_all
from unionhall.messages.actions.outbox import (
    AT_ONCE,
    Handed,
    Letter,
    Outcome,
    forget_old,
    hand_over,
    post,
    settle,
    text_of,
)
from unionhall.messages.actions.preferences import Wanted, choose
from unionhall.messages.actions.wordings import own_words, reword, set_quiet_hours

__all__ = [
    "AT_ONCE", "Addressed", "Handed", "Letter", "Outcome", "Released", "Said", "Wanted", "choose", "forget_old", "hand_over",
    "own_words", "post", "queue", "queue_many", "read", "read_all", "release", "reword", "set_quiet_hours", "settle",
    "text_of",
]  # fmt: skip
