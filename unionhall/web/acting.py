"""Who asks: the signed-in account as an actor, with the posts it holds today."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in account with its posts; asked for once per request."""
    if not hasattr(request, "actor"):
        request.actor = cast(Account, request.user).actor(timezone.localdate())  # type: ignore[attr-defined]
    return request.actor  # type: ignore[attr-defined,no-any-return]
