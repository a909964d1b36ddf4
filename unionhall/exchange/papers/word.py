"""The report as a Word document, set as the union's papers are: 仿宋_GB2312 for the text, 黑体 for headings.

Layout after GB/T 9704-2012: A4, margins 37 / 35 / 28 / 26 mm, headings 黑体, page numbers "— 1 —".
"""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Paperwork
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from unionhall.exchange.papers.wording import HOW_TO_READ, Chapter, Paper, Split, paper
from unionhall.indicators.report import Report

BODY, HEADING, TITLE = "仿宋_GB2312", "黑体", "方正小标宋简体"
_LATIN = "Times New Roman"
_RED = RGBColor(0xA6, 0x1B, 0x1B)
_TEXT_WIDTH = 156  # mm: A4 less the margins
_CENTRE, _LEFT, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT


def to_docx(report: Report) -> bytes:
    """.docx bytes."""
    return docx_of(paper(report))


def docx_of(words: Paper) -> bytes:
    """The same of a paper already put into words."""
    document = Document()
    _set_styles(document)
    _set_page(document)
    document.core_properties.title = words.title
    document.core_properties.author = words.place
    document.core_properties.language = "zh-CN"
    _cover(document, words)
    document.add_heading("编制说明", 1)
    for sentence in (*(words.how_to_read or HOW_TO_READ), f"上年同期：{words.before}。"):
        document.add_paragraph(sentence, style="Body Text")
    for order, chapter in enumerate(words.chapters, 1):
        _chapter(document, words, chapter, order)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _chapter(document: Paperwork, words: Paper, chapter: Chapter, order: int) -> None:
    document.add_heading(f"{chapter.number}、{chapter.title}", 1)
    document.add_paragraph(f"表 {order}-1　{chapter.title}主要指标", style="Caption")
    lines = [
        (str(line.number), line.title, line.unit, line.now, line.before, line.change or "—") for line in chapter.lines
    ]
    table = _table(
        document, ("序号", "指标", "单位", words.this_year, words.last_year, "同比"), lines, (11, 57, 15, 25, 25, 23)
    )
    _align(table, (_CENTRE, _LEFT, _CENTRE, _RIGHT, _RIGHT, _RIGHT))
    for number, split in enumerate(chapter.splits, 2):
        document.add_paragraph(f"表 {order}-{number}　{chapter.title}{split.caption}", style="Caption")
        _split(document, split)
    document.add_heading("指标说明", 2)
    for note in chapter.notes:
        line = document.add_paragraph(style="Note")
        line.add_run(f"{note.number}. {note.title}　").bold = True
        line.add_run(note.definition)
        for label, said in note.more:
            line.add_run().add_break()
            line.add_run(f"{label}：{said}")


def _split(document: Paperwork, split: Split) -> None:
    first = 30
    width = (_TEXT_WIDTH - first) / len(split.titles)
    headers = (split.first, *(f"{number} {title}（{unit}）" for number, title, unit in split.titles))
    total = [("合计", *split.totals)] if split.totals else []
    rows = [*total, *((name, *cells) for name, cells in split.rows)]
    table = _table(document, headers, rows, (first, *(width for _ in split.titles)))
    _align(table, (_LEFT, *(_RIGHT for _ in split.titles)))
    for cell in table.rows[1].cells if total else ():
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _cover(document: Paperwork, words: Paper) -> None:
    for _ in range(5):
        document.add_paragraph()
    document.add_paragraph(words.title, style="Title")
    for _ in range(12):
        document.add_paragraph()
    for line in (words.place, f"统计期间：{words.period}"):
        at = document.add_paragraph(line)
        at.alignment = _CENTRE
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _table(
    document: Paperwork, headers: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> Table:
    """A ruled table: widths in mm; the header row comes again on every page, and no row is cut in two."""
    table: Table = document.add_table(rows=1 + len(rows), cols=len(headers))
    table.style = document.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _mark(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    # Straight at the XML: python-docx walks the whole grid for a cell, and all styles to set one by its object.
    in_a_cell = document.styles["Cell"].style_id
    for row, cells in zip(table.rows, (headers, *rows), strict=True):
        _mark(row._tr.get_or_add_trPr(), "w:cantSplit")
        for tc, text, width in zip(row._tr.tc_lst, cells, widths, strict=True):
            tc.width = Mm(width)
            tc.p_lst[0].style = in_a_cell
            tc.p_lst[0].add_r().text = text
    for tc in table.rows[0]._tr.tc_lst:
        _head(_Cell(tc, table))
    return table


def _head(cell: _Cell) -> None:
    cell.paragraphs[0].alignment = _CENTRE
    for run in cell.paragraphs[0].runs:
        font(run, HEADING)
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "F4F1EC")):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _align(table: Table, sides: Sequence[WD_ALIGN_PARAGRAPH]) -> None:
    for row in list(table.rows)[1:]:
        for tc, side in zip(row._tr.tc_lst, sides, strict=True):
            Paragraph(tc.p_lst[0], table).alignment = side


def _mark(properties: Any, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    properties.append(mark)


def font(of: Any, name: str) -> None:
    """A Chinese font has to be named for East Asian text apart: Word takes `font.name` for Latin letters only."""
    of.font.name = _LATIN
    fonts = of.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _set_styles(document: Paperwork) -> None:
    styles = document.styles
    for name in ("Note", "Cell"):
        styles.add_style(name, 1).base_style = styles["Normal"]
    wanted = (
        ("Normal", BODY, 14, False), ("Body Text", BODY, 14, False), ("Caption", HEADING, 11, False), ("Note", BODY, 10.5, False),
        ("Cell", BODY, 9.5, False), ("Heading 1", HEADING, 16, False), ("Heading 2", HEADING, 12, False), ("Title", TITLE, 26, False),
    )  # fmt: skip
    for name, face, size, bold in wanted:
        style = styles[name]
        font(style, face)
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = _RED if name == "Title" else RGBColor(0, 0, 0)
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(0)
    styles["Normal"].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    body = styles["Body Text"].paragraph_format
    body.first_line_indent, body.line_spacing = Pt(28), Pt(26)
    for name, before, after in (("Heading 1", 18, 8), ("Heading 2", 10, 4), ("Caption", 10, 4), ("Note", 0, 5)):
        form = styles[name].paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.keep_with_next = name != "Note"
    styles["Title"].paragraph_format.alignment = _CENTRE
    border = styles["Title"].element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:  # the blue rule of Word's own title style
        styles["Title"].element.get_or_add_pPr().remove(border)


def _set_page(document: Paperwork) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.different_first_page_header_footer = True
    line = page.footer.paragraphs[0]
    line.alignment = _CENTRE
    line.add_run("— ")
    field_of_word(line, "PAGE")
    line.add_run(" —")


def field_of_word(line: Paragraph, code: str) -> None:
    """A field Word fills in itself."""
    run = line.add_run()
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", "1"), ("end", "")):
        if kind == "shown":
            mark = OxmlElement("w:t")
            mark.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {text} "
        run._r.append(mark)
