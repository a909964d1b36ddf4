"""What no single cell or deed shows, done by hand: two rows in one step, posts at two places, a name in a message."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.db import transaction

from tests.matrix.scene import Scene
from unionhall.kernel.actor import Actor, Post
from unionhall.kernel.errors import NotYours, Refused

OCCASIONS: dict[str, Callable[[Scene], str]] = {}
"""Each says what came out otherwise than it should, "" when nothing did, and leaves nothing behind."""


def occasion(told: Callable[[Scene], Iterator[str]]) -> Callable[[Scene], str]:
    """Enter a function that yields what came out wrong; what it writes is taken back."""

    @wraps(told)
    def undone(scene: Scene) -> str:
        with transaction.atomic():
            wrong = [said for said in told(scene) if said]
            transaction.set_rollback(True)
        return f"{name}: {'; '.join(wrong)}" if wrong else ""

    name = told.__name__.replace("_", " ")
    OCCASIONS[name] = undone
    return undone


def by(scene: Scene, *posts: tuple[str, str]) -> Actor:
    """Somebody who holds these (role, scope); the account is the first role's."""
    account = scene.accounts[posts[0][0]].pk
    return Actor(account, posts[0][0], tuple(Post(role, scene.paths[scope]) for role, scope in posts))


def _came(call: Callable[[], Any]) -> tuple[str, str]:
    """How a step ends: "not yours", "refused", "done" or the error's name, and its words."""
    try:
        with transaction.atomic():
            try:
                call()
            finally:
                transaction.set_rollback(True)
    except NotYours:
        return "not yours", ""
    except Refused as error:
        return "refused", error.message
    except Exception as error:  # noqa: BLE001 - whatever else comes is told by its name
        return type(error).__name__, str(error)
    return "done", ""


def kept_out(what: str, call: Callable[[], Any], says: str = "") -> str:
    """`NotYours` must come, or with `says` a `Refused` of these words."""
    how, words = _came(call)
    if (how == "not yours" and not says) or (how == "refused" and says and says in words):
        return ""
    return f"{what} ends {how} ({words})"


def let_in(what: str, call: Callable[[], Any]) -> str:
    """It must come to pass, or be refused by a rule and not for the place: the control of `kept_out`."""
    how, words = _came(call)
    return "" if how in ("done", "refused") else f"{what} ends {how} ({words})"
