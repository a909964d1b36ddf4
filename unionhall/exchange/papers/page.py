"""The report as one HTML file that needs nothing else: it prints as the paper does."""

from pathlib import Path

from django.template import Context, Engine

from unionhall.exchange.papers.wording import HOW_TO_READ, paper
from unionhall.indicators.report import Report

_ENGINE = Engine(dirs=[str(Path(__file__).parent)], autoescape=True)


def to_html(report: Report) -> bytes:
    """HTML in UTF-8, its style within."""
    words = Context({"paper": paper(report), "how_to_read": HOW_TO_READ}, use_l10n=False)
    return _ENGINE.get_template("report.html").render(words).encode()
