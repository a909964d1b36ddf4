"""A file kept to the places of who brings it in: rows of elsewhere are refused, one by one, whatever the loader thinks.

A loader judges what a row means; whether this actor may bring it in is asked here, of the place the row belongs to and of
the place of the record it would change. Nothing about people of elsewhere is said in the answer. For who stands at the
top of the tree nothing is asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from unionhall.exchange import permits
from unionhall.exchange.keyed import KeyedLoader, refuse_with_parents
from unionhall.exchange.template import Judged, Loader, Reason, Row, Verdict
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours
from unionhall.kernel.paths import STEP, within
from unionhall.ledger.models import Fund
from unionhall.organisations.models import Place, Station
from unionhall.people.models import Card, Membership, Person
from unionhall.storage.sealed import indexer

_AT_ONCE = 5_000
_ELSEWHERE = "这一行属于别的地方，不在您的岗位管辖范围内；请由那里的工会或区总工会导入"
_THEIRS = "此人的会籍在别的地方，不在您的岗位管辖范围内；请由那里的工会或区总工会办理"
_OTHER_NAME = "姓名与已登记的这个证件号码的姓名不同，请按证件核对"
_OTHER_SERVICE = "这一类不由您的部门办理，请由主管的部门导入"
_FUND = "这项资金不在您的岗位管辖范围内，请由管理它的部门导入"

Where = tuple[str, str, str]
"""(path a row touches, column to name, sentence when that is elsewhere)."""
Finder = Callable[[Any, Sequence[Row]], list[list[Where]]]


class Scope:
    """Where one actor may bring one template in."""

    def __init__(self, actor: Actor, template: str) -> None:
        self.actor, self.template = actor, template
        self.paths = permits.places(actor, template)
        if not self.paths:
            raise NotYours(template)
        self.everywhere = any(len(path) <= STEP for path in self.paths)

    def refuse(self, loader: Loader, judged: Sequence[Judged]) -> None:
        """Turn the rows of elsewhere into refused ones, in place."""
        if not self.everywhere:
            found = _FINDERS[self.template](loader, [one.row for one in judged])
            for one, places in zip(judged, found, strict=True):
                written = _written(one)
                if written is not None:  # what the loader would write counts, wherever it took it from
                    places = [*places, (written, "", _ELSEWHERE)]
                outside = next((where for where in places if not self._inside(where[0])), None)
                if outside is not None:
                    _refuse(one, outside[1], outside[2])
            if self.template == "members":
                _hush_names(judged, self.actor)
        self._refuse_services(judged)
        if self.template == "unions":
            refuse_with_parents(judged, "upper", loader.unions.by_code)  # type: ignore[attr-defined]

    def _inside(self, path: str) -> bool:
        return any(within(path, mine) for mine in self.paths)

    def _refuse_services(self, judged: Sequence[Judged]) -> None:
        """Aid, and other matters, are one form for several departments' services."""
        if self.template not in ("aid", "matters"):
            return
        allowed: dict[str, tuple[str, ...]] = {}
        for one in judged:
            kind = one.row.kind
            if kind not in allowed:
                allowed[kind] = permits.places(self.actor, self.template, kind)
            if not allowed[kind]:
                _refuse(one, "kind", _OTHER_SERVICE)


def _written(one: Judged) -> str | None:
    """The path a loader has put by for writing this row, where it puts one by."""
    note = one.note[1] if isinstance(one.note, tuple) and type(one.note) is tuple else one.note
    path = note if isinstance(note, str) else getattr(note, "path", None)
    return path if isinstance(path, str) else None


def _refuse(one: Judged, column: str, sentence: str) -> None:
    reasons: tuple[Reason, ...] = ((column or None, sentence),)
    one.verdict, one.reasons, one.accepted, one.note = Verdict.REFUSED, reasons, None, None


