"""The mobile number: 11 digits from 13 to 19. Finer segments change too often to be listed."""

import re

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers.text import looks_like_number_cell, squeeze

_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})(?:\.0+)?")  # .0: an 11-digit number cell loses no digit
_LANDLINE = re.compile(r"(?:\+?86|0086)?(?:0[0-9]{2,3})?[2-8][0-9]{6,7}(?:转?[0-9]{1,5})?|[48]00[0-9]{7}")
_ROUND = re.compile(r"[()]")


def parse_mobile(text: str) -> str:
    """The 11 digits of a mobile number; +86, 0086, 86, spaces, dashes and brackets are taken off.

    Raises `Refused`: mobile.empty, mobile.landline, mobile.number_cell, mobile.form.
    """
    number = squeeze(text)
    found = _MOBILE.fullmatch(number) or _MOBILE.fullmatch(_ROUND.sub("", number))
    if found is not None:
        return found[1]
    raise _reason(_ROUND.sub("", number))


def mask_mobile(number: str) -> str:
    """138****1234; anything but 11 characters is hidden whole."""
    return f"{number[:3]}****{number[7:]}" if len(number) == 11 else "*" * len(number)


def _reason(number: str) -> Refused:
    if not number:
        return Refused("请填写手机号", code="mobile.empty")
    if _LANDLINE.fullmatch(number):
        return Refused("这是固定电话，请填写11位手机号", code="mobile.landline")
    if looks_like_number_cell(number):
        return Refused("表格把手机号存成了数字；请把该列设为文本后重新填写", code="mobile.number_cell")
    if not (number.isascii() and number.removeprefix("+").isdigit()):
        return Refused("手机号只能是数字，一格只填一个号码", code="mobile.form")
    if len(number) != 11:
        return Refused("手机号应为11位，现为{number}位，请核对", code="mobile.form", number=len(number))
    return Refused("手机号应以13至19开头，请核对", code="mobile.form")
