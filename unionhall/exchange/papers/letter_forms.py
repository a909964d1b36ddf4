"""The forms in which a paper is handed over, by the ending of its file."""

from collections.abc import Callable

from unionhall.exchange.papers.letter import Letter
from unionhall.exchange.papers.letter_word import docx_of_letter
from unionhall.exchange.papers.pdf import pdf_of_letter

FORMS: dict[str, Callable[[Letter], bytes]] = {"pdf": pdf_of_letter, "docx": docx_of_letter}