def _of_place(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    """Rows that name a place, the district when they name none; and the record of the same key."""
    standing = _standing(loader, rows)
    return [
        [(_path_of(loader, row.place), "place", _ELSEWHERE), *_held(standing, row.number)]
        for row in rows
    ]  # fmt: skip


def _path_of(loader: Any, code: str) -> str:
    """The path of a place's code; of the district when there is none, or none such: neither is a street's to use."""
    spot = loader.places.spots.get(code) if code else None
    return str(spot.path) if spot is not None else str(loader.places.top)


def _standing(loader: Any, rows: Sequence[Row]) -> dict[int, str]:
    """Sheet row -> path of the record it would change."""
    if not isinstance(loader, KeyedLoader) or not rows:
        return {}
    standing = loader.standing(rows)
    numbers = {row.number: standing[key][0] for row in rows if (key := loader.key(row)) in standing}
    paths: dict[int, str] = {}
    wanted = sorted(set(numbers.values()))
    for at in range(0, len(wanted), _AT_ONCE):
        part = loader.model._default_manager.filter(pk__in=wanted[at : at + _AT_ONCE])
        paths |= dict(part.values_list("pk", "path"))
    return {row: paths[number] for row, number in numbers.items() if number in paths}


def _held(standing: Mapping[int, str], number: int) -> list[Where]:
    return [(standing[number], "", _ELSEWHERE)] if number in standing else []


def _of_tree(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    standing = _standing(loader, rows)
    spots = dict(Place.objects.values_list("code", "path"))
    return [
        [(spots.get(row.parent, spots.get(row.code, "")), "parent", _ELSEWHERE), *_held(standing, row.number)]
        for row in rows
    ]  # fmt: skip


def _of_stations_people(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    standing = _standing(loader, rows)
    paths = dict(Station.objects.values_list("code", "path"))
    return [
        ([(paths[row.station], "station", _ELSEWHERE)] if row.station in paths else []) + _held(standing, row.number)
        for row in rows
    ]  # fmt: skip


def _of_employers(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    found: list[list[Where]] = []
    for row in rows:
        held = loader.employers.get(row.uscc)
        where: list[Where] = [(held.path, "uscc", _ELSEWHERE)] if held is not None else []
        if row.place or held is None:
            where.append((_path_of(loader, row.place), "place", _ELSEWHERE))
        found.append(where)
    return found


def _of_unions(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    standing = _standing(loader, rows)
    return [
        [(_path_of(loader, row.place) if row.place else loader._path_above(row), "place", _ELSEWHERE), *_held(standing, row.number)]
        for row in rows
    ]  # fmt: skip


def _of_cover(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    """The employer's place; a union of the district may cover an employer of any street."""
    found: list[list[Where]] = []
    for row in rows:
        employer = loader.employers.by_uscc.get(row.uscc)
        where: list[Where] = [] if employer is None else [(employer.path, "uscc", _ELSEWHERE)]
        union = loader.unions.by_code.get(row.union) if hasattr(loader, "unions") else None
        if union is not None and employer is not None and not within(employer.path, union.path):
            where.append((union.path, "union", _ELSEWHERE))
        found.append(where)
    return found


def _of_members(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    """The union's place, and that of the membership the person holds already."""
    held = _memberships(row.document_number for row in rows)
    found: list[list[Where]] = []
    for row in rows:
        union = loader.unions.get(row.union)
        where: list[Where] = [] if union is None else [(union.path, "union", _ELSEWHERE)]
        if row.document_number in held:
            where.append((held[row.document_number], "document_number", _THEIRS))
        found.append(where)
    return found


def _of_cards(_loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    held = _memberships(row.document_number for row in rows)
    return [
        [(held[row.document_number], "document_number", _THEIRS)] if row.document_number in held else [] for row in rows
    ]


def _of_uses(_loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    by_document = _memberships(row.document for row in rows if row.document)
    by_card = _card_holders(row.card for row in rows if row.card)
    return [
        [(held[what], column, _THEIRS) for held, what, column in
         ((by_document, row.document, "document"), (by_card, row.card, "card")) if what in held]
        for row in rows
    ]  # fmt: skip


def _of_aid(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    """Money leaves a fund: the fund must be theirs too."""
    funds = dict(Fund.objects.values_list("name", "path"))
    found = _of_place(loader, rows)
    for row, where in zip(rows, found, strict=True):
        if row.fund in funds:
            where.append((funds[row.fund], "fund", _FUND))
    return found


def _of_fund(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    """Money that came into a fund is of the place that keeps the fund."""
    loader.standing(rows)
    names, paths = {}, {}
    for key, name, path in Fund.objects.values_list("pk", "name", "path"):
        names[name], paths[key] = path, path
    found: list[list[Where]] = []
    for row in rows:
        stands = loader.stands.get(row.voucher)
        where = {names.get(row.fund, ""), paths[stands.fund] if stands is not None else ""} - {""}
        found.append([(path, "fund", _FUND) for path in sorted(where)])
    return found


def _of_held(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    """The record of the same key; what a new one would write, the loader has put by."""
    standing = _standing(loader, rows)
    return [_held(standing, row.number) for row in rows]


def _of_sessions(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    """As `_of_held`; and money leaves a fund, which must be theirs too."""
    funds = dict(Fund.objects.values_list("name", "path"))
    found = _of_held(loader, rows)
    for row, where in zip(rows, found, strict=True):
        if row.fund in funds:
            where.append((funds[row.fund], "fund", _FUND))
    return found


def _of_agreements(loader: Any, rows: Sequence[Row]) -> list[list[Where]]:
    standing = _standing(loader, rows)
    found: list[list[Where]] = []
    for row in rows:
        union = loader.unions.by_code.get(row.union)
        path = union.path if union is not None and not row.place else _path_of(loader, row.place)
        found.append([(path, "place", _ELSEWHERE), *_held(standing, row.number)])
    return found


def _memberships(numbers: Iterable[str]) -> dict[str, str]:
    """Number -> path of the open membership of whoever has it."""
    index = indexer(Person, "number")
    wanted = {index(number): number for number in {n for n in numbers if n}}
    indexes, found = list(wanted), {}
    for at in range(0, len(indexes), _AT_ONCE):
        part = indexes[at : at + _AT_ONCE]
        people = Person.objects.filter(number_index__in=part).values_list("number_index", "pk", "merged_into")
        kept = {into or pk: wanted[bytes(number)] for number, pk, into in people}
        open_ones = Membership.objects.filter(person__in=list(kept), until=None)
        found |= {kept[person]: path for person, path in open_ones.values_list("person_id", "path")}
    return found


def _card_holders(numbers: Iterable[str]) -> dict[str, str]:
    """Card number -> path of the card."""
    index = indexer(Card, "number")
    wanted = {index(number): number for number in {n for n in numbers if n}}
    indexes, found = list(wanted), {}
    for at in range(0, len(indexes), _AT_ONCE):
        rows = Card.objects.filter(number_index__in=indexes[at : at + _AT_ONCE]).values_list("number_index", "path")
        found |= {wanted[bytes(number)]: path for number, path in rows if number is not None}
    return found


def _hush_names(judged: Sequence[Judged], actor: Actor) -> None:
    """The name somebody of elsewhere is known by is not said: a number would buy a name."""
    named = [one for one in judged if one.note is not None and one.note.known is not None
             and any(key == "name" for key, _ in one.reasons)]  # fmt: skip
    if not named:
        return
    mine = Person.objects.visible_to(actor).filter(Q(pk__in=[one.note.known.id for one in named]))
    seen = set(mine.values_list("pk", flat=True))
    for one in named:
        if one.note.known.id not in seen:
            one.reasons = tuple((key, _OTHER_NAME if key == "name" else said) for key, said in one.reasons)


_FINDERS: dict[str, Finder] = {
    "tree": _of_tree,
    "posts": _of_place,
    "funds": _of_place,
    "incomes": _of_fund,
    "stations": _of_place,
    "staff": _of_stations_people,
    "employers": _of_employers,
    "unions": _of_unions,
    "cover": _of_cover,
    "members": _of_members,
    "card_batch": _of_cards,
    "card_reply": _of_cards,
    "items": _of_place,
    "uses": _of_uses,
    "sessions": _of_sessions,
    "attendance": _of_uses,
    "booths": _of_held,
    "outcomes": _of_held,
    "social": _of_place,
    "rooms": _of_place,
    "hardship": _of_place,
    "aid": _of_aid,
    "disputes": _of_place,
    "matters": _of_place,
    "policies": _of_place,
    "claims": _of_aid,
    "agreements": _of_agreements,
    "agreement_cover": _of_cover,
    "honours": _of_place,
}
"""Template -> the places its rows touch. A template that is not here can be brought in by nobody below the top."""
