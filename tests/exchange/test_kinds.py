"""Cells as sheets really hold them."""

import contextlib
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhall.exchange import kinds
from unionhall.kernel.errors import Refused

WORDS = {"male": "男", "female": "女"}


@pytest.mark.parametrize(
    ("read", "raw", "value"),
    [
        (kinds.text(10), "  红星\n机械厂　", "红星 机械厂"),
        (kinds.text(10), 1001.0, "1001"),
        (kinds.text(10), None, ""),
        (kinds.code(10), 1001.0, "1001"),
        (kinds.code(10), "1001.0", "1001"),
        (kinds.code(10), "００１－Ａ", "001-A"),
        (kinds.code(10, upper=True), "u 01", "U01"),
        (kinds.whole(), "1,204", 1204),
        (kinds.whole(), 12.0, 12),
        (kinds.whole(), "", None),
        (kinds.money(), "1,200.50", 120050),
        (kinds.money(), 0.1 + 0.2, 30),
        (kinds.money(), "3万元", 3_000_000),
        (kinds.money(), " ", None),
        (kinds.words(WORDS), "女", "female"),
        (kinds.words(WORDS), 2.0, "female"),
        (kinds.words(WORDS), "Female", "female"),
        (kinds.words_many(WORDS), "男、2；男", ("male", "female")),
        (kinds.texts(8), "调解室、 书屋", ("调解室", "书屋")),
    ],
)
def test_a_cell_is_read(read: Any, raw: Any, value: Any) -> None:
    assert read(raw) == value


@pytest.mark.parametrize(
    ("read", "raw", "reason"),
    [
        (kinds.code(20), 4.1e17, "后几位已丢失"),
        (kinds.code(20), "4.1E+17", "后几位已丢失"),
        (kinds.code(20), 10.5, "不应有小数"),
        (kinds.code(3), "12345", "编号最多3位，现为5位"),
        (kinds.text(3), "一二三四", "最多3个字，现为4个字"),
        (kinds.text(30), "#REF!", "公式错误"),
        (kinds.whole(), "十二", "不是整数"),
        (kinds.whole(1, 9), 10, "应在1至9之间"),
        (kinds.money(), -1, "不能是负数"),
        (kinds.money(), "一百", "不是金额"),
        (kinds.words(WORDS), "不明", "没有“不明”这一项，请从列表中选：男、女"),
        (kinds.words(WORDS), 3, "没有“3”这一项"),
        (kinds.day(), "2015-13-01", "没有“2015-13-01”这一天"),
        (kinds.day(), 12.0, "不是日期"),
        (kinds.day(), "2101-01-01", "不合理"),
    ],
)
def test_a_cell_is_refused_with_the_reason(read: Any, raw: Any, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read(raw)
    assert reason in refused.value.message


@given(st.dates(kinds.EARLIEST, kinds.LATEST))
def test_every_way_to_write_a_day_is_that_day(day: date) -> None:
    read = kinds.day()
    serial = (day - date(1899, 12, 30)).days
    written = (day, datetime(day.year, day.month, day.day), day.isoformat(), f"{day.year}/{day.month}/{day.day}",
               f"{day.year}.{day.month:02d}.{day.day:02d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}",
               *((float(serial), serial, str(serial), float(serial) + 0.25) if day.year >= 1925 else ()))  # fmt: skip
    assert {read(cell) for cell in written} == {day}


@pytest.mark.parametrize("cell", [2015, "2015", 2015.0, 2015.03, 1980.05, "2015.03"])
def test_a_year_or_a_year_and_month_is_no_day(cell: Any) -> None:
    with pytest.raises(Refused, match="请填到日"):
        kinds.day()(cell)


def test_a_comma_that_separates_no_thousands_is_asked_about() -> None:
    assert (kinds.whole()("1,204"), kinds.money()("1,204.50")) == (1204, 120450)
    for read in (kinds.whole(), kinds.money()):
        with pytest.raises(Refused, match="千位"):
            read("1,5")


@given(
    st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.datetimes(), st.dates(), st.times())
)
def test_no_cell_is_an_error_of_ours(cell: Any) -> None:
    readers = (kinds.text(20), kinds.code(20), kinds.day(), kinds.whole(), kinds.money(), kinds.words(WORDS),
               kinds.words_many(WORDS), kinds.person_name(), kinds.mobile(), kinds.uscc(), kinds.document(),
               kinds.document_shape(), kinds.bankcard())  # fmt: skip
    for read in readers:
        with contextlib.suppress(Refused):  # any other error fails
            read(cell)


def test_a_serial_counts_from_excel_s_own_beginning() -> None:
    assert kinds.day()(42064) == date(2015, 3, 1) == date(1899, 12, 30) + timedelta(days=42064)
