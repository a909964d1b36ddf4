"""A synthetic members' workbook of any size, and the tree, unions and employers its rows name. No person is real."""

import random
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from unionhall.kernel.identifiers.citizen import check_character
from unionhall.kernel.identifiers.uscc import organisation_check, uscc_check

HEADERS = (
    "姓名", "证件类型", "证件号码", "性别", "出生日期", "民族", "学历", "户籍性质", "手机号码", "工会编号",
    "统一社会信用代码", "岗位", "合同类型", "批准入会日期", "会籍状态",
)  # fmt: skip
STREETS, UNIONS, EMPLOYERS = 15, 2_258, 16_286
_DIVISIONS = ("110105", "110108", "120103", "130102", "130602", "140105", "210102", "220102", "310104", "320102", "330106",
              "340104", "370102", "410105", "420106", "430102", "440106", "500103", "510104", "610113")  # fmt: skip
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲鑫宇浩然子轩梓涵欣怡建国志华玉梅春海燕云"
_JOBS = ("职员", "工程师", "会计", "司机", "厨师", "保安", "教师", "护士", "店长", "收银员", "技术员", "行政专员")
_EDUCATION = ("初中", "高中", "中专", "大专", "本科", "硕士研究生")
_DAYS = 13_500
_FAULT_EVERY = 250
"""One row in 250 carries a fault: 0.4 %."""


def union_code(number: int) -> str:
    return f"U{number:05d}"


def uscc(number: int) -> str:
    """The number-th synthetic credit code, both check characters right."""
    organisation = f"{number:08d}"
    body = "91110000" + organisation + organisation_check(organisation)
    return body + uscc_check(body)


def rows(count: int, seed: int = 7) -> list[tuple[object, ...]]:
    """`count` rows in the order of HEADERS; the same seed gives the same rows."""
    chance = random.Random(seed)
    codes = [uscc(number) for number in range(EMPLOYERS)]
    out = []
    for number in range(count):
        out.append(_row(number, chance, codes))
    return out


def _row(number: int, chance: random.Random, codes: list[str]) -> tuple[object, ...]:
    # Division and birthday together are different for 270,000 rows running, so every number is.
    round_, place = divmod(number, len(_DIVISIONS) * _DAYS)
    born = date(1956, 1, 1) + timedelta(days=place // len(_DIVISIONS) * 7919 % _DAYS)
    order = 100 * (round_ % 9) + chance.randrange(1, 100)
    body = f"{_DIVISIONS[place % len(_DIVISIONS)]}{born:%Y%m%d}{order:03d}"
    character = check_character(body)
    mobile = f"1{3 + number % 7}{(number * 7919 + 104_729) % 10**9:09d}"
    employer = chance.randrange(EMPLOYERS)
    joined = date(2012, 1, 1) + timedelta(days=chance.randrange(1_400))
    if number % _FAULT_EVERY == 1:
        character = "0" if character != "0" else "1"
    if number % _FAULT_EVERY == 126 and number % 500 == 126:
        mobile = mobile[:9]
    name = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))
    return (
        name, "居民身份证", body + character, "男" if order % 2 else "女", born.isoformat(), "汉族",
        _EDUCATION[number % 6], str(1 + number % 4), mobile, union_code(employer % UNIONS), codes[employer],
        _JOBS[number % len(_JOBS)], "固定期限", joined, "正常",
    )  # fmt: skip


def write(path: Path, count: int, seed: int = 7) -> None:
    """Write the workbook: text ids, text birth dates, real dates of admission."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("会员实名制登记表")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for place, header in enumerate(HEADERS):
        sheet.write_string(0, place, header)
    for line, row in enumerate(rows(count, seed), 1):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, place, value, day)
            else:
                sheet.write_string(line, place, str(value))
    book.close()
