"""Template words of the inbox: how many notices were not read."""

from django import template
from django.http import HttpRequest
from django.template import Context

from unionhall.messages.reading import unread
from unionhall.web.acting import actor_of

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> int:
    """One's own that were not read yet; none for who is not signed in."""
    request: HttpRequest = context["request"]
    return unread(actor_of(request)) if request.user.is_authenticated else 0
