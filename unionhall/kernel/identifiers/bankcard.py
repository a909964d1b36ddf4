"""The bank card number: 13 to 19 digits with a Luhn check digit (ISO/IEC 7812-1). It is never a key of anything."""

from stdnum import luhn

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers.text import looks_like_number_cell, squeeze


def parse_bankcard(text: str) -> str:
    """The digits of a card number; spaces and dashes are taken off.

    Raises `Refused`: card.empty, card.number_cell, card.form, card.check.
    """
    number = squeeze(text)
    if not number:
        raise Refused("请填写银行卡号", code="card.empty")
    if looks_like_number_cell(number):
        raise _number_cell()
    if not (number.isascii() and number.isdigit()):
        raise Refused("银行卡号只能是数字，请核对", code="card.form")
    if not 13 <= len(number) <= 19:
        raise Refused("银行卡号应为13至19位，现为{number}位，请核对", code="card.form", number=len(number))
    if not luhn.is_valid(number):
        # A spreadsheet keeps 15 significant digits and zeroes the rest.
        if len(number) > 15 and not number[15:].strip("0"):
            raise _number_cell()
        raise Refused("银行卡号校验位不符，至少有一位写错，请按卡面逐位核对", code="card.check")
    return number


def mask_card(number: str) -> str:
    """****0008: the last four digits, which is all a list may show."""
    return f"****{number[-4:]}" if len(number) >= 13 else "****"


def _number_cell() -> Refused:
    return Refused("表格把卡号存成了数字，后几位已丢失；请把该列设为文本，再按卡面重新填写", code="card.number_cell")
