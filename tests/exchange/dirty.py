"""Dirty rows of a members' roster, as unions really hand them in, each with what must become of it. No number is real.

The sheet they come on is dirty too: a merged title above, a note below it, headers full-width, broken over lines, starred,
in an order of their own, with a column nobody knows.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.world import a_mobile, a_uscc
from unionhall.exchange.template import Verdict
from unionhall.kernel.identifiers.citizen import check_character

NEW, DOUBTFUL, REFUSED, CHANGED, UNCHANGED = (
    Verdict.NEW, Verdict.DOUBTFUL, Verdict.REFUSED, Verdict.CHANGED, Verdict.UNCHANGED,
)  # fmt: skip

HEADERS = (
    "序号", "姓　名*", "证件\n种类", "身份证 号码（必填）", "性别", "出生年月", "民族", "文化程度", "户口性质", "联系电话",
    "所属工会", "单位代码", "工种", "用工形式", "入会时间（年月日）", "异动日期", "会籍",
)  # fmt: skip
KEYS = (
    "", "name", "document", "document_number", "sex", "birth", "ethnicity", "education", "hukou", "mobile", "union", "uscc",
    "job", "contract", "since", "changed_on", "state",
)  # fmt: skip
FIRST_ROW = 5
"""The sheet row of the first dirty row: a merged title, a note, an empty row and the headers stand above."""


def number(serial: int, birth: str = "19850601", division: str = "110101") -> str:
    """A citizen number with a right check character, male when `serial` is odd."""
    body = f"{division}{birth}{serial:03d}"
    return body + check_character(body)


def wide(text: str) -> str:
    """The same digits and letters, full-width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@dataclass(frozen=True)
class Dirty:
    """One row: what is wrong with it, the cells that differ from a good row, and what must become of it."""

    what: str
    verdict: Verdict
    cells: dict[str, Any] = field(default_factory=dict)
    key: str | None = None
    reason: str = ""


def wrong(good: str) -> str:
    """The number with its last digit wrong."""
    return good[:17] + ("1" if good[17] != "1" else "2")


_N = number
_OLD = "110101850601" + "881"  # 15 digits, given out before 1999
_SAME = number(701)
_PHONE = a_mobile(90_000_001)

