"""The report as one HTML file that needs nothing else: it prints as the paper does."""

from pathlib import Path

from django.template import Context, Engine

from unionhall.exchange.papers.letter import Letter
from unionhall.exchange.papers.wording import HOW_TO_READ, Paper, Table, paper
from unionhall.indicators.report import Report

_ENGINE = Engine(dirs=[str(Path(__file__).parent)], autoescape=True)


def to_html(report: Report) -> bytes:
    """HTML in UTF-8, its style within."""
    return html_of(paper(report))


def html_of(said: Paper) -> bytes:
    """The same of a paper already put into words."""
    words = Context({"paper": said, "how_to_read": said.how_to_read or HOW_TO_READ}, use_l10n=False)
    return _ENGINE.get_template("report.html").render(words).encode()


def html_of_table(table: Table) -> bytes:
    """One table with what is said above it, on upright A4."""
    return _ENGINE.get_template("table.html").render(Context({"table": table}, use_l10n=False)).encode()


def html_of_letter(letter: Letter) -> bytes:
    """A paper about a matter, as official papers are set."""
    return _ENGINE.get_template("letter.html").render(Context({"letter": letter}, use_l10n=False)).encode()
