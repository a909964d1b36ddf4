"""The yearly report on paper: CSV, HTML, Word and PDF of one `indicators.report.Report`.

    papers.render(report, "pdf") -> bytes

Every paper says of every figure its unit, definition, time mode, counting mode and, of a rate, its base.
"""

from collections.abc import Callable

from unionhall.exchange.papers.page import to_html
from unionhall.exchange.papers.pdf import to_pdf
from unionhall.exchange.papers.sheet import to_csv
from unionhall.exchange.papers.word import to_docx
from unionhall.indicators.report import Report
from unionhall.kernel.errors import Refused

__all__ = ["FORMATS", "file_name", "render"]

FORMATS: dict[str, Callable[[Report], bytes]] = {"csv": to_csv, "html": to_html, "docx": to_docx, "pdf": to_pdf}


def render(report: Report, form: str) -> bytes:
    """The report as a file's bytes. Refused: a form that is not of FORMATS, or one this machine cannot make."""
    if form not in FORMATS:
        raise Refused("没有“{form}”这种格式，请从 {formats} 中选。", form=form, formats=list(FORMATS))
    return FORMATS[form](report)


def file_name(report: Report, form: str) -> str:
    """A name for the file: "某某区-2015.pdf"."""
    day = "" if report.whole_year else f"-截至{report.period.last.isoformat()}"
    return f"{report.place.name}-{report.year}{day}.{form}"
