"""Which rule holds for a clock on a day, and by when its term is due. Nothing here writes."""

from datetime import date

from unionhall.cases.clock_models import Deadline, HouseLimit
from unionhall.cases.service import CaseService
from unionhall.kernel.calendar import official
from unionhall.kernel.clock import Clock, Limit, Term
from unionhall.kernel.errors import Refused


def due(term: Term) -> date | None:
    """The last day in time; None in a year whose holidays are not known yet: better no day than a wrong one."""
    try:
        return term.due(official())
    except Refused:
        return None


def may_extend_by(service: CaseService, row: Deadline) -> int:
    """By how many days more the rule of a clock lets it be extended."""
    clock = service.clock(row.clock)
    found = limit_of(service, clock, row.started_on) if clock is not None else None
    return max((found[0].more if found else 0) - row.extended, 0)


def limit_of(service: CaseService, clock: Clock, on: date) -> tuple[Limit, date] | None:
    """The rule that holds on a day, and since when: the declared version, or the union's own row where no law binds it."""
    declared = clock.limit(on)
    if not clock.statutory:
        own = HouseLimit.objects.filter(service=service.key, clock=clock.key, since__lte=on).order_by("-since").first()
        if own is not None and (declared is None or own.since >= declared.since):
            said = Limit(days=own.days, working_days=own.working_days, more=declared.more if declared else 0)
            return said, own.since
    return None if declared is None else (declared, declared.since)