DIRTY: tuple[Dirty, ...] = (
    # --- read and settled ---------------------------------------------------------------------------------------------
    Dirty("nothing wrong", NEW, {"document_number": _N(101)}),
    Dirty("full-width digits", NEW, {"document_number": wide(_N(103)), "mobile": wide(a_mobile(90_000_103))}),
    Dirty("small x at the end", NEW, {"document_number": number(5, "19850603").replace("X", "x")}),
    Dirty("spaces in the number", NEW, {"document_number": f" {_N(105)[:6]} {_N(105)[6:14]} {_N(105)[14:]}　"}),
    Dirty("dashes in the number", NEW, {"document_number": f"{_N(107)[:6]}-{_N(107)[6:14]}-{_N(107)[14:]}"}),
    Dirty("an apostrophe-free 15-digit number", NEW, {"document_number": _OLD, "birth": date(1985, 6, 1)}),
    Dirty("zero-width marks from a chat", NEW, {"document_number": f"\u200b{_N(109)}\ufeff"}),
    Dirty("birth as Excel serial", NEW, {"document_number": _N(111), "birth": 31199.0}),
    Dirty("birth as serial in text", NEW, {"document_number": _N(113), "birth": "31199"}),
    Dirty("birth as 19850601", NEW, {"document_number": _N(115), "birth": "19850601"}),
    Dirty("birth as a number 19850601", NEW, {"document_number": _N(117), "birth": 19850601}),
    Dirty("birth as 1985年6月1日", NEW, {"document_number": _N(119), "birth": "1985年6月1日"}),
    Dirty("birth as 1985.6.1", NEW, {"document_number": _N(121), "birth": "1985.6.1"}),
    Dirty("birth as 1985/06/01 full-width", NEW, {"document_number": _N(123), "birth": wide("1985/06/01")}),
    Dirty("admission with a time of day", NEW, {"document_number": _N(125), "since": datetime(2015, 3, 1, 9, 30)}),
    Dirty("admission as text with time", NEW, {"document_number": _N(127), "since": "2015-03-01 00:00:00"}),
    Dirty("sex and birth left empty", NEW, {"document_number": _N(129), "sex": "", "birth": ""}),
    Dirty("words by code number", NEW, {"document_number": _N(131), "hukou": 3, "contract": "2", "sex": "1", "state": "1"}),
    Dirty("words by English key", NEW, {"document_number": _N(133), "hukou": "other_rural", "sex": "MALE"}),
    Dirty("words full-width with spaces", NEW, {"document_number": _N(135), "contract": " 固定　期限 ", "state": "１"}),
    Dirty("union by its name", NEW, {"document_number": _N(137), "union": "石桥东社区联合工会"}),
    Dirty("union code in spaces", NEW, {"document_number": _N(139), "union": " U02 "}),
    Dirty("employer code in small letters", NEW, {"document_number": _N(141), "uscc": a_uscc(2).lower()}),
    Dirty("employer left empty", NEW, {"document_number": _N(143), "uscc": ""}),
    Dirty("name with spaces between", NEW, {"document_number": _N(145), "name": "王　芳"}),
    Dirty("minority name, other dot", NEW, {"document_number": _N(147), "name": "买买提•吐尔逊"}),
    Dirty("rare character", NEW, {"document_number": _N(149), "name": "王\U00020b9f"}),
    Dirty("mobile with country code", NEW, {"document_number": _N(151), "mobile": "+86 139-0000-0151"}),
    Dirty("mobile as a number cell", NEW, {"document_number": _N(153), "mobile": 13900000153.0}),
    Dirty("mobile left empty", NEW, {"document_number": _N(155), "mobile": None}),
    Dirty("two people, one phone: first", NEW, {"document_number": _N(157), "mobile": _PHONE, "name": "周一"}),
    Dirty("two people, one phone: second", NEW, {"document_number": _N(159), "mobile": _PHONE, "name": "周二"}),
    Dirty("line break in the job", NEW, {"document_number": _N(161), "job": "客房\n服务员"}),
    Dirty("a formula as text", NEW, {"document_number": _N(163), "job": "=1+1"}),
    Dirty("retained membership", NEW, {"document_number": _N(165), "state": "保留"}),
    # --- other documents ----------------------------------------------------------------------------------------------
    Dirty("Hong Kong permit", NEW, {"document_number": "H12345678", "document": "港澳居民来往内地通行证"}),
    Dirty("Taiwan permit", NEW, {"document_number": "01234567", "document": "台胞证"}),
    Dirty("foreigner's card of 2017", NEW, {"document_number": "USA110000000012", "document": "外国人永久居留身份证",
                                            "name": "JOHN SMITH"}),
    Dirty("passport", NEW, {"document_number": "E87654321", "document": "护照", "name": "Anna Müller", "sex": "女"}),
    Dirty("passport, kind not said", DOUBTFUL, {"document_number": "E87654329", "document": ""},
          "document", "按护照识别，请核对证件类型"),
    Dirty("passport without birth", REFUSED, {"document_number": "E87654328", "document": "护照", "birth": ""},
          "birth", "护照看不出出生日期，请填写出生日期"),
    Dirty("passport without sex", REFUSED, {"document_number": "E87654327", "document": "护照", "sex": ""},
          "sex", "护照看不出性别，请填写性别"),
    Dirty("permit of no such form", REFUSED, {"document_number": "X12345678", "document": "港澳居民来往内地通行证"},
          "document_number", "来往内地通行证号码应为H或M加8位数字（旧证再加2位换证次数），请核对"),
    # --- doubtful -----------------------------------------------------------------------------------------------------
    Dirty("division nobody knows", DOUBTFUL, {"document_number": number(167, division="119999")}, "document_number",
          "行政区划代码 119999 查不到，或出生时已撤销，请核对前6位"),
    Dirty("a minor worker", DOUBTFUL, {"document_number": number(169, "19980301"), "birth": ""}, "document_number",
          "现为17周岁，是未成年工（劳动法第五十八条），请核对后采用"),
    Dirty("one person, two employers: first", NEW, {"document_number": _SAME}),
    Dirty("one person, two employers: second", DOUBTFUL, {"document_number": _SAME, "uscc": a_uscc(1), "union": "U01"}, "uscc",
          "与第{same}行是同一人，单位不同；一人只有一个会籍，请核对后只保留一行"),
    Dirty("one number, two names", DOUBTFUL, {"document_number": _SAME, "name": "别的人"}, "document_number",
          "与第{same}行证件号码相同而姓名不同，请按证件核对"),
    Dirty("the same person, another job", DOUBTFUL, {"document_number": _SAME, "job": "会计"}, "document_number",
          "与第{same}行是同一人，内容不同；请核对后只保留一行"),
    Dirty("the same row twice", REFUSED, {"document_number": _SAME}, None, "与第{same}行完全相同，请删去一行"),
    # --- refused ------------------------------------------------------------------------------------------------------
    Dirty("4.1E+17 in text", REFUSED, {"document_number": "4.1E+17"}, "document_number",
          "表格把号码存成了数字，后几位已丢失；请把该列设为文本，再重新填写"),
    Dirty("18 digits in a number cell", REFUSED, {"document_number": 110101198506010000.0}, "document_number",
          "表格把号码存成了数字，后几位已丢失；请把该列设为文本，再重新填写"),
    Dirty("the tail lost to zeroes", REFUSED, {"document_number": "110101198506018000"}, "document_number",
          "表格把号码存成了数字，后几位已丢失；请把该列设为文本，再按证件重新填写"),
    Dirty("wrong check digit", REFUSED, {"document_number": wrong(_N(171))}, "document_number",
          "第18位校验码与前17位不符，其中至少有一位写错，请按证件逐位核对"),
    Dirty("17 digits", REFUSED, {"document_number": _N(173)[:17]}, "document_number",
          "身份证号码应为18位（旧证15位），现为17位，请核对"),
    Dirty("a letter inside", REFUSED, {"document_number": _N(175)[:8] + "O" + _N(175)[9:]}, "document_number",
          "第9位“O”不是数字（只有第18位可以是X），请核对"),
    Dirty("no such birthday", REFUSED, {"document_number": number(177, "19850231"), "birth": ""}, "document_number",
          "号码中的出生日期 19850231 不存在，请核对出生年月日"),
    Dirty("no such province", REFUSED, {"document_number": number(179, division="990101"), "document": "居民身份证"},
          "document_number", "这是外国人永久居留身份证号码，请把证件类型改过来"),
    Dirty("residence permit called a citizen card", REFUSED,
          {"document_number": number(181, division="810000"), "document": "居民身份证"}, "document_number",
          "这是港澳台居民居住证号码，请把证件类型改过来"),
    Dirty("number left empty", REFUSED, {"document_number": "  "}, "document_number", "请填写证件号码"),
    Dirty("name left empty", REFUSED, {"document_number": _N(183), "name": ""}, "name", "请填写姓名"),
    Dirty("name with a digit", REFUSED, {"document_number": _N(185), "name": "张三2"}, "name", "姓名里不能有数字“2”，请核对"),
    Dirty("name lost to a question mark", REFUSED, {"document_number": _N(187), "name": "王?"}, "name",
          "姓名里有字没有读出来（显示为问号或方框），请用生僻字输入法重新填写"),
    Dirty("sex against the number", REFUSED, {"document_number": _N(189), "sex": "女"}, "sex",
          "性别填“女”，证件号码第17位表示“男”，请核对"),
    Dirty("birth against the number", REFUSED, {"document_number": _N(191), "birth": "1985-06-02"}, "birth",
          "出生日期填 1985-06-02，证件号码中是 1985-06-01，请核对"),
    Dirty("birth that is no date", REFUSED, {"document_number": _N(193), "birth": "八五年六月"}, "birth",
          "“八五年六月”不是日期，请填到日，如 2015-03-01"),
    Dirty("admission on 30 February", REFUSED, {"document_number": _N(195), "since": "2015-02-30"}, "since",
          "没有“2015-02-30”这一天，请核对"),
    Dirty("admission in 1900", REFUSED, {"document_number": _N(197), "since": "1900-01-01"}, "since",
          "日期 1900-01-01 不合理（应在1901年至2100年之间），请核对"),
    Dirty("admission as a tiny serial", REFUSED, {"document_number": _N(199), "since": 1.0}, "since",
          "“1”不是日期，请填到日，如 2015-03-01"),
    Dirty("admission in the future", REFUSED, {"document_number": _N(201), "since": "2016-01-01"}, "since",
          "批准入会日期 2016-01-01 在今天以后，请核对"),
    Dirty("admission left empty", REFUSED, {"document_number": _N(203), "since": None}, "since", "请填写批准入会日期"),
    Dirty("a child", REFUSED, {"document_number": number(205, "20010601"), "birth": ""}, "document_number",
          "未满16周岁，不能入会（劳动法第十五条），请核对证件号码"),
    Dirty("admitted as a child", REFUSED, {"document_number": number(207, "19900601"), "birth": "", "since": "2005-03-01"},
          "since", "批准入会时未满16周岁，请核对批准入会日期或证件号码"),
    Dirty("a landline", REFUSED, {"document_number": _N(209), "mobile": "010-66001234"}, "mobile",
          "这是固定电话，请填写11位手机号"),
    Dirty("ten digits of a mobile", REFUSED, {"document_number": _N(211), "mobile": "1390000021"}, "mobile",
          "手机号应为11位，现为10位，请核对"),
    Dirty("unknown union", REFUSED, {"document_number": _N(213), "union": "U99"}, "union",
          "没有编号或名称为“U99”的工会，请先导入工会组织表或核对"),
    Dirty("unknown employer", REFUSED, {"document_number": _N(215), "uscc": a_uscc(99)}, "uscc",
          f"没有代码为 {a_uscc(99)} 的单位，请先导入法人单位名册或核对"),
    Dirty("employer code with an O", REFUSED, {"document_number": _N(217), "uscc": "O" + a_uscc(2)[1:]}, "uscc",
          "第1位“O”不会出现在信用代码中，是否应为“0”？请按证书核对"),
    Dirty("a word of no list", REFUSED, {"document_number": _N(219), "hukou": "海淀"}, "hukou",
          "没有“海淀”这一项，请从列表中选：本市城镇、本市农业、外埠城镇、外埠农业"),
    Dirty("a code number of no list", REFUSED, {"document_number": _N(221), "contract": 9}, "contract",
          "没有“9”这一项，请从列表中选：固定期限、无固定期限、劳务派遣、其他"),
    Dirty("left, and never on the books", REFUSED, {"document_number": _N(223), "state": "已退会"}, "state",
          "此人不在册，不能登记“已退会”；请先登记入会"),
    Dirty("a day of change, and never on the books", DOUBTFUL, {"document_number": _N(227), "changed_on": "2015.9.1"},
          "changed_on", "新登记的会员还没有变动，采用则不记这个日期，请核对"),
    Dirty("a formula's error", REFUSED, {"document_number": _N(225), "union": "#N/A"}, "union",
          "单元格是公式错误 #N/A，请改成值"),
    # --- against the people already on the books (test_dirty puts three there) ------------------------------------------
    Dirty("known, same union, nothing new", UNCHANGED, {"document_number": _N(301), "name": "赵建国", "mobile": ""}),
    Dirty("known, same union, another job", CHANGED, {"document_number": _N(303), "name": "王芳", "job": "领班", "mobile": ""}),
    Dirty("known by another name", DOUBTFUL, {"document_number": _N(305), "name": "李改名", "mobile": ""}, "name",
          "此证件号码已登记为“小李”，姓名不同；确为改名的，请采用"),
    Dirty("known, in another union", DOUBTFUL, {"document_number": _N(307), "name": "欧阳晓", "union": "U01", "mobile": ""},
          "union", "此人现为“石桥东社区联合工会”（U02）会员，一人两个单位；确为转会的，请采用"),
    Dirty("known, and left nobody says when", DOUBTFUL, {"document_number": _N(309), "name": "钱多多", "mobile": "", "state": "退会"},
          "changed_on", "没有写“已退会”是哪一天；采用则以导入之日为准"),
    Dirty("known, and left before joining", REFUSED,
          {"document_number": _N(311), "name": "孙小圣", "mobile": "", "state": "退会", "changed_on": "2014-03-01"},
          "changed_on", "变动日期 2014-03-01 早于入会日期 2015-03-01，请核对"),
    Dirty("known, and leaves next year", REFUSED,
          {"document_number": _N(313), "name": "周小舟", "mobile": "", "state": "退会", "changed_on": "2016-03-01"},
          "changed_on", "变动日期 2016-03-01 在今天以后，请核对"),
    Dirty("known, and left on a day", CHANGED,
          {"document_number": _N(315), "name": "吴小五", "mobile": "", "state": "退会", "changed_on": "2015年9月30日"}),
)  # fmt: skip

