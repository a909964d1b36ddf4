"""Who may open a page: said once, on the page itself, and read from there by the tests that try every door.

Every view carries exactly one gate; an address without one fails the system check and answers nobody. A gate asks for a
right anywhere; which rows may be seen then is `visible_to` of the concept, and what may be done, the action's own check.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from unionhall.organisations import roles
from unionhall.organisations.roles import COUNSELLOR, LAWYER, MERCHANT, RIGHTS, SCORER, holders
from unionhall.web.acting import actor_of
from unionhall.web.errors import unknown, wants_json

View = Callable[..., Any]
Answer = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Gate:
    """`kind`: "public", "signed_in" (any account), "worker" (a person signed in as themselves), "merchant", "counsellor", "lawyer" or
    "scorer" (an account that holds this post; it carries no right) or "right".
    """

    kind: str
    rights: tuple[str, ...] = ()

    def opens_to(self, request: HttpRequest) -> bool:
        """For somebody signed in: does this gate open?"""
        actor = actor_of(request)
        if self.kind == "right":
            return any(actor.holds(*holders(right)) for right in self.rights)
        if self.kind in (MERCHANT, COUNSELLOR, SCORER, LAWYER):
            return actor.holds(self.kind)
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


def merchant(view: View) -> View:
    """Open to a merchant's post. What may be redeemed there are the counters the account was given."""
    return _hang(view, Gate("merchant"))


def counsellor(view: View) -> View:
    """Open to a counsellor's post. Whose talks are theirs follows from the counters the account was given."""
    return _hang(view, Gate("counsellor"))


def scorer(view: View) -> View:
    """Open to a judge's post. Which contests an account judges, its organiser says."""
    return _hang(view, Gate("scorer"))


def lawyer(view: View) -> View:
    """Open to a lawyer's post. Which matters are theirs, whoever gives them away says."""
    return _hang(view, Gate("lawyer"))


def right(*rights: str) -> Callable[[View], View]:
    """Open to posts that carry one of these rights (organisations/roles.py)."""
    missing = set(rights) - set(RIGHTS)
    if missing or not rights:
        raise LookupError(f"no such right: {sorted(missing)}")
    return lambda view: _hang(view, Gate("right", rights))


def gate_of(view: Any) -> Gate | None:
    """The gate a view carries; None when it carries none."""
    return getattr(view, "gate", None)


class GuardedMiddleware:
    """Answers nobody at an address without a gate, should one ever be served past the check."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        if gate_of(view) is None:
            raise ImproperlyConfigured(f"{request.path} has no gate")


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(route as written, pattern) of every address of the house."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, route)
        else:
            yield route, one


@register()
def check_gates(**_: Any) -> list[CheckMessage]:
    """System check: every address has a name of its own and a gate."""
    faults: list[CheckMessage] = []
    named = set[str]()
    for route, one in addresses():
        if gate_of(one.callback) is None:
            faults.append(Error(f"/{route} has no gate", id="unionhall.E010"))
        if not one.name or one.name in named:
            faults.append(Error(f"/{route} has no name of its own", id="unionhall.E011"))
        named.add(one.name or "")
    return faults


@register()
def check_rights(**_: Any) -> list[CheckMessage]:
    """System check: the declaration of posts holds together (organisations/roles.py)."""
    return [Error(fault, id="unionhall.E012") for fault in roles.faults()]


def _hang(view: View, gate: Gate) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if gate.kind != "public":
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not gate.opens_to(request):
                raise PermissionDenied
        answer: HttpResponse = view(request, *args, **kwargs)
        if gate.kind != "public":
            # What a post may see stays neither in a proxy nor behind the Back button of a shared computer.
            answer.headers.setdefault("Cache-Control", "no-store, private")
        return answer

    guarded.gate = gate  # type: ignore[attr-defined]
    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """On to the sign-in page and, afterwards, back: to the page itself or, when something was sent, to where it was typed."""
    if wants_json(request):
        return unknown(request)
    fragment = "HX-Request" in request.headers
    back = request.get_full_path()
    if fragment or request.method not in ("GET", "HEAD"):
        back = _within(request, request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if back and not fragment:
        return redirect_to_login(back)
    to = resolve_url(settings.LOGIN_URL) + (f"?{urlencode({'next': back})}" if back else "")
    # A fragment's place is not for a whole page: htmx is told to take the browser itself there.
    return HttpResponse(headers={"HX-Redirect": to}) if fragment else HttpResponseRedirect(to)


def _within(request: HttpRequest, address: str) -> str:
    """The path and query of an address of this house; "" of any other."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
