"""Who may open a page: said once, on the page itself, and read from there by the tests that try every door.

Every view carries exactly one gate; an address without one fails the tests and answers nobody. A gate asks for a right
anywhere; which rows may be seen then is `visible_to` of the concept, and what may be done, the action's own check.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from unionhall.organisations.roles import RIGHTS, holders
from unionhall.web.acting import actor_of

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Gate:
    """`kind`: "public", "signed_in" (any account), "worker" (a person signed in as themselves) or "right"."""

    kind: str
    rights: tuple[str, ...] = ()

    def opens_to(self, request: HttpRequest) -> bool:
        """For somebody signed in: does this gate open?"""
        actor = actor_of(request)
        if self.kind == "right":
            return any(actor.holds(*holders(right)) for right in self.rights)
        return actor.person is not None if self.kind == "worker" else True


def public(view: View) -> View:
    """Open to everybody."""
    return _hang(view, Gate("public"))


def signed_in(view: View) -> View:
    """Open to whoever is signed in."""
    return _hang(view, Gate("signed_in"))


def worker(view: View) -> View:
    """Open to a worker signed in as themselves."""
    return _hang(view, Gate("worker"))


def right(*rights: str) -> Callable[[View], View]:
    """Open to posts that carry one of these rights (organisations/roles.py)."""
    unknown = set(rights) - set(RIGHTS)
    if unknown or not rights:
        raise LookupError(f"no such right: {sorted(unknown)}")
    return lambda view: _hang(view, Gate("right", rights))


def gate_of(view: Any) -> Gate | None:
    """The gate a view carries; None when it carries none."""
    return getattr(view, "gate", None)


def _hang(view: View, gate: Gate) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if gate.kind != "public":
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not gate.opens_to(request):
                raise PermissionDenied
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    guarded.gate = gate  # type: ignore[attr-defined]
    return guarded
