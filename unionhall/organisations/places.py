"""Reading the tree of places and the dated registers as of any day."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Place, Register


class Spot(NamedTuple):
    """A place as other registers need it: where it lies, and from when until when it stands."""

    id: int
    path: str
    kind: str
    name: str
    since: date
    until: date | None

    def stands(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def by_code() -> dict[str, Spot]:
    """Every place there is or was, by its code."""
    rows = Place.objects.values_list("code", "id", "path", "kind", "name", "since", "until")
    return {row[0]: Spot(*row[1:]) for row in rows}


def root() -> str:
    """The path of the district itself; Refused when no tree has been brought in."""
    path = top()
    if not path:
        raise Refused("还没有区划树，请先导入区划树。")
    return path


def top() -> str:
    """The path of the district itself, empty while there is no tree: where posts over everything must stand."""
    path = Place.objects.filter(parent=None).order_by("path").values_list("path", flat=True).first()
    return path or ""


def standing(path: str, day: date) -> Place:
    """The place at this path; Refused unless it stands on the day."""
    place: Place | None = Place.objects.filter(path=path).first()
    if place is None:
        raise Refused("没有这个地方，请从列表中选。")
    if day < place.since or (place.until is not None and day >= place.until):
        raise Refused("{name}在 {day} 不在用，请核对地方与日期。", name=place.name, day=day.isoformat())
    return place


def newest_register(serves: str, day: date) -> QuerySet[Register]:
    """The list of employers a rate is counted over on `day`, for use within another query: the newest as of that day or
    earlier; none at all when there is no such list.

    A list dated the last day of a year is the base of a rate asked for that last day. `serves` is a key of
    `organisations.vocabulary.REGISTER_USES`.
    """
    return Register.objects.filter(serves=serves, as_of__lte=day).order_by("-as_of")[:1]
