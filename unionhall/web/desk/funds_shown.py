"""What the pages of money share: the fund an address names, and amounts as they are shown."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from unionhall.kernel.money import yuan
from unionhall.ledger.models import Fund
from unionhall.organisations.roles import holders
from unionhall.web.acting import actor_of

FUNDS = _("资金")
"""The title of the list of funds."""


def fund_of(request: HttpRequest, number: int, right: str) -> Fund:
    """The fund, for who has this right over its place; 404 for anybody else."""
    row: Fund | None = Fund.objects.visible_to(actor_of(request)).filter(pk=number).first()
    if row is None:
        raise Http404(f"fund {number}")
    actor_of(request).must_reach(row.path, *holders(right))
    return row


def money(fen: int) -> str:
    return f"{yuan(fen):,}"
