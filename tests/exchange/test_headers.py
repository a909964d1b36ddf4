"""Finding the headers of a sheet people made."""

import pytest

from unionhall.exchange import headers
from unionhall.exchange.membersheet import COLUMNS
from unionhall.kernel.errors import Refused

PLAIN = ["姓名", "证件号码", "工会编号", "批准入会日期"]


def places(row: list[object], above: int = 0) -> dict[str, int]:
    found = headers.find([["会员花名册"]] * above + [row], COLUMNS, "会员实名制登记表")
    assert found.row == above
    return {column.key: place for column, place in zip(COLUMNS, found.places, strict=True) if place is not None}


@pytest.mark.parametrize("above", [0, 1, 4])
def test_columns_in_any_order_below_any_title(above: int) -> None:
    found = places(["批准入会日期", "序号", "工会编号", "证件号码", "姓名"], above)
    assert found == {"since": 0, "union": 2, "document_number": 3, "name": 4}


@pytest.mark.parametrize("written", ["姓　名", " 姓 名*", "姓\n名", "姓名（必填）", "＊姓名", "姓名:", "【必填】姓名"])
def test_a_header_is_known_however_it_is_dressed(written: str) -> None:
    assert places([written, *PLAIN[1:]])["name"] == 0


@pytest.mark.parametrize(
    ("alias", "key"), [("身份证号", "document_number"), ("联系电话", "mobile"), ("文化程度", "education")]
)
def test_the_union_s_own_words_are_known(alias: str, key: str) -> None:
    assert places([alias, *(h for h in PLAIN if key != "document_number" or h != "证件号码")])[key] == 0


def test_unknown_columns_are_told_and_left_alone() -> None:
    found = headers.find([[*PLAIN, "血型", "备注"]], COLUMNS, "会员实名制登记表")
    assert found.unknown == ("血型", "备注")


def test_a_missing_required_column_is_named() -> None:
    with pytest.raises(Refused, match="缺少必填的列：批准入会日期"):
        places(["姓名", "证件号码", "工会编号", "性别"])


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(Refused, match="“证件号码”和“身份证号”是同一项（第2列、第5列）"):
        places([*PLAIN, "身份证号"])


def test_no_headers_at_all() -> None:
    with pytest.raises(Refused, match="没有找到表头"):
        headers.find([["甲", "乙"], ["丙", "丁"]], COLUMNS, "会员实名制登记表")
