"""Template words of the house: icons, and the catalogue's titles in the reader's language."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from unionhall.indicators.figures import Figure
from unionhall.indicators.service import Service
from unionhall.kernel import money
from unionhall.kernel.errors import Refused
from unionhall.kernel.period import Period
from unionhall.web import refusals, words

register = template.Library()
SPRITE = "vendor/tabler-icons-3.36.0/sprite.svg"


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """An icon beside a word; it says nothing of its own to a screen reader."""
    return format_html(
        '<svg class="icon" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        size, size, static(SPRITE), name,
    )  # fmt: skip


@register.filter
def in_words(refused: Refused) -> str:
    return refusals.in_words(refused)


@register.filter
def titled(declared: Figure | Service) -> str:
    return words.title(declared)


@register.filter
def unit(figure: Figure) -> str:
    return words.unit(figure)


@register.filter
def period(of: Period) -> str:
    return words.period(of)


@register.filter
def grouped(number: int) -> str:
    return f"{number:,}"


@register.filter
def yuan(fen: int) -> str:
    """Fen as yuan: 1050 as 10.50, 1000 as 10."""
    amount = money.yuan(fen)
    return f"{amount:,.2f}" if fen % 100 else f"{amount:,.0f}"


@register.filter
def header(text: str) -> str:
    return words.header(text)
