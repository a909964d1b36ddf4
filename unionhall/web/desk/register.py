"""A list of the desk, declared: its rows, columns, search, filters and what may be done to many rows at once.

    register = Register(
        key="unions", title=_("工会"), model=Union, right="unions.see", rows=lambda actor: Union.objects.visible_to(actor),
        columns=(Column("name", _("名称"), link=True), Column("since", _("成立"), show="day")),
        search=(ByText("name"), ByPrefix("code")), filters=(Choice("kind", UNION_KINDS), PlaceFilter(), Open()),
        default_sort="name", sorts=("name", "since"), detail="desk-union",
    )

Listed in `registers.REGISTERS`, it has its pages: the list, what is found, saved views, bulk, export.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import models
from django.db.models import F, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from unionhall.kernel.actor import Actor, Post
from unionhall.kernel.paths import STEP, span
from unionhall.organisations.models import Place
from unionhall.organisations.roles import holders
from unionhall.web.desk import finding
from unionhall.web.desk.columns import Column
from unionhall.web.desk.filters import Filter, Scope
from unionhall.web.desk.finding import Search

PER_PAGE = 50
NUMBERED = 20
"""Pages that have a number; further on one goes from page to page by key, which costs the same everywhere."""
CAP = NUMBERED * PER_PAGE
"""Rows are counted up to here when a list is opened; of more, all are counted once the page is drawn."""


_UNIT = _("条")


class Add(NamedTuple):
    """The button for a new row."""

    title: Any
    url_name: str
    right: str


class Look(NamedTuple):
    """What would be done to many rows, to be looked at first. `seen` is what it was made from; `text` how the first will read."""

    seen: str
    said: str
    title: str = ""
    text: str = ""
    warns: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """Something done to many rows: `act(id of a row, by, values)` for each, in a transaction of its own.

    What it raises as Refused or NotYours is shown beside that row and stops no other. `form` asks for the values (a
    DeskForm class), None when there is nothing to ask. `ask` says what will happen, in one sentence. With a `task` it is
    always a job's, which leaves a file and takes `most` rows; `act` then is done to none. With a `look` (by, values, rows)
    nothing is done before what it shows was seen: the form's hidden `seen` says so.
    """

    key: str
    title: Any
    act: Callable[[int, Actor, Mapping[str, Any]], object]
    right: str
    form: type[Any] | None = None
    ask: Any = ""
    task: Any = None
    most: int = 0
    look: Callable[[Actor, Mapping[str, Any], Any], Look] | None = None


@dataclass(frozen=True, kw_only=True)
class Register:
    """One list. `right` opens it; `rows` are the rows the actor may see; `related` are keys joined for the columns.

    `beside(rows)` gives id -> anything for the rows of one page; columns read it as `row.beside` (None when missing).
    `unit` is the measure word of a row. `placed` is the column with the row's digit path, "" when it has none: rows are
    then kept to the places where the actor holds `right`.
    """

    key: str
    title: Any
    model: type[models.Model]
    right: str
    rows: Callable[[Actor], Any]
    columns: tuple[Column, ...]
    icon: str = "list-details"
    unit: Any = _UNIT
    search: tuple[Search, ...] = ()
    search_hint: Any = ""
    filters: tuple[Filter, ...] = ()
    default_sort: str = "-id"
    sorts: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    beside: Callable[[Sequence[Any]], Mapping[int, Any]] | None = None
    detail: str = ""
    bulk: tuple[Bulk, ...] = ()
    export: bool = False
    people: bool = False
    add: Add | None = None
    links: tuple[Add, ...] = ()
    empty: Any = ""
    placed: str = "path"
    views: tuple[tuple[Any, str], ...] = field(default=())

    def __post_init__(self) -> None:
        holders(self.right)
        names = [column.name for column in self.columns]
        lost = (set(self.sorts) | {self.default_sort.lstrip("-")}) - set(names) - {"id"}
        if lost or len(set(names)) != len(names):
            raise ValueError(f"register {self.key}: no column to sort by {sorted(lost)}, or two of one name")
        taken = [one.name for one in self.filters]
        if set(taken) & {"q", "w", "k", "sort", "page", "after", "before", "list"} or len(set(taken)) != len(taken):
            raise ValueError(f"register {self.key}: filters named {taken}")

    def scope(self, actor: Actor) -> Scope:
        return Scope(actor.paths(*holders(self.right)))

    def visible(self, actor: Actor) -> Any:
        """The rows this actor may see here: visible at all, and within a post that carries the register's right."""
        rows = self.rows(_over_everything(actor))
        paths = self.scope(actor).paths
        if not self.placed or "" in paths or getattr(self.model, "seen_with", "") == self.right:
            return rows
        where = Q(pk__in=[])
        for path in paths:
            low, high = span(path)
            where |= Q(**{f"{self.placed}__gte": low, f"{self.placed}__lt": high})
        return rows.filter(where)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def naming(self) -> Column:
        """The column that names a row: the linked one, else the first."""
        return next((column for column in self.columns if column.link), self.columns[0])


