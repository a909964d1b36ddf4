"""How a service of offers is declared, and where its declaration is found."""

from collections.abc import Sequence

from unionhall.indicators.figures import Figure
from unionhall.indicators.service import Service
from unionhall.kernel.errors import Refused


class OfferService(Service):
    """A kind of offer: items open from a day until a day, and the uses people make of them."""

    def __init__(self, *, key: str, title: str, title_en: str, row: int, figures: Sequence[Figure] = ()) -> None:
        super().__init__(key=key, title=title, title_en=title_en, row=row, figures=figures)
        _declared[key] = self


_declared: dict[str, OfferService] = {}


def find(key: str) -> OfferService:
    """The declaration behind an offer's service key."""
    try:
        return _declared[key]
    except KeyError:
        raise Refused(f"没有“{key}”这项服务。") from None


def declared() -> tuple[OfferService, ...]:
    return tuple(_declared.values())
