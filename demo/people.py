"""Persons by arithmetic: a member's number decides name, document, mobile and the rest, the same in every register."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, Protocol

from demo import words
from demo.chance import mix, salt
from unionhall.kernel.identifiers.citizen import check_character, last_year

FIRST_BIRTH, LAST_BIRTH = date(1955, 7, 1).toordinal(), date(1993, 6, 30).toordinal()
_DAYS = LAST_BIRTH - FIRST_BIRTH + 1
_ORDERS = [order for order in range(1, 800) if order % 100]
"""Order codes of members: 800 on belong to others, xx00 could end in 000, as numbers that a spreadsheet spoiled do."""
_PEOPLE = _DAYS * len(_ORDERS)
_STEP, _SHIFT = 6_700_417, 1_234_577
_MOBILES, _MOBILE_STEP = 7 * 10**9, 5_915_587_277
_OTHERS, _OTHER_STEP = 810, 7_368_787  # a prime, so that no two serials fall on one day and order
_DIVISIONS = (
    *("110102",) * 22, *("110104",) * 14, *("110101",) * 8, *("110103",) * 5, *("110105",) * 8, *("110108",) * 8,
    *("110106",) * 6, *("110107",) * 2, *("110111",) * 2, "110112", "110113", "110114", "110115", "120101", "130102", "130602",
    "130682", "140102", "210102", "220102", "230103", "320102", "340102", "370102", "371402", "410102", "410221", "411522",
    "420102", "430102", "510104", "610102", "620102", "650102", "500101",
)  # fmt: skip
DIVISIONS = tuple(code for code in _DIVISIONS if (last_year(code) or 0) >= 2010)
"""Where the numbers were given out: Xicheng and 宣武 (merged in 2010, good for life) above all; those known to the table."""
_ETHNICITIES = (*("汉族",) * 46, "满族", "满族", "回族", "蒙古族")
_EDUCATION = (
    *("大学本科",) * 34,
    *("大学专科",) * 30,
    *("高中",) * 14,
    *("中专",) * 10,
    *("研究生",) * 8,
    *("初中",) * 4,
)
_HUKOU = (*("本市城镇",) * 62, *("本市农业",) * 8, *("外埠城镇",) * 16, *("外埠农业",) * 14)
_HUKOU_CODES = {"本市城镇": "1", "本市农业": "2", "外埠城镇": "3", "外埠农业": "4"}
_CONTRACTS = (*("固定期限",) * 66, *("无固定期限",) * 24, *("劳务派遣",) * 7, *("其他",) * 3)
_JOBS = ("职员", "技术员", "营业员", "服务员", "司机", "会计", "保安员", "保洁员", "主管", "工程师", "厨师", "维修工", "收银员", "客服",
         "仓库管理员", "教师", "医生", "护士", "电工", "设计师")  # fmt: skip
_ISO = [date.fromordinal(day).isoformat() for day in range(date(1950, 1, 1).toordinal(), date(2017, 1, 1).toordinal())]
_ISO_FIRST = date(1950, 1, 1).toordinal()
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_START_2014, _LAST_2013 = date(2014, 1, 2).toordinal(), date(2013, 12, 20).toordinal()
_START_2015, _LAST_2014 = date(2015, 1, 5).toordinal(), date(2014, 12, 26).toordinal()
_LAST_2015 = date(2015, 11, 20).toordinal()
KINDS = {"citizen": "居民身份证", "hmt_residence": "港澳台居民居住证", "hm_permit": "港澳居民来往内地通行证",
         "tw_permit": "台湾居民来往大陆通行证", "prc_permanent": "外国人永久居留身份证", "passport": "护照"}  # fmt: skip
MEMBER_HEADERS = ("姓名", "证件类型", "证件号码", "性别", "出生日期", "民族", "学历", "户籍性质", "手机号码", "工会编号", "统一社会信用代码",
                  "岗位", "合同类型", "批准入会日期", "会籍状态")  # fmt: skip

OTHER_HEADERS = ("会员姓名", "证件类型", "身份证号码", "性别", "出生年月日", "民族", "文化程度", "户口性质", "联系电话", "所属工会编号", "单位代码",
                 "岗位", "合同类型", "入会日期", "会籍状态")  # fmt: skip
"""What some streets call the same columns."""


class Person(NamedTuple):
    """Who a number stands for. `birth` is a day number; `draw` is what is left of the draw for the register's own."""

    name: str
    kind: str
    number: str
    sex: str
    birth: int
    ethnicity: str
    draw: int


class Member(NamedTuple):
    """A member as the smaller registers need it. `uscc` "" for a community worker; `place` is that of the employer."""

    key: int
    name: str
    kind: str
    number: str
    sex: str
    joined: date
    uscc: str
    street: int
    place: str


