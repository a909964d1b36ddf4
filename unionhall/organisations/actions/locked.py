"""The row an action is about: there, locked until the action ends, and within the actor's reach."""

from typing import TypeVar

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours
from unionhall.organisations.roles import holders
from unionhall.storage.dated import Placed

_Row = TypeVar("_Row", bound=Placed)


def locked(model: type[_Row], number: int, *, right: str, by: Actor) -> _Row:
    """The row, held by the caller's transaction. NotYours when there is none or `by` has not the right over its place:
    the two look the same to whoever asks.
    """
    row = model._default_manager.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotYours(f"{model.__name__} {number}")
    by.must_reach(row.path, *holders(right))
    return row
