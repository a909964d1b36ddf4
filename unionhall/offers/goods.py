"""Goods given out through unions: what was planned, allotted, delivered, signed for and paid, and where they differ."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from unionhall.kernel.actor import Actor
from unionhall.offers.goods_models import Allotment, Delivery
from unionhall.offers.models import ATTENDED, Offer, Participation


class Line(NamedTuple):
    """One union's part, in units; money in fen. `signers` are persons, `signed` the units they signed for."""

    allotment: Allotment
    delivered: int
    signed: int
    signers: int
    cost: int
    paid: int

    @property
    def undelivered(self) -> int:
        return self.allotment.units - self.delivered

    @property
    def unsigned(self) -> int:
        """Delivered to the union, and signed for by nobody."""
        return self.delivered - self.signed

    @property
    def unpaid(self) -> int:
        return self.cost - self.paid

    @property
    def settled(self) -> bool:
        return not (self.undelivered or self.unsigned or self.unpaid)


class Sheet(NamedTuple):
    """An item's goods: every union's part, and what they add up to."""

    offer: Offer
    lines: Sequence[Line]

    @property
    def allotted(self) -> int:
        return sum(one.allotment.units for one in self.lines)

    @property
    def unallotted(self) -> int:
        return (self.offer.units or 0) - self.allotted

    @property
    def delivered(self) -> int:
        return sum(one.delivered for one in self.lines)

    @property
    def signed(self) -> int:
        return sum(one.signed for one in self.lines)

    @property
    def signers(self) -> int:
        return sum(one.signers for one in self.lines)

    @property
    def cost(self) -> int:
        return sum(one.cost for one in self.lines)

    @property
    def paid(self) -> int:
        return sum(one.paid for one in self.lines)

    @property
    def missing(self) -> list[Line]:
        """The unions at which something is still to be delivered, signed for or paid."""
        return [one for one in self.lines if not one.settled]

    @property
    def settled(self) -> bool:
        """Does every unit and every fen add up, from the plan to the signatures?"""
        return bool(self.lines) and not self.unallotted and not self.missing


def sheet(offer: Offer, by: Actor) -> Sheet:
    """The item's goods, as far as this actor sees them, in the order of places and unions."""
    rows = list(
        Allotment.objects.visible_to(by)
        .filter(offer=offer.pk)
        .select_related("union")
        .order_by("path", "union__name", "pk")
    )
    return Sheet(offer, lines(offer, rows))


def lines(offer: Offer, rows: Sequence[Allotment]) -> list[Line]:
    """How these allotments of one item stand."""
    numbers = [row.pk for row in rows]
    standing = Delivery.objects.filter(allotment__in=numbers, void_because="").order_by().values("allotment")
    paid = Coalesce(Sum("units", filter=Q(posting__isnull=False)), 0)
    brought = {row["allotment"]: row for row in standing.annotate(n=Sum("units"), paid=paid)}
    signing = Participation.objects.filter(allotment__in=numbers, state=ATTENDED).order_by().values("allotment")
    signed = {row["allotment"]: row for row in signing.annotate(n=Sum("quantity"), people=Count("pk"))}
    nothing = {"n": 0, "paid": 0, "people": 0}
    return [
        Line(
            row, came["n"], said["n"], said["people"], came["n"] * offer.fen_each, came["paid"] * offer.fen_each,
        )
        for row in rows
        for came, said in [(brought.get(row.pk, nothing), signed.get(row.pk, nothing))]
    ]  # fmt: skip