class Admissions(Protocol):
    """The part of a world's group that decides when its members were admitted."""

    @property
    def first(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def before(self) -> int: ...
    @property
    def in_2014(self) -> int: ...
    @property
    def since(self) -> int: ...
    @property
    def union(self) -> str: ...
    @property
    def uscc(self) -> str: ...


_PERSON, _ADMITTED, _OTHER = salt("person"), salt("admitted"), salt("other")


def person(key: int) -> Person:
    """The key-th member. No two share a document number, or a name and a day of birth."""
    at = (key * _STEP + _SHIFT) % _PEOPLE
    rank, day = divmod(at, _DAYS)
    order = _ORDERS[rank]
    birth = FIRST_BIRTH + day
    draw, rare = divmod(mix(_PERSON, key), 1000)
    sex = "男" if order % 2 else "女"
    table = words.MEN if order % 2 else words.WOMEN
    # Members born on one day differ in rank, and 1,009 is prime to every table: so they differ in given name.
    given = rank * 1_009 + day * 31
    if rare < 6:
        return _from_abroad(key, order, rare, sex, birth, given, draw)
    draw, place = divmod(draw, len(DIVISIONS))
    body = f"{DIVISIONS[place]}{_ISO[birth - _ISO_FIRST].replace('-', '')}{order:03d}"
    number = body + check_character(body)
    draw, surname = divmod(draw, 10_007)
    if rare < 12:
        return Person(words.LINKED[given % len(words.LINKED)], "citizen", number, sex, birth, "维吾尔族", draw)
    family = words.DOUBLE_SURNAMES[surname % 8] if surname % 200 == 0 else _surname(surname)
    draw, ethnicity = divmod(draw, len(_ETHNICITIES))
    return Person(family + table[given % len(table)], "citizen", number, sex, birth, _ETHNICITIES[ethnicity], draw)


def _surname(draw: int) -> str:
    """Early surnames of the table are the frequent ones: the smaller of two draws."""
    size = len(words.SURNAMES)
    return words.SURNAMES[min(draw % size, draw // size % size)]


def _from_abroad(key: int, order: int, rare: int, sex: str, birth: int, given: int, draw: int) -> Person:
    """Hong Kong, Macao and Taiwan residents and foreigners, by the document they hold."""
    day = _ISO[birth - _ISO_FIRST].replace("-", "")
    serial = key * 7_368_787 % 10**8
    if rare < 3:
        table = words.MEN if order % 2 else words.WOMEN
        name = _surname(draw % 10_007) + table[given % len(table)]
        if rare == 0:
            body = f"810000{day}{order:03d}"
            return Person(name, "hmt_residence", body + check_character(body), sex, birth, "汉族", draw)
        kind, number = ("hm_permit", f"H{serial:08d}") if rare == 1 else ("tw_permit", f"{serial:08d}")
        return Person(name, kind, number, sex, birth, "汉族", draw)
    name = words.LATIN[given % len(words.LATIN)]
    if rare == 3:
        body = f"911156{day}{order:03d}"
        return Person(name, "prc_permanent", body + check_character(body), sex, birth, "", draw)
    return Person(name, "passport", f"K{serial:08d}", sex, birth, "", draw)


def other(serial: int, first: date, last: date) -> tuple[str, str]:
    """The serial-th of those who are no members (a student, say), born between two days: name and citizen number."""
    days = (last - first).days + 1
    rank, day = divmod(serial * _OTHER_STEP % (days * 150), days)
    order = _OTHERS + rank
    draw = mix(_OTHER, serial)
    table = words.MEN if order % 2 else words.WOMEN
    body = f"{DIVISIONS[draw % len(DIVISIONS)]}{date.fromordinal(first.toordinal() + day):%Y%m%d}{order:03d}"
    return _surname(draw // 128 % 10_007) + table[draw // 2**32 % len(table)], body + check_character(body)


def admitted(key: int, place: int, group: Admissions, birth: int) -> int:
    """The day (ordinal) the committee approved the member at this place of the group, not before the age of 19."""
    if place < group.before:
        first, last = max(group.since, birth + 6_945), _LAST_2013
    elif place < group.before + group.in_2014:
        first, last = max(group.since, _START_2014), _LAST_2014
    else:
        first, last = max(group.since, _START_2015), _LAST_2015
    if first >= last:
        return last
    draw = mix(_ADMITTED, key) >> 32
    # Most join soon after their union is there: the square of an even draw.
    day = first + ((last - first + 1) * draw * draw >> 64 if place < group.before else draw % (last - first + 1))
    back = (day + 6) % 7 - 4  # Monday 0 … Sunday 6 of an ordinal: weekends go back to Friday
    return day - back if back > 0 and day - back >= first else day


def is_rural(key: int) -> bool:
    """Is the member registered as a farmer's household?"""
    return _HUKOU[person(key).draw // 401 // 100 % 100].endswith("农业")


def mobile(key: int) -> str:
    """A mobile of its own for everybody."""
    lead, rest = divmod((key * _MOBILE_STEP + 123_456_789) % _MOBILES, 10**9)
    return f"1{lead + 3}{rest:09d}"


def member_rows(groups: Iterable[Admissions], coded: bool = False) -> Iterator[tuple[str, ...]]:
    """Rows of a `members` workbook, as rosters look: some numbers of 15 digits, some in full width, some blanks.

    `coded`: the union that keeps it writes sex and household registration by their code numbers.
    """
    iso, first_iso = _ISO, _ISO_FIRST
    hukou = tuple(_HUKOU_CODES[word] for word in _HUKOU) if coded else _HUKOU
    sexes = {"男": "1", "女": "2"} if coded else {"男": "男", "女": "女"}
    for group in groups:
        for place in range(group.size):
            key = group.first + place
            name, kind, number, sex, birth, ethnicity, draw = person(key)
            draw, quirk = divmod(draw, 401)
            if kind == "citizen" and quirk < 5:
                number = number[:6] + number[8:17] if quirk < 3 else number.translate(_WIDE)
            yield (
                name,
                KINDS[kind],
                number,
                sexes[sex],
                iso[birth - first_iso],
                ethnicity,
                _EDUCATION[draw % 100],
                hukou[draw // 100 % 100],
                "" if quirk == 400 else mobile(key),
                group.union,
                group.uscc,
                _JOBS[draw // 10**4 % 20],
                _CONTRACTS[draw // 200_000 % 100],
                iso[admitted(key, place, group, birth) - first_iso],
                "正常",
            )
