"""The only two errors shown to people."""


class Refused(Exception):
    """A rule says no, in words for the person.

    `message` is a Chinese sentence that says what is wrong and what to do; `code` is a stable short key for callers
    that may go on in a known case ("uscc.check"), never shown.
    """

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class NotYours(Exception):
    """The record is not within this actor's reach; a door answers as if it did not exist."""
