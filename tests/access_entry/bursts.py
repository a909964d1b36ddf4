"""Many at the same moment, in processes of their own, over the very database of the test."""

import multiprocessing
import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

PATIENCE = 120
"""Seconds a burst may take on a busy machine."""


def burst(do: Callable[[int], Any], *, processes: int, threads: int = 1) -> list[Any]:
    """What `do(n)` answered to each of processes × threads callers, all let go at once; an error is answered by its text.

    The processes are forked, so `do` may be any function; none shares a connection with the test or with another.
    """
    context = multiprocessing.get_context("fork")
    ready, answers = context.Barrier(processes * threads), context.SimpleQueue()
    connections.close_all()
    children = [
        context.Process(target=_child, args=(do, ready, answers, range(n * threads, (n + 1) * threads)))
        for n in range(processes)
    ]
    for child in children:
        child.start()
    found = [answers.get() for _answer in range(processes * threads)]
    for child in children:
        child.join(PATIENCE)
    assert not [answer for answer in found if isinstance(answer, str)], found
    return found


def _child(do: Callable[[int], Any], ready: Any, answers: Any, numbers: range) -> None:
    connections.close_all()
    callers = [threading.Thread(target=_caller, args=(do, ready, answers, number)) for number in numbers]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()


def _caller(do: Callable[[int], Any], ready: Any, answers: Any, number: int) -> None:
    try:
        connection.ensure_connection()
        ready.wait(PATIENCE)
        answers.put(do(number))
    except Exception as error:  # noqa: BLE001 - the burst names it
        answers.put(f"{type(error).__name__}: {error}")
    finally:
        connections.close_all()
