"""The report as PDF, from its HTML."""

import importlib
from functools import cache
from threading import Lock
from typing import Any

from unionhall.exchange.papers.letter import Letter
from unionhall.exchange.papers.page import html_of, html_of_letter, html_of_table
from unionhall.exchange.papers.wording import Paper, Table, paper
from unionhall.indicators.report import Report
from unionhall.kernel.errors import Refused

_one_at_a_time = Lock()


@cache
def _weasyprint() -> Any:
    """WeasyPrint, imported when the first PDF is asked for and only here.

    It loads the system libraries pango and harfbuzz while it is imported; a machine without them must still import
    rosters, serve pages and print the other forms.
    """
    try:
        return importlib.import_module("weasyprint")
    except OSError:
        raise Refused(
            "这台机器没有 pango，不能生成 PDF。请安装 libpango-1.0-0、libpangoft2-1.0-0 和中文字体 fonts-noto-cjk，"
            "或改用 html、docx、csv 格式。"
        ) from None


def to_pdf(report: Report) -> bytes:
    """PDF with bookmarks and page numbers."""
    return pdf_of(paper(report))


def pdf_of(said: Paper) -> bytes:
    """The same of a paper already put into words."""
    return _printed(html_of(said))


def pdf_of_table(table: Table) -> bytes:
    """A table on paper, its heads on every page. It takes a core for a while: a process makes one at a time."""
    with _one_at_a_time:
        return _printed(html_of_table(table))


def pdf_of_letter(letter: Letter) -> bytes:
    """A paper about a matter; the same paper is the same bytes each time it is made."""
    with _one_at_a_time:
        return _printed(html_of_letter(letter))


def _printed(html: bytes) -> bytes:
    document = _weasyprint().HTML(string=html.decode(), url_fetcher=_nothing_from_outside)
    made: bytes = document.write_pdf()
    return made


def _nothing_from_outside(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"the report needs nothing from outside, not {url}")
