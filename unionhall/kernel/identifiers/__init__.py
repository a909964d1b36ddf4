"""Identifiers of persons and organisations: read as people write them, refused with the exact reason, masked.

One module per identifier. A parser takes any text and returns the settled form, or raises `Refused` in Chinese; it
never looks anything up outside the shipped tables. What an identifier belongs to (a person, a card) is not known here.
"""

from unionhall.kernel.identifiers.bankcard import mask_card, parse_bankcard
from unionhall.kernel.identifiers.citizen import Citizen, Sex, citizen_fast, parse_citizen
from unionhall.kernel.identifiers.document import KINDS, IdDocument, infer_kind, mask_document, parse_document
from unionhall.kernel.identifiers.mobile import mask_mobile, parse_mobile
from unionhall.kernel.identifiers.names import PLAIN_NAME, mask_name, name_key, parse_name
from unionhall.kernel.identifiers.permits import (
    Permit,
    parse_hm_permit,
    parse_hmt_residence,
    parse_passport,
    parse_prc_permanent,
    parse_tw_permit,
)
from unionhall.kernel.identifiers.text import narrow, squeeze
from unionhall.kernel.identifiers.uscc import parse_uscc, uscc_valid

__all__ = [
    "KINDS",
    "PLAIN_NAME",
    "Citizen",
    "IdDocument",
    "Permit",
    "Sex",
    "citizen_fast",
    "infer_kind",
    "mask_card",
    "mask_document",
    "mask_mobile",
    "mask_name",
    "name_key",
    "narrow",
    "parse_bankcard",
    "parse_citizen",
    "parse_document",
    "parse_hm_permit",
    "parse_hmt_residence",
    "parse_mobile",
    "parse_name",
    "parse_passport",
    "parse_prc_permanent",
    "parse_tw_permit",
    "parse_uscc",
    "squeeze",
    "uscc_valid",
]
