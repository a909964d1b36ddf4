"""Cells and values as they are shown to people: as typed, in words, and masked where they are somebody's numbers."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from unionhall.exchange import kinds
from unionhall.exchange.template import Column
from unionhall.kernel.identifiers import mask_card, mask_document, mask_mobile
from unionhall.kernel.money import yuan
from unionhall.kernel.secret import HIDDEN

_MASKS: tuple[tuple[type[Any], Callable[[str], str]], ...] = (
    (kinds.document, mask_document),
    (kinds.document_shape, mask_document),
    (kinds.mobile, mask_mobile),
    (kinds.bankcard, mask_card),
)


def typed(cell: Any) -> str:
    """A cell as somebody would type it: what the reader of its column takes back."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell == cell and abs(cell) < kinds.EXACT and cell == int(cell):
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def sensitive(column: Column) -> bool:
    """Does the column hold people's numbers?"""
    return any(isinstance(column.read, kind) for kind, _ in _MASKS)


def masked(column: Column, text: str) -> str:
    """The cell for whoever it was not typed by: numbers masked, everything else as it is."""
    mask = next((mask for kind, mask in _MASKS if isinstance(column.read, kind)), None)
    if mask is None or not text:
        return text
    shown = mask(text)
    return shown if shown != text else HIDDEN


def said(column: Column, value: Any) -> str:
    """A value as read, in words: the title of a listed word, yuan of fen, numbers of people masked."""
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, tuple | list):
        return "、".join(said(column, one) for one in value)
    words = column.words or getattr(column.read, "mapping", None)
    if words is not None and isinstance(value, str):
        return words.get(value.rstrip("?"), value)
    if isinstance(column.read, kinds.money) and isinstance(value, int):
        return f"{yuan(value):,}"
    return masked(column, typed(value))
