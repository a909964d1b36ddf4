"""What the search box of a list tries.

Nothing that is typed into the box stands in an address or a log. Words are posted and go on sealed ("w"); an identity
number or a mobile is turned into its blind index (storage.sealed) and goes on as a signed token of that ("k"). Either is good
only for the account that asked, so an address that went astray tells nobody whom one looked for.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import squeeze
from unionhall.kernel.keys import SealBroken
from unionhall.storage.sealed import indexer, keys

LONGEST = 64
_SALT = "unionhall.desk.finding"
_WORDS = "desk.words"
"""What sealed words are bound to, beside the account: in no table, so no column's envelope opens as words."""
FEW = 500
"""As many rows found by a beginning are named one by one; more are left to the database to join."""


@dataclass(frozen=True, slots=True)
class ByText:
    """Anywhere in a column: for registers of some thousand rows."""

    name: str

    def where(self, text: str, *, counting: bool) -> Q | None:
        return Q(**{f"{self.name}__icontains": text})


@dataclass(frozen=True, slots=True)
class ByPrefix:
    """The beginning of a column, by its index. `settle` makes the text typed what the column holds (name_key, str.upper).

    For a column of another table: `of` is its model, `via` the key of the row that points at it.
    """

    name: str
    settle: Callable[[str], str] = str
    of: type[models.Model] | None = None
    via: str = ""

    def where(self, text: str, *, counting: bool) -> Q | None:
        settled = self.settle(text)
        if not settled:
            return None
        if self.of is None:
            return begins(self.name, settled)
        matching = self.of._default_manager.filter(begins(self.name, settled)).values_list("pk", flat=True)
        few = list(matching[: FEW + 1])
        if len(few) <= FEW:
            return Q(**{f"{self.via}__in": few})
        if counting:
            return begins(f"{self.via}__{self.name}", settled)
        # So many that going down the list in its order meets fifty of them sooner than all of them could be sorted.
        return Q(Exists(self.of._default_manager.filter(begins(self.name, settled), pk=OuterRef(f"{self.via}_id"))))


@dataclass(frozen=True, slots=True)
class ByIndex:
    """A sealed number, whole, by its blind index. `read` settles what was typed or refuses it (parse_mobile).

    `of` and `name` are the sealed column ("number" of Person, whose index is in "number_index").
    """

    name: str
    read: Callable[[str], str]
    of: type[models.Model]
    title: Any
    via: str = ""

    def recognises(self, text: str) -> bytes | None:
        try:
            return indexer(self.of, self.name)(self.read(text))
        except Refused:
            return None

    def having(self, index: bytes) -> Q:
        column = f"{self.name}_index"
        if not self.via:
            return Q(**{column: index})
        found = self.of._default_manager.filter(**{column: index}).values_list("pk", flat=True)
        return Q(**{f"{self.via}__in": list(found[:FEW])})


Search = ByText | ByPrefix | ByIndex


def begins(column: str, text: str) -> Q:
    """Rows whose column begins with `text`, in a form the index answers on this database."""
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__startswith": text})
    # SQLite's LIKE ignores the index here; its text compares byte by byte, so a beginning is a range.
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + "\U0010ffff"})


def numberish(text: str) -> bool:
    """Might this be somebody's number? Then it must not stand in an address, even if it is none."""
    settled = squeeze(text)
    return sum(character.isdigit() for character in settled) >= 6


def sealed(text: str, account: int | None) -> str:
    """Words as they go on in an address: only this account's session reads them again. Equal words look different each time."""
    envelope = keys().seal(_WORDS, account or 0, text.encode())
    return urlsafe_b64encode(envelope).decode().rstrip("=")


def unsealed(given: str, account: int | None) -> str:
    """The words of such an address; "" when it is none, or not this account's."""
    try:
        envelope = urlsafe_b64decode(given + "=" * (-len(given) % 4))
        return keys().open(_WORDS, account or 0, envelope).decode()
    except (SealBroken, ValueError):
        return ""


def token(searches: Sequence[Search], text: str, account: int | None) -> str:
    """The token of the first sealed number these searches recognise in `text`; "" when there is none."""
    for place, search in enumerate(searches):
        if isinstance(search, ByIndex):
            index = search.recognises(text)
            if index is not None:
                return signing.dumps([place, index.hex()], salt=f"{_SALT}.{account}", compress=True)
    return ""


def opened(searches: Sequence[Search], given: str, account: int | None) -> tuple[ByIndex, bytes] | None:
    """The search a token stands for; None when it is not one of this account's."""
    try:
        place, index = signing.loads(given, salt=f"{_SALT}.{account}")
        search = searches[place]
    except (signing.BadSignature, ValueError, IndexError, TypeError):
        return None
    return (search, bytes.fromhex(index)) if isinstance(search, ByIndex) else None


def words(searches: Sequence[Search], text: str, *, counting: bool = False) -> Q:
    """The condition for plain words: any of the searches that takes them."""
    either = Q()
    for search in searches:
        if not isinstance(search, ByIndex):
            where = search.where(text, counting=counting)
            if where is not None:
                either |= where
    return either if either else Q(pk__in=[])
