"""云岭区, a small district that is nothing but its workbooks, built unlike the demonstration.

Towns with villages, and cells below them (four levels, not three); its own code numbers; the years 2018 to 2021; lists of
employers of its own, another one each year; no cards, no social organisations; workbooks with the union's own headers
in its own order, code numbers for words, dates as text, as numbers and as dates, one file in GB18030. In 2020 one town
becomes part of another, and a village moves across. Nobody and nothing in it is real.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.world import a_uscc
from unionhall.kernel.identifiers.citizen import check_character

_EPOCH = date(1899, 12, 30)


def number(serial: int, birth: str = "19800101") -> str:
    """A made-up citizen number with right check digit; odd serials are men."""
    body = f"530102{birth}{serial:03d}"
    return body + check_character(body)


def serial_of(day: date) -> int:
    """A day as Excel keeps it."""
    return (day - _EPOCH).days


TREE = (
    ("代码", "地方名称", "地方类别", "上级地方代码", "设立日期", "撤销日期", "并入代码", "并入日期", "并入原因"),
    # Children before their parents; code numbers for the kinds: 1 区, 3 镇, 5 村, 6 网格, 4 社区.
    ("YL-31", "上坝村", "5", "YL-3", "2001.5.1", "", "", "", ""),
    ("YL", "云岭区", "1", "", "2001年5月1日", "", "", "", ""),
    ("YL-1", "青石镇", "3", "YL", "20010501", "", "", "", ""),
    ("YL-2", "白杨镇", "3", "YL", "2001-05-01", "", "", "", ""),
    ("YL-3", "河口镇", "3", "YL", "2001/5/1", "2020-07-01", "YL-2", "2020-07-01", "撤镇并入白杨镇"),
    ("YL-11", "石桥村", "5", "YL-1", "2001-05-01", "", "", "", ""),
    ("YL-12", "新塘村", "5", "YL-1", "2001-05-01", "2020-01-01", "YL-21", "2020-01-01", "划归白杨镇"),
    ("YL-21", "白杨社区", "社区", "YL-2", "2001-05-01", "", "", "", ""),
    ("YL-111", "石桥一网格", "6", "YL-11", "2018-01-01", "", "", "", ""),
    ("YL-112", "石桥二网格", "6", "YL-11", "2018-01-01", "", "", "", ""),
)
FUNDS = (("名称", "用途", "地方代码"), ("职工互济金", "困难职工", "YL"), ("劳模资金", "劳模奖励", "YL"))
STATIONS = (
    ("服务站编号", "名称", "地方代码", "建筑面积", "成立日期", "验收通过日期", "社工编制", "编制起始日期"),
    ("F1", "青石站", "YL-1", 90, "2018-03-01", "2019-06-01", 3, "2018-03-01"),
    ("F2", "河口站", "YL-3", 60, "2018-03-01", "", 2, "2018-03-01"),
)
STAFF = (
    ("编号", "姓名", "类别", "服务站编号", "到岗日期", "离岗日期"),
    ("1", "段一", "1", "F1", "2018-04-01", ""),
    ("2", "段二", "专职工会社会工作者", "F1", "2018-04-01", "2021-03-31"),
    ("3", "段三", "social_worker", "F2", "2019-01-01", ""),
)
EMPLOYERS: tuple[tuple[Any, ...], ...] = (
    ("名单名称", "名单用途", "名单日期", "单位代码", "企业名称", "经济类型", "所在地代码", "从业人数"),
    # The base of the unionisation and membership rates is another list each year; bargaining has one of its own.
    ("规上企业名录", "建会率、入会率", "2019-12-31", a_uscc(801), "青石茶厂", "2", "YL-11", 40),
    ("规上企业名录", "建会率、入会率", "2019-12-31", a_uscc(802), "河口船运", "3", "YL-31", 60),
    ("规上企业名录", "建会率、入会率", "2019-12-31", a_uscc(803), "新塘砖厂", "3", "YL-12", 20),
    ("规上企业名录", "1、2", "2020-12-31", a_uscc(801), "青石茶厂", "2", "YL-111", 44),
    ("规上企业名录", "1、2", "2020-12-31", a_uscc(802), "河口船运", "3", "YL-31", 50),
    ("规上企业名录", "1、2", "2020-12-31", a_uscc(804), "白杨纸业", "4", "YL-21", 100),
    ("规上企业名录", "1、2", "2020-12-31", a_uscc(805), "白杨印刷", "3", "YL-21", 6),
    ("百人以上企业", "签订率", "2020-06-30", a_uscc(804), "白杨纸业", "4", "YL-21", 100),
    ("百人以上企业", "签订率", "2020-06-30", a_uscc(802), "河口船运", "3", "YL-31", 50),
)
UNIONS: tuple[tuple[Any, ...], ...] = (
    ("编号", "工会全称", "工会类别", "地方代码", "上级工会", "成立日期"),
    ("101", "青石茶厂工会", "4", "YL-11", "100", "2018-06-01"),
    ("100", "云岭区总工会", "1", "YL", "", "2002-01-01"),
    ("102", "河口镇联合工会", "5", "YL-3", "100", "2019-02-01"),
    ("103", "白杨纸业工会", "independent", "YL-21", "100", "2020-09-01"),
)
COVER: tuple[tuple[Any, ...], ...] = (
    ("编号", "用人单位代码", "起始日期", "终止日期"),
    ("101", a_uscc(801), "2018-06-01", ""),
    ("102", a_uscc(802), "2019-02-01", ""),
    ("102", a_uscc(803), "2019-02-01", "2020-03-01"),
    ("103", a_uscc(804), "2020-09-01", ""),
)
MEMBERS: tuple[tuple[Any, ...], ...] = (
    (
        "所属工会编号",
        "用人单位代码",
        "职工姓名",
        "性别",
        "证件种类",
        "身份证号码",
        "联系电话",
        "加入工会时间",
        "文化程度",
    ),
    ("101", a_uscc(801), "杨茶生", "1", "1", number(1), "13700000001", "2018-06-15", "高中"),
    ("101", a_uscc(801), "和秀兰", "2", "1", number(2), "13700000002", serial_of(date(2018, 6, 15)), "初中"),
    ("101", a_uscc(801), "阿依古丽·买买提", "女", "居民身份证", number(4), "13700000003", date(2019, 5, 4), ""),
    ("102", a_uscc(802), "木船长", "男", "1", number(5), "13700000004", "2019年2月10日", ""),
    ("102", a_uscc(802), "木水手", "男", "1", number(7), "13700000005", "20190210", ""),
    ("102", a_uscc(803), "李砖", "男", "1", number(9), "13700000006", "2019/3/1", ""),
    ("103", a_uscc(804), "白纸", "女", "1", number(10), "13700000007", "2020-09-10", ""),
    ("103", a_uscc(804), "黄纸", "男", "1", number(11), "13700000008", "2020-09-10", ""),
)
ITEMS = (
    ("编号", "名称", "承办单位", "地方代码", "开始日期", "结束日期"),
    ("X1", "夜校剪纸班", "区工人文化宫", "YL", "2019-01-01", "2019-12-31"),
    ("X2", "送戏下乡", "区总", "YL", "2020-01-01", ""),
)
USES = (
    ("流水号", "项目编号", "身份证号", "日期", "核验方式"),
    ("1", "X1", number(1), "2019-03-02", "名册"),
    ("2", "X1", number(1), "2019-03-09", "3"),
    ("3", "X1", number(5), "2019-03-09", "roster"),
    ("4", "X2", number(5), "2020-05-01", "名册"),
    ("5", "X2", number(5), "2020-08-01", "名册"),
    ("6", "X2", number(2), "2020-10-01", "名册"),
)
HARDSHIP = (
    ("编号", "职工姓名", "身份证号码", "单位代码", "地方代码", "困难类别", "建档日期"),
    ("D1", "木水手", number(7), a_uscc(802), "YL-31", "2", "2019-04-01"),
)
AID = (
    ("编号", "类别", "职工姓名", "身份证号码", "地方代码", "发放日期", "发放金额", "资金来源", "形式"),
    ("A1", "医疗救助", "木水手", number(7), "YL-31", "2020-02-01", "1,200.50", "职工互济金", "现金"),
    ("A2", "1", "木水手", number(7), "YL-31", "2020-11-01", 800, "职工互济金", "1"),
    ("A3", "节日慰问", "和秀兰", number(2), "YL-111", "2020-01-20", 500, "职工互济金", "实物"),
)
DISPUTES = (
    (
        "编号",
        "申请人",
        "身份证号",
        "用人单位代码",
        "地方代码",
        "案由",
        "涉及人数",
        "申请日期",
        "受理日期",
        "结案日期",
        "结果",
        "请求金额",
        "协议金额",
    ),
    (
        "Z1",
        "李砖",
        number(9),
        a_uscc(803),
        "YL-12",
        "劳动报酬",
        3,
        "2019-11-01",
        "2019-11-02",
        "2019-11-12",
        "1",
        9000,
        7500,
    ),
    (
        "Z2",
        "木船长",
        number(5),
        a_uscc(802),
        "YL-31",
        "2",
        1,
        "2020-08-01",
        "2020-08-03",
        "2020-08-20",
        "达成协议",
        3000,
        3000,
    ),
    ("Z3", "黄纸", number(11), a_uscc(804), "YL-21", "工伤", 1, "2021-01-05", "2021-01-06", "", "", 50000, ""),
)
AGREEMENTS = (
    ("合同编号", "种类", "合同名称", "层级", "工会编号", "地方代码", "签订日期", "生效日期", "届满日期"),
    ("H1", "2", "河口镇区域工资协议", "区域", "102", "YL-3", "2019-06-01", "2019-06-01", "2021-06-01"),
    ("H2", "集体合同", "白杨纸业集体合同", "企业", "103", "YL-21", "2020-12-01", "2020-12-01", "2023-12-01"),
)
AGREEMENT_COVER: tuple[tuple[Any, ...], ...] = (
    ("合同编号", "种类", "单位代码", "覆盖起始日期", "覆盖终止日期"),
    ("H1", "2", a_uscc(802), "2019-06-01", "2021-06-01"),
    ("H1", "2", a_uscc(803), "2019-06-01", "2020-03-01"),
    ("H2", "1", a_uscc(804), "2020-12-01", "2023-12-01"),
)
HONOURS = (
    ("证书编号", "称号", "级别", "对象类别", "获得者", "身份证号", "授予决定日期", "地方代码"),
    ("R1", "劳动奖章", "3", "个人", "杨茶生", number(1), "2020-04-28", "YL"),
    ("R2", "劳动奖章", "区", "1", "木船长", number(5), "2020-04-28", "YL"),
    ("R3", "工人先锋号", "3", "班组", "一号船班", "", "2021-04-28", "YL"),
)

BOOKS: tuple[tuple[str, str, Sequence[Sequence[Any]]], ...] = (
    ("tree", "区划.csv", TREE), ("funds", "资金.xlsx", FUNDS), ("stations", "站.xlsx", STATIONS), ("staff", "人员.xlsx", STAFF),
    ("employers", "名录.xlsx", EMPLOYERS), ("unions", "工会.gb18030.csv", UNIONS), ("cover", "覆盖.xlsx", COVER),
    ("members", "会员.xlsx", MEMBERS), ("items", "项目.xlsx", ITEMS), ("uses", "使用.csv", USES), ("hardship", "困难.xlsx", HARDSHIP),
    ("aid", "救助.xlsx", AID), ("disputes", "争议.xlsx", DISPUTES), ("agreements", "合同.xlsx", AGREEMENTS),
    ("agreement_cover", "合同覆盖.xlsx", AGREEMENT_COVER), ("honours", "荣誉.gb18030.csv", HONOURS),
)  # fmt: skip
"""Template, file, rows with their header, in the order of import."""


def write(folder: Path) -> Iterator[tuple[str, Path]]:
    """Write every workbook; (template, file) in the order of import."""
    for template, name, rows in BOOKS:
        path = folder / name
        if path.suffix == ".csv":
            with path.open("w", newline="", encoding="gb18030" if "gb18030" in name else "utf-8-sig") as file:
                csv.writer(file).writerows(rows)
        else:
            _workbook(path, rows)
        yield template, path


def _workbook(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("报送")
        day = book.add_format({"num_format": "yyyy/m/d"})
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(at, column, cell)
                else:
                    sheet.write_number(at, column, cell)
