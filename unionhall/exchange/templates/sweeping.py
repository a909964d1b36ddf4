"""A first roster taken in by columns: what is new without a doubt is never made into rows.

Nothing is decided here that `MemberLoader` would not decide: a row that gives any reason to look again is left to it.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import compress
from typing import Any, Protocol

from unionhall.exchange.membersheet import COLUMNS, ENDED
from unionhall.exchange.template import Columns, Swept
from unionhall.kernel.identifiers.citizen import last_year
from unionhall.people.actions import At, People, Roll

_PLACE = {column.key: place for place, column in enumerate(COLUMNS, 1)}


class Divisions(dict[str, int]):
    """Division -> the last year in which somebody was born in it; 0 when there is no such division."""

    def __missing__(self, division: str) -> int:
        year = self[division] = last_year(division) or 0
        return year


class Books(Protocol):
    """What the loader of members knows: see there."""

    today: Any
    unions: dict[str, At | None]
    employers: dict[str, int]
    seen: dict[bytes, Any]
    phones: set[bytes]
    alike: set[bytes]
    divisions: Divisions
    number_of: Any
    mobile_of: Any


class Sweeping:
    """Takes in stretches of one file for its loader, whose register of people is empty."""

    def __init__(self, books: Books, adult_year: int, least_age: int) -> None:
        self.books, self.adult_year, self.least_age = books, adult_year, least_age

    def __call__(self, columns: Columns, digests: Sequence[bytes]) -> Swept:
        """One persons' stretch: the sheet row's numbers and the form's columns, settled by its check."""
        books = self.books
        numbers = list(map(books.number_of, columns[_PLACE["document_number"]]))
        mobiles = [books.mobile_of(mobile) if mobile else None for mobile in columns[_PLACE["mobile"]]]
        unions = list(map(books.unions.get, columns[_PLACE["union"]]))
        employers = [books.employers.get(code) if code else None for code in columns[_PLACE["uscc"]]]
        others = self._doubtful(columns, unions, employers) | self._again(numbers)
        found: list[Sequence[Any]] = [*columns, digests, numbers, mobiles, unions, employers]
        if others:
            kept = [place not in others for place in range(len(numbers))]
            found = [list(compress(column, kept)) for column in found]
        *columns, digests, numbers, mobiles, unions, employers = found
        self._remember(columns, digests, numbers, mobiles)
        return Swept(len(numbers), _roll(columns, digests, numbers, mobiles, unions, employers), sorted(others))

    def _doubtful(self, columns: Columns, unions: Sequence[At | None], employers: Sequence[int | None]) -> set[int]:
        """Rows of which something may have to be said."""
        today, adult_year, least_age, last = self.books.today, self.adult_year, self.least_age, self.books.divisions
        about = ("document", "document_number", "birth", "uscc", "since", "changed_on", "state")
        return {
            place
            for place, (document, number, birth, uscc, since, changed_on, state, union, employer) in enumerate(
                zip(*(columns[_PLACE[key]] for key in about), unions, employers, strict=True)
            )
            if document != "citizen" or union is None or (employer is None and uscc) or changed_on is not None
            or since > today or birth.year > adult_year or since.year - birth.year <= least_age
            or last[number[:6]] < birth.year or state in ENDED or number[-3:] == "000"
        }  # fmt: skip

    def _again(self, numbers: Sequence[bytes]) -> set[int]:
        """Rows of one person who stands in the file more than once: who comes first, the loader tells."""
        seen = self.books.seen
        if len(set(numbers)) == len(numbers) and seen.keys().isdisjoint(numbers):
            return set()
        times = Counter(numbers)
        return {place for place, number in enumerate(numbers) if times[number] > 1 or number in seen}

    def _remember(
        self, columns: Columns, digests: Sequence[bytes], numbers: Sequence[bytes], mobiles: Sequence[bytes | None]
    ) -> None:
        """What the loader keeps of a row it has seen."""
        books = self.books
        told = (columns[_PLACE[key]] for key in ("name", "union", "uscc"))
        books.seen.update(zip(numbers, zip(columns[0], digests, *told, strict=True), strict=True))
        given = Counter(mobile for mobile in mobiles if mobile is not None)
        books.alike.update(mobile for mobile, times in given.items() if times > 1 or mobile in books.phones)
        books.phones.update(given)


def _roll(
    columns: Columns, digests: Sequence[bytes], numbers: Sequence[bytes], mobiles: Sequence[bytes | None],
    unions: Sequence[At], employers: Sequence[int | None],
) -> Roll:  # fmt: skip
    def of(key: str) -> Sequence[Any]:
        return columns[_PLACE[key]]

    people = People(
        of("name"), of("document"), of("document_number"), numbers, of("mobile"), mobiles, of("sex"), of("birth"),
        of("ethnicity"), of("education"), of("hukou"),
    )  # fmt: skip
    return Roll(people, unions, employers, of("state"), of("job"), of("contract"), of("since"), digests)
