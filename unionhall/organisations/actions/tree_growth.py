"""One place of the tree: added, renamed, put right, become another."""

from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow
from unionhall.organisations.actions.locked import locked
from unionhall.organisations.actions.tree import PlaceRow, merge_places, record_places, rename
from unionhall.organisations.days import not_ahead, within_life
from unionhall.organisations.models import Place
from unionhall.organisations.vocabulary import PLACE_KINDS
from unionhall.storage import turns

RIGHT = "places.change"
BELOW = {
    "district": ("street", "town"), "street": ("community", "village"), "town": ("community", "village"),
    "community": ("cell",), "village": ("cell",), "cell": (),
}  # fmt: skip
"""What kinds of place may lie right below each kind."""


class NewPlace(NamedTuple):
    """A place as an officer states it: `above` is the id of the one it lies in, `code` empty for the next one below it."""

    above: int
    name: str
    kind: str
    since: date
    code: str = ""
    tile_row: int | None = None
    tile_column: int | None = None


def add_place(stated: NewPlace, *, by: Actor) -> int:
    """Add a place below another; its id."""
    with transaction.atomic():
        turns.take(Place)
        above = locked(Place, stated.above, right=RIGHT, by=by)
        name = stated.name.strip()
        if not name:
            raise Refused("请填写名称。", code="name")
        if stated.kind not in BELOW[above.kind]:
            may = "、".join(PLACE_KINDS[kind] for kind in BELOW[above.kind]) or "任何地方"
            raise Refused("{kind}下面只能设{may}，请重新选择。", code="kind", kind=PLACE_KINDS[above.kind], may=may)
        within_life(stated.since, above.since, above.until, above.name)
        if Place.objects.filter(parent=above, name=name, until=None).exists():
            raise Refused("{name}已经有“{name_2}”，请核对是否重复。", code="name", name=above.name, name_2=name)
        code = narrow(stated.code) or _next_code(above)
        if Place.objects.filter(code=code).exists():
            raise Refused("代码 {number} 已经用过，请换一个，或留空由系统编号。", code="code", number=code)
        row = PlaceRow(code, name, stated.kind, above.code, stated.since, None, stated.tile_row, stated.tile_column)
        (number,) = record_places([row], by=by)
        path = Place.objects.values_list("path", flat=True).get(pk=number)
        audit.write("place.add", by=by, subject=f"place:{number}", path=path, keys=[(Place, [number])])
        return number


def rename_place(place: int, name: str, *, on: date, by: Actor) -> str:
    """Give a place another name from a day on; the name before, which the journal keeps with the day."""
    with transaction.atomic():
        row = locked(Place, place, right=RIGHT, by=by)
        if row.until is not None:
            raise Refused("{name}已于 {until} 撤销，不能更名。", name=row.name, until=row.until.isoformat())
        within_life(on, row.since, None, row.name)
        not_ahead(on, "更名日期")
        name = name.strip()
        if Place.objects.filter(parent=row.parent_id, name=name, until=None).exclude(pk=place).exists():
            raise Refused("同一个地方下面已经有“{name}”，请换一个名称。", code="name", name=name)
        rename(row.code, name, on=on, by=by)
        return row.name


def reorganise(place: int, into: int, *, on: date, reason: str, by: Actor) -> int:
    """A place becomes part of another from the day `on`; the id of the link. What follows of it: indicators.territory."""
    with transaction.atomic():
        old = locked(Place, place, right=RIGHT, by=by)
        new = locked(Place, into, right=RIGHT, by=by)
        return merge_places(old.code, new.code, on=on, reason=reason.strip(), by=by)


def _next_code(above: Place) -> str:
    codes = set(Place.objects.filter(parent=above).values_list("code", flat=True))
    number = len(codes) + 1
    while f"{above.code}{number:02d}" in codes:
        number += 1
    return f"{above.code}{number:02d}"[:12]
