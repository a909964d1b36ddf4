"""A paper as a Word document: the same page as its PDF, for an officer to look over on their own machine and to print."""

import io
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Paperwork
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from unionhall.exchange.papers.letter import HEAD, TABLE, TEXT, Letter, Part
from unionhall.exchange.papers.word import BODY, HEADING, TITLE, field_of_word, font

_LINE = Pt(29)
_SEAL = Mm(34)
_CENTRE, _RIGHT, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


def docx_of_letter(letter: Letter) -> bytes:
    """.docx bytes."""
    document = Document()
    _page(document)
    about = document.core_properties
    about.title, about.author, about.language = f"{letter.title} {letter.number}", letter.signed, "zh-CN"
    about.comments = letter.mark
    about.created = about.modified = datetime(2000, 1, 1, tzinfo=UTC)
    _line(document, letter.title, size=22, face=TITLE, align=_CENTRE, indent=0)
    _line(document, letter.number, align=_RIGHT, indent=0).paragraph_format.space_after = Pt(20)
    for part in letter.parts:
        if part.kind == TABLE:
            _table(document, part)
        else:
            face = HEADING if part.kind == HEAD else BODY
            line = _line(document, part.text, face=face, align=_BOTH, indent=2 if part.kind in (TEXT, HEAD) else 0)
            line.paragraph_format.keep_with_next = part.kind == HEAD
    _seal(document, letter)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _line(
    document: Paperwork, text: str, *, size: float = 16, face: str = BODY, align: WD_ALIGN_PARAGRAPH = _BOTH, indent: int = 2
) -> Paragraph:  # fmt: skip
    line: Paragraph = document.add_paragraph()
    run = line.add_run(text)
    font(run, face)
    run.font.size = Pt(size)
    form = line.paragraph_format
    form.alignment, form.line_spacing = align, _LINE if size <= 16 else Pt(33)
    form.space_before = form.space_after = Pt(0)
    # Word counts an indent in characters, so that two characters stay two when the size is changed.
    if indent:
        form.first_line_indent = Pt(size * indent)
        mark = line._p.get_or_add_pPr().get_or_add_ind()
        mark.set(qn("w:firstLineChars"), str(indent * 100))
    return line


def _seal(document: Paperwork, letter: Letter) -> None:
    """The name and the date, with the seal's place over them: on one page with each other and with the text before them."""
    for at, text in enumerate((letter.signed, letter.on)):
        line = _line(document, text, align=_RIGHT, indent=0)
        line.paragraph_format.right_indent = Pt(64)
        line.paragraph_format.keep_together = True
        if at == 0:
            line.paragraph_format.space_before, line.paragraph_format.keep_with_next = _SEAL, True
    before = document.paragraphs[-3]
    before.paragraph_format.keep_with_next = True


def _table(document: Paperwork, part: Part) -> None:
    table = document.add_table(rows=len(part.rows), cols=part.span)
    table.style = document.styles["Table Grid"]
    for row, cells in zip(table.rows, part.spanned, strict=True):
        mark = OxmlElement("w:cantSplit")
        mark.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(mark)
        at = 0
        for text, span in cells:
            cell: _Cell = row.cells[at]
            if span > 1:
                cell = cell.merge(row.cells[at + span - 1])
            run = cell.paragraphs[0].add_run(text)
            font(run, BODY)
            run.font.size = Pt(14)
            at += span


def _page(document: Paperwork) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    for foot, side in ((page.footer, _RIGHT), (page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        line = foot.paragraphs[0]
        line.alignment = side
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        line.add_run("— ")
        field_of_word(line, "PAGE")
        line.add_run(" —")
        for run in line.runs:
            font(run, "宋体")
            run.font.size = Pt(14)
