"""A sealed value in the hands of ordinary code: it shows its mask, and gives plaintext only to a named purpose."""

from collections.abc import Callable
from typing import NoReturn, SupportsIndex

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.keys import KeyService, SealBroken

Witness = Callable[[Actor, str, str, int], None]
"""Called with (actor, purpose, column, uid) before plaintext is given: checks the right and writes the access line."""

HIDDEN = "＊＊＊"
"""What is shown of a value that has no mask of its own."""
_BROKEN = "（密封已损坏）"


class Secret:
    """One sealed field of one row.

    `mask` is the text to show (a stored mask), or a function from plaintext to mask such as `mask_mobile`; a function's
    result is shown only if it hides something. `str`, `repr` and `format` give the mask and never raise. Pickling,
    copying and JSON raise `TypeError`, so a secret cannot slip into a session, cache, queue or API answer. Two secrets
    are equal when their envelopes are: equal plaintexts are found by blind index, never by comparing secrets.
    """

    __slots__ = ("_column", "_envelope", "_keys", "_mask", "_uid")

    def __init__(
        self, envelope: bytes, column: str, uid: int, keys: KeyService, mask: str | Callable[[str], str] = HIDDEN
    ) -> None:
        self._envelope = bytes(envelope)
        self._column = column
        self._uid = uid
        self._keys = keys
        self._mask = mask

    @property
    def envelope(self) -> bytes:
        """The sealed bytes, as they are stored."""
        return self._envelope

    @property
    def column(self) -> str:
        """The column it is bound to, "table.column"."""
        return self._column

    @property
    def uid(self) -> int:
        """The number of the row it is bound to."""
        return self._uid

    def reveal(self, actor: Actor, purpose: str, witness: Witness) -> str:
        """The plaintext, after `witness` let it pass; whatever the witness raises is passed on and nothing is opened.

        Raises `Refused` (code "secret.purpose") without a purpose, `SealBroken` when the envelope does not open.
        """
        purpose = purpose.strip()
        if not purpose:
            raise Refused("请写明查看原因", code="secret.purpose")
        witness(actor, purpose, self._column, self._uid)
        return self._open()

    def _open(self) -> str:
        return self._keys.open(self._column, self._uid, self._envelope).decode()

    def __str__(self) -> str:
        if isinstance(self._mask, str):
            return self._mask
        try:
            plaintext = self._open()
        except SealBroken:
            return _BROKEN  # a list of a thousand rows must show the other 999
        shown = self._mask(plaintext)
        return shown if shown != plaintext else HIDDEN

    def __repr__(self) -> str:
        return f"<Secret {self._column} {self}>"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        return self._envelope == other._envelope if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._envelope)

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a Secret is neither pickled nor copied; store its envelope")

    def __copy__(self) -> NoReturn:
        raise TypeError("a Secret is not copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a Secret is not copied")