SAME_ROW = FIRST_ROW + next(place for place, row in enumerate(DIRTY) if "first" in row.what and "employers" in row.what)


def good() -> dict[str, Any]:
    """The cells of a row nothing is wrong with, but for the number."""
    return {
        "name": "张平", "document": "", "sex": "男", "birth": date(1985, 6, 1), "ethnicity": "汉族", "education": "大专",
        "hukou": "本市城镇", "mobile": "", "union": "U02", "uscc": a_uscc(2), "job": "服务员", "contract": "固定期限",
        "since": date(2015, 3, 1), "changed_on": "", "state": "正常",
    }  # fmt: skip


def cells_of(place: int) -> dict[str, Any]:
    """The cells of the dirty row at this place; a phone of its own unless it says otherwise."""
    row = DIRTY[place]
    own = (
        {"mobile": a_mobile(91_000_000 + place)}
        if row.cells.get("document_number") != _SAME
        else {"mobile": _PHONE[:-1] + "9"}
    )
    cells = good() | own | row.cells
    if "birth" not in row.cells and str(cells["document_number"]).endswith(number(5, "19850603")[-4:].lower()):
        cells["birth"] = ""
    return cells


def write(path: Path) -> None:
    """The dirty workbook."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Sheet1")
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range(0, 0, 0, len(HEADERS) - 1, "望河区石桥街道会员花名册（2015年度）")
        sheet.write_string(1, 0, "填表人：某某　　填表日期：2015.12.1")
        for place, header in enumerate(HEADERS):
            sheet.write_string(3, place, header)
        for line in range(len(DIRTY)):
            cells = cells_of(line)
            sheet.write_number(FIRST_ROW - 1 + line, 0, line + 1)
            for place, key in enumerate(KEYS[1:], 1):
                cell = cells[key]
                if isinstance(cell, datetime | date):
                    sheet.write_datetime(FIRST_ROW - 1 + line, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(FIRST_ROW - 1 + line, place, cell)
                elif cell is not None:
                    sheet.write_number(FIRST_ROW - 1 + line, place, cell)
