"""Out of which fund something was paid, or is to be paid. Nothing here writes."""

from collections.abc import Sequence

from django.db.models import Q

from unionhall.ledger.actions import CASH
from unionhall.ledger.causes import bare_cause
from unionhall.ledger.models import Commitment, Entry

_AT_ONCE = 500


def funds_of(causes: Sequence[str]) -> dict[str, str]:
    """Cause -> the name of the fund its standing payment came from, or it is promised from; nothing for the others."""
    found: dict[str, str] = {}
    for at in range(0, len(causes), _AT_ONCE):
        part = causes[at : at + _AT_ONCE]
        promised = Commitment.objects.filter(cause__in=part, ended_on=None)
        found |= dict(promised.values_list("cause", "fund__name"))
        again = Q()
        for cause in part:
            again |= Q(posting__cause=cause) | Q(posting__cause__startswith=f"{cause}#")
        paid = Entry.objects.filter(again, account=CASH, posting__reverses=None, posting__reversed_by=None)
        found |= {bare_cause(cause): name for cause, name in paid.values_list("posting__cause", "fund__name")}
    return found
