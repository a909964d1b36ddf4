"""The unified social credit code, GB 32100-2015, and the organisation code inside it (GB 11714-1997).

1 authority + 1 class + 6 division + 9 organisation code + 1 check; unions register under authority 8.
"""

import re

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers.text import looks_like_number_cell, squeeze

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # I O S V Z are left out: they are read as 1 0 5 U 2
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{8}[0-9X][0-9A-HJ-NPQRTUWXY]")
_READ_AS = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
_ASK = "请按证书逐位核对；确与证书一致的，由干部说明理由后采用"


def uscc_check(body: str) -> str:
    """The check character of the first 17 characters."""
    # The outer modulus is needed: where the sum divides by 31 much published code looks up a 32nd character.
    return _ALPHABET[(31 - sum(_VALUE[c] * w for c, w in zip(body, _WEIGHTS, strict=True)) % 31) % 31]


def organisation_check(eight: str) -> str:
    """The check character (0-9 or X) of an eight-character organisation code."""
    # int(c, 36) is the standard's own value: digits as they are, A = 10 to Z = 35.
    return "0X987654321"[sum(int(c, 36) * w for c, w in zip(eight, _ORGANISATION_WEIGHTS, strict=True)) % 11]


def parse_uscc(text: str) -> str:
    """The 18-character upper-case code in `text` (any width, spaces or dashes, either case).

    Raises `Refused`: code "uscc.form" when it cannot be a code at all; "uscc.check" when only a check character fails.
    Some real certificates carry such a code, so an officer may accept "uscc.check" with a reason.
    """
    code = squeeze(text).upper()
    if _FORM.fullmatch(code) is None:
        raise Refused(_form_reason(code), code="uscc.form")
    if uscc_check(code[:17]) != code[17]:
        raise Refused("统一社会信用代码第18位校验码不符，{ask}", code="uscc.check", ask=_ASK)
    if organisation_check(code[8:16]) != code[16]:
        raise Refused("统一社会信用代码第9至17位（组织机构代码）校验不符，{ask}", code="uscc.check", ask=_ASK)
    return code


def uscc_valid(text: str) -> bool:
    """Whether `text` holds a code both of whose check characters are right."""
    try:
        parse_uscc(text)
    except Refused:
        return False
    return True


def _form_reason(code: str) -> str:
    if not code:
        return "请填写统一社会信用代码"
    if looks_like_number_cell(code):
        return "表格把代码存成了数字，后几位已丢失；请把该列设为文本，再按证书重新填写"
    if len(code) != 18:
        return f"统一社会信用代码应为18位，现为{len(code)}位，请核对"
    for place, character in enumerate(code, 1):
        if character in _READ_AS:
            return f"第{place}位“{character}”不会出现在信用代码中，是否应为“{_READ_AS[character]}”？请按证书核对"
        if character not in _VALUE:
            return f"第{place}位“{character}”不是数字或大写字母，请按证书核对"
        if 3 <= place <= 8 and not character.isdigit():
            return f"第{place}位“{character}”应为数字（第3至8位是行政区划代码），请按证书核对"
    return f"第17位“{code[16]}”应为数字或X，请按证书核对"
