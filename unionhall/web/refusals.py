"""What a rule said no with, in the reader's language."""

from django.utils.translation import get_language, gettext

from unionhall.kernel.errors import Refused


def in_words(refused: Refused) -> str:
    """The sentence of a refusal for whoever reads the page."""
    english = (get_language() or "").startswith("en")
    return refused.said(_translated, ", " if english else "、")


def _translated(text: str) -> str:
    return gettext(text) if text else text
