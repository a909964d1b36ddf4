"""The only two errors shown to people."""

from collections.abc import Callable
from typing import Any, Self


class Refused(Exception):
    """A rule says no, in words for the person.

    `template` is a Chinese sentence that says what is wrong and what to do; what it tells of stands in braces and is given
    by name, a list for several: `Refused("{day} 还没有到。", day=day)`. So a door can say it in its reader's language.
    `message` is the sentence with all of it; `code` is a stable short key for callers that may go on in a known case
    ("uscc.check"), never shown.
    """

    def __init__(self, template: str, *, code: str = "", **told: Any) -> None:
        super().__init__(template)
        self.template = template
        self.told = told
        self.code = code

    @property
    def message(self) -> str:
        return self.said()

    def said(self, translate: Callable[[str], str] = str, comma: str = "、") -> str:
        """The sentence, put into another language by `translate`, and so are the words it tells of."""

        def word(value: Any) -> Any:
            return translate(value) if isinstance(value, str) and value else value

        told = {
            name: comma.join(str(word(one)) for one in value) if isinstance(value, list) else word(value)
            for name, value in self.told.items()
        }
        sentence: str = word(self.template)
        return sentence.format(**told) if told else sentence

    def at(self, code: str) -> Self:
        """The same, said of another field."""
        return type(self)(self.template, code=code, **self.told)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _said_again, (type(self), self.template, self.code, self.told)  # from another process it is the same


def _said_again(kind: type[Refused], template: str, code: str, told: dict[str, Any]) -> Refused:
    return kind(template, code=code, **told)


class NotYours(Exception):
    """The record is not within this actor's reach; a door answers as if it did not exist."""
