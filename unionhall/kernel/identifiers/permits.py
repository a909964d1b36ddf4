"""Identity documents other than the citizen card: residence and travel permits, the foreigner's card, passports."""

import re
from datetime import date
from typing import NamedTuple

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers.citizen import Sex, check_character, refuse_birth
from unionhall.kernel.identifiers.text import looks_like_number_cell, squeeze

_RESIDENCE = re.compile(r"8[123]0000[0-9]{11}[0-9X]")
_HM_PERMIT = re.compile(r"([HM][0-9]{8})([0-9]{2})?")
_TW_PERMIT = re.compile(r"([0-9]{8})([0-9]{2})?")
_PERMANENT_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")
_PERMANENT_2023 = re.compile(r"9[0-9]{16}[0-9X]")
_PASSPORT = re.compile(r"(?=[A-Z0-9]*[0-9])[A-Z0-9]{5,17}")


class Permit(NamedTuple):
    """A number that passed, upper case, and what it says of its holder (None: it does not say)."""

    number: str
    birth: date | None
    sex: Sex | None


def parse_hmt_residence(text: str, *, today: date) -> Permit:
    """The residence permit of Hong Kong, Macao and Taiwan residents: 18 characters from 810000, 820000 or 830000.

    Same birth, order and check as GB 11643 (State Council order of 2018). Raises `Refused` (permit.form, permit.check,
    citizen.date, citizen.age).
    """
    number = _clean(text, "港澳台居民居住证")
    if _RESIDENCE.fullmatch(number) is None:
        raise Refused("港澳台居民居住证号码应为18位，以810000、820000或830000开头，请核对", code="permit.form")
    return _read_eighteen(number, today)


def parse_hm_permit(text: str) -> Permit:
    """The mainland travel permit of Hong Kong and Macao residents: H or M and 8 digits.

    The old card's two further digits only count its renewals, so they are dropped: one person, one number.
    """
    number = _clean(text, "港澳居民来往内地通行证")
    found = _HM_PERMIT.fullmatch(number)
    if found is None:
        raise Refused("来往内地通行证号码应为H或M加8位数字（旧证再加2位换证次数），请核对", code="permit.form")
    return Permit(found[1], None, None)


def parse_tw_permit(text: str) -> Permit:
    """The mainland travel permit of Taiwan residents: 8 digits; the old card's two renewal digits are dropped."""
    number = _clean(text, "台湾居民来往大陆通行证")
    found = _TW_PERMIT.fullmatch(number)
    if found is None:
        raise Refused("台胞证号码应为8位数字（旧证10位），请核对", code="permit.form")
    return Permit(found[1], None, None)


def parse_prc_permanent(text: str, *, today: date) -> Permit:
    """The foreigner's permanent residence card: 3 letters + 12 digits (2017), or 18 characters from 9 (2023).

    Only the 2023 number says birth and sex: the 2017 one has no century.
    """
    number = _clean(text, "外国人永久居留身份证")
    if _PERMANENT_2017.fullmatch(number):
        return Permit(number, None, None)
    if _PERMANENT_2023.fullmatch(number) is None:
        raise Refused("外国人永久居留身份证号码应为3个字母加12位数字，或以9开头的18位号码，请核对", code="permit.form")
    return _read_eighteen(number, today)


def parse_passport(text: str) -> Permit:
    """A passport number: 5 to 17 letters and digits, with a digit among them."""
    number = _clean(text, "护照")
    if _PASSPORT.fullmatch(number) is None:
        raise Refused("护照号码应为5至17位字母和数字，请核对", code="permit.form")
    return Permit(number, None, None)


def _clean(text: str, title: str) -> str:
    number = squeeze(text).upper()
    if not number:
        raise Refused("请填写{title}号码", code="permit.form", title=title)
    if looks_like_number_cell(number) and "." in number:
        raise Refused("表格把号码存成了数字；请把该列设为文本，再按证件重新填写", code="permit.form")
    return number


def _read_eighteen(number: str, today: date) -> Permit:
    birth = refuse_birth(number[6:14], today)
    if check_character(number[:17]) != number[17]:
        raise Refused("第18位校验码与前17位不符，其中至少有一位写错，请按证件逐位核对", code="permit.check")
    return Permit(number, birth, "male" if number[16] in "13579" else "female")
