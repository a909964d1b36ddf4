"""The reading process: what it sees, what it knows, and that pieces of a sheet are the sheet."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.exchange.sheets import roster_rows, write_roster
from unionhall.exchange import child, kinds, membersheet, pieces
from unionhall.exchange.reading import Reading
from unionhall.exchange.template import Column, Loader, Template
from unionhall.kernel.errors import Refused

FORM = Template("members", "会员实名制登记表", "Members", membersheet.COLUMNS, "", Loader, membersheet.check)


def a_sheet_with_gaps(path: Path) -> Path:
    """Rows and columns left out, at the beginning, between, and for long stretches."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("表")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for line in range(3, 400):
            if line % 7 == 0 or 100 < line < 160:
                continue
            for place in range(2 if line > 200 else 1, 6):
                sheet.write_string(line, place, f"{line}/{place}" + "。" * 20)
            sheet.write_datetime(line, 6, date(2015, 1, 1 + line % 28), day)  # type: ignore[arg-type]
    return path


def lines_of(path: Path) -> list[list[Any]]:
    task = child.Task(str(path), "xlsx", "表", (), None, None, 10)
    return [[cell or None for cell in line] for line in child._sheet(task)]


@pytest.mark.parametrize("piece", [700, 4_000, 20_000])
def test_pieces_of_a_sheet_are_the_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    path = a_sheet_with_gaps(tmp_path / "g.xlsx")
    whole = lines_of(path)
    assert whole[3][1] == "3/1" + "。" * 20
    monkeypatch.setattr(pieces, "PIECE", piece)
    monkeypatch.setattr(pieces, "_READ", 600)
    monkeypatch.setattr(pieces, "SMALL", 0)
    assert sum(1 for _ in pieces.pieces(path, "表")) > 2
    width = max(map(len, whole))
    cut = lines_of(path)
    assert [line + [None] * (width - len(line)) for line in cut] == [
        line + [None] * (width - len(line)) for line in whole
    ]


def test_a_sheet_of_many_shared_strings_is_left_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_roster(tmp_path / "r.xlsx", roster_rows(50))
    monkeypatch.setattr(pieces, "SMALL", 0)
    monkeypatch.setattr(pieces, "LARGEST_SHARED", 10)
    assert list(pieces.pieces(path, "Sheet1")) == [path]


def test_the_reading_process_holds_no_settings_no_keys_no_database(tmp_path: Path) -> None:
    path = write_roster(tmp_path / "r.xlsx", roster_rows(5))
    with Reading(FORM, path) as reading:
        reading.head()
        of = Path(f"/proc/{reading._process.pid}")
        environment = (of / "environ").read_bytes()
        loaded = (of / "maps").read_text()
        open_files = {str(link.readlink()) for link in (of / "fd").iterdir()}
    assert b"UNIONHALL" not in environment and b"DATABASE" not in environment
    assert "psycopg" not in loaded and "cryptography" not in loaded and "_sqlite3" not in loaded
    assert not [name for name in open_files if name.endswith((".sqlite3", "keys.json"))]


def test_rows_carry_their_own_sheet_numbers(tmp_path: Path) -> None:
    rows = roster_rows(30)
    with Reading(FORM, write_roster(tmp_path / "r.xlsx", rows), 7) as reading:
        reading.head()
        numbers: list[int] = []
        for chunk in reading.chunks():
            numbers += chunk.columns[0]
            reading.want(chunk, set())
    assert numbers == list(range(2, 32))


def test_leaving_early_ends_the_reading_process(tmp_path: Path) -> None:
    with Reading(FORM, write_roster(tmp_path / "r.xlsx", roster_rows(30)), 1) as reading:
        reading.head()
    assert reading._process.returncode is not None


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="文件打不开"), Reading(FORM, tmp_path / "no.xlsx"):
        pass


def test_a_tick_is_never_remembered_as_a_number() -> None:
    column = Column("amount", "金额", kinds.money())
    for cells in ([1.0, True], [True, 1.0]):
        values, _ = child._column(column, child._Cache(column), cells)
        told = {type(cell): type(value) for cell, value in zip(cells, values, strict=True)}
        assert told == {float: int, bool: child.Fault}


def test_a_line_longer_than_its_header_is_refused_and_a_line_under_an_unknown_header_is_not_lost(
    tmp_path: Path,
) -> None:
    path = tmp_path / "r.csv"
    rows = [f"张三,{'1' * 17}2,W1,2015-03-01,", ",,,,只有备注", "李四,王五,123,W1,2015-03-01,备注", ",,,,", "  ,,,,"]
    path.write_text("\n".join(["姓名,证件号码,工会编号,批准入会日期,备注", *rows]) + "\n", "utf-8")
    with Reading(FORM, path) as reading:
        reading.head()
        told = []
        for chunk in reading.chunks():
            told += [(number, reasons) for number, reasons, _ in chunk.bad]
            reading.want(chunk, set())
    assert dict(told)[4] == ((None, "这一行的格数比表头多，可能是内容里的逗号没有加引号，请核对"),)
    assert {number for number, _ in told} == {2, 3, 4}
