"""What narrows a list: each filter reads its own values out of the address, several meaning "or"; filters together mean "and".

A value that is not among a filter's options is left out, so that an address from yesterday still opens a list.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unionhall.kernel.paths import span
from unionhall.organisations.models import Place
from unionhall.storage.dated import placed_at

_HELD, _PLACE = _("是否在册"), _("地方")

Rows = Any
"""A QuerySet of the register's model."""


class Option(NamedTuple):
    value: str
    title: str
    on: bool


class Scope(NamedTuple):
    """Whose list it is: the places the account's posts reach for this register; "" is everywhere."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One column that holds one of a few keys. `words`: key -> title. `field` when the column has another name."""

    name: str
    words: Mapping[str, Any]
    title: Any = None
    field: str = ""
    kind = "choice"

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        return [Option(key, gettext(str(title)), key in chosen) for key, title in self.words.items()]

    def valid(self, values: Sequence[str]) -> list[str]:
        return [value for value in dict.fromkeys(values) if value in self.words]

    def narrow(self, rows: Rows, values: Sequence[str]) -> Rows:
        field = self.field or self.name
        return rows.filter(**{field: values[0]}) if len(values) == 1 else rows.filter(**{f"{field}__in": values})


@dataclass(frozen=True, slots=True)
class Picked:
    """Named questions of a register's own: key -> (title, condition). A condition is a Q, or is made when asked (today)."""

    name: str
    title: Any
    cases: Mapping[str, tuple[Any, Q | Callable[[], Q]]]
    kind = "choice"

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        return [Option(key, gettext(str(case[0])), key in chosen) for key, case in self.cases.items()]

    def valid(self, values: Sequence[str]) -> list[str]:
        return [value for value in dict.fromkeys(values) if value in self.cases]

    def narrow(self, rows: Rows, values: Sequence[str]) -> Rows:
        either = Q()
        for value in values:
            condition = self.cases[value][1]
            either |= condition if isinstance(condition, Q) else condition()
        return rows.filter(either)


OPEN, ENDED, ALL = "open", "ended", "all"


def _nothing() -> Q:
    return Q()


@dataclass(frozen=True, slots=True)
class Open:
    """Rows with `since` and `until`: those that hold today (which is what a list shows unless asked), ended ones, or all.

    `ended` adds to the condition for ended rows (such as: not followed by another).
    """

    name: str = "held"
    title: Any = _HELD
    field: str = "until"
    ended: Callable[[], Q] = _nothing
    exact: bool = False
    kind = "one"

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        now = chosen[0] if chosen else OPEN
        named = ((OPEN, gettext("在册")), (ENDED, gettext("已终止")), (ALL, gettext("全部")))
        return [Option(key, title, key == now) for key, title in named]

    def valid(self, values: Sequence[str]) -> list[str]:
        return [value for value in values[-1:] if value in (ENDED, ALL)]

    def narrow(self, rows: Rows, values: Sequence[str]) -> Rows:
        """Without a value it narrows too: a list shows what holds. `exact`: only rows without an end hold."""
        value = values[0] if values else OPEN
        holds = Q(**{f"{self.field}__isnull": True})
        if not self.exact:
            holds |= Q(**{f"{self.field}__gt": timezone.localdate()})
        if value == OPEN:
            return rows.filter(holds)
        ended = Q(**{f"{self.field}__isnull": False})
        if not self.exact:
            ended = Q(**{f"{self.field}__lte": timezone.localdate()})
        # Whatever does not hold has ended; an empty condition would fall out of an "or".
        ended &= self.ended()
        return rows.filter(ended if value == ENDED else holds | ended)


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """The places next below one's own, by the row's digit path; below a single street, its communities."""

    name: str = "place"
    title: Any = _PLACE
    field: str = "path"
    kind = "choice"

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        return [Option(path, name, path in chosen) for path, name in _below(scope.paths)]

    def valid(self, values: Sequence[str]) -> list[str]:
        return [
            value for value in dict.fromkeys(values) if value.isascii() and value.isdigit() and len(value) in _PATHS
        ]

    def narrow(self, rows: Rows, values: Sequence[str]) -> Rows:
        where = Q()
        for path in values:
            low, high = span(path)
            where |= Q(**{f"{self.field}__gte": low, f"{self.field}__lt": high})
        return rows.filter(where)


_PATHS = range(3, 25, 3)


def _below(paths: Sequence[str]) -> list[tuple[str, str]]:
    """(path, name) of the places under these; of the district's streets for whoever is over everything."""
    standing = Place.objects.filter(until=None)
    if "" in paths:
        parents: QuerySet[Place] = standing.filter(parent=None)
    else:
        parents = standing.filter(path__in=paths)
    return list(standing.filter(parent__in=parents).order_by("path").values_list("path", "name"))


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days of one date column: `name`-from and `name`-to, both included, either may be missing.

    `moment`: the column holds instants, and a day of them lasts from its midnight here to the next.
    """

    name: str
    title: Any
    field: str = ""
    moment: bool = False
    kind = "days"

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        first, last = _span(chosen)
        return [
            Option("from", first.isoformat() if first else "", bool(first)),
            Option("to", last.isoformat() if last else "", bool(last)),
        ]

    def valid(self, values: Sequence[str]) -> list[str]:
        first, last = _span(values)
        return [f"{first or ''}..{last or ''}"] if first or last else []

    def narrow(self, rows: Rows, values: Sequence[str]) -> Rows:
        first, last = _span(values)
        field = self.field or self.name
        if (
            first and first != date.min
        ):  # no day is before the first, whose midnight here no calendar of the database holds
            rows = rows.filter(**{f"{field}__gte": _midnight(first) if self.moment else first})
        if last is None or last == date.max:
            return rows
        if self.moment:
            return rows.filter(**{f"{field}__lt": _midnight(last + timedelta(days=1))})
        return rows.filter(**{f"{field}__lte": last})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _span(values: Sequence[str]) -> tuple[date | None, date | None]:
    first, _dots, last = values[-1].partition("..") if values else ("", "", "")
    return _day(first), _day(last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Of:
    """Rows that belong to one row of another table, by its id: how a union's page leads to its members.

    It is shown only where somebody came with it; `model` lies at places, and one beyond the scope is not named.
    """

    name: str
    title: Any
    model: Any
    field: str = ""
    kind = "choice"

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        rows = self.model.objects.filter(pk__in=chosen).filter(placed_at(scope.paths)) if chosen else ()
        return [Option(str(row.pk), str(row), True) for row in rows]

    def valid(self, values: Sequence[str]) -> list[str]:
        return [value for value in dict.fromkeys(values) if value.isascii() and value.isdigit() and len(value) < 16]

    def narrow(self, rows: Rows, values: Sequence[str]) -> Rows:
        return rows.filter(**{f"{self.field or self.name}__in": [int(value) for value in values]})


@dataclass(frozen=True, slots=True)
class Came(Picked):
    """Questions nobody picks from a list: a page that counts leads here with them, and only then are they shown."""

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        return [Option(key, gettext(str(case[0])), True) for key, case in self.cases.items() if key in chosen]


@dataclass(frozen=True, slots=True)
class At(PlaceFilter):
    """Rows of a place itself, without those below it; shown only where somebody came with it."""

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        found = Place.objects.filter(path__in=chosen, until=None).filter(placed_at(scope.paths)) if chosen else ()
        return [Option(one.path, one.name, True) for one in found]

    def narrow(self, rows: Rows, values: Sequence[str]) -> Rows:
        return rows.filter(**{f"{self.field}__in": values})


Filter = Choice | Picked | Open | PlaceFilter | Days | Of