class Asked:
    """What an address asks of a list: the words, the filters, the order. Anything unknown in it is left out."""

    def __init__(self, register: Register, actor: Actor, given: QueryDict, *, words: str | None = None) -> None:
        """`words` are what was typed and posted; without them, they are what an address carries sealed."""
        self.register, self.actor = register, actor
        self._sealed = given.get("w", "")[:600] if words is None else ""
        self.words = finding.unsealed(self._sealed, actor.account) if words is None else words
        self.token = given.get("k", "")[:400]
        self.number = finding.opened(register.search, self.token, actor.account) if self.token else None
        self.chosen: dict[str, list[str]] = {}
        for one in register.filters:
            values = one.valid(_values(one, given))
            if values:
                self.chosen[one.name] = values
        sort = given.get("sort", "")
        self.sort = sort if sort.removeprefix("-") in register.sorts else register.default_sort

    @cached_property
    def query(self) -> str:
        """The address of this list without a page, in one spelling; empty for the list as it opens."""
        pairs = [(name, value) for name, values in self.chosen.items() for value in values]
        if self.words:
            pairs.append(("w", self._sealed or finding.sealed(self.words, self.actor.account)))
        if self.number:
            pairs.append(("k", self.token))
        if self.sort != self.register.default_sort:
            pairs.append(("sort", self.sort))
        return urlencode(pairs)

    @property
    def meaning(self) -> str:
        """What is asked for, the same however often it was typed: to be digested, never shown or kept."""
        found = self.number[1].hex() if self.number else self.words
        pairs = [(name, value) for name, values in self.chosen.items() for value in values]
        return urlencode([*pairs, ("found", found), ("sort", self.sort)])

    @cached_property
    def visible(self) -> Any:
        """All the rows this actor may see here."""
        return self.register.visible(self.actor)

    @property
    def narrowed(self) -> bool:
        """Is anything asked for besides the order?"""
        return bool(self.chosen or self.words or self.number)

    def rows(self, *, counting: bool = False) -> Any:
        """The rows asked for, in no order. `counting`: they are only to be counted."""
        rows = self.visible
        for one in self.register.filters:
            values = self.chosen.get(one.name, [])
            if values or one.kind == "one":
                rows = one.narrow(rows, values)
        if self.number:
            search, index = self.number
            rows = rows.filter(search.having(index))
        elif self.words:
            rows = rows.filter(finding.words(self.register.search, self.words, counting=counting))
        return rows

    def ordered(self, rows: Any, *, backwards: bool = False) -> Any:
        """Rows in the asked order; what has no value comes last. The id settles what is equal."""
        name, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        way = down != backwards
        if name == "id":
            return rows.order_by("-id" if way else "id")
        by: Any = name if not self._nullable(name) else None
        if by is not None:
            return rows.order_by(f"-{by}" if way else by, "-id" if way else "id")
        ends: dict[str, Any] = {"nulls_first" if backwards else "nulls_last": True}
        last = F(name).desc(**ends) if way else F(name).asc(**ends)
        return rows.order_by(last, "-id" if way else "id")

    def beyond(self, rows: Any, key: int, *, before: bool) -> Any:
        """Rows after (or before) the row of this id in the asked order; all of them when there is no such row."""
        name, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        smaller = down != before
        further = Q(pk__lt=key) if smaller else Q(pk__gt=key)
        if name == "id":
            return rows.filter(further)
        found = self.visible.filter(pk=key).values_list(name, flat=True)[:1]
        if not found:
            return rows
        value = found[0]
        none = Q(**{f"{name}__isnull": True})
        if value is None:
            return rows.filter(~none | (none & further) if before else none & further)
        strictly = Q(**{f"{name}__{'lt' if smaller else 'gt'}": value}) | (Q(**{name: value}) & further)
        if self._nullable(name) and not before:
            return rows.filter(strictly | none)
        # Said twice: from the bound alone the database finds the place in its index.
        return rows.filter(Q(**{f"{name}__{'lte' if smaller else 'gte'}": value}), strictly)

    def _nullable(self, name: str) -> bool:
        model: Any = self.register.model
        nullable = False
        for step in name.split("__"):
            one = model._meta.get_field(step)
            nullable = nullable or bool(one.null)
            model = one.related_model
        return nullable


def _over_everything(actor: Actor) -> Actor:
    """Whoever holds a post at the one root of the tree holds it everywhere: the same rows, without a range of paths that
    would lead the database away from the order it is to follow.
    """
    whole = {post.path for post in actor.posts if len(post.path) == STEP}
    if not whole or whole != set(Place.objects.filter(parent=None).values_list("path", flat=True)[:2]):
        return actor
    return replace(actor, posts=tuple(Post(post.role, "") if post.path in whole else post for post in actor.posts))


def _values(one: Filter, given: QueryDict) -> list[str]:
    if one.kind == "days" and (f"{one.name}-from" in given or f"{one.name}-to" in given):
        return [f"{given.get(f'{one.name}-from', '')}..{given.get(f'{one.name}-to', '')}"]
    return given.getlist(one.name)[:50]
