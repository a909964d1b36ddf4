"""Who asks: the signed-in account as an actor, with the posts it holds today; or a worker, as themselves."""

from dataclasses import replace
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from unionhall.access import standing
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.web.trace import trace_of


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in account with its posts; asked for once per request. A worker holds none, whatever was given to the account."""
    if not hasattr(request, "actor"):
        account = cast(Account, request.user)
        row = getattr(request.session, "row", None)
        person = standing.person_of(account.pk) if row is not None and row.person is not None else None
        if person is None:
            actor = account.actor(timezone.localdate())
        else:
            actor = Actor(account.pk, account.name, person=person)
        request.actor = replace(actor, trace=trace_of(request))  # type: ignore[attr-defined]
    return request.actor  # type: ignore[attr-defined,no-any-return]


def visitor(request: HttpRequest) -> Actor:
    """Whoever stands at the door and has not said who they are."""
    return Actor(None, "访客", trace=trace_of(request))
