"""The report on paper, read back from each form."""

import csv
import io
import re
from datetime import date

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn

from tests import world
from unionhall import catalogue
from unionhall.exchange import papers
from unionhall.exchange.papers import pdf
from unionhall.exchange.papers.sheet import as_text
from unionhall.exchange.papers.wording import number_in_words, paper
from unionhall.indicators.report import Report, yearly
from unionhall.kernel.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(here: world.World) -> Report:
    members = world.five_people(here)
    world.a_card(members[0])
    world.a_use(world.an_item(here), members[0], date(2015, 3, 3))
    world.some_aid(world.a_fund(here), members[0], fen=123_456)
    world.an_honour(here, members[0])
    return yearly(catalogue.SERVICES, 2015)


def test_csv_has_a_mark_for_spreadsheets_and_a_line_for_each_figure_at_each_place(report: Report) -> None:
    content = papers.render(report, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    figures = catalogue.figures()
    assert {row["指标编号"] for row in rows} == set(figures)
    made = [row for row in rows if row["指标编号"] == "card.making"]
    assert [(row["地方"], row["数值"], row["分子"], row["分母"]) for row in made] == [
        ("望河区", "20.00", "1", "5"), ("柳荫街道", "0.00", "0", "3"), ("石桥街道", "50.00", "1", "2"),
    ]  # fmt: skip
    paid = next(row for row in rows if row["指标编号"] == "aid.medical.amount")
    assert (paid["数值"], paid["单位"], paid["起"], paid["止"]) == ("0.123456", "万元", "2015-01-01", "2015-12-31")
    medal = [row["地方"] for row in rows if row["指标编号"] == "honour.medal"]
    assert medal == ["望河区", "柳荫街道", "石桥街道", "其他"]


def test_csv_keeps_a_name_that_looks_like_a_formula_as_text(report: Report, here: world.World) -> None:
    report.parts[0].name = "=HYPERLINK(1)"
    assert b"'=HYPERLINK(1)" in papers.render(report, "csv")


@pytest.mark.parametrize("words", ["=1+1", "-2+3", "+1", "@SUM(A1)", "\r=1", "\t=1", "\n=1", "＝1+1"])
def test_words_a_spreadsheet_would_reckon_with_are_kept_as_words(words: str) -> None:
    assert as_text(words) == f"'{words}"


@pytest.mark.parametrize("words", ["", "柳荫街道", "1-2", "a=b"])
def test_other_words_stay_as_they_are(words: str) -> None:
    assert as_text(words) == words


def test_html_stands_alone_and_carries_every_figure_with_its_definition(report: Report) -> None:
    text = papers.render(report, "html").decode()
    assert not re.search(r"""(src|href)=["'](?!#)""", text) and "url(" not in text
    assert "<script" not in text
    for row in report.rows():
        assert row.figure.title in text and row.figure.definition in text
    assert text.count('<section class="chapter"') == len(report.sections)


def test_html_escapes_what_came_from_workbooks(report: Report) -> None:
    report.parts[0].name = "<b>街道</b>"
    assert "&lt;b&gt;街道" in papers.render(report, "html").decode()


def test_word_is_set_as_the_unions_papers_are(report: Report) -> None:
    document = Document(io.BytesIO(papers.render(report, "docx")))
    assert _east_asian(document, "Normal") == _east_asian(document, "Body Text") == "仿宋_GB2312"
    assert _east_asian(document, "Heading 1") == _east_asian(document, "Heading 2") == "黑体"
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for row in report.rows():
        assert row.figure.definition in text
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings[1] == "一、三级服务体系" and len(headings) == 1 + len(report.sections)
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    page_number = document.sections[0].footer._element.findall(f".//{qn('w:instrText')}")
    assert [code.text.strip() for code in page_number if code.text] == ["PAGE"]


def _east_asian(document: Document, style: str) -> str:  # type: ignore[valid-type]
    return document.styles[style].element.rPr.rFonts.get(qn("w:eastAsia"))  # type: ignore[attr-defined]


def test_word_tables_say_what_the_report_says(report: Report) -> None:
    document = Document(io.BytesIO(papers.render(report, "docx")))
    cells = {
        row.cells[1].text: row.cells[3].text
        for table in document.tables
        if table.cell(0, 0).text == "序号"
        for row in table.rows
    }
    assert cells["办卡率"] == "20.00%"
    assert cells["实名制会员"] == "5"
    assert cells["发放医疗救助款"] == "0.12"


def test_pdf_has_its_pages_numbered_and_its_bookmarks(report: Report) -> None:
    at = [one.service.key for one in report.sections].index("card")
    small = Report(
        report.place, report.year, report.period, report.before, report.parts, report.sections[at - 2 : at + 1]
    )
    read = pypdf.PdfReader(io.BytesIO(papers.render(small, "pdf")))
    assert read.metadata is not None and read.metadata.title == "望河区总工会 2015 年工作统计报告"
    pages = [page.extract_text() for page in read.pages]
    assert "— 3 —" in pages[2]
    assert any("办卡率" in page and "20.00%" in page for page in pages)
    assert (
        any("京卡" in str(mark.title) for mark in read.outline if not isinstance(mark, list)) or len(read.outline) > 1
    )


def test_without_pango_the_reason_is_said(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError("cannot load library 'libgobject-2.0-0'")

    pdf._weasyprint.cache_clear()
    monkeypatch.setattr(pdf.importlib, "import_module", missing)
    with pytest.raises(Refused, match="没有 pango"):
        papers.render(report, "pdf")
    monkeypatch.undo()


def test_unknown_forms_are_refused(report: Report) -> None:
    with pytest.raises(Refused, match="csv、html、docx、pdf"):
        papers.render(report, "wps")
    assert papers.file_name(report, "pdf") == "望河区-2015.pdf"


def test_wide_services_are_split_into_tables_that_fit_a_page(report: Report) -> None:
    for chapter in paper(report).chapters:
        assert all(len(split.titles) <= 6 for split in chapter.splits)
        assert [number for split in chapter.splits for number, _, _ in split.titles] == [
            line.number for line in chapter.lines
        ]


def test_numbers_in_words() -> None:
    assert [number_in_words(n) for n in (1, 10, 11, 20, 22, 99)] == ["一", "十", "十一", "二十", "二十二", "九十九"]
