"""What a rule said no with, in the reader's language."""

from django.utils.translation import gettext

from unionhall.kernel.errors import Refused
from unionhall.web import words


def in_words(refused: Refused) -> str:
    """The sentence of a refusal for whoever reads the page."""
    return refused.said(gettext, ", " if words.english() else "、")
