"""What a cell refers to (a place, an employer, a union, a person): looked up at once, refused in words when unknown."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from unionhall.exchange.keyed import Remarks
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import infer_kind, name_key, parse_document, parse_uscc
from unionhall.organisations import places
from unionhall.organisations.models import Employer, Union
from unionhall.organisations.places import Spot
from unionhall.people.actions import Identity, add_persons
from unionhall.people.models import Card, Person
from unionhall.storage.sealed import indexer

_AT_ONCE = 10_000


class Places:
    """Places by their code, as of now: one that was closed takes no later record."""

    def __init__(self) -> None:
        self.spots = places.by_code()
        self.top = places.top()

    def path(self, code: str, day: date | None, remarks: Remarks, column: str = "place") -> str:
        """The path of a place; of the district when the cell is empty."""
        spot = self.find(code, day, remarks, column) if code else None
        return spot.path if spot is not None else self.top

    def find(self, code: str, day: date | None, remarks: Remarks, column: str = "place") -> Spot | None:
        spot = self.spots.get(code)
        if spot is None:
            remarks.refuse(column, f"区划树里没有代码 {code}，请核对，或先导入区划树")
        elif day is not None and spot.until is not None and day >= spot.until:
            remarks.refuse(column, f"{spot.name}已于 {spot.until.isoformat()} 撤销，请填写现在的地方代码")
        return spot


class KnownEmployer(NamedTuple):
    """An employer as other registers need it."""

    id: int
    path: str
    workers: int


class Employers:
    """Employers by their credit code."""

    def __init__(self) -> None:
        rows = Employer.objects.values_list("uscc", "id", "path", "workers")
        self.by_uscc = {uscc: KnownEmployer(*rest) for uscc, *rest in rows.iterator(20_000)}

    def find(self, uscc: str, remarks: Remarks, column: str = "uscc") -> KnownEmployer | None:
        """The employer of a code; None when the cell is empty or the code is unknown (then refused)."""
        if not uscc:
            return None
        found = self.by_uscc.get(uscc)
        if found is None:
            remarks.refuse(column, _unknown_employer(uscc))
        return found


def _unknown_employer(uscc: str) -> str:
    try:
        parse_uscc(uscc)
    except Refused as refused:
        return refused.message
    return f"单位名册里没有 {uscc}，请核对，或先导入法人单位名册"


class KnownUnion(NamedTuple):
    """A union as other registers need it."""

    id: int
    kind: str
    path: str
    since: date
    until: date | None


class Unions:
    """Unions by their code."""

    def __init__(self) -> None:
        rows = Union.objects.values_list("code", "id", "kind", "path", "since", "until")
        self.by_code = {code: KnownUnion(*rest) for code, *rest in rows}

    def find(self, code: str, remarks: Remarks, column: str = "union") -> KnownUnion | None:
        if not code:
            return None
        found = self.by_code.get(code)
        if found is None:
            remarks.refuse(column, f"工会组织里没有编号 {code}，请核对，或先导入工会组织")
        return found


class KnownPerson(NamedTuple):
    """A person found by number."""

    id: int
    name_key: str


class People:
    """Persons by their identity number, found through the blind index, a chunk of rows at a time."""

    def __init__(self) -> None:
        self.index = indexer(Person, "number")
        self.found: dict[str, KnownPerson] = {}
        self.stated: dict[str, tuple[str, int]] = {}
        self.made: dict[str, int] = {}

    def prepare(self, numbers: Iterable[str]) -> None:
        """Look up these numbers (settled, as `kinds.document` reads them)."""
        index = self.index
        wanted = {index(number): number for number in {n for n in numbers if n}}
        indexes = list(wanted)
        self.found = {}
        for at in range(0, len(indexes), _AT_ONCE):
            rows = Person.objects.filter(number_index__in=indexes[at : at + _AT_ONCE])
            for found, number, key, into in rows.values_list("number_index", "id", "name_key", "merged_into"):
                self.found[wanted[bytes(found)]] = KnownPerson(into or number, key)

    def known(self, number: str, name: str, remarks: Remarks, column: str, name_column: str = "name") -> int | None:
        """The id of a person who must be there; refused when unknown, doubted when the name is another."""
        person = self.found.get(number)
        if person is None:
            remarks.refuse(column, "会员名册里没有这个人，请先导入会员")
            return None
        if name and name_key(name) != person.name_key:
            remarks.doubt(name_column, "姓名与会员名册中这个证件号码的姓名不同，请核对")
        return person.id

    def known_or_new(self, row: int, number: str, name: str, remarks: Remarks, name_column: str) -> None:
        """A person who need not be there yet: only the name is compared, with the register and with earlier rows."""
        person = self.found.get(number)
        if person is not None:
            if name_key(name) != person.name_key:
                remarks.doubt(name_column, "姓名与已登记的这个证件号码的姓名不同，请核对")
            return
        key, first = self.stated.setdefault(number, (name_key(name), row))
        if key != name_key(name):
            remarks.doubt(name_column, f"第 {first} 行同一证件号码的姓名与此不同，请核对")

    def ids(self, people: Iterable[tuple[str, str]], today: date, *, by: Actor, batch: int) -> dict[str, int]:
        """number -> id for (number, name) of one chunk; those not there are recorded, each once a file."""
        wanted = {number: name for number, name in people if number}
        # Found again here: a chunk is judged long before another chunk's new persons are written.
        self.prepare(number for number in wanted if number not in self.made)
        missing = [number for number in wanted if number not in self.found and number not in self.made]
        new = add_persons([self._identity(number, wanted[number], today) for number in missing], by=by, batch=batch)
        self.made |= dict(zip(missing, new, strict=True))
        return {n: self.made[n] if n in self.made else self.found[n].id for n in wanted}

    def _identity(self, number: str, name: str, today: date) -> Identity:
        document = parse_document(number, infer_kind(number)[0], today=today)
        return Identity(
            name=name, document=document.kind, number=document.number, number_index=self.index(document.number),
            mobile="", mobile_index=None, sex=document.sex or "", birth=document.birth,
        )  # fmt: skip


class Cards:
    """Who holds a card, by its number."""

    def __init__(self) -> None:
        self.index = indexer(Card, "number")
        self.holders: dict[str, int] = {}

    def prepare(self, numbers: Iterable[str]) -> None:
        index = self.index
        wanted = {index(number): number for number in {n for n in numbers if n}}
        indexes = list(wanted)
        self.holders = {}
        for at in range(0, len(indexes), _AT_ONCE):
            rows = Card.objects.filter(number_index__in=indexes[at : at + _AT_ONCE])
            for found, person, into in rows.values_list("number_index", "person", "person__merged_into"):
                self.holders[wanted[bytes(found)]] = into or person
