"""How a cause is written once more after its posting was reversed: "cause#2"."""

import re

TURN = re.compile(r"#\d+\Z")


def bare_cause(cause: str) -> str:
    """What a posting was for, without the turn it was posted in."""
    return TURN.sub("", cause)
