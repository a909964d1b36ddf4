"""The citizen identity number, GB 11643-1999: 6 division + 8 birth + 3 order (odd male) + 1 check (MOD 11-2)."""

import re
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from stdnum import numdb

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers.text import looks_like_number_cell, squeeze

Sex = Literal["male", "female"]

OLDEST = 130
"""Nobody alive is older; a greater age is a mistyped year."""

# GB/T 2260, first two digits: certain, and never reused since the numbers began.
PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71))
    for code in range(first, last + 1)
)
_CHECK = "10X98765432"
_FOR_EVER = 9999
_YEARS = re.compile(r"\[(\d*)-(\d*)\]")
_days: dict[str, date] = {}  # only real dates are kept, so it cannot outgrow about two centuries of days


class Citizen(NamedTuple):
    """A number that passed: 18 characters upper case, what it says of its holder, and whether its division is known."""

    number18: str
    birth: date
    sex: Sex
    division: str
    division_known: bool


def check_character(body: str) -> str:
    """The MOD 11-2 check character of 17 digits (ISO 7064; residence permits and the foreigner's card share it)."""
    # The weights are powers of 2 modulo 11, and 13 = 2 (mod 11): reading the digits in base 13 is the weighted sum.
    return _CHECK[int(body, 13) * 2 % 11]


def read_day(eight: str) -> date | None:
    """The day written YYYYMMDD in eight ASCII digits, or None when there is no such day."""
    day = _days.get(eight)
    if day is None:
        try:
            day = date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
        except ValueError:
            return None
        if 1800 <= day.year < 2200:
            _days[eight] = day
    return day


def widen(number15: str) -> str:
    """The 18-character number of a 15-digit one (GB 11643-1989): "19" after digit 6, check character at the end."""
    body = f"{number15[:6]}19{number15[6:]}"
    return body + check_character(body)


def citizen_fast(number18: str) -> bool:
    """Whether 18 clean characters (X upper case) are a citizen number: province, date and check; no age, no county.

    For bulk import: the slow road is taken only for the few that fail, to say why.
    """
    body = number18[:17]
    return (
        len(number18) == 18
        and body.isdigit()
        and body.isascii()
        and number18[:2] in PROVINCES
        and (number18[6:14] in _days or read_day(number18[6:14]) is not None)
        and _CHECK[int(body, 13) * 2 % 11] == number18[17]
    )


@lru_cache(maxsize=16384)
def last_year(division: str) -> int | None:
    """The last year a six-digit division existed (9999: it still does), or None when it never did.

    Source: the historical table of python-stdnum (cn/loc). A division abolished in 2010 stays good for life in the
    number of anybody born before; when a division began says nothing, because numbers were first given out in 1984.
    """
    found = numdb.get("cn/loc").info(division)
    names = [name for _, entry in found if "county" in entry for name in entry["county"].split(",")]
    if not names:
        return None
    spans = [_YEARS.match(name) for name in names]
    return max(int(span[2]) if span and span[2] else _FOR_EVER for span in spans)


def parse_citizen(text: str, *, today: date) -> Citizen:
    """The citizen number in `text`: 15 or 18 characters, in any width, with spaces or dashes, x in either case.

    A county not in the table makes `division_known` False, never a refusal: the table may be the one at fault.
    Raises `Refused` with the exact reason; codes citizen.empty, .number_cell, .length, .letters, .other_document,
    .province, .date, .age, .check.
    """
    number = squeeze(text).upper()
    if len(number) == 15 and number.isdigit() and number.isascii():
        number = widen(number)
    birth = read_day(number[6:14]) if citizen_fast(number) else None
    if birth is None:
        raise _reason(number)
    _refuse_age(birth, today)
    until = last_year(number[:6])
    return Citizen(
        number,
        birth,
        "male" if number[16] in "13579" else "female",
        number[:6],
        until is not None and birth.year <= until,
    )


def refuse_birth(eight: str, today: date) -> date:
    """The birth date in eight digits; raises `Refused` when it is no date, in the future or over 130 years ago."""
    birth = read_day(eight)
    if birth is None:
        raise Refused("号码中的出生日期 {eight} 不存在，请核对出生年月日", code="citizen.date", eight=eight)
    _refuse_age(birth, today)
    return birth


def _refuse_age(birth: date, today: date) -> None:
    if birth > today:
        raise Refused("号码中的出生日期 {birth} 晚于今天，请核对出生年月日", code="citizen.age", birth=birth)
    age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    if age > OLDEST:
        raise Refused(
            "按号码年龄为 {age} 岁，超过 {oldest} 岁，请核对出生年份", code="citizen.age", age=age, oldest=OLDEST
        )


def _reason(number: str) -> Refused:
    """Why a squeezed, upper-case number (15 digits already widened) is not a citizen number."""
    if not number:
        return Refused("请填写居民身份证号码", code="citizen.empty")
    if looks_like_number_cell(number):
        return _number_cell()
    if len(number) != 18:
        return Refused(
            "身份证号码应为18位（旧证15位），现为{number}位，请核对", code="citizen.length", number=len(number)
        )
    for place, character in enumerate(number, 1):
        if character not in "0123456789" and not (place == 18 and character == "X"):
            return Refused(
                "第{place}位“{character}”不是数字（只有第18位可以是X），请核对",
                code="citizen.letters",
                place=place,
                character=character,
            )
    if number[:6] in ("810000", "820000", "830000"):
        return Refused("这是港澳台居民居住证号码，请把证件类型改过来", code="citizen.other_document")
    if number[0] == "9":
        return Refused("这是外国人永久居留身份证号码，请把证件类型改过来", code="citizen.other_document")
    if number[:2] not in PROVINCES:
        return Refused("前两位 {number} 不是省级行政区划代码，请核对", code="citizen.province", number=number[:2])
    if read_day(number[6:14]) is None:
        return Refused("号码中的出生日期 {number} 不存在，请核对出生年月日", code="citizen.date", number=number[6:14])
    if number.endswith("000"):  # a spreadsheet keeps 15 significant digits and zeroes the rest
        return _number_cell()
    # The right character is not told: what is wrong is mostly one of the other seventeen, and the hint would hide it.
    return Refused("第18位校验码与前17位不符，其中至少有一位写错，请按证件逐位核对", code="citizen.check")


def _number_cell() -> Refused:
    return Refused("表格把号码存成了数字，后几位已丢失；请把该列设为文本，再按证件重新填写", code="citizen.number_cell")
