"""Whether a figure opens into its records for whoever asks.

Every officer may read a figure whole at their places. Its records are shown to posts that may see such records: the
right the table names, the department's own business for matters. So nobody reads by way of a number what their post
does not show them in a list.
"""

from unionhall import catalogue
from unionhall.cases.chains import HELPS, RIGHTS
from unionhall.cases.service import CaseService
from unionhall.indicators.figures import Counted, Figure, Flow, Ratio, Stock
from unionhall.kernel.actor import Actor
from unionhall.kernel.period import Period
from unionhall.offers.service import OfferService
from unionhall.organisations.roles import holders, of_their_service

FLOWS = {
    "union": "unions.see",
    "station": "stations.see",
    "member": "members.see",
    "card": "cards.see",
    "honour": "honours.see",
    "duty": "stations.see",
    "donations": "drives.see",
}
"""Services whose doings are neither matters nor offers -> the right that shows what was done."""


def openers(figure: Counted, period: Period) -> frozenset[str]:
    """The roles to which the records of a figure are shown; none for records nobody has decided about."""
    if isinstance(figure, Stock):
        shown = holders(figure.register(period).model.seen_with)
    elif isinstance(figure, Flow) and isinstance(_service(figure.service), CaseService):
        shown = frozenset(role for role in holders("cases.see") if of_their_service(role, figure.service))
    elif isinstance(figure, Flow) and figure.service == RIGHTS:
        # A line of a whole dispute tells of every matter it went through: shown to who sees all of those.
        through = [one.key for one in catalogue.SERVICES if isinstance(one, CaseService) and one.chain == HELPS]
        shown = frozenset(role for role in holders("cases.see") if all(of_their_service(role, key) for key in through))
    elif isinstance(figure, Flow) and isinstance(_service(figure.service), OfferService):
        shown = holders("offers.see")
    elif isinstance(figure, Flow) and figure.service in FLOWS:
        shown = holders(FLOWS[figure.service])
    else:
        return frozenset()
    return shown & holders("records.see")


def may_open(actor: Actor, figure: Figure, path: str, period: Period) -> bool:
    """Are the records of this figure at this place shown to this actor? A rate opens where its numerator does."""
    counted = figure.numerator if isinstance(figure, Ratio) else figure
    assert isinstance(counted, Counted)
    roles = openers(counted, period)
    return bool(roles) and actor.reaches(path, *roles)


def _service(key: str) -> object:
    return next((one for one in catalogue.SERVICES if one.key == key), None)
