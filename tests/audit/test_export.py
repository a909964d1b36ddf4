"""A workbook that leaves the house holds no formula, no secret, and the name of who took it out."""

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import world
from tests.world import World
from unionhall.exchange.export import Mark, begins_formula, csv_cell, write_xlsx
from unionhall.people.models import Person

MARK = Mark("周敏&小李", datetime(2015, 12, 31, 1, 2, tzinfo=UTC), "t-0017")
PAYLOADS = [
    "=1+1", "=cmd|'/c calc'!A0", "=HYPERLINK(\"http://x\",\"点我\")", "=IMPORTXML(\"http://x\",\"//a\")", "=WEBSERVICE(\"http://x\")",
    "=DDE(\"cmd\";\"/C calc\";\"a\")", "{=1+1}", "+1+1", "+cmd|'/c calc'!A0", "-1+1", "-2+3+cmd|'/c calc'!A0", "@SUM(1+1)",
    "@SUM(1+1)*cmd|'/c calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u3000=1+1", "\u00a0=1+1", "\ufeff=1+1", "\u200b=1+1",
    "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", " ＝1+1", "|calc", "%0A=1+1", "=", "+", "-", "@", "=\"a\"&\"b\"",
    "=INDIRECT(\"A1\")", "=SUM(1)*cmd|' /C notepad'!'A1'", "http://x", "mailto:x@y", "=1+1\x00".replace("\x00", ""), "-13912345678",
]  # fmt: skip


def _written(path: Path, rows: list[list[Any]]) -> Any:
    write_xlsx(path, [f"列{n}" for n in range(len(rows[0]))], rows, mark=MARK)
    return openpyxl.load_workbook(path)["数据"]


def _inside(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist() if name.endswith((".xml", ".rels"))}


def test_thirty_payloads_stay_the_text_they_are(tmp_path: Path) -> None:
    assert len(set(PAYLOADS)) >= 30
    path = tmp_path / "out.xlsx"
    sheet = _written(path, [[payload] for payload in PAYLOADS])
    cells = [sheet.cell(line, 1) for line in range(3, 3 + len(PAYLOADS))]
    assert [cell.value.replace("_x000D_", "\r") for cell in cells] == PAYLOADS
    assert {cell.data_type for cell in cells} == {"s"}
    inside = _inside(path)
    assert not any("<f>" in text or "<f " in text for text in inside.values())
    assert not any("hyperlink" in text.lower() and "<hyperlink" in text for text in inside.values())
    assert not any("externalLink" in name for name in inside)


def test_what_could_be_a_formula_is_quoted_so_that_editing_the_cell_makes_none(tmp_path: Path) -> None:
    sheet = _written(tmp_path / "out.xlsx", [["=1+1", "普通", "＝1"]])
    assert [sheet.cell(3, column).quotePrefix for column in (1, 2, 3)] == [True, False, True]


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if not one.startswith(("http", "mailto", "{"))])
def test_in_a_csv_an_apostrophe_stands_before_it(payload: str) -> None:
    assert begins_formula(payload) and csv_cell(payload) == f"'{payload}"


def test_numbers_and_plain_words_are_left_alone_in_a_csv() -> None:
    assert [csv_cell(value) for value in (-5, 1.5, Decimal("-2.50"), "小李", None, True, date(2015, 1, 2))] == [
        "-5", "1.5", "-2.50", "小李", "", "是", "2015-01-02",
    ]  # fmt: skip


def test_values_keep_their_kind(tmp_path: Path) -> None:
    sheet = _written(
        tmp_path / "out.xlsx",
        [[12, Decimal("1204.50"), "110101198506010012", 110101198506010012, date(2015, 3, 1), None, True]],
    )
    assert [sheet.cell(3, column).value for column in range(1, 8)] == [
        12, 1204.5, "110101198506010012", "110101198506010012", "2015-03-01", None, "是",
    ]  # fmt: skip


def test_who_took_it_stands_on_the_sheet_on_every_page_and_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    sheet = _written(path, [["x"]])
    said = "周敏&小李 · 2015-12-31 09:02 · t-0017"
    assert sheet.cell(1, 1).value == said
    assert said in sheet.oddFooter.left.text.replace("&&", "&") and said in sheet.oddHeader.right.text.replace(
        "&&", "&"
    )
    book = openpyxl.load_workbook(path)
    assert book["导出信息"].sheet_state == "veryHidden"
    assert [row[1].value for row in book["导出信息"].iter_rows(max_row=3)] == [
        "周敏&小李",
        "2015-12-31 09:02",
        "t-0017",
    ]
    assert (book.properties.creator, book.properties.title) == ("周敏&小李", "t-0017")


@pytest.mark.django_db
def test_a_sealed_value_goes_out_as_its_mask(here: World, tmp_path: Path) -> None:
    li = world.a_member(here, "小李")
    person = Person.objects.get(pk=li.person)
    path = tmp_path / "out.xlsx"
    _written(path, [[person.mobile, person.number, person.masked]])
    inside = "".join(_inside(path).values())
    assert str(person.mobile) in inside and li.mobile not in inside and li.number not in inside


def test_more_rows_than_a_sheet_holds_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionhall.exchange.export.MOST_ROWS", 3)
    with pytest.raises(ValueError):
        write_xlsx(tmp_path / "out.xlsx", ["列"], ([n] for n in range(4)), mark=MARK)
