"""How a service of offers is declared."""

from unionhall.indicators.service import Service


class OfferService(Service):
    """A kind of offer: items open from a day until a day, and the uses people make of them."""
