"""Every action done by hand: which right it asks for, tried with a row of each scope.

A page refuses before an action is reached; this asks the actions themselves. What an action is given is made from its own
signature: a parameter named for a kind of row takes that row's id, a tuple of values its fields by name.
"""

import importlib
import inspect
import typing
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

import unionhall
from tests.matrix.policy import RIGHTS, RUN_BY
from tests.matrix.scene import REACHED, SCOPES, Scene
from unionhall.kernel.actor import Actor, Post
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.organisations.roles import ROLES

HERE = Path(unionhall.__file__).parent
ON = date(2015, 9, 1)
NAMED = ("actions.py", "approvals.py", "reveal.py", "uploads.py")
"""Modules in which things are done, besides `actions/` and `…_moves.py`."""


SECOND = " with "
"""An action is in the table once for each of its rows; what follows this says which one is tried at every scope."""


class Deed(NamedTuple):
    """`right`: what the action asks for. `of`: the kind of row its plain `number`, `row` or pairs mean. `top`: only at
    the district. `run`: the kind of row, when only those do it who run such (policy.RUN_BY). `given`: arguments that cannot be made up. `says`: words of a `Refused` that stands for "not yours".
    """

    right: str
    of: str = ""
    top: bool = False
    given: dict[str, Any] = {}
    says: str = ""
    run: str = ""


class Verdict(NamedTuple):
    """What came of a deed: "done" (or refused by a rule, after the door), "not yours", or the error's own name."""

    kind: str
    said: str


@cache
def actions() -> dict[str, Callable[..., Any]]:
    """Every public function of a module in which things are done that takes `by`, by "package.module.name"."""
    found = {}
    for file in sorted(HERE.rglob("*.py")):
        if file.name not in NAMED and file.parent.name != "actions" and not file.stem.endswith("_moves"):
            continue
        module = importlib.import_module(".".join(("unionhall", *file.relative_to(HERE).with_suffix("").parts)))
        for name, one in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(one) or one.__module__ != module.__name__:
                continue
            if "by" in inspect.signature(one).parameters:
                found[f"{module.__name__.removeprefix('unionhall.').replace('.actions', '')}.{name}"] = one
    return found


KINDS_BY_NAME = {
    "union": "union", "union_id": "union", "upper": "union", "into": "union", "employer": "employer", "employer_id": "employer",
    "cover": "cover", "station": "station", "station_id": "station", "staff": "staff", "account": "account",
    "account_id": "account", "post": "post", "membership": "membership", "memberships": "membership", "person": "person",
    "person_id": "person", "card": "card", "agreement": "agreement", "agreement_id": "agreement", "case": "dispute",
    "offer": "offer", "offer_id": "offer", "fund": "fund", "fund_id": "fund", "register": "register", "register_id": "register",
    "mark": "mark", "asked": "post_request", "cover_row": "agreement_cover", "posting": "posting", "upload": "upload",
    "approval": "approval", "employers": "employer", "cards": "card", "cover_id": "cover", "duplicate": "duplicate",
    "honour": "honour", "use": "participation", "participation": "participation", "participations": "signed_up",
    "session": "session", "counter": "counter", "allotment": "allotment", "delivery": "delivery", "entry": "entry",
    "closing": "closing", "order": "order", "session_id": "session", "participation_id": "participation",
    "outcome": "outcome", "judge": "judge", "duty": "duty", "party": "party", "outside": "outside",
}  # fmt: skip

WORDS = {
    "uscc": "91990000MA0009988K", "service": "card.items", "kind": "independent", "role": "station_worker", "upper": "U00",
    "parent": "W01", "serves": "unionisation", "level": "area", "state": "active", "document": "citizen", "sex": "male",
    "recipient": "person", "account": "cash", "tag": "demonstration",
}  # fmt: skip


