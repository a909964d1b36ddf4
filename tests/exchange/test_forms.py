"""The blank workbook of every template: what it offers is what the import takes."""

from pathlib import Path

import openpyxl
import pytest
from python_calamine import load_workbook

from unionhall.exchange import headers
from unionhall.exchange.blank import GUIDE, write_blank
from unionhall.exchange.run import dry_run
from unionhall.exchange.template import Template
from unionhall.exchange.templates import TEMPLATES, by_name
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused


@pytest.mark.parametrize("template", TEMPLATES, ids=[t.name for t in TEMPLATES])
class TestEachForm:
    def test_its_headers_are_found_again_all_of_them(self, template: Template, tmp_path: Path) -> None:
        write_blank(template, tmp_path / "b.xlsx")
        lines = load_workbook(str(tmp_path / "b.xlsx")).get_sheet_by_name(template.title).to_python()
        found = headers.find(lines, template.columns, template.title)
        assert (found.row, found.places, found.unknown) == (0, tuple(range(len(template.columns))), ())

    def test_ids_are_text_lists_are_offered_columns_explained(self, template: Template, tmp_path: Path) -> None:
        write_blank(template, tmp_path / "b.xlsx")
        book = openpyxl.load_workbook(tmp_path / "b.xlsx")
        sheet = book[template.title]
        assert sheet.freeze_panes == "A2"
        offered = {str(rule.sqref).partition(":")[0] for rule in sheet.data_validations.dataValidation}
        explained = {row[0].value: row for row in book[GUIDE].iter_rows(min_row=5)}
        for place, column in enumerate(template.columns, 1):
            letter = openpyxl.utils.get_column_letter(place)
            if getattr(column.read, "as_text", False):
                assert sheet.column_dimensions[letter].number_format == "@" or _grouped(sheet, place) == "@", (
                    column.header
                )
            if column.read.__class__.__name__ == "words":
                assert f"{letter}2" in offered, column.header
            assert explained[column.header][1].value == ("必填" if column.required else "可不填")
            assert explained[column.header][2].value

    @pytest.mark.django_db
    def test_left_blank_it_is_refused_in_words(self, template: Template, tmp_path: Path) -> None:
        write_blank(template, tmp_path / "b.xlsx")
        with pytest.raises(Refused, match="没有数据行"):
            dry_run(template, tmp_path / "b.xlsx", by=SYSTEM)


def _grouped(sheet: object, place: int) -> str:
    """openpyxl folds neighbouring columns of one format into the first of them."""
    for dimension in sheet.column_dimensions.values():  # type: ignore[attr-defined]
        if dimension.min <= place <= dimension.max:
            return str(dimension.number_format)
    return ""


def test_every_template_of_the_contract_is_there() -> None:
    assert [template.name for template in TEMPLATES] == [
        "tree", "posts", "funds", "incomes", "stations", "staff", "employers", "unions", "cover", "social", "rooms", "members",
        "card_batch", "card_reply", "items", "uses", "sessions", "attendance", "booths", "outcomes", "hardship", "aid", "disputes", "matters", "policies", "claims", "agreements", "agreement_cover", "honours",
    ]  # fmt: skip
    with pytest.raises(Refused, match="没有“nothing”这个模板"):
        by_name("nothing")
