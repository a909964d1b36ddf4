"""Template words of the desk: its menu, and what was just done."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from unionhall.web.desk import menu

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_menu(context: Context) -> list[menu.Shown]:
    """The lines of the menu this account may open."""
    request: HttpRequest = context["request"]
    return menu.shown(request)


@register.filter
def undo_key(tags: str) -> str:
    """The key of the undo a message offers, out of its tags; "" when it offers none."""
    return next((tag.removeprefix("undo-") for tag in tags.split() if tag.startswith("undo-")), "")


@register.simple_tag
def badge(state: Any) -> SafeString:
    """A state as a word with shape and colour."""
    return format_html('<span class="st st-{}">{}</span>', state.tone, state.word) if state else SafeString("")
