"""Any identity document: which kind it is, its settled number, and what the number says of its holder."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers.citizen import parse_citizen
from unionhall.kernel.identifiers.permits import (
    Permit,
    parse_hm_permit,
    parse_hmt_residence,
    parse_passport,
    parse_prc_permanent,
    parse_tw_permit,
)
from unionhall.kernel.identifiers.text import squeeze

KINDS = {
    "citizen": "居民身份证",
    "hmt_residence": "港澳台居民居住证",
    "hm_permit": "港澳居民来往内地通行证",
    "tw_permit": "台湾居民来往大陆通行证",
    "prc_permanent": "外国人永久居留身份证",
    "passport": "护照",
}
"""The kinds of document and their Chinese titles."""


class IdDocument(NamedTuple):
    """A document that passed: `sex` and `birth` where the number says them, `doubt` (Chinese) when one should look."""

    kind: str
    number: str
    sex: str | None
    birth: date | None
    doubt: str | None


_PERMITS: dict[str, Callable[[str, date], Permit]] = {
    "hmt_residence": lambda text, today: parse_hmt_residence(text, today=today),
    "hm_permit": lambda text, _: parse_hm_permit(text),
    "tw_permit": lambda text, _: parse_tw_permit(text),
    "prc_permanent": lambda text, today: parse_prc_permanent(text, today=today),
    "passport": lambda text, _: parse_passport(text),
}
# In this order; what fits none is taken for a citizen number, so that the person hears why it is not one.
_FORMS = (
    (re.compile(r"8[123]0000[0-9]{11}[0-9X]"), "hmt_residence", False),
    (re.compile(r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}"), "prc_permanent", False),
    (re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}"), "citizen", False),
    (re.compile(r"[HM][0-9]{8}([0-9]{2})?"), "hm_permit", True),  # Hong Kong passports can look the same
    (re.compile(r"[0-9]{8}|[0-9]{10}"), "tw_permit", True),
    (re.compile(r"[A-Z][A-Z0-9]{4,16}|[0-9]{9}"), "passport", True),
)


def parse_document(text: str, kind: str | None = None, *, today: date) -> IdDocument:
    """The document in `text`; `kind` is a key of `KINDS`, or None to infer it (18 digits are not always a citizen's).

    An inferred kind another document could share, a county not in the table and a number ending in 000 give `doubt`.
    Raises `Refused` with the parser's reason, or code "document.kind" when `kind` is none of these.
    """
    doubt = None
    if kind is None:
        kind, sure = infer_kind(text)
        doubt = None if sure else f"按{KINDS[kind]}识别，请核对证件类型"
    if kind == "citizen":
        citizen = parse_citizen(text, today=today)
        if not citizen.division_known:
            doubt = f"行政区划代码 {citizen.division} 查不到，或出生时已撤销，请核对前6位"
        elif citizen.number18.endswith("000"):
            doubt = "号码以000结尾，请核对是否被表格改成了数字"
        return IdDocument(kind, citizen.number18, citizen.sex, citizen.birth, doubt)
    if kind not in _PERMITS:
        raise Refused("没有“{kind}”这种证件类型，请从列表中选择", code="document.kind", kind=kind)
    permit = _PERMITS[kind](text, today)
    return IdDocument(kind, permit.number, permit.sex, permit.birth, doubt)


def infer_kind(text: str) -> tuple[str, bool]:
    """The likeliest kind of the number in `text`, and whether no other kind looks the same. Nothing is validated."""
    number = squeeze(text).upper()
    for form, kind, shared in _FORMS:
        if form.fullmatch(number):
            return kind, not shared
    return "citizen", True


def mask_document(number: str) -> str:
    """110*************10: first three, last two characters; short numbers keep less, or too little would be hidden."""
    first, last = (3, 2) if len(number) >= 15 else (1, 2) if len(number) >= 8 else (0, 1)
    if len(number) < 5:
        return "*" * len(number)
    return number[:first] + "*" * (len(number) - first - last) + number[-last:]
