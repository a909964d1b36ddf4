"""What an adapter raises."""


class Undelivered(Exception):
    """The message was not taken. `again`: it may be tried again. `why` is a short word, without number or text."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.why = why
        self.again = again
