"""The sealed value on a page: its mask and, for who may open it, the way to open it with a reason.

{% load desk_secret %}{% masked person.mobile %}
"""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context

from unionhall.access.sensitive import REVEALABLE, RIGHT, find
from unionhall.kernel.secret import Secret
from unionhall.web.desk import looking
from unionhall.web.desk.menu import may

register = template.Library()


@register.inclusion_tag("web/desk/looking/_masked.html", takes_context=True)
def masked(context: Context, secret: Secret | None, field: str = "", id: int = 0) -> dict[str, Any]:  # noqa: A002
    """The mask of a sealed value. `field` ("people.person.mobile") and `id` are needed only for what is no Secret."""
    request: HttpRequest = context["request"]
    if secret is None:
        return {"mask": "", "href": ""}
    if isinstance(secret, Secret) and not field:
        sensitive = next((one for one in REVEALABLE if one.column == secret.column), None)
        id = secret.uid  # noqa: A001
    else:
        sensitive = find(field)
    if sensitive is None or sensitive.file_right or not request.user.is_authenticated or not may(request, RIGHT):
        return {"mask": str(secret), "href": ""}
    return {"mask": str(secret), "href": looking.address(request, sensitive, id), "title": sensitive.title}