class Maker:
    """Makes the arguments of an action for one scope."""

    def __init__(self, scene: Scene, scope: str, deed: Deed) -> None:
        self.scene, self.scope, self.deed = scene, scope, deed

    def arguments(self, action: Callable[..., Any]) -> dict[str, Any]:
        hints = typing.get_type_hints(action)
        made = {}
        for name, parameter in inspect.signature(action).parameters.items():
            if name == "by":
                continue
            if name in self.deed.given:
                given = self.deed.given[name]
                made[name] = given(self.scene, self.scope) if callable(given) else given
            elif parameter.default is inspect.Parameter.empty:
                made[name] = self.value(name, hints[name])
        return made

    def value(self, name: str, hint: Any) -> Any:
        inner = typing.get_args(hint)
        if hint is Period:
            return Period.year(2015)
        if typing.get_origin(hint) in (typing.Union, type(int | None)):
            return self.value(name, next(one for one in inner if one is not type(None)))
        if typing.get_origin(hint) is not None and inner:
            if typing.get_origin(hint) is tuple and inner[-1] is not ...:
                return tuple(self.value(self.deed.of if one is int else name, one) for one in inner)
            if typing.get_origin(hint) in (dict,) or "Mapping" in str(typing.get_origin(hint)):
                return {}
            return [self.value(name, inner[0])]
        if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
            return self._row(hint, hint._fields, hint._field_defaults)
        if is_dataclass(hint):
            given = {
                f.name: f.default for f in fields(hint) if f.default is not MISSING or f.default_factory is not MISSING
            }
            return self._row(hint, [f.name for f in fields(hint)], given)
        return self._plain(name, hint)

    def _row(self, shape: Any, names: Any, defaults: dict[str, Any]) -> Any:
        hints = typing.get_type_hints(shape)
        return shape(**{n: self.value(n, hints[n]) for n in names if n not in defaults or n in ("path", "place")})

    def _plain(self, name: str, hint: Any) -> Any:
        if hint is int:
            kind = KINDS_BY_NAME.get(name, "") or (name if (name, self.scope) in self.scene.keys else self.deed.of)
            return self.scene.keys.get((kind, self.scope), 1)
        if hint is datetime:
            return datetime(2015, 9, 1, tzinfo=UTC)
        if hint is date:
            return ON
        if hint is bool:
            return False
        if hint is bytes:
            return b""
        if name in ("path", "place", "at"):
            return self.scene.paths[self.scope]
        return WORDS.get(name, f"理由{name}")


def tries(deed: Deed) -> Iterator[tuple[str, str, str, str]]:
    """(role, where its post stands, scope of the row, what must come) of one deed."""
    carrying = RIGHTS[deed.right] & RUN_BY[deed.run] if deed.run else RIGHTS[deed.right]
    holding, without = sorted(carrying), sorted(set(ROLES) - carrying)
    if deed.top:
        for role in holding:
            yield role, "parent", "own", "done"
            yield role, "own", "own", "not yours"
    else:
        for scope in SCOPES:
            for role in holding:
                yield role, "own", scope, "done" if scope in REACHED else "not yours"
    for role in without:
        yield role, "parent", "own", "not yours"


def verdict(scene: Scene, name: str, deed: Deed, role: str, stands: str, scope: str) -> Verdict:
    """Do the deed as somebody who holds this role, and take it back."""
    action = actions()[name.partition(SECOND)[0]]
    by = Actor(scene.accounts[role].pk, role, (Post(role, scene.paths[stands]),))
    try:
        with transaction.atomic():
            try:
                action(**Maker(scene, scope, deed).arguments(action), by=by)
            finally:
                transaction.set_rollback(True)
    except NotYours as error:
        return Verdict("not yours", str(error))
    except Refused as error:
        return Verdict("not yours" if deed.says and deed.says in error.message else "done", f"Refused: {error}")
    except Exception as error:  # noqa: BLE001 - whatever else a made-up value does, it was let in
        wrong_call = isinstance(error, TypeError | AttributeError | NameError)
        return Verdict(type(error).__name__ if wrong_call else "done", f"{type(error).__name__}: {error}")
    return Verdict("done", "")


_known: dict[str, Callable[..., Any]] = {}


def fault(scene: Scene, name: str, deed: Deed, role: str, stands: str, scope: str, wanted: str) -> str:
    """What came out otherwise than the table says; "" when nothing did."""
    came = verdict(scene, name, deed, role, stands, scope)
    if came.kind == wanted:
        return ""
    return f"{name} by {role} at {stands} on {scope}: {came.kind} ({came.said}) instead of {wanted}"


def findings(scene: Scene, names: dict[str, Deed], *, first_only: bool = False) -> list[str]:
    """What came out otherwise than the table says; `first_only`: of the first trial of each deed."""
    return [
        said
        for name, deed in names.items()
        for one in islice(tries(deed), 1 if first_only else None)
        if (said := fault(scene, name, deed, *one))
    ]
