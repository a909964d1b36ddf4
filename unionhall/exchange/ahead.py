"""Taking the next thing from a source while this one is worked on."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")
TURN = 0.0002
"""Seconds before a thread that computes gives way to one that waits. The usual 5 ms would hold up whoever only asks for
its turn between two long calls out of the interpreter, to a parser or a database."""


def ahead(things: Iterator[Thing]) -> Iterator[Thing]:
    """The same things in the same order; each is made by another thread while the one before is used."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        with ThreadPoolExecutor(1, "ahead") as maker:
            coming = maker.submit(_next, things)
            while found := coming.result():
                coming = maker.submit(_next, things)
                yield found[0]
    finally:
        sys.setswitchinterval(before)


def _next(things: Iterator[Thing]) -> tuple[Thing, ...]:
    return next(((thing,) for thing in things), ())
