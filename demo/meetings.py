"""Tripartite meetings of the federation, the labour bureau and the employers' side: three in 2015, two in each year before."""

from collections.abc import Iterator
from datetime import date, timedelta

MATTER_HEADERS = (
    "业务",
    "编号",
    "地方代码",
    "姓名",
    "证件号码",
    "用人单位代码",
    "类别",
    "人数",
    "登记日期",
    "办理到",
    "办理日期",
)
HELD = {2012: 2, 2013: 2, 2014: 2, 2015: 3}
"""Held by year; what they were about was not written down."""
Row = tuple[object, ...]


def meeting_rows() -> Iterator[Row]:
    """Rows of the `matters` workbook: topics were asked for five weeks before each meeting."""
    for year, count in HELD.items():
        for at in range(count):
            on = date(year, 3 + at * (8 // count), 18)
            yield "三方会议", f"SF{year}-{at + 1}", "", *[None] * 5, on - timedelta(days=35), "已召开", on
