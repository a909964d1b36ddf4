"""A form that is a sheet: a line for each person, the same few amounts asked of each, and other questions above."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms

from unionhall.kernel.money import yuan
from unionhall.web.desk.forms import DeskForm

TEMPLATE = "web/desk/business/sheet.html"


class Line(NamedTuple):
    """One line as it is drawn: who it is about, and the fields of the form it asks."""

    title: str
    fields: list[forms.BoundField]


class Sheet(DeskForm):
    """`sheet`: (title, names of fields) of each line; the other fields stand above them."""

    sheet: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def lines(self) -> Iterator[Line]:
        for title, names in self.sheet:
            yield Line(title, [self[name] for name in names])

    @property
    def plain(self) -> list[forms.BoundField]:
        inside = {name for _, names in self.sheet for name in names}
        return [one for one in self.visible_fields() if one.name not in inside]


def typed(fen: int | None) -> str:
    """An amount as somebody types it; empty for none."""
    return "" if fen is None else f"{yuan(fen):f}"


def shown(fen: int | None) -> Any:
    return "—" if fen is None else f"{yuan(fen):,}"
